//! The walls of ARCHITECTURE.md: what each crate may depend on, and each module import.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod crates;
mod files;
mod modules;
mod workspace;
