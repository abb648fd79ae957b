//! What a decision says, put into a response.

use std::{cell::Cell, iter, mem};

use corsac::policy::{CORS_RESPONSE_HEADERS, Decision, Ops, Policy, Value, Vary};
use http::{HeaderMap, HeaderName, HeaderValue, Request, header};

use crate::report::{Report, Reporter};

/// The values of a request that its response may repeat, found while it is decided on.
#[derive(Default)]
pub(crate) struct Seen<'r> {
    origin: Cell<Option<&'r HeaderValue>>,
}

impl<'r> Seen<'r> {
    /// The lines of one header. Of Origin the last is kept, which is the only one if anything is
    /// granted to it.
    #[inline]
    pub(crate) fn lines<B>(
        &self,
        request: &'r Request<B>,
        name: &'static HeaderName,
    ) -> impl Iterator<Item = &'r [u8]> {
        let is_origin = *name == header::ORIGIN;
        let mut values = request.headers().get_all(name).iter();
        let mut authority = authority(request, name);
        iter::from_fn(move || {
            let Some(value) = values.next() else {
                return authority.take();
            };
            if is_origin {
                self.origin.set(Some(value));
            }
            Some(value.as_bytes())
        })
    }
}

/// What HTTP/2 has in place of Host.
#[inline]
fn authority<'r, B>(request: &'r Request<B>, name: &HeaderName) -> Option<&'r [u8]> {
    if *name != header::HOST || request.headers().contains_key(header::HOST) {
        return None;
    }
    let authority = request.uri().authority()?;
    Some(authority.as_str().as_bytes())
}

/// A decision that outlives the request.
pub(crate) struct Answer {
    /// Who grants, and the Origin to whom, unless nothing is granted.
    grant: Option<(Policy, Option<HeaderValue>)>,
    vary: Vary,
}

impl Answer {
    #[inline]
    pub(crate) fn new(decision: &Decision<'_, '_>, seen: &Seen<'_>) -> Self {
        let granted = !decision.ops().is_empty();
        Self {
            grant: granted.then(|| (decision.policy().clone(), seen.origin.get().cloned())),
            vary: decision.vary(),
        }
    }

    /// Makes the headers of a response say this, and nothing else of CORS. Once: it says nothing
    /// more after that.
    #[inline]
    pub(crate) fn apply(&mut self, headers: &mut HeaderMap, reporter: Option<&Reporter>) {
        let mut says_vary = false;
        let mut foreign = false;
        // One look at the few names there are costs less than seven searches, which as a rule find
        // nothing.
        for name in headers.keys() {
            says_vary |= *name == header::VARY;
            foreign |= name.as_str().starts_with("access-control-");
        }
        if foreign {
            remove_foreign(headers, reporter);
        }
        if let Some((policy, mut origin)) = self.grant.take() {
            for op in policy.grant() {
                let value = match op.value {
                    Value::Prebuilt(value) => value.clone(),
                    Value::EchoOrigin => match origin.take() {
                        Some(origin) => origin,
                        None => continue,
                    },
                    // In no grant but a preflight's.
                    Value::EchoRequestHeaders => continue,
                };
                headers.append(op.name, value);
            }
        }
        let due = match says_vary {
            false => self.vary.due([]),
            true => {
                let existing = headers.get_all(header::VARY);
                self.vary.due(existing.iter().map(HeaderValue::as_bytes))
            }
        };
        if let Some(due) = due {
            headers.append(header::VARY, value_of(due));
        }
    }
}

/// Makes the headers of a request that the policy answers those of the answer: the map has room, and
/// is of no more use.
pub(crate) fn make_answer(ops: Ops<'_>, vary: Vary, headers: &mut HeaderMap) {
    let mut origin = None;
    let mut asked = None;
    // A proxy may have split what the browser sent as one line.
    let mut asked_besides = Vec::new();
    if !ops.is_empty() {
        origin = headers.get(header::ORIGIN).cloned();
        let lines = headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
        let mut lines = lines.iter();
        asked = lines.next().cloned();
        asked_besides.extend(lines.cloned());
    }
    headers.clear();
    for op in ops {
        let value = match op.value {
            Value::Prebuilt(value) => Some(value.clone()),
            Value::EchoOrigin => origin.take(),
            Value::EchoRequestHeaders => asked.take(),
        };
        if let Some(value) = value {
            headers.append(op.name, value);
        }
        if op.value == Value::EchoRequestHeaders {
            for value in mem::take(&mut asked_besides) {
                headers.append(op.name, value);
            }
        }
    }
    if let Some(due) = vary.due([]) {
        headers.append(header::VARY, value_of(due));
    }
}

/// The usual ones are checked at compile time: the longer one takes 300 instructions to check.
#[inline]
fn value_of(due: &'static str) -> HeaderValue {
    const ALL: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    match due {
        "Origin" => const { HeaderValue::from_static("Origin") },
        ALL => const { HeaderValue::from_static(ALL) },
        _ => HeaderValue::from_static(due),
    }
}

/// Takes the CORS headers of others out.
#[cold]
fn remove_foreign(headers: &mut HeaderMap, reporter: Option<&Reporter>) {
    for name in &CORS_RESPONSE_HEADERS {
        if let Some(report) = reporter {
            for value in headers.get_all(name) {
                report(&Report::Replaced { name, value });
            }
        }
        headers.remove(name);
    }
}
