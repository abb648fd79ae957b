//! Pages without a browser: XMLHttpRequest, fetch() and what belongs to them, in QuickJS.
//!
//! A [`Page`] is script at an origin. Whatever it asks for goes over sockets by
//! [`corsac_agent`], and whether script may read the answer is decided by [`corsac::fetch`]: there is
//! no rule of CORS in here. Script is told nothing of why a request was blocked, as in browsers; the
//! console and [`Page::fetches`] are.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod classes;
pub mod html;
mod native;
mod page;

pub use page::{
    Console, ErrorKind, Initiator, Level, Limits, Page, PageConfig, PageError, PageFetch,
    ScriptError,
};
