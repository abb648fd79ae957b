use http::StatusCode;

use crate::{
    judge::Clause,
    observation::{Observation, Received},
    scenario::{Api, Body, Call, Mode, Scenario},
};

use super::{
    chromium::SAYS_ORIGIN_AT_HOME,
    rewrite::{chain, exchanges, is_http2, is_of_one_party, origin, redirects, remove, set},
};

/// Most of it is of the network library that WebKitGTK has and Safari has not.
pub(super) const CLAUSES: &[Clause] = &[
    SAYS_ORIGIN_AT_HOME,
    Clause {
        name: "an opaque page says where it came from",
        reason: "A sandboxed frame says in Referer where it came from as any other page would; the \
                 Standard has it say nothing.",
        source: "https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer",
        condition: |scenario| scenario.page.opaque,
        adjust: Some(|scenario, observation| {
            let origin = origin(scenario.page.site);
            for request in &mut observation.requests {
                let path = match request.site == Some(scenario.page.site) {
                    true => "/frame",
                    false => "/",
                };
                set(request, "Referer", &format!("{origin}{path}"));
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "no Sec-Fetch headers after a redirect to another site",
        reason: "An actual request after a redirect from one site to another has none of them.",
        source: "https://w3c.github.io/webappsec-fetch-metadata/#redirects",
        condition: |scenario| {
            let without_cors = scenario.calls.iter().any(|call| call.mode == Mode::NoCors);
            redirects(scenario) && !without_cors
        },
        adjust: Some(|_, observation| {
            for place in 0..observation.requests.len() {
                let chain = chain(observation, place);
                let mut hops = chain.iter().zip(chain.iter().skip(1));
                let crosses = hops.any(|(from, to)| !is_of_one_party(*from, *to));
                if let Some(request) = observation.requests.get_mut(place)
                    && crosses
                {
                    for name in ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"] {
                        remove(request, name);
                    }
                }
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "a preflight after a redirect from home says the page's whole URL",
        reason: "Within one site its Referer is that of the request before; the Standard trims it for \
                 another origin.",
        source: "https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer",
        condition: |scenario| redirects(scenario) && !scenario.page.opaque,
        adjust: Some(|scenario, observation| {
            let page = scenario.page.site;
            let referer = origin(page) + "/page";
            let mut before: Option<Received> = None;
            let mut only_home = true;
            for request in &mut observation.requests {
                let follows = before.as_ref().is_some_and(|it| it.call == request.call);
                let is_near = request.site.is_some_and(|site| is_of_one_party(page, site));
                let says = request.get("referer").is_some();
                if request.preflight && follows && only_home && is_near && says {
                    set(request, "Referer", &referer);
                }
                only_home &= request.site == Some(page);
                before = Some(request.clone());
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "a GET says the type of the body that it has not",
        reason: "XMLHttpRequest drops the body of GET and HEAD, but not the type that came with it.",
        source: "https://xhr.spec.whatwg.org/#the-send()-method",
        condition: |scenario| {
            scenario
                .calls
                .iter()
                .any(|call| dropped_type(call).is_some())
        },
        adjust: Some(|scenario, observation| {
            for request in &mut observation.requests {
                let call = request.call.and_then(|place| scenario.calls.get(place));
                if let Some(kind) = call.and_then(dropped_type)
                    && !request.preflight
                    && request.get("content-type").is_none()
                {
                    set(request, "Content-Type", kind);
                }
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "HTTP/2 has reasons",
        reason: "statusText is the usual phrase for the status, which HTTP/2 does not send.",
        source: "measured",
        condition: |scenario| scenario.resources.iter().any(|it| is_http2(it.site)),
        adjust: Some(|scenario, observation| {
            for place in 0..observation.views.len() {
                let last = exchanges(scenario, observation, place).pop();
                let by_http2 = last.is_some_and(|(it, _)| it.site.is_some_and(is_http2));
                if let Some(view) = observation.views.get_mut(place)
                    && by_http2
                    && let Some(status) = view.status.filter(|status| *status != 0)
                    && let Some(text) = &mut view.status_text
                {
                    let known = StatusCode::from_u16(status).ok();
                    *text = known
                        .and_then(|it| it.canonical_reason())
                        .unwrap_or("Unknown Error")
                        .to_owned();
                }
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "bytes above ASCII are text",
        reason: "What a script sets goes out as UTF-8, and what comes in is no UTF-8 is replaced.",
        source: "measured",
        condition: |_| true,
        adjust: Some(read_as_text),
        ..Clause::NOTHING
    },
];

/// The type that a body without use came with.
fn dropped_type(call: &Call) -> Option<&'static str> {
    let bare = matches!(call.method.to_ascii_uppercase().as_str(), "GET" | "HEAD");
    match &call.body {
        _ if call.api != Api::Xhr || !bare => None,
        Body::UrlEncoded { .. } => Some("application/x-www-form-urlencoded;charset=UTF-8"),
        _ => None,
    }
}

fn read_as_text(_: &Scenario, observation: &mut Observation) {
    let as_utf8 = |text: &str| text.bytes().map(char::from).collect::<String>();
    for Received { headers, .. } in &mut observation.requests {
        headers
            .iter_mut()
            .for_each(|(_, value)| *value = as_utf8(value));
    }
    for view in &mut observation.views {
        for (_, value) in view.headers.iter_mut().flatten() {
            let replaced: String = value
                .chars()
                .map(|char| if char.is_ascii() { char } else { '\u{fffd}' })
                .collect();
            *value = as_utf8(&replaced);
        }
    }
}
