//! `corsac check` as people run it: a process, against servers on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]
#![allow(clippy::print_stderr, reason = "what was not run says so")]

mod command;
mod curl;
mod har;
mod lines;
mod mangled;
mod outcomes;
mod preflights;
mod raw;
mod redirects;
mod servers;
mod text;
mod tls;
mod usage;
