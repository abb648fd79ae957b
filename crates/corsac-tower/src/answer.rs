//! What a decision says, put into a response.

use std::cell::Cell;

use corsac::policy::{Brief, CORS_RESPONSE_HEADERS, Decision, Ops, Policy, Value, Vary};
use http::{
    HeaderMap, HeaderName, HeaderValue, Request,
    header::{self, ValueIter},
};

use crate::{
    layer::Shared,
    report::{Report, Reporter},
};

/// The values of a request that its response may repeat, found while it is decided on.
#[derive(Default)]
pub(crate) struct Seen<'r> {
    origin: Cell<Option<&'r HeaderValue>>,
    asked: Cell<Option<&'r HeaderValue>>,
    /// Whether a proxy split the names asked for, which a browser sends as one line.
    asked_besides: Cell<bool>,
}

impl<'r> Seen<'r> {
    pub(crate) fn origin(&self) -> Option<&'r HeaderValue> {
        self.origin.get()
    }

    /// The lines of one header. Of Origin the last is kept, which is the only one if anything is
    /// granted to it.
    #[inline]
    pub(crate) fn lines<B>(
        &self,
        request: &'r Request<B>,
        name: &'static HeaderName,
    ) -> SeenLines<'_, 'r> {
        SeenLines {
            seen: self,
            is_origin: *name == header::ORIGIN,
            is_asked: *name == header::ACCESS_CONTROL_REQUEST_HEADERS,
            values: request.headers().get_all(name).iter(),
            authority: authority(request, name),
        }
    }
}

/// The lines of one header of a request.
pub(crate) struct SeenLines<'s, 'r> {
    seen: &'s Seen<'r>,
    is_origin: bool,
    is_asked: bool,
    values: ValueIter<'r, HeaderValue>,
    authority: Option<&'r [u8]>,
}

impl<'r> Iterator for SeenLines<'_, 'r> {
    type Item = &'r [u8];

    #[inline]
    fn next(&mut self) -> Option<&'r [u8]> {
        let Some(value) = self.values.next() else {
            return self.authority.take();
        };
        let seen = self.seen;
        if self.is_origin {
            seen.origin.set(Some(value));
        } else if self.is_asked && seen.asked.get().is_none() {
            seen.asked.set(Some(value));
        } else if self.is_asked {
            seen.asked_besides.set(true);
        }
        Some(value.as_bytes())
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
    /// Who grants, unless nothing is granted.
    grants: Option<Policy>,
    /// To whom.
    origin: Option<HeaderValue>,
    vary: Vary,
}

impl Answer {
    #[inline]
    pub(crate) fn brief(policy: &Policy, brief: Brief, origin: Option<&HeaderValue>) -> Self {
        Self {
            grants: brief.is_granted.then(|| policy.clone()),
            origin: origin.filter(|_| brief.is_granted).cloned(),
            vary: brief.vary,
        }
    }

    pub(crate) fn new(decision: &Decision<'_, '_>, seen: &Seen<'_>) -> Self {
        let brief = Brief {
            is_granted: !decision.ops().is_empty(),
            vary: decision.vary(),
        };
        Self::brief(decision.policy(), brief, seen.origin.get())
    }

    /// Makes the headers of a response say this, and nothing else of CORS. Once: it says nothing
    /// more after that.
    #[inline(always)]
    pub(crate) fn apply(&mut self, headers: &mut HeaderMap, shared: Option<&Shared>) {
        let reporter = shared.and_then(|shared| shared.reporter.as_deref());
        let says_vary = clear(headers, reporter);
        if let Some(policy) = &self.grants {
            for op in policy.grant() {
                let value = match op.value {
                    Value::Prebuilt(value) => value.clone(),
                    Value::EchoOrigin => match self.origin.take() {
                        Some(origin) => origin,
                        None => continue,
                    },
                    // In no grant but a preflight's.
                    Value::EchoRequestHeaders => continue,
                };
                headers.append(op.name, value);
            }
        }
        add_vary(self.vary, says_vary, headers);
        if let Some(shared) = shared {
            shared.add_vary(headers);
        }
    }
}

