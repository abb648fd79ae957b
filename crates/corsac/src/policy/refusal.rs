//! Why a request is refused.

use std::fmt;

use crate::origin::Origin;

/// The first check that a request failed, with the request's own bytes.
///
/// It goes to logs and to people; the response doesn't say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal<'r> {
    /// No policy of the [map](super::PolicyMap) is for this path, or the path is one that routers
    /// read differently.
    NoPolicy(&'r [u8]),
    /// More than one Origin line: no browser sends that, and whose word to take is anybody's guess.
    SeveralOrigins,
    /// The policy doesn't list this Origin.
    OriginNotAllowed(&'r [u8]),
    /// More than one Access-Control-Request-Method line.
    SeveralMethods,
    /// The policy doesn't list this Access-Control-Request-Method, or it is no method at all.
    MethodNotAllowed(&'r [u8]),
    /// Access-Control-Request-Headers is longer than all that the policy could grant.
    HeadersTooLong,
    /// The policy doesn't list this name of Access-Control-Request-Headers, or it is no name at all.
    HeaderNotAllowed(&'r [u8]),
}

impl Refusal<'_> {
    /// Which of them it is, in a word that stays the same: for counters and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPolicy(_) => "no-policy",
            Self::SeveralOrigins => "several-origins",
            Self::OriginNotAllowed(_) => "origin-not-allowed",
            Self::SeveralMethods => "several-methods",
            Self::MethodNotAllowed(_) => "method-not-allowed",
            Self::HeadersTooLong => "headers-too-long",
            Self::HeaderNotAllowed(_) => "header-not-allowed",
        }
    }

    /// Whether nothing but the origin or the path was looked at.
    pub(super) fn is_of_origin(&self) -> bool {
        matches!(
            self,
            Self::NoPolicy(_) | Self::SeveralOrigins | Self::OriginNotAllowed(_)
        )
    }
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPolicy(path) => {
                write!(f, "no policy is for the path \"{}\"", path.escape_ascii())
            }
            Self::SeveralOrigins => f.write_str("the request has more than one Origin"),
            Self::OriginNotAllowed(b"null") => f.write_str("the policy never lists \"null\""),
            Self::OriginNotAllowed(origin) => match Origin::parse(origin) {
                Ok(_) => write!(f, "the policy does not list \"{}\"", origin.escape_ascii()),
                Err(error) => write!(
                    f,
                    "\"{}\" is no origin of a browser: {error}",
                    origin.escape_ascii()
                ),
            },
            Self::SeveralMethods => {
                f.write_str("the preflight has more than one Access-Control-Request-Method")
            }
            Self::MethodNotAllowed(method) => write!(
                f,
                "the policy does not list the method \"{}\"",
                method.escape_ascii()
            ),
            Self::HeadersTooLong => {
                f.write_str("the preflight asks for more headers than the policy lists")
            }
            Self::HeaderNotAllowed(name) => write!(
                f,
                "the policy does not list the request header \"{}\"",
                name.escape_ascii()
            ),
        }
    }
}
