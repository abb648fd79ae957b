//! TLS: whose certificates are believed, and what was wrong where they are not.

mod failure;
mod handshake;
mod trust;
mod verifier;

pub use failure::TlsFailure;
pub use trust::{Trust, TrustError};

pub(crate) use handshake::Tls;
