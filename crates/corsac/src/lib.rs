//! The whole protocol of cross-origin resource sharing, both halves, without I/O.

pub mod diagnosis;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod header;
pub mod method;
pub mod origin;
pub mod policy;
