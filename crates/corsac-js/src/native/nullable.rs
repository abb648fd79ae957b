//! A value, or null: what the engine's library makes of `None` by itself is undefined.

use rquickjs::{Ctx, IntoJs, Result, Value};

pub(crate) struct Nullable<T>(pub(crate) Option<T>);

impl<'js, T: IntoJs<'js>> IntoJs<'js> for Nullable<T> {
    fn into_js(self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        match self.0 {
            Some(value) => value.into_js(ctx),
            None => Ok(Value::new_null(ctx.clone())),
        }
    }
}
