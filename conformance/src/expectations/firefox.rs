use corsac::{
    fetch::Profile,
    header::{HeaderList, cors_unsafe_request_header_names, is_forbidden_request_header, is_token},
};

use crate::{
    judge::Clause,
    observation::{End, Observation},
    scenario::{Answer, Api, Body, Mode, Scenario, Site},
    subject::core,
};

use super::{
    events::{LOADED_ONCE_ANSWERED, NO_LENGTH_OF_A_HEAD, PROGRESS_OF_A_REFUSED_REDIRECT},
    rewrite::{
        any_answer, bytes, chain, each_answer, end_after, exchanges, is_http2, location, origin,
        relation, remove, set,
    },
    shared::NO_STREAMS,
    types::GOES_WITH_ITS_BODY,
};

pub(super) const CLAUSES: &[Clause] = &[
    Clause {
        name: "HTTP/2 answers gain X-Firefox-Spdy",
        reason: "The browser adds a header to what came by HTTP/2, and shows it where all are shown.",
        source: "measured",
        condition: |scenario| scenario.resources.iter().any(|it| is_http2(it.site)),
        rewrite: Some(|scenario| {
            each_answer(scenario, |site, answer| {
                if is_http2(site) {
                    answer.lines.push("X-Firefox-Spdy: h2".to_owned());
                }
            });
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "Sec-Fetch-Site without the scheme",
        reason: "http and https of one host are one site, a redirect by way of clear text to \
                 another origin of the page's site is cross-site, and a preflight says how its own \
                 URL is related to the page.",
        source: "https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header",
        condition: |_| true,
        adjust: Some(relate),
        ..Clause::NOTHING
    },
    Clause {
        name: "empty lines are not joined",
        reason: "Of several lines of one name the empty ones are dropped when they are joined.",
        source: "https://fetch.spec.whatwg.org/#concept-header-list-get",
        condition: |_| true,
        adjust: Some(join_without_empty_lines),
        ..Clause::NOTHING
    },
    Clause {
        name: "an empty Access-Control-Max-Age is none",
        reason: "Its grants are kept as long as without it; the Standard does the same, since to it \
                 the value cannot be parsed, but here what cannot be parsed is not kept.",
        source: "measured",
        condition: |scenario| {
            any_answer(scenario, |_, answer| {
                answer.lines.iter().any(|it| is_empty_max_age(it))
            })
        },
        rewrite: Some(|scenario| {
            each_answer(scenario, |_, answer| {
                answer.lines.retain(|it| !is_empty_max_age(it))
            });
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "a name set twice is asked for twice",
        reason: "What fetch() is given twice stands twice in Access-Control-Request-Headers; the \
                 Standard has a set of names. Of two Content-Types or \
                 Authorizations the last is sent, of types with a body the first.",
        source: "https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names",
        condition: |scenario| {
            let mut calls = scenario.calls.iter();
            calls.any(|call| call.api == Api::Fetch && call.headers.len() > 1)
        },
        adjust: Some(repeat_names),
        ..Clause::NOTHING
    },
    Clause {
        name: "a line that ends at its colon is no Access-Control-Allow-Origin",
        reason: "Beside another one, a line that says nothing behind its colon, not even white \
                 space, is passed over; to the Standard it is a second value.",
        source: "https://fetch.spec.whatwg.org/#concept-cors-check",
        condition: |scenario| {
            any_answer(scenario, |site, answer| {
                answer.lines.iter().any(|line| says_nothing(site, line))
            })
        },
        rewrite: Some(|scenario| {
            each_answer(scenario, |site, answer| {
                let lines = answer.lines.iter().filter(|line| is_allow_origin(line));
                if lines.count() > 1 {
                    answer.lines.retain(|line| !says_nothing(site, line));
                }
            });
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "no-cors takes no bytes from 0x80 on",
        reason: "A value that is not safelisted here is not taken where the mode is no-cors.",
        source: "https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header",
        condition: |scenario| scenario.calls.iter().any(|call| call.mode == Mode::NoCors),
        rewrite: Some(|scenario| {
            let calls = scenario.calls.iter_mut();
            calls
                .filter(|call| call.mode == Mode::NoCors)
                .for_each(|call| call.headers.retain(|(name, value)| !is_unsafe(name, value)));
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "a wildcard exposes before what cannot be parsed",
        reason: "A `*` in Access-Control-Expose-Headers exposes everything to fetch(), though a \
                 later token cannot be parsed; to the Standard such a value exposes nothing.",
        source: "https://fetch.spec.whatwg.org/#extract-header-list-values",
        condition: |scenario| {
            let mut calls = scenario.calls.iter();
            calls.any(|call| call.api == Api::Fetch)
                && any_answer(scenario, |_, answer| has_wildcard_before_garbage(answer))
        },
        adjust: Some(expose_all),
        ..Clause::NOTHING
    },
    Clause {
        name: "XMLHttpRequest keeps its URL when home fails",
        reason: "After a redirect of the page's own origin that cannot be followed, or a connection \
                 to it that is reset, responseURL is the URL of that request; the Standard has a \
                 network error, which has none.",
        source: "https://xhr.spec.whatwg.org/#the-responseurl-attribute",
        condition: |scenario| scenario.calls.iter().any(|call| call.api == Api::Xhr),
        adjust: Some(keep_url),
        ..Clause::NOTHING
    },
    GOES_WITH_ITS_BODY,
    LOADED_ONCE_ANSWERED,
    NO_LENGTH_OF_A_HEAD,
    PROGRESS_OF_A_REFUSED_REDIRECT,
    NO_STREAMS,
    Clause {
        name: "keepalive has no limit",
        reason: "A request that may outlive its page may have a body of any size; the Standard \
                 has 64 KiB.",
        source: "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch",
        condition: |scenario| scenario.calls.iter().any(|call| call.keepalive),
        rewrite: Some(|scenario| {
            let calls = scenario.calls.iter_mut();
            calls.for_each(|call| call.keepalive = false);
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "421 is a network error",
        reason: "Over clear text a misdirected request is not sent again; the Standard has a new \
                 connection tried.",
        source: "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch",
        condition: |scenario| any_answer(scenario, |_, answer| answer.status == 421),
        adjust: Some(|scenario, observation| {
            for call in 0..observation.views.len() {
                let exchanges = exchanges(scenario, observation, call);
                let misdirected = exchanges.iter().position(|(_, it)| it.status == 421);
                if let Some(place) = misdirected {
                    end_after(scenario, observation, call, place);
                }
            }
        }),
        ..Clause::NOTHING
    },
];

fn relate(scenario: &Scenario, observation: &mut Observation) {
    for place in 0..observation.requests.len() {
        let chain = chain(observation, place);
        let Some((&last, earlier)) = chain.split_last() else {
            continue;
        };
        let relations = chain.iter().map(|&site| relation(scenario, site, false));
        let related = match relation(scenario, last, false) {
            _ if relations.clone().all(|it| it == "same-origin") => "same-origin",
            _ if relations.clone().any(|it| it == "cross-site") => "cross-site",
            _ if earlier.iter().any(|site| site.scheme() == "http") => "cross-site",
            _ => "same-site",
        };
        if let Some(request) = observation.requests.get_mut(place)
            && request.get("sec-fetch-site").is_some()
        {
            set(request, "Sec-Fetch-Site", related);
        }
    }
}

const EXPOSE_HEADERS: &str = "access-control-expose-headers";

/// The values of Access-Control-Expose-Headers, joined.
fn exposed(answer: &Answer) -> String {
    let lines = answer.lines.iter().filter_map(|line| line.split_once(':'));
    let lines = lines.filter(|(name, _)| name.eq_ignore_ascii_case(EXPOSE_HEADERS));
    let values: Vec<_> = lines
        .map(|(_, value)| value.trim_matches([' ', '\t']))
        .collect();
    values.join(", ")
}

fn has_wildcard_before_garbage(answer: &Answer) -> bool {
    let exposed = exposed(answer);
    let tokens = exposed
        .split(',')
        .map(|token| token.trim_matches([' ', '\t']));
    let mut wildcard = false;
    for token in tokens.filter(|token| !token.is_empty()) {
        if !is_token(token.as_bytes()) {
            return wildcard;
        }
        wildcard |= token == "*";
    }
    false
}

fn expose_all(scenario: &Scenario, observation: &mut Observation) {
    let mut other = scenario.clone();
    each_answer(&mut other, |_, answer| {
        if has_wildcard_before_garbage(answer) {
            let is_other = |line: &String| !line.to_ascii_lowercase().starts_with(EXPOSE_HEADERS);
            answer.lines.retain(is_other);
            answer
                .lines
                .push("Access-Control-Expose-Headers: *".to_owned());
        }
    });
    let views = core::run(&other, Profile::FIREFOX).observation.views;
    for (place, other) in views.into_iter().enumerate() {
        let last = exchanges(scenario, observation, place).pop();
        let Some((_, answer)) = last.filter(|(_, answer)| has_wildcard_before_garbage(answer))
        else {
            continue;
        };
        let call = scenario.calls.get(place);
        if call.is_some_and(|call| call.api == Api::Fetch)
            && let Some(view) = observation.views.get_mut(place)
        {
            view.headers = other.headers;
            let headers = view.headers.iter_mut().flatten();
            headers
                .filter(|(name, _)| name == EXPOSE_HEADERS)
                .for_each(|(_, value)| *value = exposed(&answer));
        }
    }
}

fn is_allow_origin(line: &str) -> bool {
    line.to_ascii_lowercase()
        .starts_with("access-control-allow-origin:")
}

fn says_nothing(site: Site, line: &str) -> bool {
    let ends = line.ends_with(':') || is_http2(site) && is_empty(line);
    ends && is_allow_origin(line)
}

fn is_empty_max_age(line: &str) -> bool {
    is_empty(line)
        && line
            .to_ascii_lowercase()
            .starts_with("access-control-max-age:")
}

fn repeat_names(scenario: &Scenario, observation: &mut Observation) {
    for request in &mut observation.requests {
        let call = request.call.and_then(|place| scenario.calls.get(place));
        let Some(call) = call.filter(|call| call.api == Api::Fetch) else {
            continue;
        };
        let name = "access-control-request-headers";
        if let Some(asked) = request.get(name) {
            let mut names = Vec::new();
            for name in asked.split(',') {
                let of_name = call.headers.iter();
                let of_name = of_name
                    .filter(|(it, value)| it.eq_ignore_ascii_case(name) && is_unsafe(it, value));
                names.extend(std::iter::repeat_n(name, of_name.count().max(1)));
            }
            set(request, name, &names.join(","));
        }
        for single in ["content-type", "authorization"] {
            let lines = call.headers.iter();
            let mut lines = lines.filter(|(name, _)| name.eq_ignore_ascii_case(single));
            if let (Some(first), Some(last)) = (lines.next(), lines.next_back())
                && request.get(single).is_some()
            {
                let first_counts = call.body != Body::None && single == "content-type";
                let value = if first_counts { &first.1 } else { &last.1 };
                remove(request, single);
                set(request, single, value);
            }
        }
        for (name, first) in &call.headers {
            let joined = request.get(name);
            let rest = joined
                .as_deref()
                .and_then(|joined| joined.strip_prefix(", "));
            if let Some(rest) = rest.filter(|_| first.is_empty()).map(str::to_owned) {
                remove(request, name);
                set(request, name, &rest);
            }
        }
    }
}

fn is_unsafe(name: &str, value: &str) -> bool {
    if is_forbidden_request_header(name.as_bytes(), value.as_bytes()) {
        return false;
    }
    let value = bytes(value);
    let list = HeaderList::from([(name.as_bytes(), value.as_slice())]);
    !cors_unsafe_request_header_names(&list, Profile::FIREFOX.safelist).is_empty()
}

fn is_empty(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(_, value)| value.trim_matches([' ', '\t']).is_empty())
}

fn join_without_empty_lines(scenario: &Scenario, observation: &mut Observation) {
    for place in 0..observation.views.len() {
        let Some((request, answer)) = exchanges(scenario, observation, place).pop() else {
            continue;
        };
        let echoes_nothing = request.get("origin").is_none();
        let view = observation.views.get_mut(place);
        let headers = view.and_then(|view| view.headers.as_mut());
        for (name, value) in headers.into_iter().flatten() {
            let lines = answer.lines.iter().filter_map(|line| line.split_once(':'));
            let of_name = lines.filter(|(it, _)| it.eq_ignore_ascii_case(name));
            let is_empty = |value: &str| match value.trim_matches([' ', '\t']) {
                "" => true,
                "{origin}" => echoes_nothing,
                _ => false,
            };
            let all: Vec<_> = of_name.map(|(_, value)| is_empty(value)).collect();
            if all.len() < 2 || !all.contains(&true) {
                continue;
            }
            let parts: Vec<_> = value.split(", ").filter(|part| !part.is_empty()).collect();
            *value = parts.join(", ");
        }
    }
}

fn keep_url(scenario: &Scenario, observation: &mut Observation) {
    for place in 0..observation.views.len() {
        let exchanges = exchanges(scenario, observation, place);
        let at_home = |site: Option<Site>| {
            site.is_some_and(|site| relation(scenario, site, true) == "same-origin")
        };
        let all_at_home = exchanges.iter().all(|(request, _)| at_home(request.site));
        let last = exchanges.last();
        let fails = last.is_some_and(|(_, answer)| answer.reset || location(answer).is_some());
        let requests = observation.requests.iter();
        let mut of_call = requests.filter(|request| request.call == Some(place));
        let fails = fails
            && of_call
                .next_back()
                .is_some_and(|request| !request.preflight);
        let url = last.map(|(request, _)| format!("{{r{}}}", request.resource));
        let before = exchanges.len().checked_sub(2);
        let before = before.and_then(|place| exchanges.get(place));
        let led_there = before.and_then(|(_, answer)| location(answer));
        // As the Location said it, user and password included.
        let url = match led_there.and_then(|location| location.split_once('@')) {
            Some((userinfo, _)) => last.map(|(request, _)| {
                let host = origin(request.site.unwrap_or_default()).replace("{o:", "{h:");
                format!("{userinfo}@{host}{{key}}/{}", request.resource)
            }),
            None => url,
        };
        let view = observation.views.get_mut(place);
        if let Some(view) = view
            && all_at_home
            && fails
            && view.end == End::Rejected
            && view.url.is_some()
        {
            view.url = url;
        }
    }
}
