//! Web Platform Tests, from a checkout that the person points at.
//!
//! Its own Python server answers, on ports that are free; its host names are the resolver's, so that
//! the hosts file stays as it is. Which subtests count is kept in `conformance/wpt/subtests.jsonl`:
//! those of cors, fetch and xhr that need no frames, workers or elements and that a browser passes.

pub mod enforcement;
pub mod expected;
pub mod page;
pub mod run;
pub mod score;
pub mod server;
pub mod subtests;
