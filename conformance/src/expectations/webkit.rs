use http::StatusCode;

use crate::{
    judge::Clause,
    observation::{Observation, Received},
    scenario::{Answer, Api, Body, Cache, Call, Mode, Redirect, Scenario, Site},
};

use super::{
    events::{NO_LENGTH_OF_A_HEAD, NO_WORD_OF_EMPTY_BODIES},
    rewrite::{
        any_answer, chain, each_answer, end_after, exchanges, is_http2, is_of_one_party, location,
        origin, redirects, remove, set,
    },
    shared::{JOINS_HEADERS, KEEPS_COOKIES_HOME, NO_STREAMS, SAYS_ORIGIN_AT_HOME},
    types::COMES_BACK,
};

/// Most of it is of the network library that WebKitGTK has and Safari has not.
pub(super) const CLAUSES: &[Clause] = &[
    SAYS_ORIGIN_AT_HOME,
    JOINS_HEADERS,
    NO_STREAMS,
    KEEPS_COOKIES_HOME,
    NO_WORD_OF_EMPTY_BODIES,
    NO_LENGTH_OF_A_HEAD,
    COMES_BACK,
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
        name: "a preflight that a redirect has tainted is cross-site",
        reason: "Its Sec-Fetch-Site goes by the origin that the redirects have left: an opaque one is \
                 of no site. The Standard has it go by the URLs.",
        source: "https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header",
        condition: |scenario| redirects(scenario) && !scenario.page.opaque,
        adjust: Some(|_, observation| {
            for request in &mut observation.requests {
                let is_tainted = request.get("origin").as_deref() == Some("null");
                if request.preflight && is_tainted && request.get("sec-fetch-site").is_some() {
                    set(request, "Sec-Fetch-Site", "cross-site");
                }
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "no Sec-Fetch headers right after a redirect to another origin",
        reason: "An actual request that a redirect leads from one origin to another has none of them; \
                 the next one within that origin has.",
        source: "https://w3c.github.io/webappsec-fetch-metadata/#redirects",
        condition: |scenario| {
            let without_cors = scenario.calls.iter().any(|call| call.mode == Mode::NoCors);
            redirects(scenario) && !without_cors
        },
        adjust: Some(|_, observation| {
            for place in 0..observation.requests.len() {
                let chain = chain(observation, place);
                let crosses = chain
                    .split_last()
                    .and_then(|(to, earlier)| earlier.last().map(|from| (from, to)))
                    .is_some_and(|(from, to)| origin(*from) != origin(*to));
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
        name: "no password in responseURL",
        reason: "XMLHttpRequest does not show the user and password that it was given in a URL.",
        source: "https://xhr.spec.whatwg.org/#the-responseurl-attribute",
        condition: |scenario| scenario.calls.iter().any(|call| call.userinfo.is_some()),
        adjust: Some(|scenario, observation| {
            for (call, view) in scenario.calls.iter().zip(&mut observation.views) {
                if call.userinfo.is_some()
                    && let Some(url) = &mut view.url
                    && url.contains('@')
                {
                    *url = format!("{{r{}}}", call.to);
                }
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "what is not cached is fetched",
        reason: "The cache mode only-if-cached goes to the server after all.",
        source: "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch",
        condition: |scenario| scenario.calls.iter().any(wants_the_cache),
        rewrite: Some(|scenario| {
            let calls = scenario.calls.iter_mut();
            calls
                .filter(|call| wants_the_cache(call))
                .for_each(|call| call.cache = None);
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "Origin stays once it is said",
        reason: "A request that a redirect has made a GET says the Origin that it said before.",
        source: "https://fetch.spec.whatwg.org/#append-a-request-origin-header",
        condition: redirects,
        adjust: Some(|_, observation| {
            for place in 1..observation.requests.len() {
                let (earlier, later) = observation.requests.split_at_mut(place);
                let (Some(before), Some(request)) = (earlier.last(), later.first_mut()) else {
                    continue;
                };
                if let Some(said) = before.get("origin")
                    && before.call == request.call
                    && request.get("origin").is_none()
                {
                    set(request, "Origin", &said);
                }
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "a redirect needs a Location even where it is unwanted",
        reason: "In redirect mode error a redirect without a Location is a response like any other.",
        source: "https://fetch.spec.whatwg.org/#concept-http-fetch",
        condition: |scenario| {
            let mut calls = scenario.calls.iter();
            let has_none = |answer: &Answer| {
                matches!(answer.status, 301 | 302 | 303 | 307 | 308) && location(answer).is_none()
            };
            calls.any(|call| call.redirect == Redirect::Error)
                && any_answer(scenario, |_, answer| has_none(answer))
        },
        rewrite: Some(|scenario| {
            let calls = scenario.calls.iter_mut();
            calls
                .filter(|call| call.redirect == Redirect::Error)
                .for_each(|call| call.redirect = Redirect::Follow);
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "an empty Location is no URL",
        reason: "To the Standard it is the URL that it came from.",
        source: "https://fetch.spec.whatwg.org/#concept-response-location-url",
        condition: |scenario| any_answer(scenario, |_, answer| location(answer) == Some("")),
        rewrite: Some(|scenario| {
            each_answer(scenario, |_, answer| {
                if location(answer) == Some("") {
                    answer.lines.retain(|line| !line.starts_with("Location:"));
                    answer.lines.push("Location: http://[".to_owned());
                }
            });
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "a redirect from home is not redirected again elsewhere",
        reason: "Where the page's own origin sends a request with CORS to another one, a redirect \
                 from there is a network error; the Standard follows twenty.",
        source: "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch",
        condition: |scenario| redirects(scenario) && !scenario.page.opaque,
        adjust: Some(end_at_the_second_redirect),
        ..Clause::NOTHING
    },
    Clause {
        name: "all hosts under localhost are of its site",
        reason: "A host that is a public suffix is the site of all that end in it, as far as \
                 Cross-Origin-Resource-Policy goes; the Standard has each be its own.",
        source: "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check",
        condition: |scenario| {
            let policy = |answer: &Answer| answer.lines.iter().any(|line| is_for_the_site(line));
            any_answer(scenario, |site, answer| {
                is_under_localhost(site) && policy(answer)
            })
        },
        rewrite: Some(|scenario| {
            let is_secure = scenario.page.site.scheme() == "https";
            each_answer(scenario, |site, answer| {
                // What came over a secure connection stays with pages that did too.
                if is_under_localhost(site) && (is_secure || site.scheme() == "http") {
                    answer.lines.retain(|line| !is_for_the_site(line));
                }
            });
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

fn wants_the_cache(call: &Call) -> bool {
    call.cache == Some(Cache::OnlyIfCached) && call.mode == Mode::SameOrigin
}

fn is_for_the_site(line: &str) -> bool {
    line == "Cross-Origin-Resource-Policy: same-site"
}

fn is_under_localhost(site: Site) -> bool {
    site.host().ends_with(".localhost")
}

fn end_at_the_second_redirect(scenario: &Scenario, observation: &mut Observation) {
    let home = origin(scenario.page.site);
    for (place, call) in scenario.calls.iter().enumerate() {
        let exchanges = exchanges(scenario, observation, place);
        let is_home =
            |(request, _): &(&Received, Answer)| request.site.map(origin).as_ref() == Some(&home);
        let at_home = exchanges.iter().take_while(|it| is_home(it)).count();
        let leads_on = exchanges
            .get(at_home)
            .is_some_and(|(_, answer)| location(answer).is_some());
        if call.mode == Mode::Cors && call.redirect == Redirect::Follow && at_home > 0 && leads_on {
            end_after(scenario, observation, place, at_home);
        }
    }
}

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
