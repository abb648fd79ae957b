//! Why a builder builds no layer.

use std::fmt;

use corsac::policy::PolicyErrors;

/// All that is wrong with a builder: what is refused, and the mistakes of the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildError {
    pub(super) refused: Vec<Refused>,
    pub(super) mistakes: Option<PolicyErrors>,
}

impl BuildError {
    /// What tower-http has and this does not.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// What tower-http takes, and browsers do not, or should not.
    pub fn mistakes(&self) -> Option<&PolicyErrors> {
        self.mistakes.as_ref()
    }
}

/// Something of tower-http's that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// `AllowOrigin::{predicate, async_predicate}` or `AllowPrivateNetwork::predicate`, by
    /// `into_policy` only
    PredicateInPolicy,
    /// `AllowOrigin::mirror_request` with credentials, and so `CorsLayer::very_permissive`
    AnyOriginWithCredentials,
    /// `AllowMethods::mirror_request` with credentials
    AnyMethodWithCredentials,
    /// `AllowHeaders::mirror_request` with credentials
    AnyHeaderWithCredentials,
    /// `AllowCredentials::predicate`
    CredentialsPredicate,
    /// `MaxAge::dynamic`
    DynamicMaxAge,
    /// `vary` without a predicate
    Vary,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PredicateInPolicy => {
                "into_policy: a predicate that sees the request belongs to a layer; take build, or \
                 give the layer that you make of the policy allow_origin_if or \
                 allow_private_network_if"
            }
            Self::AnyOriginWithCredentials => {
                "AllowOrigin::mirror_request with credentials hands each user's data to any page; \
                 list the origins"
            }
            Self::AnyMethodWithCredentials => {
                "AllowMethods::mirror_request with credentials is `*` where browsers don't take \
                 `*`; list the methods"
            }
            Self::AnyHeaderWithCredentials => {
                "AllowHeaders::mirror_request with credentials is `*` where browsers don't take \
                 `*`; list the headers"
            }
            Self::CredentialsPredicate => {
                "AllowCredentials::predicate: caches are not told that the answer depends on more \
                 than Origin; take a layer for each kind of request"
            }
            Self::DynamicMaxAge => {
                "MaxAge::dynamic: the age belongs to the policy; for one that changes, take \
                 CorsLayer::reloadable"
            }
            Self::Vary => {
                "vary: it follows from the policy, and a handler's own is kept; delete the call"
            }
        })
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, refused) in self.refused.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            refused.fmt(f)?;
        }
        let Some(mistakes) = &self.mistakes else {
            return Ok(());
        };
        if !self.refused.is_empty() {
            f.write_str("\n")?;
        }
        mistakes.fmt(f)
    }
}

impl std::error::Error for BuildError {}
