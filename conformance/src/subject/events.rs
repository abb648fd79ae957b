//! The events of an XMLHttpRequest and of its upload: which, in which order, at which readyState.
//!
//! They follow from what the call wanted and what came of it, so they are told last, once all else is
//! known. Source: <https://xhr.spec.whatwg.org/#the-send()-method>

use crate::{
    observation::{End, Event, Observation, Received, View},
    scenario::{Api, Body, Call, Scenario},
};

use super::script;

const OPENED: u8 = 1;
const HEADERS_RECEIVED: u8 = 2;
const LOADING: u8 = 3;
const DONE: u8 = 4;

/// How an engine tells, where engines differ.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Whether `progress` says that a body without bytes has come.
    pub tells_of_empty_bodies: bool,
    /// Whether the length is computable of a body that HEAD kept away.
    pub tells_length_of_heads: bool,
    /// Whether `upload` hears of a call's error, by its place, though the request has no body.
    pub fails_without_a_body: fn(&Scenario, usize) -> bool,
    /// Whether the body of a call, by its place, counts as sent.
    pub is_sent: fn(&Scenario, &Observation, usize) -> bool,
    /// Whether `progress` says of a call, by its place, that nothing came before it failed.
    pub has_progress_before_error: fn(&Scenario, &Observation, usize) -> bool,
}

impl Manner {
    /// As the Standard has it.
    pub const STANDARD: Self = Self {
        tells_of_empty_bodies: true,
        tells_length_of_heads: true,
        fails_without_a_body: |_, _| false,
        is_sent: |_, observation, call| {
            let mut requests = observation.requests.iter();
            requests.any(|it| it.call == Some(call) && carries_body(it))
        },
        has_progress_before_error: |_, _, _| false,
    };

    fn of(&self, scenario: &Scenario, observation: &Observation, call: usize) -> Way {
        Way {
            tells_of_empty_bodies: self.tells_of_empty_bodies,
            tells_length_of_heads: self.tells_length_of_heads,
            fails_without_a_body: (self.fails_without_a_body)(scenario, call),
            is_sent: (self.is_sent)(scenario, observation, call),
            has_progress_before_error: (self.has_progress_before_error)(
                scenario,
                observation,
                call,
            ),
        }
    }
}

/// What a manner comes to for one call.
struct Way {
    tells_of_empty_bodies: bool,
    tells_length_of_heads: bool,
    fails_without_a_body: bool,
    is_sent: bool,
    has_progress_before_error: bool,
}

/// Tells the events of each call of an observation, from the rest of it.
pub fn tell(scenario: &Scenario, observation: &mut Observation, manner: Manner) {
    let calls = scenario.calls.iter().enumerate();
    let told: Vec<_> = calls
        .map(|(place, call)| {
            let view = observation.views.get(place)?;
            events(call, view, &manner.of(scenario, observation, place))
        })
        .collect();
    for (view, events) in observation.views.iter_mut().zip(told) {
        view.events = events;
    }
}

