//! The web's classes: files of script that native code stands behind.

use rquickjs::{Ctx, Function, Object, Result};

use crate::native;

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../js/", $name, ".js")))),*]
    };
}

/// In the order in which they run: each builds on what those before it left on `shared`.
const FILES: &[(&str, &str)] = files! {
    "idl"
    "event"
    "abort"
    "crypto"
    "url"
    "encoding"
    "blob"
    "file-reader"
    "readable-stream"
    "writable-stream"
    "pipe-to"
    "transform-stream"
    "form-data"
    "structured-clone"
    "headers"
    "body"
    "request"
    "response"
    "fetch"
    "expose"
};

/// Gives the classes to a context's global object.
///
/// `shared` is what the files have in common. The caller brings along what they expect of a page:
/// `origin`, a function that says its origin's serialization, and `setTimeout`.
///
/// ```
/// use rquickjs::{Context, Object, Runtime};
///
/// # fn main() -> rquickjs::Result<()> {
/// let context = Context::full(&Runtime::new()?)?;
/// context.with(|ctx| {
///     corsac_js::classes::load(&ctx, &Object::new(ctx.clone())?)?;
///     let query: String = ctx.eval("new URL('http://a.example/?b=c').search")?;
///     assert_eq!(query, "?b=c");
///     Ok(())
/// })
/// # }
/// ```
///
/// # Errors
/// The engine is out of memory, or it is not a full context.
pub fn load<'js>(ctx: &Ctx<'js>, shared: &Object<'js>) -> Result<()> {
    let native = native::object(ctx)?;
    for (_, text) in FILES {
        let file: Function<'js> = ctx.eval(*text)?;
        file.call::<_, ()>((native.clone(), shared.clone()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
