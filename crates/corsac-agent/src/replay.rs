use std::{fmt, sync::Arc, time::Duration};

use corsac::{
    diagnosis::{TransportError, Verdict},
    fetch::{
        AddressSpace, Answer, Fetch, Hop, HopKind, Output, PreflightCache, Profile, Question,
        Response, ResponseTainting,
    },
    header::HeaderList,
};

use crate::{Exchange, Fetched, Outcome, PageAddressSpace};

/// What another engine makes of the same answers: a fetch once more by its profile, on answers that
/// are there already.
///
/// It remembers preflights as that engine would, from one judgement to the next.
#[derive(Clone, Debug)]
pub struct Replay {
    page_address_space: PageAddressSpace,
    profile: Profile,
    cache: PreflightCache,
}

/// What an engine would make of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judged {
    /// What script would get.
    pub outcome: JudgedOutcome,
    /// How much of each response the page may see, for those that the engine would have asked for
    /// as well.
    pub taintings: Vec<ResponseTainting>,
    /// Whether the user would be asked to let the page reach into the nearer network. A yes is
    /// taken for granted.
    pub asks_local_network: bool,
}

/// What script would get.
#[derive(Clone, Debug)]
pub enum JudgedOutcome {
    /// A response.
    Response(Box<Response>),
    /// A bare network error, for this reason.
    Blocked(Box<Verdict>),
    /// It can't be said without the request that was withheld.
    Withheld,
    /// It can't be said, since the engine would have sent something else.
    Departed(Departure),
}

/// Where an engine would have sent something else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Departure {
    /// A preflight first.
    Preflight,
    /// No preflight.
    NoPreflight,
    /// Another method.
    Method {
        /// The engine's.
        method: String,
    },
    /// To another URL.
    Url {
        /// The engine's.
        url: String,
    },
    /// A header with another value, or with none.
    Header {
        /// Its name.
        name: String,
        /// The engine's value; `None` if it does not send it.
        value: Option<String>,
    },
    /// One request more.
    More {
        /// What it is for.
        kind: HopKind,
        /// Its method.
        method: String,
        /// Its URL.
        url: String,
    },
}

impl Replay {
    /// An engine that watches an agent, which takes pages to come from there.
    pub fn new(page_address_space: PageAddressSpace, profile: Profile) -> Self {
        Self {
            page_address_space,
            profile,
            cache: PreflightCache::default(),
        }
    }

    /// The engine's profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Judges what came of a request. `now` is the time since any moment, the same one for all
    /// judgements.
    pub fn judge(&mut self, fetched: &Fetched, now: Duration) -> Judged {
        let is_asked = self.reaches_nearer(fetched);
        let (page, request) = (Arc::clone(&fetched.page), fetched.request.clone());
        let mut fetch = Fetch::new(page, request, self.profile);
        let mut exchanges = fetched.exchanges.iter();
        let mut taintings = Vec::new();
        let mut asks_local_network = false;
        let outcome = loop {
            let hop = match fetch.poll(&mut self.cache, now) {
                Output::Send(hop) => hop.clone(),
                Output::Ask(question) => {
                    asks_local_network |= matches!(question, Question::LocalNetwork { .. });
                    let answer = answer(question, exchanges.as_slice().first());
                    fetch.handle_answer(answer);
                    continue;
                }
                Output::Deliver(response) => {
                    break JudgedOutcome::Response(Box::new(response.clone()));
                }
                Output::Blocked(verdict) => {
                    break JudgedOutcome::Blocked(Box::new(verdict.clone()));
                }
            };
            let Some(exchange) = exchanges.next() else {
                break match &fetched.outcome {
                    Outcome::Withheld(_) => JudgedOutcome::Withheld,
                    _ => JudgedOutcome::Departed(Departure::more(&hop)),
                };
            };
            if let Some(departure) = Departure::between(&hop, &exchange.hop) {
                break JudgedOutcome::Departed(departure);
            }
            if is_asked && let Some(connection) = &exchange.connection {
                fetch.handle_connection(hop.id, connection.address_space);
                let next = fetch.poll(&mut self.cache, now);
                if let Output::Ask(Question::LocalNetwork { .. }) = next {
                    asks_local_network = true;
                    fetch.handle_answer(Answer::Yes);
                }
                let next = fetch.poll(&mut self.cache, now);
                if !matches!(next, Output::Send(again) if again.id == hop.id) {
                    continue;
                }
            }
            match (&exchange.head, &exchange.failure) {
                (Some(head), _) => {
                    taintings.push(fetch.response_tainting());
                    fetch.handle_head(hop.id, head.clone());
                }
                (None, Some(failure)) => {
                    taintings.push(fetch.response_tainting());
                    fetch.handle_failure(hop.id, TransportError::from(failure));
                }
                (None, None) if matches!(fetched.outcome, Outcome::Withheld(_)) => {
                    break JudgedOutcome::Withheld;
                }
                (None, None) => break JudgedOutcome::Departed(Departure::more(&hop)),
            }
        };
        Judged {
            outcome,
            taintings,
            asks_local_network,
        }
    }

