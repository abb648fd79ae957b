//! Diagnosis: why a request was blocked, as a code, typed evidence and text.
//!
//! A script never sees any of this: to it, every failure is one bare network error. The verdict is
//! for the people who look at the console.
//!
//! ```
//! use corsac::diagnosis::{Browser, Reason, Verdict, recognise};
//! let verdict = Verdict::new(
//!     Reason::PreflightStatusNotOk { status: 405 },
//!     "https://api.example/orders",
//!     "https://app.example",
//! );
//! assert_eq!(verdict.code().name(), "preflight-status-not-ok");
//! assert_eq!(
//!     verdict.reason.to_string(),
//!     "The preflight was answered with status 405; only 200 to 299 will do."
//! );
//! assert_eq!(
//!     verdict.fix().text,
//!     "Route OPTIONS for this path, and answer it with 204."
//! );
//! assert!(verdict.code().page().contains("## Why browsers do this"));
//!
//! // And back, from what a console said.
//! let line = verdict.wording(Browser::Firefox).unwrap();
//! assert_eq!(recognise(&line)[0].codes[0], verdict.code());
//! ```

mod checks;
mod code;
mod fix;
mod reason;
mod recognise;
mod text;
mod verdict;
mod wording;

pub use checks::{Check, CheckResult, Checked, Exam, checks};
pub use code::Code;
pub use fix::{Fix, HeaderLine, Side};
pub use reason::{Difference, Reason, TransportError};
pub use recognise::{Recognised, recognise};
pub use verdict::{Evidence, Phase, Verdict};
pub use wording::{Browser, Silence};
