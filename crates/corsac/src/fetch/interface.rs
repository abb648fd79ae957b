//! What passes between a fetch and its host.

use http::Method;
use url::Url;

use crate::{
    diagnosis::{Phase, Verdict},
    header::HeaderList,
};

use super::{AddressSpace, Body, Destination, NetworkPartitionKey, Response, SameSiteMode};

/// What the host has to do next.
#[derive(Debug)]
pub enum Output<'a> {
    /// Put this on the wire, then call `handle_head` or `handle_failure` with its id. If
    /// [`local_network`](super::Questions::local_network) questions matter, call
    /// `handle_connection` once connected, before sending, and poll.
    Send(&'a Hop),
    /// Answer by `handle_answer`.
    Ask(&'a Question),
    /// Script gets this; the body may be streamed through as [`Response::body`] says.
    Deliver(&'a Response),
    /// Script gets a bare network error; the verdict is for people.
    Blocked(&'a Verdict),
}

/// Names one request on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HopId(pub(super) usize);

/// One request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hop {
    /// Its name.
    pub id: HopId,
    /// What it is.
    pub kind: HopKind,
    /// The method.
    pub method: Method,
    /// The URL; user and password in it, if any, are not sent.
    pub url: Url,
    /// The headers, in their order. The transport adds Host, Connection and (where it is missing)
    /// Accept-Encoding, and nothing else.
    pub header_list: HeaderList,
    /// The body to send.
    pub body: Body,
    /// Whether credentials count: connections with and without are not shared, and cookies that the
    /// response sets are kept only with them.
    pub include_credentials: bool,
    /// Whether it has to go over a connection of its own.
    pub new_connection: bool,
    /// Which partition of connections and caches it belongs to.
    pub network_partition_key: NetworkPartitionKey,
}

/// What a hop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HopKind {
    /// The CORS-preflight request. Its body is of no use to anybody.
    Preflight,
    /// The request itself.
    Actual,
    /// A load from `data:` or another scheme that is not http(s): nothing goes over a network, and
    /// an unknown scheme is a failure.
    Scheme,
}

impl HopKind {
    pub(super) const fn phase(self) -> Phase {
        match self {
            Self::Preflight => Phase::Preflight,
            Self::Actual | Self::Scheme => Phase::Actual,
        }
    }
}

/// What the host is asked. Which questions it wants to hear is its own choice:
/// [`Questions`](super::Questions).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// Has this http URL to become https, because its server said so (HSTS)? Yes or no. Asked of
    /// names only, and only of those that the page may connect to.
    Upgrade {
        /// The URL.
        url: Url,
    },
    /// May the page connect to this URL, by its Content-Security-Policy and whatever else the host
    /// holds against it? Yes or no.
    Policy {
        /// The URL.
        url: Url,
        /// What the response is for.
        destination: Destination,
    },
    /// Which cookies go along? A Cookie value, or no.
    Cookies {
        /// The URL.
        url: Url,
        /// Which cookies may travel.
        same_site_mode: SameSiteMode,
    },
    /// Is there an authentication entry for this URL? An Authorization value, or no.
    Authorization {
        /// The URL.
        url: Url,
    },
    /// Did the user let the page reach into the nearer network? Yes or no.
    LocalNetwork {
        /// The URL.
        url: Url,
        /// Where its server turned out to be.
        address_space: AddressSpace,
    },
}

/// The host's answer. A kind that does not fit the question counts as no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No, or none.
    No,
    /// A header's value.
    Value(Vec<u8>),
}
