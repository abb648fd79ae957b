use std::fmt;

use super::CookieRefusal;

/// What became of the cookies of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CookieReport {
    /// Names of those that were sent, in their order.
    pub sent: Vec<String>,
    /// Those that are there for this host and were not sent.
    pub withheld: Vec<WithheldCookie>,
    /// What the response set, or tried to.
    pub set: Vec<SetCookie>,
}

/// A cookie that did not travel.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WithheldCookie {
    /// Its name.
    pub name: String,
    /// The first reason.
    pub reason: WithheldReason,
}

/// Why a cookie did not travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WithheldReason {
    /// The request goes without credentials: by its credentials mode, or because it went to
    /// another origin.
    Credentials,
    /// The cookie is for other paths.
    Path,
    /// The cookie is for https only.
    Secure,
    /// `SameSite=Strict`, and the request comes from another site.
    SameSiteStrict,
    /// `SameSite=Lax`, and the request comes from another site.
    SameSiteLax,
    /// No SameSite, which this engine takes for `Lax`, and the request comes from another site.
    SameSiteDefault,
}

impl fmt::Display for WithheldReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => "the request goes without credentials",
            Self::Path => "it is for other paths",
            Self::Secure => "it is for https only",
            Self::SameSiteStrict => "it is SameSite=Strict and the page is of another site",
            Self::SameSiteLax => "it is SameSite=Lax and the page is of another site",
            Self::SameSiteDefault => {
                "it has no SameSite, which counts as Lax, and the page is of another site"
            }
        })
    }
}

/// A line of Set-Cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetCookie {
    /// The place of the line in the response's header list.
    pub line: usize,
    /// Why it was not stored; `None` if it was.
    pub refusal: Option<CookieRefusal>,
}
