use std::{error, fmt};

/// Why a cookie is not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CookieRefusal {
    /// The response came to a request without credentials.
    Credentials,
    /// It is no cookie.
    Malformed,
    /// Its Domain is not the host's, nor above it.
    Domain,
    /// Its Domain is one under which anybody can have a name.
    PublicSuffix,
    /// It is Secure, and came over an insecure connection.
    Secure,
    /// `SameSite=None` without Secure.
    SameSiteNoneInsecure,
    /// `SameSite=Strict` or `Lax`, and the response is for a page of another site.
    SameSite,
    /// Its name begins with `__Secure-` or `__Host-`, and it is not what that promises.
    Prefix,
    /// It is over already, and there was none to delete.
    Expired,
}

impl fmt::Display for CookieRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Credentials => "the request went without credentials",
            Self::Malformed => "it is not well formed",
            Self::Domain => "its Domain does not belong to the host",
            Self::PublicSuffix => "its Domain is a public suffix",
            Self::Secure => "it is Secure and came over an insecure connection",
            Self::SameSiteNoneInsecure => "SameSite=None needs Secure",
            Self::SameSite => "it has a SameSite and the page is of another site",
            Self::Prefix => "it is not what the prefix of its name promises",
            Self::Expired => "it is over already",
        })
    }
}

impl error::Error for CookieRefusal {}
