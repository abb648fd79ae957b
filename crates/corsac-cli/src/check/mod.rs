//! `corsac check`: what a page of an origin would get from a URL.

pub(crate) mod report;
pub(crate) mod text;
