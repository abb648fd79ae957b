//! Cookies: which travel, which don't, and why.

mod jar;
mod refusal;
mod report;

pub use refusal::CookieRefusal;
pub use report::{CookieReport, SetCookie, WithheldCookie, WithheldReason};

pub(crate) use jar::{Jar, Selection, Site};
