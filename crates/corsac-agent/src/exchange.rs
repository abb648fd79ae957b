use corsac::{
    diagnosis::{TransportError, Verdict},
    fetch::{HopKind, Response, ResponseHead},
    header::HeaderList,
};
use http::Method;
use url::Url;

use crate::wire::WireError;

/// One request, and what came back: bytes as they were on the wire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// What it was for.
    pub kind: HopKind,
    /// Its method.
    pub method: Method,
    /// Its URL.
    pub url: Url,
    /// The headers of the fetch, without what the transport adds.
    pub header_list: HeaderList,
    /// What was sent; empty if there was no connection to send it on.
    pub sent: Vec<u8>,
    /// What came back, framing included.
    pub received: Vec<u8>,
    /// The final head, parsed; `None` if no whole one came.
    pub head: Option<ResponseHead>,
    /// The body, without its framing, as far as it came.
    pub body: Vec<u8>,
    /// Why there is no usable head.
    pub failure: Option<TransportError>,
    /// Why the body is not whole.
    pub body_error: Option<WireError>,
}

/// What became of a fetch, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fetched {
    /// Every request, in its order.
    pub exchanges: Vec<Exchange>,
    /// What script gets.
    pub outcome: Outcome,
}

/// What script gets.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A filtered response.
    Response {
        /// Its head.
        response: Box<Response>,
        /// What script may read of the body: nothing if it is hidden.
        body: Vec<u8>,
    },
    /// A bare network error. The verdict is for people.
    Blocked(Box<Verdict>),
}
