//! What a page got, held against what a policy decided, and nothing else.

use corsac::policy::{Listing, Mode as Enforcement, Policy};

use super::Difference;
use crate::{
    observation::{End, Observation, View},
    policies::Policies,
    scenario::{Api, Call, Credentials, Mode, Scenario},
    subject::core,
};

/// What every page may read.
const SAFE: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// Where the page's outcome is not what was decided: granted is readable, with exactly the headers
/// that are exposed, and refused is a network error. `calls` says of each request which call it was
/// sent for.
pub fn against_decisions(
    scenario: &Scenario,
    calls: &Observation,
    seen: &Observation,
) -> Vec<Difference> {
    let expander = core::addresses();
    let Ok(Some(policies)) = Policies::of(scenario, core::KEY, &expander) else {
        return Vec::new();
    };
    let mut differences = Vec::new();
    for (place, (call, view)) in scenario.calls.iter().zip(&seen.views).enumerate() {
        let path = expander.path(core::KEY, call.to);
        let policy = policies.policy(&path);
        let requests = calls.requests.iter().zip(&seen.requests);
        let requests = requests.filter(|(it, _)| it.call == Some(place));
        let decided = requests
            .filter_map(|(_, seen)| seen.decided.as_ref())
            .next_back();
        let Some(decided) = decided.filter(|it| it.kind != "not CORS") else {
            continue;
        };
        if !is_due(scenario, call, policy) {
            continue;
        }
        let has_credentials = call.credentials == Credentials::Include;
        let allows = policy.is_some_and(|it| it.config().allow_credentials);
        let is_granted = decided.refusal.is_none() && (allows || !has_credentials);
        let mut note = |field: &str, expected: String, seen: String| {
            if expected != seen {
                differences.push(Difference {
                    field: format!("view {place} {field} by the decision"),
                    expected,
                    seen,
                });
            }
        };
        let end = match is_granted {
            true => End::Resolved,
            false => End::Rejected,
        };
        note("end", format!("{end:?}"), format!("{:?}", view.end));
        if is_granted && let Some(policy) = policy {
            let handlers = handlers_headers(scenario, call.to);
            let of_handler = |name: &String| handlers.contains(name);
            let expected = handlers.iter().filter(|name| is_readable(name, policy));
            let expected: Vec<_> = expected.cloned().collect();
            let seen: Vec<_> = names(view).into_iter().filter(of_handler).collect();
            note("headers", format!("{expected:?}"), format!("{seen:?}"));
        }
    }
    differences
}

/// Whether the decision alone says what a call comes to: it crosses origins by CORS, and the policy
/// is in force.
fn is_due(scenario: &Scenario, call: &Call, policy: Option<&Policy>) -> bool {
    let site = scenario.resources.get(call.to).map(|it| it.site);
    let crosses = scenario.page.opaque || site != Some(scenario.page.site);
    let is_cors = call.mode == Mode::Cors && matches!(call.api, Api::Fetch | Api::Xhr);
    let mode = policy.map(|it| it.config().mode).unwrap_or_default();
    crosses && is_cors && mode == Enforcement::Enforce
}

/// The names of the handler's own headers.
fn handlers_headers(scenario: &Scenario, resource: usize) -> Vec<String> {
    let answers = scenario.resources.get(resource).map(|it| &it.actual);
    let lines = answers.into_iter().flatten().flat_map(|it| &it.lines);
    let names = lines.filter_map(|line| line.split_once(':'));
    let names = names.map(|(name, _)| name.to_ascii_lowercase());
    let mut names: Vec<_> = names
        .filter(|name| !name.starts_with("access-control-"))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn is_readable(name: &str, policy: &Policy) -> bool {
    SAFE.contains(&name)
        || match &policy.config().expose_headers {
            Listing::Any => true,
            Listing::List(exposed) => exposed.iter().any(|it| it.eq_ignore_ascii_case(name)),
        }
}

fn names(view: &View) -> Vec<String> {
    let headers = view.headers.iter().flatten();
    let mut names: Vec<_> = headers.map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    names.dedup();
    names
}
