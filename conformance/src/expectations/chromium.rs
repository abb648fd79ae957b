use corsac::header::is_forbidden_request_header;
use url::Url;

use crate::{
    judge::Clause,
    observation::{End, Observation, View},
    scenario::{Api, Call, Credentials, Mode, Redirect, Scenario},
};

use super::rewrite::{
    any_answer, chain, each_answer, exchanges, has_white_space_before_colon, is_element, is_http2,
    is_of_one_party, location, origin, redirects, relation, remove, set,
};

pub(super) const CLAUSES: &[Clause] = &[
    Clause {
        name: "white space before a colon",
        reason: "A response line `Name : value` is taken for the header; HTTP has it refused.",
        source: "https://www.rfc-editor.org/rfc/rfc9112#section-5.1-2",
        condition: |scenario| {
            any_answer(scenario, |site, answer| {
                let mut lines = answer.lines.iter();
                !is_http2(site) && lines.any(|line| has_white_space_before_colon(line))
            })
        },
        rewrite: Some(|scenario| {
            each_answer(scenario, |site, answer| {
                for line in &mut answer.lines {
                    if let Some((name, value)) = line.split_once(':')
                        && !is_http2(site)
                    {
                        *line = format!("{}:{value}", name.trim_end_matches([' ', '\t']));
                    }
                }
            });
        }),
        ..Clause::NOTHING
    },
    Clause {
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
    },
    Clause {
        name: "a preflight forgets the redirects in Sec-Fetch-Site",
        reason: "A preflight says how its own URL is related to the page; the Standard has it say \
                 how the whole chain is.",
        source: "https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header",
        condition: redirects,
        adjust: Some(|scenario, observation| {
            relate_each(scenario, observation, |request| request.preflight);
        }),
        ..Clause::NOTHING
    },
    SAYS_ORIGIN_AT_HOME,
    Clause {
        name: "credentials say an opaque origin",
        reason: "A no-cors GET with credentials of a page with an opaque origin says `Origin: null` \
                 within its URL's site, as a part of Storage Access Headers; the Standard has it say nothing.",
        source: "https://privacycg.github.io/storage-access-headers/",
        condition: |scenario| {
            let mut calls = scenario.calls.iter();
            let is_one =
                |call: &Call| call.mode == Mode::NoCors && call.credentials == Credentials::Include;
            scenario.page.opaque && calls.any(is_one)
        },
        adjust: Some(|scenario, observation| {
            // A redirect away keeps it, and one that leads there does not bring it.
            let first = observation.requests.first();
            let says = first.is_some_and(|request| {
                let page = scenario.page.site;
                let site = request.site;
                let is_of_page = site.is_some_and(|site| is_of_one_party(page, site));
                is_of_page && request.get("origin").is_none()
            });
            let requests = observation.requests.iter_mut().filter(|_| says);
            requests.for_each(|request| set(request, "Origin", "null"));
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "a redirect to another origin nulls Origin without CORS",
        reason: "Origin, which a no-cors POST says, is `null` after a redirect to another origin; \
                 the Standard has it so only if that origin was not the page's.",
        source: "https://fetch.spec.whatwg.org/#append-a-request-origin-header",
        condition: |scenario| {
            let mut calls = scenario.calls.iter();
            calls.any(|call| call.mode == Mode::NoCors) && redirects(scenario)
        },
        adjust: Some(|_, observation| {
            for place in 0..observation.requests.len() {
                let chain = chain(observation, place);
                let mut pairs = chain.iter().zip(chain.iter().skip(1));
                let leaves = pairs.any(|(from, to)| origin(*from) != origin(*to));
                if let Some(request) = observation.requests.get_mut(place)
                    && leaves
                    && request.get("origin").is_some()
                {
                    set(request, "Origin", "null");
                }
            }
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "client hints end at a redirect",
        reason: "A redirect to another origin than the page's drops the client hints that an author \
                 set, but for Save-Data; to the Standard they are headers like others.",
        source: "measured",
        condition: |scenario| {
            let headers = scenario.calls.iter().flat_map(|call| &call.headers);
            redirects(scenario) && headers.into_iter().any(|(name, _)| is_hint(name))
        },
        adjust: Some(drop_hints),
        ..Clause::NOTHING
    },
    Clause {
        name: "userinfo in a redirect of XMLHttpRequest",
        reason: "What keeps fetch() from every redirect to a URL with user or password is not \
                 asked of XMLHttpRequest, which does as the Standard says.",
        source: "measured",
        condition: |scenario| {
            let is_xhr = scenario.calls.iter().all(|call| call.api == Api::Xhr);
            is_xhr
                && any_answer(scenario, |_, answer| {
                    location(answer).is_some_and(|it| it.contains('@'))
                })
        },
        profile: Some(|profile| profile.refuses_all_redirect_userinfo = false),
        ..Clause::NOTHING
    },
    Clause {
        name: "manual needs a Location that is a URL",
        reason: "In redirect mode manual a Location that cannot be parsed is a network error; the \
                 Standard does not look at it before the redirect is followed.",
        source: "https://fetch.spec.whatwg.org/#concept-http-fetch",
        condition: |scenario| {
            let mut calls = scenario.calls.iter();
            calls.any(|call| call.redirect == Redirect::Manual) && redirects(scenario)
        },
        adjust: Some(|scenario, observation| {
            for place in 0..observation.views.len() {
                let last = exchanges(scenario, observation, place).pop();
                let unusable = last.is_some_and(|(_, answer)| {
                    location(&answer).is_some_and(|location| !is_url(location))
                });
                let view = observation.views.get_mut(place);
                if let Some(view) = view
                    && unusable
                    && view.r#type.as_deref() == Some("opaqueredirect")
                {
                    *view = View {
                        end: End::Rejected,
                        ..View::default()
                    };
                }
            }
        }),
        ..Clause::NOTHING
    },
];

/// In Chromium and in WebKit.
pub(super) const SAYS_ORIGIN_AT_HOME: Clause = Clause {
    name: "a crossorigin element says Origin at home",
    reason: "An element with the attribute `crossorigin`, and a module script, says Origin to \
             its own origin as well; the Standard has only other methods than GET and HEAD do.",
    source: "https://fetch.spec.whatwg.org/#append-a-request-origin-header",
    condition: |scenario| {
        let mut calls = scenario.calls.iter();
        calls.any(|call| is_element(call.api) && call.mode == Mode::Cors)
    },
    adjust: Some(|scenario, observation| {
        let page = origin(scenario.page.site);
        let silent = observation.requests.iter_mut();
        silent
            .filter(|request| request.get("origin").is_none())
            .for_each(|request| set(request, "Origin", &page));
    }),
    ..Clause::NOTHING
};

/// Sets Sec-Fetch-Site of some requests as if they went straight from the page.
fn relate_each(
    scenario: &Scenario,
    observation: &mut Observation,
    is_one: impl Fn(&crate::observation::Received) -> bool,
) {
    for request in &mut observation.requests {
        if is_one(request)
            && request.get("sec-fetch-site").is_some()
            && let Some(site) = request.site
        {
            set(request, "Sec-Fetch-Site", relation(scenario, site, true));
        }
    }
}

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

fn is_hint(name: &str) -> bool {
    const HINTS: [&str; 7] = [
        "device-memory",
        "downlink",
        "dpr",
        "ect",
        "rtt",
        "viewport-width",
        "width",
    ];
    HINTS.iter().any(|hint| hint.eq_ignore_ascii_case(name))
}

fn drop_hints(scenario: &Scenario, observation: &mut Observation) {
    for place in 0..observation.requests.len() {
        let chain = chain(observation, place);
        let mut redirected = chain.iter().skip(1);
        let leaves = redirected.any(|&site| relation(scenario, site, true) != "same-origin");
        if let Some(request) = observation.requests.get_mut(place)
            && leaves
        {
            let names: Vec<_> = request
                .headers
                .iter()
                .map(|(name, _)| name.clone())
                .collect();
            names
                .iter()
                .filter(|name| is_hint(name))
                .for_each(|name| remove(request, name));
        }
    }
}

/// Whether a Location is a URL once it has a base; placeholders are.
fn is_url(location: &str) -> bool {
    let base = Url::parse("http://localhost/");
    base.is_ok_and(|base| {
        location.starts_with("{") || base.join(&location.replace(['{', '}'], "")).is_ok()
    })
}
