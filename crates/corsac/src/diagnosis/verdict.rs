use std::fmt;

use super::{Code, Reason, text::without_userinfo};

/// Which request of a hop was being judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The CORS-preflight request, that no script wrote.
    Preflight,
    /// The request that the script asked for.
    Actual,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Preflight => "preflight",
            Self::Actual => "actual",
        })
    }
}

/// Where in a response's header list the failing bytes stand. All places are 0-based.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// The header.
    pub header: &'static str,
    /// The place of the line in the response's header list.
    pub line: usize,
    /// The first failing byte of the line's value.
    pub byte: usize,
    /// How many bytes fail.
    pub length: usize,
}

/// Why a fetch ended in a network error: the first step that failed, and all else on the same
/// response that would have failed after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// The first failing step, with its evidence.
    pub reason: Reason,
    /// Whether the preflight or the actual request failed.
    pub phase: Phase,
    /// How many redirects had been followed: 0 is the request's own URL.
    pub hop: usize,
    /// The URL of that hop, without user and password.
    pub url: String,
    /// The page's origin as it was sent on that hop: `null` after a tainting redirect.
    pub origin: String,
    /// The status of the response that was judged; `None` if the check needed none.
    pub status: Option<u16>,
    /// What else would have failed.
    pub also: Vec<Reason>,
}

impl Verdict {
    /// A verdict on a request that was refused before anything was sent, as by
    /// `fetch::new_request`. Its fields can be set afterwards.
    pub fn new(reason: Reason, url: &str, origin: impl Into<String>) -> Self {
        Self {
            reason,
            phase: Phase::Actual,
            hop: 0,
            url: without_userinfo(url),
            origin: origin.into(),
            status: None,
            also: Vec::new(),
        }
    }

    /// The code of the first failing step.
    pub fn code(&self) -> Code {
        self.reason.code()
    }
}
