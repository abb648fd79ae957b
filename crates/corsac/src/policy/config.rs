//! What people write.

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyConfig {
    /// Whose scripts may read: origins exactly as browsers write them, or every origin.
    pub allow_origins: Listing,
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
}

/// A list, or everything. The default is an empty list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// `*`, which must not be had together with credentials.
    Any,
    /// These, and no others.
    List(Vec<String>),
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

impl Default for Listing {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Default for AllowHeaders {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<S: Into<String>, const ENTRIES: usize> From<[S; ENTRIES]> for Listing {
    fn from(entries: [S; ENTRIES]) -> Self {
        Self::List(entries.map(Into::into).into())
    }
}

impl<S: Into<String>, const ENTRIES: usize> From<[S; ENTRIES]> for AllowHeaders {
    fn from(entries: [S; ENTRIES]) -> Self {
        Self::List(entries.map(Into::into).into())
    }
}
