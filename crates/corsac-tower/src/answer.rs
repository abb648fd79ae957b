//! A decision with values of its own, so that it outlives the request.

use std::mem;

use corsac::policy::{CORS_RESPONSE_HEADERS, Decision, Value, Vary};
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{self, Entry},
};

use crate::report::{Report, Reporter};

type Line = (&'static HeaderName, HeaderValue);

static ORIGIN: HeaderName = header::ORIGIN;
static REQUEST_HEADERS: HeaderName = header::ACCESS_CONTROL_REQUEST_HEADERS;

/// What a response has to say: some lines, of which `ROOM` need no heap.
pub(crate) struct Answer<const ROOM: usize> {
    lines: [Option<Line>; ROOM],
    /// What has no room, and the other lines of an echo: a proxy may have split what the browser
    /// sent as one.
    more: Vec<Line>,
    vary: Vary,
}

impl<const ROOM: usize> Answer<ROOM> {
    /// Gives the operations of a decision on a request their values.
    pub(crate) fn new(decision: &Decision<'_, '_>, request: &HeaderMap) -> Self {
        let mut answer = Self {
            lines: [const { None }; ROOM],
            more: Vec::new(),
            vary: decision.vary(),
        };
        let mut free = answer.lines.iter_mut();
        for op in decision.ops() {
            let mut others = None;
            let first = match op.value {
                Value::Prebuilt(value) => value.clone(),
                Value::EchoOrigin => match request.get(&ORIGIN) {
                    Some(value) => value.clone(),
                    None => continue,
                },
                Value::EchoRequestHeaders => {
                    let mut values = request.get_all(&REQUEST_HEADERS).iter().cloned();
                    let Some(first) = values.next() else {
                        continue;
                    };
                    others = Some(values);
                    first
                }
            };
            match free.next() {
                Some(place) => *place = Some((op.name, first)),
                None => answer.more.push((op.name, first)),
            }
            if let Some(others) = others {
                answer.more.extend(others.map(|value| (op.name, value)));
            }
        }
        answer
    }

    /// Makes the headers of a response say this, and nothing else of CORS. Once: it says nothing
    /// more after that.
    pub(crate) fn apply(&mut self, headers: &mut HeaderMap, reporter: Option<&Reporter>) {
        remove_foreign(headers, reporter);
        for line in &mut self.lines {
            let Some((name, value)) = line.take() else {
                break;
            };
            headers.append(name, value);
        }
        for (name, value) in mem::take(&mut self.more) {
            headers.append(name, value);
        }
        // An entry makes room even where nothing is to be said.
        let Some(due) = self.vary.due([]) else {
            return;
        };
        match headers.entry(header::VARY) {
            Entry::Vacant(vacant) => {
                vacant.insert(value_of(due));
            }
            Entry::Occupied(mut lines) => {
                if let Some(due) = self.vary.due(lines.iter().map(HeaderValue::as_bytes)) {
                    lines.append(value_of(due));
                }
            }
        }
    }
}

/// What is due where nobody else says anything, as values that were checked at compile time: the
/// longer one takes 300 instructions to check.
static DUE: [HeaderValue; 2] = [
    HeaderValue::from_static("Origin"),
    HeaderValue::from_static(
        "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    ),
];

fn value_of(due: &'static str) -> HeaderValue {
    let known = DUE.iter().find(|known| *known == due);
    known.map_or_else(|| HeaderValue::from_static(due), HeaderValue::clone)
}

/// Takes the CORS headers of others out.
fn remove_foreign(headers: &mut HeaderMap, reporter: Option<&Reporter>) {
    // One look at the few names there are costs less than six searches, which as a rule find
    // nothing.
    if !headers
        .keys()
        .any(|name| name.as_str().starts_with("access-control-"))
    {
        return;
    }
    for name in &CORS_RESPONSE_HEADERS {
        if let Some(report) = reporter {
            for value in headers.get_all(name) {
                report(&Report::Replaced { name, value });
            }
        }
        headers.remove(name);
    }
}
