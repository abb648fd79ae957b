//! What the class files may call, and nothing else: one file a family.

mod base64;
pub(crate) mod byte_string;
mod encoding;
mod field;
pub(crate) mod headers;
mod integrity;
mod mime;
mod nullable;
mod page;
mod random;
mod request;
mod rules;
mod url;

pub(crate) use page::object as page;
pub(crate) use request::response;

use rquickjs::{Ctx, Object, Result};

/// The object `native` of the class files.
pub(crate) fn object<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let native = Object::new(ctx.clone())?;
    native.set("base64", base64::object(ctx)?)?;
    native.set("encoding", encoding::object(ctx)?)?;
    native.set("headers", headers::object(ctx)?)?;
    native.set("integrity", integrity::function(ctx)?)?;
    native.set("mime", mime::object(ctx)?)?;
    native.set("random", random::function(ctx)?)?;
    native.set("rules", rules::object(ctx)?)?;
    native.set("url", url::object(ctx)?)?;
    Ok(native)
}
