use corsac::header::parse_a_single_range_header_value;
use url::Url;

use crate::{
    judge::Clause,
    observation::{End, Observation, View},
    scenario::{Api, Call, Credentials, Mode, Redirect, Scenario},
};

use super::{
    events::{FAILS_WITHOUT_A_BODY, LOADED_AT_LAST, NO_WORD_OF_EMPTY_BODIES},
    rewrite::{
        any_answer, chain, each_answer, exchanges, has_white_space_before_colon, is_http2,
        is_of_one_party, location, origin, redirects, relation, remove, set,
    },
    shared::{JOINS_HEADERS, KEEPS_COOKIES_HOME, SAYS_ORIGIN_AT_HOME},
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
        name: "a carriage return ends a line",
        reason: "A carriage return alone ends a header line; HTTP has it refused, or taken for a space.",
        source: "https://www.rfc-editor.org/rfc/rfc9112#section-2.2-4",
        condition: |scenario| {
            any_answer(scenario, |_, answer| {
                answer.lines.iter().any(|line| line.contains('\r'))
            })
        },
        rewrite: Some(|scenario| {
            each_answer(scenario, |_, answer| {
                let lines = answer.lines.iter().flat_map(|line| line.split('\r'));
                answer.lines = lines.map(str::to_owned).collect();
            });
        }),
        ..Clause::NOTHING
    },
    Clause {
        name: "Range is written anew",
        reason: "What of a Range can be read as one range of bytes is sent without its spaces.",
        source: "measured",
        condition: |scenario| {
            let headers = scenario.calls.iter().flat_map(|call| &call.headers);
            let mut ranges = headers.filter(|(name, _)| name.eq_ignore_ascii_case("range"));
            ranges.any(|(_, value)| value.contains([' ', '\t']))
        },
        adjust: Some(|_, observation| {
            for request in &mut observation.requests {
                let value = request.get("range").unwrap_or_default();
                if parse_a_single_range_header_value(value.as_bytes(), true).is_some() {
                    set(request, "Range", &value.replace([' ', '\t'], ""));
                }
            }
        }),
        ..Clause::NOTHING
    },
    JOINS_HEADERS,
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
    KEEPS_COOKIES_HOME,
    NO_WORD_OF_EMPTY_BODIES,
    FAILS_WITHOUT_A_BODY,
    LOADED_AT_LAST,
    Clause {
        name: "no referrer policy hides Origin",
        reason: "A no-cors POST says the page's origin whatever its referrer policy; the Standard has \
                 some policies make `null` of it.",
        source: "https://fetch.spec.whatwg.org/#append-a-request-origin-header",
        condition: |scenario| {
            let mut calls = scenario.calls.iter();
            let is_one = |call: &Call| call.mode == Mode::NoCors && call.referrer_policy.is_some();
            !scenario.page.opaque && calls.any(is_one)
        },
        adjust: Some(|scenario, observation| {
            for place in 0..observation.requests.len() {
                let chain = chain(observation, place);
                let stays = chain.iter().all(|site| Some(site) == chain.first());
                if let Some(request) = observation.requests.get_mut(place)
                    && stays
                    && request.get("origin").as_deref() == Some("null")
                {
                    set(request, "Origin", &origin(scenario.page.site));
                }
            }
        }),
        ..Clause::NOTHING
    },
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
