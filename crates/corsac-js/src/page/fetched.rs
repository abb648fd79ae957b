use corsac::{diagnosis::Browser, fetch::Profile};
use corsac_agent::{Fetched, Outcome};

/// A request that a page made, and what became of it: for people, not for script.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PageFetch {
    /// What asked for it.
    pub initiator: Initiator,
    /// What the page asked for.
    pub request: corsac::fetch::Request,
    /// What became of it: each exchange, the verdict, but not the body of a response that script
    /// read. `None` if script, a limit or the page's end aborted it before a head was there.
    pub fetched: Option<Fetched>,
    /// Whether it was aborted.
    pub aborted: bool,
}

/// What asked for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Initiator {
    /// `fetch()`.
    Fetch,
    /// An XMLHttpRequest.
    Xhr,
    /// A `script` element, or `import`.
    Script,
}

/// What the console says of a fetch that script was told nothing about.
pub(super) fn console_line(
    profile: &Profile,
    initiator: Initiator,
    fetched: &Fetched,
) -> Option<String> {
    match &fetched.outcome {
        Outcome::Response { .. } => None,
        Outcome::Withheld(withheld) => Some(format!(
            "{} {} was not sent: {} is not this machine",
            withheld.hop.method, withheld.hop.url, withheld.peer
        )),
        Outcome::Blocked(verdict) => {
            let browser = match profile.name {
                "firefox" => Browser::Firefox,
                "webkit" => Browser::Safari,
                _ => Browser::Chromium,
            };
            let code = verdict.code();
            Some(match verdict.wording(browser) {
                Some(wording) => {
                    let wording = match initiator {
                        Initiator::Xhr => {
                            wording.replacen("Access to fetch at", "Access to XMLHttpRequest at", 1)
                        }
                        Initiator::Fetch | Initiator::Script => wording,
                    };
                    format!("{wording} [{code}]")
                }
                None => format!("{} {}: {verdict}", fetched.request.method, verdict.url),
            })
        }
    }
}
