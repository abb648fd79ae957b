//! Base64 for `btoa` and `atob`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use data_url::forgiving_base64;
use rquickjs::{Ctx, Function, Object, Result};

use super::{byte_string::ByteString, nullable::Nullable};

/// `encode(byte string)`, and `decode(text)`, which is null if it is none.
pub(crate) fn object<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("encode", Function::new(ctx.clone(), encode)?)?;
    object.set("decode", Function::new(ctx.clone(), decode)?)?;
    Ok(object)
}

// The engine hands over owned arguments.
#[allow(clippy::needless_pass_by_value)]
fn encode(bytes: ByteString) -> String {
    STANDARD.encode(bytes.0)
}

/// Source: <https://infra.spec.whatwg.org/#forgiving-base64-decode>
#[allow(clippy::needless_pass_by_value)]
fn decode(text: ByteString) -> Nullable<ByteString> {
    let bytes = forgiving_base64::decode_to_vec(&text.0).ok();
    Nullable(bytes.map(ByteString))
}
