//! Requests of pages.
