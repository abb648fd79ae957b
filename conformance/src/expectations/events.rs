//! How engines tell what an XMLHttpRequest comes to, where they have their own way.

use url::Url;

use super::rewrite::{exchanges, location};
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

/// In Firefox.
pub(super) const LOADED_ONCE_ANSWERED: Clause = Clause {
    name: "an upload has loaded once its answer shows",
    reason: "A body that was sent counts as one only when the script gets to see the answer: where \
             that is refused, breaks off or takes too long, `upload` has the error, too. To the \
             Standard it has loaded by then.",
    source: "https://xhr.spec.whatwg.org/#the-send()-method",
    condition: |scenario| scenario.calls.iter().any(|call| call.upload_listener),
    events: Some(|manner| manner.sent_is_answered = true),
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