/// Makes the headers of a response say nothing of CORS but what they depend on.
#[inline(always)]
pub(crate) fn refuse(vary: Vary, headers: &mut HeaderMap) {
    let says_vary = clear(headers, None);
    add_vary(vary, says_vary, headers);
}

/// Takes out what others said of CORS, and says whether there is a Vary.
///
/// One look at the few names there are costs less than seven searches, which as a rule find nothing.
#[inline(always)]
fn clear(headers: &mut HeaderMap, reporter: Option<&Reporter>) -> bool {
    for name in headers.keys() {
        if *name == header::VARY || is_of_cors(name) {
            return clear_some(headers, reporter);
        }
    }
    false
}

#[inline(never)]
fn clear_some(headers: &mut HeaderMap, reporter: Option<&Reporter>) -> bool {
    if headers.keys().any(is_of_cors) {
        remove_foreign(headers, reporter);
    }
    headers.contains_key(header::VARY)
}

#[inline(always)]
fn add_vary(vary: Vary, says_vary: bool, headers: &mut HeaderMap) {
    if says_vary {
        add_to_vary(vary, headers);
    } else if let Some(value) = vary.value() {
        headers.append(header::VARY, value);
    }
}

#[inline(never)]
fn add_to_vary(vary: Vary, headers: &mut HeaderMap) {
    let existing = headers.get_all(header::VARY);
    let due = vary.due(existing.iter().map(HeaderValue::as_bytes));
    if let Some(due) = due {
        headers.append(header::VARY, HeaderValue::from_static(due));
    }
}

/// The values of a request that outlive it.
#[derive(Default)]
pub(crate) struct Repeated {
    origin: Option<HeaderValue>,
    asked: Option<HeaderValue>,
    asked_besides: Vec<HeaderValue>,
}

impl Repeated {
    pub(crate) fn new(seen: &Seen<'_>, headers: &HeaderMap) -> Self {
        let asked_besides = match seen.asked_besides.get() {
            false => Vec::new(),
            true => {
                let lines = headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS);
                lines.iter().skip(1).cloned().collect()
            }
        };
        Self {
            origin: seen.origin.get().cloned(),
            asked: seen.asked.get().cloned(),
            asked_besides,
        }
    }
}

/// Makes the headers of a request that the policy answers those of the answer: the map has room, and
/// is of no more use.
pub(crate) fn make_answer(
    ops: Ops<'_>,
    vary: Vary,
    mut repeated: Repeated,
    headers: &mut HeaderMap,
) {
    headers.clear();
    for op in ops {
        let value = match op.value {
            Value::Prebuilt(value) => Some(value.clone()),
            Value::EchoOrigin => repeated.origin.take(),
            Value::EchoRequestHeaders => repeated.asked.take(),
        };
        if let Some(value) = value {
            headers.append(op.name, value);
        }
        if op.value == Value::EchoRequestHeaders {
            for value in repeated.asked_besides.drain(..) {
                headers.append(op.name, value);
            }
        }
    }
    if let Some(value) = vary.value() {
        headers.append(header::VARY, value);
    }
}

/// Whether it is one of [`CORS_RESPONSE_HEADERS`]: written out, it is one comparison of a byte.
#[inline(always)]
fn is_of_cors(name: &HeaderName) -> bool {
    *name == header::ACCESS_CONTROL_ALLOW_ORIGIN
        || *name == header::ACCESS_CONTROL_ALLOW_CREDENTIALS
        || *name == header::ACCESS_CONTROL_ALLOW_METHODS
        || *name == header::ACCESS_CONTROL_ALLOW_HEADERS
        || *name == header::ACCESS_CONTROL_MAX_AGE
        || *name == header::ACCESS_CONTROL_EXPOSE_HEADERS
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
