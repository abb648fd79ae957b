//! What is valid, and perhaps not meant.

use std::fmt;

use crate::{method, origin::Parts};

use super::{
    AllowHeaders, Field, Listing, MaxAge, Mode, Policy,
    judge_origin::{Entry, is_insecure, is_public_suffix, judge_origin},
    wildcard::{Front, PortSet},
};

/// Something in a valid policy that its author may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// The field that it stands in.
    pub field: Field,
    /// Which entry of the field's list it is, 0-based; `None` if it concerns the field as a whole.
    pub entry: Option<usize>,
    /// What it is.
    pub kind: LintKind,
}

/// What may not be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LintKind {
    /// No origin is allowed at all.
    NoOrigin,
    /// Anybody can register a name that the pattern covers.
    PublicSuffix {
        /// The public suffix.
        suffix: String,
    },
    /// The origin has no encryption.
    Insecure,
    /// `*.` covers names below this origin, and not the origin itself, which nothing else covers.
    ApexNotCovered {
        /// The origin.
        apex: String,
    },
    /// Browsers don't put this method in upper case, so that it never stands for the other.
    LowerCaseMethod,
    /// `*` doesn't cover Authorization.
    AuthorizationNotCovered,
    /// A proxy sets this header, and scripts would forge it.
    ForwardedHeader,
    /// Chromium remembers no longer than 7,200 seconds.
    MaxAgeBeyondChromium,
    /// No browser asks for private networks any more.
    PrivateNetwork,
    /// Debugging tells everybody what the policy lists.
    Debugging,
}

impl Policy {
    /// What is valid here, and perhaps not meant.
    ///
    /// ```
    /// use corsac::policy::{LintKind, Policy, PolicyConfig};
    /// let policy = Policy::new(PolicyConfig {
    ///     allow_origins: ["https://*.github.io"].into(),
    ///     ..PolicyConfig::default()
    /// })?;
    /// let suffix = "github.io".to_owned();
    /// assert_eq!(policy.lints()[0].kind, LintKind::PublicSuffix { suffix });
    /// # Ok::<(), corsac::policy::PolicyErrors>(())
    /// ```
    pub fn lints(&self) -> Vec<Lint> {
        let config = self.config();
        let mut lints = Vec::new();
        let mut add = |field, entry, kind| lints.push(Lint { field, entry, kind });
        if self.origins().is_empty() {
            add(Field::AllowOrigins, None, LintKind::NoOrigin);
        }
        if let Listing::List(entries) = &config.allow_origins {
            for (place, entry) in entries.iter().enumerate() {
                let mut add = |kind| add(Field::AllowOrigins, Some(place), kind);
                match judge_origin(entry, config) {
                    Err(_) => {}
                    Ok(Entry::Exact) => {
                        if Parts::of(entry.origin.as_bytes())
                            .is_some_and(|parts| is_insecure(&parts))
                        {
                            add(LintKind::Insecure);
                        }
                    }
                    Ok(Entry::Wildcard(wildcard)) => {
                        let apex = format!("{}://{}", wildcard.scheme, wildcard.rest);
                        if Parts::of(apex.as_bytes()).is_some_and(|parts| is_insecure(&parts)) {
                            add(LintKind::Insecure);
                        }
                        if wildcard.front != Front::Nothing && is_public_suffix(&wildcard.rest) {
                            let suffix = wildcard.rest.into();
                            add(LintKind::PublicSuffix { suffix });
                        } else if wildcard.front == Front::Labels
                            && wildcard.ports == PortSet::One(None)
                            && !self.origins().lists(apex.as_bytes())
                        {
                            add(LintKind::ApexNotCovered { apex });
                        }
                    }
                }
            }
        }
        if let Listing::List(methods) = &config.allow_methods {
            for (place, method) in methods.iter().enumerate() {
                let upper = method.to_ascii_uppercase();
                if upper != *method && method::normalize(method) == *method {
                    add(Field::AllowMethods, Some(place), LintKind::LowerCaseMethod);
                }
            }
        }
        match &config.allow_headers {
            AllowHeaders::Any => {
                add(Field::AllowHeaders, None, LintKind::AuthorizationNotCovered);
            }
            AllowHeaders::AnyAndAuthorization => {}
            AllowHeaders::List(names) => {
                for (place, name) in names.iter().enumerate() {
                    let name = name.to_ascii_lowercase();
                    if name == "forwarded" || name.starts_with("x-forwarded-") {
                        add(Field::AllowHeaders, Some(place), LintKind::ForwardedHeader);
                    }
                }
            }
        }
        if matches!(config.max_age, MaxAge::Seconds(7201..)) {
            add(Field::MaxAge, None, LintKind::MaxAgeBeyondChromium);
        }
        if config.allow_private_network {
            add(Field::AllowPrivateNetwork, None, LintKind::PrivateNetwork);
        }
        if config.mode == Mode::Debug {
            add(Field::Mode, None, LintKind::Debugging);
        }
        lints
    }
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.kind)
    }
}

impl fmt::Display for LintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOrigin => "no origin is allowed",
            Self::PublicSuffix { suffix } => {
                return write!(f, "anybody can register a name under {suffix:?}");
            }
            Self::Insecure => "the origin has no encryption",
            Self::ApexNotCovered { apex } => return write!(f, "{apex:?} itself is not covered"),
            Self::LowerCaseMethod => "browsers send this method as scripts write it, case included",
            Self::AuthorizationNotCovered => "`*` does not cover Authorization",
            Self::ForwardedHeader => "a proxy sets this header; scripts would forge it",
            Self::MaxAgeBeyondChromium => "Chromium remembers no longer than 7200 seconds",
            Self::PrivateNetwork => {
                "browsers ask the person instead of the server by now; nothing needs this"
            }
            Self::Debugging => "refusals tell everybody what the policy lists",
        })
    }
}
