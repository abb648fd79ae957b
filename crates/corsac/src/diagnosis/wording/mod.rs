//! What each browser's console says of a verdict.
//!
//! The lines are quoted as facts, read in the engines' sources, and held against what real consoles
//! said (`captured.txt`).

mod captured;
mod chromium;
mod firefox;
mod webkit;

pub use captured::Silence;

use std::fmt;

use super::{Phase, Reason, Verdict};

/// A browser, by the name of its engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Browser {
    /// Chrome, Edge and their like.
    Chromium,
    /// Firefox.
    Firefox,
    /// Safari, and every browser on iOS.
    Safari,
}

impl Browser {
    /// The three.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Safari];

    /// The name that people know.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "Chrome",
            Self::Firefox => "Firefox",
            Self::Safari => "Safari",
        }
    }
}

impl fmt::Display for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Verdict {
    /// What a browser's console says, as far as it is known: `None` where the browser prints
    /// nothing, or nobody has read what, or where it does not block at all.
    ///
    /// `…` stands for what a verdict does not keep, such as the page's URL. Texts that depend on
    /// the API that asked are those of `fetch()`.
    ///
    /// ```
    /// use corsac::diagnosis::{Browser, Reason, Verdict};
    /// let verdict = Verdict::new(
    ///     Reason::AllowOriginMissing,
    ///     "https://api.example/orders",
    ///     "https://app.example",
    /// );
    /// assert_eq!(
    ///     verdict.wording(Browser::Chromium).unwrap(),
    ///     "Access to fetch at 'https://api.example/orders' from origin 'https://app.example' has \
    ///      been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the \
    ///      requested resource."
    /// );
    /// ```
    pub fn wording(&self, browser: Browser) -> Option<String> {
        let reason = self.first_for(browser);
        match browser {
            Browser::Chromium => chromium::wording(self, reason),
            Browser::Firefox => firefox::wording(self, reason),
            Browser::Safari => webkit::wording(self, reason),
        }
    }

    /// The failing check that a browser comes to first, and so prints: of a preflight's answer,
    /// Safari judges the status before the headers, the others after the CORS check.
    pub fn first_for(&self, browser: Browser) -> &Reason {
        let mut all = std::iter::once(&self.reason).chain(&self.also);
        let first = match (self.phase, browser) {
            (Phase::Actual, _) => None,
            (Phase::Preflight, Browser::Safari) => all.find(|reason| is_of_status(reason)),
            (Phase::Preflight, Browser::Chromium | Browser::Firefox) => {
                all.find(|reason| is_of_cors_check(reason))
            }
        };
        first.unwrap_or(&self.reason)
    }

    fn shown_status(&self) -> String {
        self.status
            .map_or_else(|| "…".to_owned(), |status| status.to_string())
    }
}

pub(super) fn is_of_status(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::PreflightStatusNotOk { .. } | Reason::PreflightRedirected { .. }
    )
}

fn is_of_cors_check(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::AllowOriginMissing
            | Reason::AllowOriginMultiple { .. }
            | Reason::WildcardWithCredentials { .. }
            | Reason::AllowOriginInvalid { .. }
            | Reason::AllowOriginNull { .. }
            | Reason::AllowOriginMismatch { .. }
            | Reason::AllowCredentialsNotTrue { .. }
    )
}
