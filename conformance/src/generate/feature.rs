use serde::{Deserialize, Serialize};

/// What a scenario is about.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// One call, one answer.
    #[default]
    Plain,
    /// Header lines twice, at limits, with odd bytes and odd spacing.
    Bytes,
    /// Redirects among origins.
    Redirects,
    /// Several calls, so that the preflight cache shows.
    Cache,
    /// Cookies and other sites.
    Sites,
    /// https, and HTTP/2.
    Tls,
    /// A page whose origin is opaque.
    Opaque,
    /// Answers that are late or never come.
    Transport,
    /// Images, module scripts and fonts.
    Elements,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Plain,
        Self::Bytes,
        Self::Redirects,
        Self::Cache,
        Self::Sites,
        Self::Tls,
        Self::Opaque,
        Self::Transport,
        Self::Elements,
    ];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Bytes => "bytes",
            Self::Redirects => "redirects",
            Self::Cache => "cache",
            Self::Sites => "sites",
            Self::Tls => "tls",
            Self::Opaque => "opaque",
            Self::Transport => "transport",
            Self::Elements => "elements",
        }
    }
}
