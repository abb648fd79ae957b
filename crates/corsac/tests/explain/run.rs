//! Plays an exchange against a `Fetch`, and holds what goes over the wire against what is told.

use std::time::Duration;

use corsac::{
    diagnosis::{HeaderLine, TransportError, Verdict},
    fetch::{
        AddressSpace, Answer, Body, CacheMode, CredentialsMode, Destination, Environment, Fetch,
        Hop, Mode, Output, PreflightCache, Profile, Question, RedirectMode, Request, ResponseHead,
        check, new_request,
    },
    header::HeaderList,
    origin::{OpaqueId, Origin},
};

use crate::exchange::{Event, Exchange};

#[derive(Debug)]
pub(crate) enum Ending {
    Blocked(Box<Verdict>),
    Delivered,
    /// There is more to do than the exchange tells.
    GoesOn,
}

/// Plays an exchange to its end; `mend` sets header lines on the last response.
pub(crate) fn run(exchange: &Exchange, mend: Option<&[HeaderLine]>) -> Result<Ending, String> {
    let mut page = match &*exchange.page {
        "null" => Environment::new(Origin::Opaque(OpaqueId(0))),
        page => Environment::of_page(page.parse().map_err(|_| "the page is no URL")?),
    };
    let mut profile = Profile::FETCH;
    for event in &exchange.events {
        if let Event::Answer { question, .. } = event {
            let questions = &mut page.questions;
            *match &**question {
                "upgrade" => &mut questions.upgrade,
                "policy" => &mut questions.policy,
                "cookies" => &mut questions.cookies,
                "authorization" => &mut questions.authorization,
                "local-network" => &mut questions.local_network,
                other => return Err(format!("no such question: {other}")),
            } = true;
        }
    }
    let url = exchange.url.parse().map_err(|_| "the URL is none")?;
    let refused = |reason| {
        let origin = page.origin.to_string();
        Ok(Ending::Blocked(Box::new(Verdict::new(
            reason,
            &exchange.url,
            origin,
        ))))
    };
    let mut request = match new_request(url, &exchange.method) {
        Ok(request) => request,
        Err(reason) => return refused(reason),
    };
    for (name, value) in &exchange.headers {
        request.header_list.append(name, value);
    }
    for (name, value) in &exchange.settings {
        set(&mut request, &mut profile, name, value)
            .ok_or_else(|| format!("no such setting: {name} {value}"))?;
    }
    if let Err(reason) = check(&mut request) {
        return refused(reason);
    }
    play(Fetch::new(page, request, profile), &exchange.events, mend)
}

fn set(request: &mut Request, profile: &mut Profile, name: &str, value: &str) -> Option<()> {
    match (name, value) {
        ("mode", "same-origin") => request.mode = Mode::SameOrigin,
        ("mode", "no-cors") => request.mode = Mode::NoCors,
        ("credentials", "include") => request.credentials_mode = CredentialsMode::Include,
        ("credentials", "omit") => request.credentials_mode = CredentialsMode::Omit,
        ("redirect", "error") => request.redirect_mode = RedirectMode::Error,
        ("redirect", "manual") => request.redirect_mode = RedirectMode::Manual,
        ("cache", "only-if-cached") => request.cache_mode = CacheMode::OnlyIfCached,
        ("destination", "image") => request.destination = Destination::Image,
        ("destination", "audio") => request.destination = Destination::Audio,
        ("keepalive", "") => request.keepalive = true,
        ("body", "stream") => request.body = Body::Stream,
        ("body", length) => {
            let length = length.parse().ok()?;
            request.body = Body::Source { length };
        }
        ("profile", name) => *profile = Profile::ALL.into_iter().find(|one| one.name == name)?,
        _ => return None,
    }
    Some(())
}

