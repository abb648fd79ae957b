//! Site B.
