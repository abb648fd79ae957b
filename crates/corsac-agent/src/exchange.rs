use std::{
    net::SocketAddr,
    ops::Range,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use corsac::{
    diagnosis::Verdict,
    fetch::{AddressSpace, Environment, Hop, Request, Response, ResponseHead},
    header::HeaderList,
};
use http::Version;
use tokio::time::Instant;

use crate::{
    CookieReport, Failure,
    wire::{FieldPlace, ResponseParser},
};

/// One request, and what came back: bytes as they were on the wire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// What the fetch wanted sent: what it was for, its method, its URL, its headers.
    pub hop: Hop,
    /// Which connection it went over; `None` if there was none.
    pub connection: Option<Connection>,
    /// The header lines as they were sent, those of the transport included, in their order.
    /// HTTP/2's begin with the pseudo-headers. They are here even if nothing was sent in the end.
    pub request_lines: HeaderList,
    /// What was sent in HTTP/1; empty if nothing was, and in HTTP/2.
    pub sent: Vec<u8>,
    /// What came back in HTTP/1, framing included; empty in HTTP/2.
    pub received: Vec<u8>,
    /// The version of the response.
    pub version: Option<Version>,
    /// How many heads of status 1xx came before the final one.
    pub interim_heads: usize,
    /// The final head, parsed; `None` if no whole one came. HTTP/2's library keeps the order of
    /// lines of one name only.
    pub head: Option<ResponseHead>,
    /// Where the final head stands in [`received`](Self::received).
    pub head_range: Range<usize>,
    /// Where each header of the head stands in [`received`](Self::received).
    pub field_places: Vec<FieldPlace>,
    /// Lines in the head that are no header, by where they stand in [`received`](Self::received).
    pub ignored_lines: Vec<Range<usize>>,
    /// The body, without its framing and never decoded, as far as it came.
    pub body: Bytes,
    /// Why there is no usable head.
    pub failure: Option<Failure>,
    /// Why the body is not whole.
    pub body_error: Option<Failure>,
    /// How long everything took.
    pub timings: Timings,
    /// What became of cookies.
    pub cookies: CookieReport,
}

impl Exchange {
    pub(crate) fn new(hop: Hop) -> Self {
        Self {
            hop,
            connection: None,
            request_lines: HeaderList::new(),
            sent: Vec::new(),
            received: Vec::new(),
            version: None,
            interim_heads: 0,
            head: None,
            head_range: 0..0,
            field_places: Vec::new(),
            ignored_lines: Vec::new(),
            body: Bytes::new(),
            failure: None,
            body_error: None,
            timings: Timings::default(),
            cookies: CookieReport::default(),
        }
    }

    pub(crate) fn note_waiting(&mut self, begin: Instant, sent: Option<Instant>) {
        let sent = sent.unwrap_or(begin);
        self.timings.send = Some(sent.duration_since(begin));
        self.timings.wait = Some(sent.elapsed());
    }

    pub(crate) fn note_head(&mut self, parser: &mut ResponseParser) {
        let Some(received) = parser.take_head() else {
            return;
        };
        self.version = Some(match received.minor_version {
            0 => Version::HTTP_10,
            _ => Version::HTTP_11,
        });
        self.head = Some(received.head);
        self.head_range = received.range;
        self.field_places = received.places;
        self.ignored_lines = received.ignored;
    }

    /// The bytes of a header of the head, by its place in the list; `None` in HTTP/2.
    pub fn field_value_place(&self, line: usize) -> Option<Range<usize>> {
        self.field_places.get(line).map(|place| place.value.clone())
    }
}

/// Who an exchange was with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// The far end.
    pub peer: SocketAddr,
    /// This end.
    pub local: Option<SocketAddr>,
    /// How near the far end is.
    pub address_space: AddressSpace,
    /// Whether an exchange before this one had used it.
    pub is_reused: bool,
    /// What TLS came to; `None` without TLS.
    pub tls: Option<TlsConnection>,
}

/// What both ends of a TLS connection agreed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsConnection {
    /// `TLSv1.3` or `TLSv1.2`.
    pub version: Option<String>,
    /// The cipher suite's name.
    pub cipher_suite: Option<String>,
    /// The protocol by ALPN: `h2`, `http/1.1`, or nothing if the server did not say.
    pub alpn: Option<String>,
    /// What was wrong with the certificate, and did not matter because nobody asked for one that
    /// is right.
    pub ignored: Option<crate::TlsFailure>,
}

/// How long each part of an exchange took. What did not take place is absent: a connection that is
/// used again was not made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// When it began.
    pub started: Option<SystemTime>,
    /// Finding the addresses.
    pub dns: Option<Duration>,
    /// Connecting.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// Writing the request.
    pub send: Option<Duration>,
    /// From there to the end of the response's head.
    pub wait: Option<Duration>,
    /// From there to the end of the body.
    pub receive: Option<Duration>,
}

/// What became of a fetch, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fetched {
    /// The page, with what the agent filled in. With the request and the exchanges it is all that
    /// another [`Fetch`](corsac::fetch::Fetch) needs to judge the same answers by another profile.
    pub page: Arc<Environment>,
    /// What the page asked for, with what the agent filled in.
    pub request: Request,
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
        body: Bytes,
    },
    /// A bare network error. The verdict is for people.
    Blocked(Box<Verdict>),
    /// Nothing yet: a request that changes something was withheld, as
    /// [`UnsafeMethods::ToLoopback`](crate::UnsafeMethods::ToLoopback) asks. Any preflight due had
    /// passed.
    Withheld(Box<Withheld>),
}

/// A request that was not sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Withheld {
    /// The request.
    pub hop: Hop,
    /// Where it would have gone: not to this machine.
    pub peer: SocketAddr,
}
