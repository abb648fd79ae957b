use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    observation::{Observation, Received, View},
    scenario::{Body, Call, Scenario},
    subject::events::{settled, shown},
};

/// One field in which two observations differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which field: `requests`, `request 1 origin`, `view 0 status`.
    pub field: String,
    /// What was predicted.
    pub expected: String,
    /// What was seen.
    pub seen: String,
}

/// What every request is compared by, beside what the author set.
const HEADERS: [&str; 10] = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "cookie",
    "authorization",
    "referer",
    "content-type",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
];

/// Compares two observations of one scenario, field by field.
pub fn differences(
    scenario: &Scenario,
    expected: &Observation,
    seen: &Observation,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut note = |field: &dyn Fn() -> String, expected: String, seen: String| {
        if expected != seen {
            let field = field();
            differences.push(Difference {
                field,
                expected,
                seen,
            });
        }
    };
    let list = |it: &Observation| it.requests.iter().map(line).collect::<Vec<_>>().join(", ");
    note(&|| "requests".to_owned(), list(expected), list(seen));

    let authors = scenario.calls.iter().flat_map(|call| &call.headers);
    let authors = authors.map(|(name, _)| name.to_ascii_lowercase());
    let mut names: BTreeSet<_> = HEADERS.map(str::to_owned).into();
    // What the transport needs, and what is a page's language, is nobody's matter here.
    names.extend(authors.filter(|name| !matches!(name.as_str(), "host" | "te" | "user-agent")));
    let is_form = |call: &Call| matches!(call.body, Body::FormData { .. });
    let has_form = scenario.calls.iter().any(is_form);
    let pairs = expected.requests.iter().zip(&seen.requests);
    for (place, (expected, seen)) in pairs.enumerate() {
        for name in &names {
            if name == "accept-language" && expected.get(name).is_none() {
                // The browser says its own.
                continue;
            }
            let value = |it: &Received| show(header(it, name));
            let field = || format!("request {place} {name}");
            note(&field, value(expected), value(seen));
        }
        let decided = |it: &Received| match &it.decided {
            Some(decided) => format!("{decided:?}"),
            None => "-".to_owned(),
        };
        let field = || format!("request {place} decided");
        note(&field, decided(expected), decided(seen));
        if !has_form {
            let length = |it: &Received| it.body_length.to_string();
            let field = || format!("request {place} body length");
            note(&field, length(expected), length(seen));
        }
    }
    let views = expected.views.len().max(seen.views.len());
    for place in 0..views {
        let (expected, seen) = (expected.views.get(place), seen.views.get(place));
        let call = scenario.calls.get(place);
        let (expected, seen) = (fields(call, expected), fields(call, seen));
        for ((name, expected), (_, seen)) in expected.into_iter().zip(seen) {
            if let (Some(expected), Some(seen)) = (expected, seen) {
                note(&|| format!("view {place} {name}"), expected, seen);
            }
        }
    }
    differences
}

/// A request in a few words.
pub(super) fn line(request: &Received) -> String {
    let site = request.site.map(|site| format!("{site:?}"));
    let preflight = match request.preflight {
        true => "preflight ",
        false => "",
    };
    format!(
        "{preflight}{} r{} {}",
        request.method,
        request.resource,
        site.unwrap_or_default()
    )
}

fn header(request: &Received, name: &str) -> Option<String> {
    let value = request.get(name)?;
    // Every browser has its own way to make up a boundary.
    match value.split_once("boundary=") {
        Some((before, _)) if name == "content-type" => Some(format!("{before}boundary=…")),
        // The wire has no white space at the end of a value.
        _ => Some(value.trim_end_matches([' ', '\t']).to_owned()),
    }
}

fn show(value: Option<String>) -> String {
    match value {
        Some(value) => format!("{value:?}"),
        None => "-".to_owned(),
    }
}

/// A view's fields; `None` is not compared.
fn fields(call: Option<&Call>, view: Option<&View>) -> Vec<(&'static str, Option<String>)> {
    let missing = View::default();
    let view = view.unwrap_or(&missing);
    let headers = view.headers.as_ref().map(|headers| format!("{headers:?}"));
    let events = view.events.as_ref();
    vec![
        ("end", Some(format!("{:?}", view.end))),
        ("type", view.r#type.clone()),
        ("status", view.status.map(|it| it.to_string())),
        ("status text", view.status_text.clone()),
        ("url", view.url.clone()),
        ("redirected", view.redirected.map(|it| it.to_string())),
        ("headers", headers),
        ("body", view.body.as_ref().map(|it| format!("{it:?}"))),
        ("events", events.map(|it| shown(&settled(call, it)))),
    ]
}
