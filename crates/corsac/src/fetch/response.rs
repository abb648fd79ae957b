use url::Url;

use crate::header::HeaderList;

/// The head of a response as it came over the wire: final ones only, never a 1xx.
///
/// A host with an HTTP cache hands over the stored head, freshened, where a 304 answered its own
/// validation; a 304 to an author's If-None-Match is a response like any other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseHead {
    /// The status code.
    pub status: u16,
    /// The reason phrase; empty in HTTP/2.
    pub status_message: Vec<u8>,
    /// Every header line in its order.
    pub header_list: HeaderList,
    /// Whether it once answered a request that had a Range header. A host that answers from a cache or
    /// a service worker keeps this with what it stores; over the wire the fetch's own Range tells.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-response-range-requested-flag>
    pub range_requested: bool,
}

impl ResponseHead {
    /// A head of a status and header lines.
    pub fn new(status: u16, header_list: impl Into<HeaderList>) -> Self {
        Self {
            status,
            status_message: Vec::new(),
            header_list: header_list.into(),
            range_requested: false,
        }
    }
}

/// What script gets: a filtered response.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-filtered-response>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// Which filter: basic, cors, opaque or opaqueredirect.
    pub response_type: ResponseType,
    /// The status; 0 if it is hidden.
    pub status: u16,
    /// The status message; empty if it is hidden.
    pub status_message: Vec<u8>,
    /// The URL without its fragment; `None` if it is hidden.
    pub url: Option<Url>,
    /// Whether redirects were followed and that may be known.
    pub redirected: bool,
    /// The headers that script may read.
    pub header_list: HeaderList,
    /// What becomes of the body.
    pub body: ResponseBody,
    /// Whether Timing-Allow-Origin (or the same origin) lets script see timings.
    pub timing_allow_passed: bool,
    /// The response as it came, for people and for loads that use what script may not read.
    pub internal: ResponseHead,
}

/// Source: <https://fetch.spec.whatwg.org/#concept-response-type>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseType {
    /// Of the page's own origin: all headers but Set-Cookie.
    Basic,
    /// Shared by the CORS protocol: safelisted and exposed headers.
    Cors,
    /// Of another origin in mode no-cors: nothing.
    Opaque,
    /// A redirect that was not followed: nothing but its URL.
    OpaqueRedirect,
}

/// What becomes of a response's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResponseBody {
    /// Script may read it.
    Exposed,
    /// It is there, and script may not read it.
    Hidden,
    /// There is none, whatever the server sends: HEAD, 204, 304 and their like.
    Null,
}

/// Says whether a status means that the response leads elsewhere.
///
/// Source: <https://fetch.spec.whatwg.org/#redirect-status>
pub fn is_redirect_status(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Says whether a response of this status has no body.
///
/// Source: <https://fetch.spec.whatwg.org/#null-body-status>
pub fn is_null_body_status(status: u16) -> bool {
    matches!(status, 101 | 103 | 204 | 205 | 304)
}

/// Says whether a status is 200 to 299.
///
/// Source: <https://fetch.spec.whatwg.org/#ok-status>
pub fn is_ok_status(status: u16) -> bool {
    matches!(status, 200..=299)
}
