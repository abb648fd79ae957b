use corsac::{
    fetch::Profile,
    header::{HeaderList, cors_unsafe_request_header_names},
};

use crate::{
    judge::Clause,
    observation::{End, Observation},
    scenario::{Api, Scenario, Site},
};

use super::rewrite::{
    any_answer, chain, each_answer, exchanges, is_http2, location, relation, set,
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
        condition: |scenario| {
            let mut resources = scenario.resources.iter();
            resources.any(|it| {
                it.actual
                    .iter()
                    .any(|it| it.lines.iter().any(|it| is_empty(it)))
            })
        },
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
                 Standard has a set of names. Of two Content-Types the last is sent.",
        source: "https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names",
        condition: |scenario| {
            let mut calls = scenario.calls.iter();
            calls.any(|call| call.api == Api::Fetch && call.headers.len() > 1)
        },
        adjust: Some(repeat_names),
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
        let types = call.headers.iter();
        let mut types = types.filter(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if let (Some(_), Some(last)) = (types.next(), types.next_back())
            && request.get("content-type").is_some()
        {
            set(request, "Content-Type", &last.1);
        }
    }
}

fn is_unsafe(name: &str, value: &str) -> bool {
    let byte = |char| u8::try_from(u32::from(char)).unwrap_or(b'?');
    let value: Vec<_> = value.chars().map(byte).collect();
    let list = HeaderList::from([(name.as_bytes(), value.as_slice())]);
    !cors_unsafe_request_header_names(&list, Profile::FIREFOX.safelist).is_empty()
}

fn is_empty(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(_, value)| value.trim_matches([' ', '\t']).is_empty())
}

fn join_without_empty_lines(scenario: &Scenario, observation: &mut Observation) {
    for place in 0..observation.views.len() {
        let Some((_, answer)) = exchanges(scenario, observation, place).pop() else {
            continue;
        };
        let view = observation.views.get_mut(place);
        let headers = view.and_then(|view| view.headers.as_mut());
        for (name, value) in headers.into_iter().flatten() {
            let lines = answer.lines.iter().filter_map(|line| line.split_once(':'));
            let of_name = lines.filter(|(it, _)| it.eq_ignore_ascii_case(name));
            let is_empty = |value: &str| value.trim_matches([' ', '\t']).is_empty();
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
        let of_call = requests.filter(|request| request.call == Some(place));
        let fails = fails && of_call.last().is_some_and(|request| !request.preflight);
        let url = last.map(|(request, _)| format!("{{r{}}}", request.resource));
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
