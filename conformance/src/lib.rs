//! Holds corsac against real engines.

pub mod engines;