fn play(mut fetch: Fetch, events: &[Event], mend: Option<&[HeaderLine]>) -> Result<Ending, String> {
    let mut cache = PreflightCache::default();
    let mut poll = |fetch: &mut Fetch| match fetch.poll(&mut cache, Duration::ZERO) {
        Output::Send(hop) => Now::Sends(Box::new(hop.clone())),
        Output::Ask(question) => Now::Asks(question.clone()),
        Output::Deliver(_) => Now::Ends(Ending::Delivered),
        Output::Blocked(verdict) => Now::Ends(Ending::Blocked(Box::new(verdict.clone()))),
    };
    let last_head = events
        .iter()
        .rposition(|event| matches!(event, Event::Head { .. }));
    let mut current = None;
    for (place, event) in events.iter().enumerate() {
        let now = poll(&mut fetch);
        let id = || current.ok_or("an answer to nothing");
        match (event, now) {
            (
                Event::Send {
                    method,
                    url,
                    headers,
                },
                Now::Sends(hop),
            ) => {
                compare(&hop, method, url, headers)?;
                current = Some(hop.id);
            }
            (
                Event::Head {
                    status,
                    range_requested,
                    headers,
                },
                Now::Sends(_),
            ) => {
                let mut list: HeaderList =
                    headers.iter().map(|(name, value)| (name, value)).collect();
                for line in mend
                    .filter(|_| last_head == Some(place))
                    .unwrap_or_default()
                {
                    list.set(line.name, &line.value);
                }
                let mut head = ResponseHead::new(*status, list);
                head.range_requested = *range_requested;
                fetch.handle_head(id()?, head);
            }
            (Event::Failure(error), Now::Sends(_)) => {
                fetch.handle_failure(id()?, transport_error(error)?);
            }
            (Event::Connection(space), Now::Sends(_)) => {
                fetch.handle_connection(id()?, address_space(space)?);
            }
            (Event::Answer { question, answer }, Now::Asks(asked)) => {
                if name_of(&asked) != question {
                    return Err(format!("told {question}, asked {asked:?}"));
                }
                fetch.handle_answer(match &**answer {
                    "yes" => Answer::Yes,
                    "no" => Answer::No,
                    value => Answer::Value(value.into()),
                });
            }
            (Event::Abort, Now::Sends(_) | Now::Asks(_)) => fetch.abort(),
            (event, now) => return Err(format!("told {event:?}, and it {now:?}")),
        }
    }
    Ok(match poll(&mut fetch) {
        Now::Ends(ending) => ending,
        Now::Sends(_) | Now::Asks(_) => Ending::GoesOn,
    })
}

#[derive(Debug)]
enum Now {
    Sends(Box<Hop>),
    Asks(Question),
    Ends(Ending),
}

/// Every line that is told is on the wire; and of the lines that CORS is about, none is untold.
fn compare(hop: &Hop, method: &str, url: &str, told: &[(String, String)]) -> Result<(), String> {
    const NEVER_UNTOLD: [&str; 5] = [
        "origin",
        "access-control-request-method",
        "access-control-request-headers",
        "cookie",
        "authorization",
    ];
    if hop.method.as_str() != method || hop.url.as_str() != url {
        return Err(format!(
            "told {method} {url}, sent {} {}",
            hop.method, hop.url
        ));
    }
    for (name, value) in told {
        let sent = hop.header_list.get(name);
        if sent.as_deref() != Some(value.as_bytes()) {
            return Err(format!("told {name}: {value}, sent {:?}", hop.header_list));
        }
    }
    let is_told = |name: &str| told.iter().any(|(one, _)| one.eq_ignore_ascii_case(name));
    let untold = NEVER_UNTOLD
        .iter()
        .find(|name| hop.header_list.contains(name) && !is_told(name));
    untold.map_or(Ok(()), |name| Err(format!("sent and not told: {name}")))
}

fn name_of(question: &Question) -> &'static str {
    match question {
        Question::Upgrade { .. } => "upgrade",
        Question::Policy { .. } => "policy",
        Question::Cookies { .. } => "cookies",
        Question::Authorization { .. } => "authorization",
        Question::LocalNetwork { .. } => "local-network",
        _ => "another question",
    }
}

fn transport_error(name: &str) -> Result<TransportError, String> {
    Ok(match name {
        "dns" => TransportError::Dns,
        "refused" => TransportError::Refused,
        "tls" => TransportError::Tls,
        "closed" => TransportError::Closed,
        "timeout" => TransportError::Timeout,
        _ => return Err(format!("no such failure: {name}")),
    })
}

fn address_space(name: &str) -> Result<AddressSpace, String> {
    Ok(match name {
        "public" => AddressSpace::Public,
        "local" => AddressSpace::Local,
        "loopback" => AddressSpace::Loopback,
        _ => return Err(format!("no such address space: {name}")),
    })
}
