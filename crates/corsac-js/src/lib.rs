//! A page without a browser: the web's classes in QuickJS, over what the rest of the workspace knows.

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
