//! A decision with values of its own, so that it outlives the request.

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
        let mut place = 0;
        let mut say = |line| match answer.lines.get_mut(place) {
            Some(free) => {
                *free = Some(line);
                place += 1;
            }
            None => answer.more.push(line),
        };
        for op in decision.ops() {
            let from = match op.value {
                Value::Static(value) => {
                    say((op.name, HeaderValue::from_static(value)));
                    continue;
                }
                Value::Prebuilt(value) => {
                    say((op.name, value.clone()));
                    continue;
                }
                Value::EchoOrigin => &ORIGIN,
                Value::EchoRequestHeaders => &REQUEST_HEADERS,
            };
            for value in request.get_all(from) {
                say((op.name, value.clone()));
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
        for (name, value) in self.more.drain(..) {
            headers.append(name, value);
        }
        match headers.entry(header::VARY) {
            Entry::Vacant(vacant) => {
                if let Some(due) = self.vary.due([]) {
                    vacant.insert(HeaderValue::from_static(due));
                }
            }
            Entry::Occupied(mut lines) => {
                if let Some(due) = self.vary.due(lines.iter().map(HeaderValue::as_bytes)) {
                    lines.append(HeaderValue::from_static(due));
                }
            }
        }
    }
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
