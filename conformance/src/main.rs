//! Runs scenarios in several subjects and compares.

fn main() {}