/// What the script of a call hears, from send() on; `None` if it never got there or hears of no events.
///
/// A body is told to be sent once, however often it is: the text would say so again after each redirect,
/// and for a request without a body. No engine does.
fn events(call: &Call, view: &View, way: &Way) -> Option<Vec<Event>> {
    let end = match view.end {
        End::Resolved => "load",
        End::Rejected => "error",
        // The page's own patience is one that aborts.
        End::TimedOut => call.patience().map_or("abort", |(_, event)| event),
        End::Refused | End::Unsupported => return None,
    };
    if call.api != Api::Xhr {
        return None;
    }
    let bare = matches!(call.method.to_ascii_uppercase().as_str(), "GET" | "HEAD");
    let uploads = call.upload_listener && call.body != Body::None && !bare;
    let fails = match uploads {
        true => !way.is_sent,
        false => call.upload_listener && way.fails_without_a_body,
    };
    let size = script::body_bytes(call).len() as u64;
    let mut told = Told::default();
    told.object("loadstart", OPENED, (0, 0));
    if uploads {
        told.upload("loadstart", OPENED, (0, size));
    }
    if uploads && way.is_sent {
        for event in ["progress", "load", "loadend"] {
            told.upload(event, OPENED, (size, size));
        }
    }
    if end != "load" {
        if way.has_progress_before_error {
            told.object("progress", OPENED, (0, 0));
        }
        told.change(DONE);
        if fails {
            told.upload(end, DONE, (0, 0));
            told.upload("loadend", DONE, (0, 0));
        }
        told.object(end, DONE, (0, 0));
        told.object("loadend", DONE, (0, 0));
        return Some(told.0);
    }
    let received = view.body.as_deref().unwrap_or_default().chars().count() as u64;
    let is_head = call.method.eq_ignore_ascii_case("HEAD");
    let total = match is_head && !way.tells_length_of_heads {
        true => 0,
        false => length(view),
    };
    let bytes = (received, total);
    let mut state = HEADERS_RECEIVED;
    told.change(state);
    if received > 0 {
        state = LOADING;
        told.change(state);
    }
    if received > 0 || way.tells_of_empty_bodies {
        told.object("progress", state, bytes);
    }
    told.change(DONE);
    told.object("load", DONE, bytes);
    told.object("loadend", DONE, bytes);
    Some(told.0)
}

/// Whether a request brought the call's body along, if the call has one.
fn carries_body(request: &Received) -> bool {
    !request.preflight && !matches!(request.method.as_str(), "GET" | "HEAD")
}

/// What Content-Length says, 0 if nothing.
fn length(view: &View) -> u64 {
    let mut headers = view.headers.iter().flatten();
    let said = headers.find(|(name, _)| name == "content-length");
    said.and_then(|(_, value)| value.parse().ok())
        .unwrap_or_default()
}

#[derive(Default)]
struct Told(Vec<Event>);

impl Told {
    fn change(&mut self, ready_state: u8) {
        self.push(false, "readystatechange", ready_state, None);
    }

    fn object(&mut self, event: &str, ready_state: u8, bytes: (u64, u64)) {
        self.push(false, event, ready_state, Some(bytes));
    }

    fn upload(&mut self, event: &str, ready_state: u8, bytes: (u64, u64)) {
        self.push(true, event, ready_state, Some(bytes));
    }

    fn push(&mut self, upload: bool, event: &str, ready_state: u8, bytes: Option<(u64, u64)>) {
        self.0.push(Event {
            upload,
            r#type: event.to_owned(),
            ready_state,
            bytes,
        });
    }
}

/// A list of events without what time decides.
///
/// How many parts a body comes or goes in, and how often in fifty milliseconds somebody looks, is the
/// network's and the scheduler's: so of `progress`, and of `readystatechange` while the body comes, only
/// the first counts, and not how far it had come; and none of an upload that never loads. Nobody
/// predicts how long a form is: each browser makes its own boundary.
pub fn settled(call: Option<&Call>, events: &[Event]) -> Vec<Event> {
    let is_form = call.is_some_and(|call| matches!(call.body, Body::FormData { .. }));
    let loads = events.iter().any(|it| it.upload && it.r#type == "load");
    let mut settled: Vec<Event> = Vec::new();
    for event in events {
        let mut event = event.clone();
        let is_progress = event.r#type == "progress";
        if is_progress || (is_form && event.upload) {
            event.bytes = None;
        }
        let repeats = is_progress || event.ready_state == LOADING;
        let is_kept = loads || !event.upload || !is_progress;
        if is_kept && (!repeats || !settled.contains(&event)) {
            settled.push(event);
        }
    }
    settled
}

/// A list of events for people, and to be compared.
pub fn shown(events: &[Event]) -> String {
    let words = events.iter().map(|event| {
        let target = if event.upload { "upload " } else { "" };
        let bytes = event
            .bytes
            .map(|(loaded, total)| format!(" {loaded}/{total}"));
        let bytes = bytes.unwrap_or_default();
        format!("{target}{}@{}{bytes}", event.r#type, event.ready_state)
    });
    words.collect::<Vec<_>>().join(", ")
}
