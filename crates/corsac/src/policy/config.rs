//! What people write.

use super::{OriginPattern, OriginPredicate};

/// What a resource grants, as written: nothing in it has been checked.
///
/// The default grants nothing to nobody. [`Policy::new`](super::Policy::new) checks all of it.
///
/// ```
/// use corsac::policy::{MaxAge, Policy, PolicyConfig};
/// let config = PolicyConfig {
///     allow_origins: ["https://app.example", "http://localhost:5173"].into(),
///     allow_methods: ["PUT", "DELETE"].into(),
///     allow_headers: ["Content-Type", "Authorization"].into(),
///     allow_credentials: true,
///     expose_headers: ["X-Total-Count"].into(),
///     max_age: MaxAge::Seconds(600),
///     ..PolicyConfig::default()
/// };
/// assert!(Policy::new(config).is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyConfig {
    /// Whose scripts may read: origins as browsers write them, [patterns](OriginPattern) of them, or
    /// every origin.
    pub allow_origins: Listing<OriginPattern>,
    /// Who else may, said by code. It exists in code only, no file can hold it.
    pub origin_predicate: Option<OriginPredicate>,
    /// Methods that a preflight may ask for, in the case browsers send. GET, HEAD and POST need not
    /// be listed.
    pub allow_methods: Listing,
    /// Request headers that a preflight may ask for. Content-Type is one of them as soon as it is
    /// to be JSON: browsers ask for a name only when its value makes it unsafe.
    pub allow_headers: AllowHeaders,
    /// Whether requests with cookies or HTTP authentication may be read.
    pub allow_credentials: bool,
    /// Response headers that scripts may read, beyond the seven that they always may.
    pub expose_headers: Listing,
    /// How long browsers may reuse the answer to a preflight.
    pub max_age: MaxAge,
    /// How much the answer to a preflight tells.
    pub preflights: Preflights,
    /// Whether answers to OPTIONS say by Vary what they depend on, for a cache that keeps them
    /// although no cache should: RFC 9110 has none keep such answers, and the one in browsers that
    /// keeps preflights does not look at Vary.
    pub cacheable_preflights: bool,
    /// The status of a granted preflight: 204, or another of 200 to 299 for old clients.
    pub preflight_status: u16,
    /// The status of a refused preflight and of a [blocked](Self::block_disallowed) request: 403.
    pub refusal_status: u16,
    /// Whether the handler is spared requests of origins that may not read the answer.
    ///
    /// CORS hides answers, it does not prevent requests; this does, for browsers. A request of the
    /// server's own pages, which carries an Origin too unless it is a GET, passes: its
    /// Sec-Fetch-Site says so or, in browsers without one, its Host is the Origin's.
    pub block_disallowed: bool,
    /// Whether a granted preflight also grants the step into a private network, if it asks for it.
    ///
    /// It is for browsers of yesterday: Chromium asked so for a while, and today asks the person
    /// instead.
    pub allow_private_network: bool,
    /// What becomes of a decision.
    pub mode: Mode,
    /// Lets `null` be listed, without credentials. Every sandboxed frame has that origin, whoever
    /// made it.
    pub dangerously_allow_null: bool,
    /// Lets origins without encryption have credentials: whoever sits on the wire can speak for
    /// them.
    pub dangerously_allow_insecure_origins: bool,
    /// Lets wildcards directly under a public suffix have credentials: anybody can register there.
    pub dangerously_allow_public_suffixes: bool,
}

/// What becomes of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The response says it.
    #[default]
    Enforce,
    /// The response says it, and a preflight that is refused for its method or its headers is told
    /// what the policy lists, so that the browser's console names the culprit. Not for production.
    Debug,
    /// It is made and reported, and nothing else: preflights reach the handler, and what the
    /// handler says of CORS stands.
    ReportOnly,
}

impl Default for PolicyConfig {
    fn default() -> Self {
        Self {
            allow_origins: Listing::default(),
            origin_predicate: None,
            allow_methods: Listing::default(),
            allow_headers: AllowHeaders::default(),
            allow_credentials: false,
            expose_headers: Listing::default(),
            max_age: MaxAge::default(),
            preflights: Preflights::default(),
            cacheable_preflights: false,
            preflight_status: 204,
            refusal_status: 403,
            block_disallowed: false,
            allow_private_network: false,
            mode: Mode::default(),
            dangerously_allow_null: false,
            dangerously_allow_insecure_origins: false,
            dangerously_allow_public_suffixes: false,
        }
    }
}

/// A list, or everything. The default is an empty list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing<T = String> {
    /// `*`, which must not be had together with credentials.
    Any,
    /// These, and no others.
    List(Vec<T>),
}

/// The request headers that a preflight may ask for. The default is an empty list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowHeaders {
    /// `*`, which covers every name but Authorization, and must not be had with credentials.
    Any,
    /// `*, Authorization`: every name, which must not be had with credentials.
    AnyAndAuthorization,
    /// These, and no others.
    List(Vec<String>),
}

/// How long browsers may reuse the answer to a preflight instead of asking again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MaxAge {
    /// Nothing is said, which means 5 seconds.
    #[default]
    Unset,
    /// So many seconds, at most 86,400. Chromium caps at 7,200 and WebKit at 600.
    Seconds(u32),
    /// `0`: ask every time.
    Disabled,
}

/// How much the answer to a granted preflight tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preflights {
    /// What was asked for and nothing else, so that nobody learns the policy by one question.
    #[default]
    TellAsked,
    /// All methods and headers of the lists, so that one answer spares browsers later questions.
    TellLists,
}

impl<T> Default for Listing<T> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Default for AllowHeaders {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<S: Into<T>, T, const ENTRIES: usize> From<[S; ENTRIES]> for Listing<T> {
    fn from(entries: [S; ENTRIES]) -> Self {
        Self::List(entries.map(Into::into).into())
    }
}

impl<S: Into<String>, const ENTRIES: usize> From<[S; ENTRIES]> for AllowHeaders {
    fn from(entries: [S; ENTRIES]) -> Self {
        Self::List(entries.map(Into::into).into())
    }
}

impl<S: Into<T>, T> FromIterator<S> for Listing<T> {
    fn from_iter<I: IntoIterator<Item = S>>(entries: I) -> Self {
        Self::List(entries.into_iter().map(Into::into).collect())
    }
}
