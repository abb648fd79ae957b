use http::Method;
use url::Url;

use crate::header::HeaderList;

/// What a page asks for: the Standard's request, as the host of a script fills it in.
///
/// [`Request::new`] gives what `fetch(url)` gives; XMLHttpRequest and elements set fields. What the
/// Standard keeps on a request while it runs (URL list, redirect count, response tainting) belongs
/// to the [`Fetch`](super::Fetch).
///
/// Source: <https://fetch.spec.whatwg.org/#concept-request>
///
/// ```
/// use corsac::fetch::{CredentialsMode, Request};
/// let mut request = Request::new("https://b.example/".parse().unwrap());
/// request.method = http::Method::PUT;
/// request.header_list.append("Content-Type", "application/json");
/// request.credentials_mode = CredentialsMode::Include;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The method, already [normalized](crate::method::normalize). Default GET.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// The author's headers. Default none.
    pub header_list: HeaderList,
    /// Whether the author chose method or headers, so that they must be judged. Default true, as
    /// fetch() and XMLHttpRequest set it.
    pub unsafe_request: bool,
    /// The body. Default none.
    pub body: Body,
    /// The mode. Default `cors`.
    pub mode: Mode,
    /// Asks for a preflight even where the request is simple: an upload listener or a streamed body
    /// does. Default false.
    pub use_cors_preflight: bool,
    /// The credentials mode. Default `same-origin`.
    pub credentials_mode: CredentialsMode,
    /// The cache mode. Default `default`.
    pub cache_mode: CacheMode,
    /// The redirect mode. Default `follow`.
    pub redirect_mode: RedirectMode,
    /// The referrer. Default the page.
    pub referrer: Referrer,
    /// The referrer policy; `None` is the page's. Default `None`.
    pub referrer_policy: Option<ReferrerPolicy>,
    /// The destination. Default empty, as for fetch() and XMLHttpRequest.
    pub destination: Destination,
    /// Whether the request may outlive its page. Default false.
    pub keepalive: bool,
}

impl Request {
    /// What `fetch(url)` asks for.
    pub fn new(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            header_list: HeaderList::new(),
            unsafe_request: true,
            body: Body::None,
            mode: Mode::Cors,
            use_cors_preflight: false,
            credentials_mode: CredentialsMode::SameOrigin,
            cache_mode: CacheMode::Default,
            redirect_mode: RedirectMode::Follow,
            referrer: Referrer::Client,
            referrer_policy: None,
            destination: Destination::Empty,
            keepalive: false,
        }
    }
}

/// What the protocol needs to know of a body. Its bytes stay with the host.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-request-body>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Body {
    /// No body.
    #[default]
    None,
    /// A body whose source is at hand, so that it can be sent again.
    Source {
        /// Its length in bytes.
        length: u64,
    },
    /// A stream, which can be sent once (the Standard's body with a null source).
    Stream,
}

/// Source: <https://fetch.spec.whatwg.org/#concept-request-mode>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Refuses other origins.
    SameOrigin,
    /// Asks other origins by the CORS protocol.
    #[default]
    Cors,
    /// Sends anywhere and reads nothing.
    NoCors,
}

/// Source: <https://fetch.spec.whatwg.org/#concept-request-credentials-mode>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CredentialsMode {
    /// Neither sends nor takes cookies.
    Omit,
    /// Does so with the page's own origin.
    #[default]
    SameOrigin,
    /// Does so with every origin.
    Include,
}

/// Source: <https://fetch.spec.whatwg.org/#concept-request-cache-mode>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the Standard's own words")]
pub enum CacheMode {
    #[default]
    Default,
    NoStore,
    Reload,
    NoCache,
    ForceCache,
    OnlyIfCached,
}

/// Source: <https://fetch.spec.whatwg.org/#concept-request-redirect-mode>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RedirectMode {
    /// Follows redirects.
    #[default]
    Follow,
    /// Takes a redirect for a network error.
    Error,
    /// Hands the script an opaque redirect.
    Manual,
}

/// Source: <https://fetch.spec.whatwg.org/#concept-request-referrer>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Referrer {
    /// Nobody.
    NoReferrer,
    /// The page.
    #[default]
    Client,
    /// This URL.
    Url(Url),
}

/// Source: <https://w3c.github.io/webappsec-referrer-policy/#referrer-policies>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the Standard's own words")]
pub enum ReferrerPolicy {
    NoReferrer,
    NoReferrerWhenDowngrade,
    SameOrigin,
    Origin,
    StrictOrigin,
    OriginWhenCrossOrigin,
    #[default]
    StrictOriginWhenCrossOrigin,
    UnsafeUrl,
}

/// What a response is for. Only the destinations of requests that this crate can make.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-request-destination>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the Standard's own words")]
pub enum Destination {
    #[default]
    Empty,
    Audio,
    Font,
    Image,
    Json,
    Manifest,
    Script,
    Style,
    Text,
    Track,
    Video,
}
