//! What more than one engine does.

use corsac::header::is_forbidden_request_header;

use crate::{
    judge::Clause,
    observation::{End, View},
    scenario::{Api, Body, Call, Credentials, Mode, Scenario, Site},
};

use super::rewrite::{is_element, is_of_one_party, origin, remove, set};

/// In Chromium and in WebKit.
pub(super) const SAYS_ORIGIN_AT_HOME: Clause = Clause {
    name: "a crossorigin element says Origin at home",
    reason: "An element with the attribute `crossorigin`, and a module script, says Origin to \
             its own origin as well; the Standard has only other methods than GET and HEAD do.",
    source: "https://fetch.spec.whatwg.org/#append-a-request-origin-header",
    condition: |scenario| scenario.calls.iter().any(asks_as_an_element),
    adjust: Some(|scenario, observation| {
        let page = origin(scenario.page.site);
        let silent = observation.requests.iter_mut();
        silent
            .filter(|request| request.get("origin").is_none())
            .filter(|request| {
                let call = request.call.and_then(|place| scenario.calls.get(place));
                call.is_some_and(asks_as_an_element)
            })
            .for_each(|request| set(request, "Origin", &page));
    }),
    ..Clause::NOTHING
};

fn asks_as_an_element(call: &Call) -> bool {
    is_element(call.api) && call.mode == Mode::Cors
}

/// In Chromium and in WebKit.
pub(super) const JOINS_HEADERS: Clause = Clause {
    name: "headers of one name are one header",
    reason: "What fetch() is given twice is joined before it is judged; the Standard judges \
             each value, and each of two may be safe where both are not.",
    source: "https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names",
    condition: |scenario| {
        let mut calls = scenario.calls.iter();
        calls.any(|call| joins(call) && repeats(&call.headers))
    },
    rewrite: Some(|scenario| {
        let calls = scenario.calls.iter_mut();
        calls
            .filter(|call| joins(call))
            .for_each(|call| join(&mut call.headers));
    }),
    ..Clause::NOTHING
};

/// Where the mode is no-cors, a value that is not safe is not taken in the first place.
fn joins(call: &Call) -> bool {
    call.api == Api::Fetch && call.mode != Mode::NoCors
}

fn repeats(headers: &[(String, String)]) -> bool {
    let mut places = headers.iter().enumerate();
    places.any(|(place, (name, _))| {
        let earlier = headers.get(..place).unwrap_or_default();
        earlier.iter().any(|(it, _)| it.eq_ignore_ascii_case(name))
    })
}

fn join(headers: &mut Vec<(String, String)>) {
    let mut joined: Vec<(String, String)> = Vec::new();
    for (name, value) in headers.drain(..) {
        if is_forbidden_request_header(name.as_bytes(), value.as_bytes()) {
            continue;
        }
        let mut earlier = joined.iter_mut();
        match earlier.find(|(it, _)| it.eq_ignore_ascii_case(&name)) {
            Some((_, earlier)) => *earlier = format!("{earlier}, {value}"),
            None => joined.push((name, value)),
        }
    }
    *headers = joined;
}

/// In Firefox and in WebKitGTK.
pub(super) const NO_STREAMS: Clause = Clause {
    name: "no body is streamed",
    reason: "A ReadableStream is no body here, but the text that any object has.",
    source: "measured",
    condition: |scenario| scenario.calls.iter().any(streams),
    adjust: Some(|scenario, observation| {
        let is_one = |place: usize| scenario.calls.get(place).is_some_and(streams);
        observation
            .requests
            .retain(|request| !request.call.is_some_and(is_one));
        let views = observation.views.iter_mut().enumerate();
        for (_, view) in views.filter(|(place, _)| is_one(*place)) {
            *view = View {
                end: End::Unsupported,
                ..View::default()
            };
        }
    }),
    ..Clause::NOTHING
};

fn streams(call: &Call) -> bool {
    matches!(call.body, Body::Stream { .. })
}

/// In Chromium and in WebKitGTK.
pub(super) const KEEPS_COOKIES_HOME: Clause = Clause {
    name: "no cookies of other sites",
    reason: "A cookie that says SameSite=None is taken from another site's response to a page's \
             request only if the person allows it; the Standard leaves that to browsers.",
    source: "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch",
    condition: |scenario| !scenario.cookies.is_empty() && credentials_leave(scenario),
    adjust: Some(|scenario, observation| {
        let page = scenario.page.site;
        let leaves = |site: Site| !is_of_one_party(page, site);
        let requests = observation.requests.iter_mut();
        requests
            .filter(|request| request.site.is_some_and(leaves))
            .for_each(|request| remove(request, "cookie"));
    }),
    ..Clause::NOTHING
};

fn credentials_leave(scenario: &Scenario) -> bool {
    let mut calls = scenario.calls.iter();
    calls.any(|call| call.credentials == Credentials::Include)
}
