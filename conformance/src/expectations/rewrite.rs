//! What clauses are made of.
