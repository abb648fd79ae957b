//! Bytes as script has them where it has text: one character a byte, none above U+00FF.

use rquickjs::{Ctx, Exception, FromJs, IntoJs, Result, String as JsString, Value};

/// Bytes, isomorphic-decoded for script.
///
/// Source: <https://infra.spec.whatwg.org/#isomorphic-decode>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ByteString(pub(crate) Vec<u8>);

impl<'js> FromJs<'js> for ByteString {
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> Result<Self> {
        let text = String::from_js(ctx, value)?;
        match text.chars().map(u8::try_from).collect() {
            Ok(bytes) => Ok(Self(bytes)),
            Err(_) => Err(Exception::throw_type(
                ctx,
                "A character above U+00FF is no byte",
            )),
        }
    }
}

impl<'js> IntoJs<'js> for ByteString {
    fn into_js(self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        let text: String = self.0.into_iter().map(char::from).collect();
        Ok(JsString::from_str(ctx.clone(), &text)?.into_value())
    }
}
