//! What becomes of a Content-Type whose body a redirect has dropped.

use corsac::header::cors_safelisted_request_header;

use super::rewrite::{redirects, relation, remove, set};
use crate::{
    judge::Clause,
    observation::{Observation, Received},
    scenario::{Api, Call, Scenario},
};

/// In Firefox.
pub(super) const GOES_WITH_ITS_BODY: Clause = Clause {
    name: "a type that a body brought goes with it",
    reason: "A Content-Type that XMLHttpRequest has of its body is none of the author's: it does not \
             come back after the redirect that dropped both, but the preflight right after that \
             redirect, if it is not one to the page's own origin, asks for it.",
    source: "measured",
    condition: |scenario| scenario.calls.iter().any(has_its_bodys_type),
    adjust: Some(take_along),
    ..Clause::NOTHING
};

/// In WebKit.
pub(super) const COMES_BACK: Clause = Clause {
    name: "a type comes back with the next redirect",
    reason: "Only the redirect that makes a GET of a request drops the type of its body; the next one \
             begins with the headers that there were at first.",
    source: "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch",
    condition: redirects,
    adjust: Some(bring_back),
    ..Clause::NOTHING
};

fn bring_back(scenario: &Scenario, observation: &mut Observation) {
    for place in 0..scenario.calls.len() {
        let requests = observation.requests.iter_mut();
        let actual = requests.filter(|request| request.call == Some(place) && !request.preflight);
        let mut brought = None;
        let mut is_dropped = false;
        for request in actual {
            match (is_bare(request), &brought) {
                (false, _) => brought = request.get("content-type"),
                (true, Some(kind)) if is_dropped => set(request, "Content-Type", kind),
                (true, _) => is_dropped = true,
            }
        }
    }
}

/// Whether a request has no body by its method.
fn is_bare(request: &Received) -> bool {
    matches!(request.method.as_str(), "GET" | "HEAD")
}

fn has_its_bodys_type(call: &Call) -> bool {
    let mut names = call.headers.iter().map(|(name, _)| name);
    call.api == Api::Xhr && !names.any(|name| name.eq_ignore_ascii_case("content-type"))
}

fn take_along(scenario: &Scenario, observation: &mut Observation) {
    const ASKED: &str = "access-control-request-headers";
    for (place, _) in scenario
        .calls
        .iter()
        .enumerate()
        .filter(|(_, call)| has_its_bodys_type(call))
    {
        let requests = observation.requests.iter_mut();
        let mut brought: Option<String> = None;
        for request in requests.filter(|request| request.call == Some(place)) {
            let is_bare = is_bare(request);
            let Some(kind) = &brought else {
                if !request.preflight {
                    brought = request.get("content-type").filter(|_| !is_bare);
                }
                continue;
            };
            let site = request.site.unwrap_or_default();
            let is_home = relation(scenario, site, true) == "same-origin";
            let is_unsafe =
                cors_safelisted_request_header(b"content-type", kind.as_bytes()).is_err();
            if request.preflight && is_unsafe && !is_home {
                let asked = request.get(ASKED).unwrap_or_default();
                let mut names: Vec<_> = asked.split(',').filter(|it| !it.is_empty()).collect();
                names.push("content-type");
                names.sort_unstable();
                names.dedup();
                let names = names.join(",");
                set(request, ASKED, &names);
            } else if !request.preflight && is_bare {
                remove(request, "content-type");
            }
        }
    }
}
