//! `corsac run` as people run it: a process, against servers on loopback.
#![cfg(feature = "js")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod command;
mod ends;
mod loading;
#[allow(dead_code, reason = "`corsac check` needs more of it")]
#[path = "../check/raw.rs"]
mod raw;
mod reading;
mod report;
