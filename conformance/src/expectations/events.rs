//! How engines tell what an XMLHttpRequest comes to, where they have their own way.

use corsac::{
    fetch::Profile,
    header::{self, HeaderList, cors_unsafe_request_header_names, is_forbidden_request_header},
    method::normalize,
};
use url::Url;

use super::rewrite::{bytes, exchanges, location, relation};
use crate::{
    judge::Clause,
    observation::{End, Observation},
    scenario::{Api, Scenario},
};

/// In Chromium and in WebKit.
pub(super) const NO_WORD_OF_EMPTY_BODIES: Clause = Clause {
    name: "no progress of an empty body",
    reason: "XMLHttpRequest fires `progress` once bytes have come; the Standard fires it at the end \
             of every body, of an empty one and of none as well.",
    source: "https://xhr.spec.whatwg.org/#handle-response-end-of-body",
    condition: |scenario| scenario.calls.iter().any(|call| call.api == Api::Xhr),
    events: Some(|manner| manner.tells_of_empty_bodies = false),
    ..Clause::NOTHING
};

/// In Chromium.
pub(super) const FAILS_WITHOUT_A_BODY: Clause = Clause {
    name: "an upload of nothing fails",
    reason: "Without a body `upload` has `error` and `loadend` where a request fails that goes home or \
             is not a simple one, and nothing else at any time; to the Standard such an upload is \
             complete before it begins.",
    source: "https://xhr.spec.whatwg.org/#request-error-steps",
    condition: |scenario| scenario.calls.iter().any(|call| call.upload_listener),
    events: Some(|manner| manner.fails_without_a_body = may_tell),
    ..Clause::NOTHING
};

/// In Chromium.
pub(super) const LOADED_AT_LAST: Clause = Clause {
    name: "an upload has loaded once the last redirect is followed",
    reason: "A body counts as sent once the last request of the chain is answered or breaks off, one \
             without the body as well. Where a redirect can't be followed, or the preflight after it is \
             refused, `upload` has the error, too. To the Standard it has loaded at the first server.",
    source: "https://xhr.spec.whatwg.org/#the-send()-method",
    condition: |scenario| scenario.calls.iter().any(|call| call.upload_listener),
    events: Some(|manner| manner.is_sent = is_last),
    ..Clause::NOTHING
};

/// Whether nothing is told by events that a stranger's server had not agreed to: it is no stranger's, or
/// is asked by a preflight without a listener on `upload` as well.
fn may_tell(scenario: &Scenario, call: usize) -> bool {
    let Some(call) = scenario.calls.get(call) else {
        return false;
    };
    let to = scenario.resources.get(call.to);
    let is_home = to.is_some_and(|to| relation(scenario, to.site, true) == "same-origin");
    let is_simple = matches!(&*normalize(&call.method), "GET" | "HEAD" | "POST");
    let mut list = HeaderList::new();
    for (name, value) in &call.headers {
        let value = bytes(value);
        if !is_forbidden_request_header(name.as_bytes(), &value) {
            list.combine(name, header::normalize(&value));
        }
    }
    let safelist = Profile::CHROMIUM.safelist;
    is_home || !is_simple || !cors_unsafe_request_header_names(&list, safelist).is_empty()
}

/// Whether the last request of a call is no preflight, and its answer no redirect.
fn is_last(scenario: &Scenario, observation: &Observation, call: usize) -> bool {
    let requests = observation.requests.iter();
    let mut of_call = requests.filter(|request| request.call == Some(call));
    let is_actual = of_call.next_back().is_some_and(|it| !it.preflight);
    let last = exchanges(scenario, observation, call).pop();
    is_actual && last.is_some_and(|(_, answer)| location(&answer).is_none())
}

/// Whether the script gets to see the answer.
fn is_shown(_: &Scenario, observation: &Observation, call: usize) -> bool {
    let view = observation.views.get(call);
    view.is_some_and(|view| view.end == End::Resolved)
}

/// In Firefox and in WebKit.
pub(super) const NO_LENGTH_OF_A_HEAD: Clause = Clause {
    name: "no length of a HEAD",
    reason: "What Content-Length says of a body that HEAD keeps away is no total; the Standard takes it \
             for one.",
    source: "https://xhr.spec.whatwg.org/#handle-response-end-of-body",
    condition: |scenario| {
        let mut calls = scenario.calls.iter();
        calls.any(|call| call.api == Api::Xhr && call.method.eq_ignore_ascii_case("HEAD"))
    },
    events: Some(|manner| manner.tells_length_of_heads = false),
    ..Clause::NOTHING
};

/// In Firefox.
pub(super) const LOADED_ONCE_ANSWERED: Clause = Clause {
    name: "an upload has loaded once its answer shows",
    reason: "A body that was sent counts as one only when the script gets to see the answer: where \
             that is refused, breaks off or takes too long, `upload` has the error, too. To the \
             Standard it has loaded by then.",
    source: "https://xhr.spec.whatwg.org/#the-send()-method",
    condition: |scenario| scenario.calls.iter().any(|call| call.upload_listener),
    events: Some(|manner| manner.is_sent = is_shown),
    ..Clause::NOTHING
};

/// In Firefox.
pub(super) const PROGRESS_OF_A_REFUSED_REDIRECT: Clause = Clause {
    name: "progress of a redirect that is refused",
    reason: "Where the page's own origin redirects to what CORS keeps from it, `progress` says, before \
             the error, that no bytes came.",
    source: "https://xhr.spec.whatwg.org/#request-error-steps",
    condition: |scenario| scenario.calls.iter().any(|call| call.api == Api::Xhr),
    events: Some(|manner| manner.has_progress_before_error = is_refused_at_home),
    ..Clause::NOTHING
};

/// Whether the last answer of a call, one of the page's own origin, leads where CORS does not go. That of
/// others has no URL to show.
fn is_refused_at_home(scenario: &Scenario, observation: &Observation, call: usize) -> bool {
    let view = observation.views.get(call);
    let is_at_home = view.is_some_and(|view| {
        let url = view.url.as_deref().unwrap_or_default();
        view.end == End::Rejected && !url.is_empty()
    });
    let last = exchanges(scenario, observation, call).pop();
    let location = last.and_then(|(_, answer)| location(&answer).map(str::to_owned));
    is_at_home && location.is_some_and(|location| is_refused(&location))
}

/// Whether CORS refuses a URL for its user or its scheme. What is no URL, or holds its own response, fails
/// in another place.
fn is_refused(location: &str) -> bool {
    match location.split_once(':') {
        Some(("http" | "https", rest)) => rest.contains('@'),
        Some(("data" | "blob", _)) => false,
        _ => Url::parse(location).is_ok(),
    }
}
