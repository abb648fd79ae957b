use crate::{
    judge::Clause,
    observation::{End, Observation},
    scenario::{Api, Scenario, Site},
};

use super::rewrite::{chain, each_answer, exchanges, is_http2, location, relation, set};

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
        name: "XMLHttpRequest keeps its URL when a redirect at home fails",
        reason: "After a redirect of the page's own origin that cannot be followed, responseURL is \
                 that of the redirect; the Standard has a network error, which has none.",
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
        let fails = last.is_some_and(|(_, answer)| location(answer).is_some());
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
