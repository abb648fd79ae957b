//! What native code hands to script as a plain object.

use rquickjs::{IntoJs, Object, Result, object::Property};

/// Defines a member, where setting it would ask `Object.prototype`, which is script's to change.
pub(crate) fn field<'js>(object: &Object<'js>, name: &str, value: impl IntoJs<'js>) -> Result<()> {
    let value = value.into_js(object.ctx())?;
    object.prop(
        name,
        Property::from(value).writable().enumerable().configurable(),
    )
}
