//! Plays a scene: sends what its scripts ask for, and compares how that ended with what was told.

use std::{fmt, io};

use corsac::{
    diagnosis::Reason,
    fetch::{
        AddressSpace, Body, Environment, Guard, Headers, Profile, Request, check, new_request,
    },
};
use corsac_agent::{Agent, AgentConfig, Fetched, Outcome};
use url::Url;

use super::{
    scenes::{Ask, By, HOSTS, Scene, Told},
    site_b::{Received, SiteB},
};

/// A scene that was played.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) scene: &'static Scene,
    pub(super) asks: Vec<Asked>,
}

/// One ask of it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) ask: &'static Ask,
    pub(super) fetched: Fetched,
    /// What the script saw, line by line; nothing if there was none.
    pub(super) script: Vec<String>,
    /// What came, by Site B's own log.
    pub(super) received: Vec<Received>,
    /// Where it did not end as told.
    pub(super) mismatches: Vec<String>,
}

/// How a scene ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Passed,
    Failed,
    NotRun,
}

impl Played {
    pub(super) fn status(&self) -> Status {
        match self.asks.as_slice() {
            [] => Status::NotRun,
            asks if asks.iter().all(|asked| asked.mismatches.is_empty()) => Status::Passed,
            _ => Status::Failed,
        }
    }
}

/// Plays one scene.
pub(super) fn play(scene: &'static Scene, site_b: &SiteB) -> io::Result<Played> {
    let can_run = |ask: &&Ask| cfg!(feature = "js") || ask.by == By::Agent;
    let asks = scene.asks.iter().filter(can_run);
    let asks = asks.map(|ask| asked(ask, site_b));
    let asks = asks.collect::<io::Result<_>>()?;
    Ok(Played { scene, asks })
}

/// Each ask has an agent of its own: a remembered preflight would not be sent again.
fn asked(ask: &'static Ask, site_b: &SiteB) -> io::Result<Asked> {
    let (fetched, script) = match ask.by {
        By::Agent => (fetch(ask, site_b)?, Vec::new()),
        #[cfg(feature = "js")]
        By::Xhr | By::Fetch => super::script::play(ask, site_b.address())?,
        #[cfg(not(feature = "js"))]
        By::Xhr | By::Fetch => return Err(io::Error::other("there is no engine for scripts")),
    };
    let received = site_b.received();
    #[cfg_attr(not(feature = "js"), allow(unused_mut, reason = "scripts add theirs"))]
    let mut mismatches = mismatches(ask, &fetched, &received);
    #[cfg(feature = "js")]
    mismatches.extend(super::script::mismatch(ask, &script));
    Ok(Asked {
        ask,
        fetched,
        script,
        received,
        mismatches,
    })
}

fn fetch(ask: &Ask, site_b: &SiteB) -> io::Result<Fetched> {
    let mut config = AgentConfig::new(Profile::FETCH);
    for (host, port) in HOSTS {
        config.resolver.map(host, port, site_b.address());
    }
    let mut page = Environment::of_page(url(ask.page)?);
    // Site A's pages come from this machine as well.
    page.address_space = AddressSpace::Loopback;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(Agent::new(config).fetch(page, request(ask)?, ask.body)))
}

/// What fetch() makes of a script's words.
fn request(ask: &Ask) -> io::Result<Request> {
    let refused = |reason: Reason| io::Error::other(reason.code().title());
    let mut request = new_request(url(ask.url)?, ask.method).map_err(refused)?;
    let mut headers = Headers::new(Guard::Request);
    headers
        .fill(ask.headers.iter().copied())
        .map_err(|_| io::Error::other("a header of a scene is not well formed"))?;
    request.header_list = headers.header_list;
    if !ask.body.is_empty() {
        request.body = Body::Source {
            length: ask.body.len() as u64,
        };
    }
    check(&mut request).map_err(refused)?;
    Ok(request)
}

pub(super) fn url(url: &str) -> io::Result<Url> {
    Url::parse(url).map_err(io::Error::other)
}

/// Everything about an ask that is not as told: its end, what the user agent sent, and what Site B
/// received.
fn mismatches(ask: &Ask, fetched: &Fetched, received: &[Received]) -> Vec<String> {
    let mut mismatches = Vec::new();
    let came = match &fetched.outcome {
        Outcome::Response { .. } => Some(Told::Readable),
        Outcome::Blocked(verdict) => Some(Told::Blocked(verdict.code(), verdict.phase)),
        Outcome::Withheld(_) => None,
    };
    if came != Some(ask.told) {
        let came = came.map_or("nothing: it was withheld".to_owned(), |came| {
            came.to_string()
        });
        mismatches.push(format!("told {}, came {came}", ask.told));
    }
    let exchanges = fetched.exchanges.iter();
    let sent: Vec<_> = exchanges
        .map(|exchange| exchange.hop.method.as_str())
        .collect();
    if sent != ask.sent {
        mismatches.push(format!("told to send {:?}, sent {sent:?}", ask.sent));
    }
    let logged: Vec<_> = received.iter().map(|received| &*received.method).collect();
    if logged != ask.sent {
        mismatches.push(format!(
            "told to send {:?}, Site B got {logged:?}",
            ask.sent
        ));
    }
    if let Some(never) = ask.never_sent {
        let is_sent = |sent: &[u8]| {
            sent.to_ascii_lowercase()
                .windows(never.len())
                .any(|part| part == never.as_bytes())
        };
        if fetched
            .exchanges
            .iter()
            .any(|exchange| is_sent(&exchange.sent))
        {
            mismatches.push(format!("sent {never:?}, which no script can make it send"));
        }
    }
    mismatches
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Readable => f.write_str("readable"),
            Self::Blocked(code, phase) => write!(f, "blocked by {code} ({phase})"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

    use corsac::diagnosis::{Code, Phase};

    use super::*;
    use crate::demo::scenes::{Look, SCENES};

    /// A scene that tells something else than what happens.
    fn told(wrong: Ask) -> Vec<String> {
        let scene = Scene {
            id: "S0",
            title: "",
            says: "",
            look: Look::Lines,
            asks: Box::leak(Box::new([wrong])),
        };
        let mut played = play(Box::leak(Box::new(scene)), &SiteB::start().unwrap()).unwrap();
        assert_eq!(played.status(), Status::Failed);
        played.asks.remove(0).mismatches
    }

    fn granted_put() -> Ask {
        let scene = SCENES.last().unwrap();
        let ask = scene.asks.first().unwrap();
        Ask { ..*ask }
    }

    #[test]
    fn an_end_that_was_not_told_is_a_mismatch() {
        let mismatches = told(Ask {
            told: Told::Blocked(Code::AllowOriginMissing, Phase::Actual),
            ..granted_put()
        });
        assert_eq!(
            mismatches,
            ["told blocked by allow-origin-missing (actual), came readable"],
        );
    }

    #[test]
    fn a_request_that_was_not_told_is_a_mismatch_at_both_sites() {
        let mismatches = told(Ask {
            sent: &["PUT"],
            ..granted_put()
        });
        assert_eq!(
            mismatches,
            [
                r#"told to send ["PUT"], sent ["OPTIONS", "PUT"]"#,
                r#"told to send ["PUT"], Site B got ["OPTIONS", "PUT"]"#,
            ],
        );
    }

    #[test]
    fn what_must_not_be_sent_is_looked_for() {
        let mismatches = told(Ask {
            never_sent: Some("json"),
            ..granted_put()
        });
        assert_eq!(
            mismatches,
            [r#"sent "json", which no script can make it send"#]
        );
    }
}
