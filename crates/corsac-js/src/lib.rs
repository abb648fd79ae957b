//! The web's classes in QuickJS, for pages without a browser. There is no page yet.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod classes;
pub mod html;
mod native;
