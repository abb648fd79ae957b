//! What a gateway tells its owner.

use std::{net::SocketAddr, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

/// Who is told of every exchange. It runs in the midst of one, so it must not block for long.
pub type Observer = dyn Fn(&Event<'_>) + Send + Sync;

/// Something that a log or a counter may want to know.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A request was answered, as far as the head of the response.
    Answered {
        /// Who asked.
        peer: SocketAddr,
        /// The request's method.
        method: &'a Method,
        /// The request's target.
        target: &'a Uri,
        /// The request's headers Origin and Host, and no more.
        headers: &'a HeaderMap,
        /// What the policy said.
        decision: &'a Decided,
        /// The status of the response.
        status: StatusCode,
        /// How long it took.
        duration: Duration,
    },
    /// The upstream said something of CORS, and the policy's word replaced it.
    Replaced {
        /// The header's name.
        name: &'static HeaderName,
        /// What the upstream had said.
        value: &'a HeaderValue,
    },
}

/// What the policy said to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Whether it was a preflight, which the gateway answers itself.
    pub is_preflight: bool,
    /// `no-origin`, `granted`, or the code of a refusal.
    pub code: &'static str,
    /// Why it was refused, for people.
    pub why: Option<String>,
}
