//! The agent against servers that say anything.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod authority;
mod connect;
mod cookies;
mod http1;
mod http2;
mod judged_again;
mod redirects;
mod reuse;
mod sent;
mod server;
mod tls;
mod watched;
