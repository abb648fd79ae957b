//! Single rules of the core that the classes ask for.

use corsac::{fetch, header, method};
use rquickjs::{Ctx, Function, Object, Result};

use super::byte_string::ByteString;

/// `isToken`, `isForbiddenMethod`, `isCorsSafelistedMethod`, `normalizeMethod`,
/// `isForbiddenRequestHeader`, `normalizeValue`, `isNullBodyStatus`, `isOkStatus`,
/// `isRedirectStatus`.
#[allow(clippy::redundant_closure_for_method_calls)]
pub(crate) fn object<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    let set_text = |name: &str, rule: fn(&str) -> bool| {
        object.set(
            name,
            Function::new(ctx.clone(), move |text: String| rule(&text))?,
        )
    };
    set_text("isToken", |text| header::is_token(text.as_bytes()))?;
    set_text("isForbiddenMethod", method::is_forbidden_method)?;
    set_text("isCorsSafelistedMethod", method::is_cors_safelisted_method)?;
    let set_status = |name: &str, rule: fn(u16) -> bool| {
        object.set(
            name,
            Function::new(ctx.clone(), move |status: u16| rule(status))?,
        )
    };
    set_status("isNullBodyStatus", fetch::is_null_body_status)?;
    set_status("isOkStatus", fetch::is_ok_status)?;
    set_status("isRedirectStatus", fetch::is_redirect_status)?;
    object.set(
        "normalizeMethod",
        Function::new(ctx.clone(), normalize_method)?,
    )?;
    object.set(
        "normalizeValue",
        Function::new(ctx.clone(), normalize_value)?,
    )?;
    object.set(
        "isForbiddenRequestHeader",
        Function::new(ctx.clone(), is_forbidden_request_header)?,
    )?;
    Ok(object)
}

// The engine hands over owned arguments.
#[allow(clippy::needless_pass_by_value)]
fn normalize_method(text: String) -> String {
    method::normalize(&text).into_owned()
}

#[allow(clippy::needless_pass_by_value)]
fn normalize_value(value: ByteString) -> ByteString {
    ByteString(header::normalize(&value.0).to_vec())
}

#[allow(clippy::needless_pass_by_value)]
fn is_forbidden_request_header(name: ByteString, value: ByteString) -> bool {
    header::is_forbidden_request_header(&name.0, &value.0)
}
