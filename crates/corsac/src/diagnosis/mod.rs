//! Diagnosis: why a request was blocked, as a code, typed evidence and text.
//!
//! A script never sees any of this: to it, every failure is one bare network error. The verdict is
//! for the people who look at the console.

mod code;
mod fix;
mod reason;
mod recognise;
mod text;
mod verdict;
mod wording;

pub use code::Code;
pub use fix::{Fix, HeaderLine, Side};
pub use reason::{Difference, Reason, TransportError};
pub use recognise::{Recognised, recognise};
pub use verdict::{Evidence, Phase, Verdict};
pub use wording::Browser;
