//! One entry of `allow-origins`, as people write it.

use std::fmt;

/// One origin, or a pattern of origins.
///
/// A `*` stands at the beginning of the host or within its first label, a `:*` for any port:
///
/// | written | covers | but not |
/// |---|---|---|
/// | `https://a.example` | this one | `https://a.example:8443` |
/// | `https://*.a.example` | `https://x.a.example`, `https://x.y.a.example` | `https://a.example` |
/// | `https://pr-*.a.example` | `https://pr-7.a.example` | `https://pr-7.x.a.example` |
/// | `http://localhost:*` | `http://localhost`, `http://localhost:5173` | `https://localhost` |
///
/// ```
/// use corsac::policy::{Depth, OriginPattern, Policy, PolicyConfig, Ports};
/// let policy = Policy::new(PolicyConfig {
///     allow_origins: [
///         OriginPattern::from("https://a.example"),
///         OriginPattern { depth: Depth::One, ..OriginPattern::from("https://*.a.example") },
///         OriginPattern { ports: Ports::OneOf(vec![3000, 5173]), ..OriginPattern::from("http://localhost") },
///     ]
///     .into(),
///     ..PolicyConfig::default()
/// })?;
/// assert!(policy.origins().allows(b"https://x.a.example"));
/// assert!(!policy.origins().allows(b"https://x.y.a.example"));
/// assert!(policy.origins().allows(b"http://localhost:5173"));
/// # Ok::<(), corsac::policy::PolicyErrors>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OriginPattern {
    /// Scheme, host and port as a browser writes them, but for a `*`.
    pub origin: String,
    /// What a `*.` at the beginning of the host stands for.
    pub depth: Depth,
    /// Which ports are meant.
    pub ports: Ports,
}

/// What a `*.` at the beginning of a host stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Depth {
    /// One label or more.
    #[default]
    Any,
    /// One label.
    One,
}

/// Which ports an [`OriginPattern`] means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ports {
    /// The one that `origin` names: the scheme's own if it names none, and every port after `:*`.
    #[default]
    Written,
    /// Every port; `origin` names none.
    Any,
    /// These, the scheme's own by its number, too; `origin` names none.
    OneOf(Vec<u16>),
}

impl From<&str> for OriginPattern {
    fn from(origin: &str) -> Self {
        Self::from(origin.to_owned())
    }
}

impl From<String> for OriginPattern {
    fn from(origin: String) -> Self {
        Self {
            origin,
            ..Self::default()
        }
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)?;
        match &self.ports {
            Ports::Written => {}
            Ports::Any => f.write_str(":*")?,
            Ports::OneOf(ports) => write!(f, " with a port of {ports:?}")?,
        }
        match self.depth {
            Depth::Any => Ok(()),
            Depth::One => f.write_str(" with one label for `*`"),
        }
    }
}
