//! What the class files may call, and nothing else: one file a family.

mod encoding;
mod random;
mod url;

use rquickjs::{Ctx, Object, Result};

/// The object `native` of the class files.
pub(crate) fn object<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let native = Object::new(ctx.clone())?;
    native.set("encoding", encoding::object(ctx)?)?;
    native.set("random", random::function(ctx)?)?;
    native.set("url", url::object(ctx)?)?;
    Ok(native)
}
