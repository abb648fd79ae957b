//! Holds corsac against real browsers.
//!
//! A [`Scenario`](scenario::Scenario) is one value: a page, the calls its script makes, and what the
//! servers answer, byte for byte. A [`Subject`](subject::Subject) runs it and gives an
//! [`Observation`](observation::Observation): what went over the wire, and what the script got to
//! know. Two observations of one scenario must agree.

// The tool talks to the person who started it; that is all it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

pub mod browsers;
pub mod cases;
pub mod console;
pub mod engines;
pub mod expectations;
pub mod generate;
pub mod judge;
pub mod observation;
pub mod policies;
pub mod scenario;
pub mod servers;
pub mod subject;
pub mod wpt;
