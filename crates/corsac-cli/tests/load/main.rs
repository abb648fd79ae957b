//! `corsac serve` under load: nobody is failed, and nothing grows.
//!
//! The counts here are small. `cargo xtask load` runs the same with the counts that it is given, against
//! the release binary, and prints the figures.
#![cfg(all(target_os = "linux", feature = "serve"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and says its figures"
)]

mod burst;
mod client;
mod descriptors;
mod ends;
mod growth;
mod idle;
mod outage;
mod reloads;
mod serving;
mod slow;
mod upstream;

use std::env;

/// A count that `cargo xtask load` may set.
pub(crate) fn count(name: &str, otherwise: usize) -> usize {
    let name = format!("CORSAC_LOAD_{name}");
    env::var(&name).map_or(otherwise, |text| text.parse().unwrap())
}

/// Has this process have as many descriptors as it can, for clients and upstream.
pub(crate) fn have_descriptors() {
    rlimit::setrlimit(rlimit::Resource::NOFILE, 65_536, 65_536)
        .or_else(|_| rlimit::increase_nofile_limit(65_536).map(drop))
        .unwrap();
}

/// Says what was measured, for the command that collects it.
pub(crate) fn figure(what: &str, value: &str) {
    println!("figure: {what}: {value}");
}