    /// For how long the engine remembers what it was granted, at most; zero if nothing is.
    pub fn remembers(&self, now: Duration) -> Duration {
        let ages = self.cache.entries(now).map(|entry| entry.max_age);
        ages.max().unwrap_or_default()
    }

    /// Whether leave to reach into a nearer network counts, as it did for the agent.
    fn reaches_nearer(&self, fetched: &Fetched) -> bool {
        let mut connections = fetched
            .exchanges
            .iter()
            .filter_map(|it| it.connection.as_ref());
        match self.page_address_space {
            PageAddressSpace::AsStated => true,
            PageAddressSpace::OfFirstPeer => connections
                .next()
                .is_some_and(|first| first.address_space == AddressSpace::Public),
        }
    }
}

/// Answers as the agent was answered.
fn answer(question: &Question, next: Option<&Exchange>) -> Answer {
    let sent = |name: &str| {
        let value = next?.hop.header_list.get(name)?;
        Some(Answer::Value(value.into_owned()))
    };
    match question {
        Question::Policy { .. } | Question::LocalNetwork { .. } => Answer::Yes,
        Question::Cookies { .. } => sent("Cookie").unwrap_or(Answer::No),
        _ => Answer::No,
    }
}

impl Departure {
    fn between(engine: &Hop, sent: &Hop) -> Option<Self> {
        match (engine.kind, sent.kind) {
            (HopKind::Preflight, HopKind::Actual) => return Some(Self::Preflight),
            (HopKind::Actual, HopKind::Preflight) => return Some(Self::NoPreflight),
            _ => {}
        }
        if engine.url != sent.url {
            let url = engine.url.to_string();
            return Some(Self::Url { url });
        }
        if engine.method != sent.method {
            let method = engine.method.to_string();
            return Some(Self::Method { method });
        }
        let differs = |header: &&corsac::header::Header| {
            let (one, other) = (&engine.header_list, &sent.header_list);
            one.get(header.name()) != other.get(header.name())
        };
        let mut all = engine.header_list.iter().chain(&sent.header_list);
        let header = all.find(differs)?;
        Some(Self::Header {
            name: String::from_utf8_lossy(header.name()).into_owned(),
            value: text(&engine.header_list, header.name()),
        })
    }

    fn more(hop: &Hop) -> Self {
        Self::More {
            kind: hop.kind,
            method: hop.method.to_string(),
            url: hop.url.to_string(),
        }
    }
}

fn text(list: &HeaderList, name: &[u8]) -> Option<String> {
    let value = list.get(name)?;
    Some(String::from_utf8_lossy(&value).into_owned())
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preflight => f.write_str("it would have sent a preflight first"),
            Self::NoPreflight => f.write_str("it would have sent no preflight"),
            Self::Method { method } => write!(f, "it would have sent {method}"),
            Self::Url { url } => write!(f, "it would have asked {url}"),
            Self::Header { name, value } => match value {
                Some(value) => write!(f, "it would have sent \"{name}: {value}\""),
                None => write!(f, "it would not have sent {name}"),
            },
            Self::More { kind, method, url } => {
                let kind = match kind {
                    HopKind::Preflight => "the preflight for ",
                    HopKind::Actual | HopKind::Scheme => "",
                };
                write!(f, "it would have gone on to send {kind}{method} {url}")
            }
        }
    }
}
