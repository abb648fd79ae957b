//! Diagnosis: why a request was blocked, as a code, typed evidence and text.
//!
//! A script never sees any of this: to it, every failure is one bare network error. The verdict is
//! for the people who look at the console.

mod code;
mod reason;
mod verdict;

pub use code::Code;
pub use reason::{Difference, Reason, TransportError};
pub use verdict::{Evidence, Phase, Verdict};
