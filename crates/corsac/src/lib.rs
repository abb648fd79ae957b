//! The CORS protocol, both halves, without I/O.
