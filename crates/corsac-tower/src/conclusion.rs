//! What follows from a decision.

use std::sync::Arc;

use corsac::policy::{Decision, Ops, RequestHead, Vary};
use http::{HeaderMap, HeaderName, Request, StatusCode};

use crate::{
    Report,
    answer::{Answer, Repeated, Seen, SeenLines, make_answer},
    future::Then,
    layer::Shared,
};

/// Who answers a request.
pub(crate) enum Conclusion<'p> {
    Service(Then),
    Policy(ByPolicy<'p>),
}

/// An answer of the policy.
pub(crate) struct ByPolicy<'p> {
    status: StatusCode,
    ops: Ops<'p>,
    vary: Vary,
    repeated: Repeated,
}

/// What a policy looks at, of a request.
#[inline]
pub(crate) fn head<'r, 's, B>(
    seen: &'s Seen<'r>,
    request: &'r Request<B>,
) -> RequestHead<'r, impl Fn(&'static HeaderName) -> SeenLines<'s, 'r>> {
    RequestHead::new(request.method().as_str().as_bytes(), move |name| {
        seen.lines(request, name)
    })
}

/// Tells who wants to know, and says who answers.
#[inline(always)]
pub(crate) fn conclude<'p, B>(
    decision: &Decision<'p, '_>,
    seen: &Seen<'_>,
    request: &Request<B>,
    shared: &Arc<Shared>,
) -> Conclusion<'p> {
    if let Some(report) = &shared.reporter {
        report(&Report::Decided {
            method: request.method(),
            uri: request.uri(),
            outcome: decision.outcome(),
        });
    }
    if !decision.is_enforced() {
        return Conclusion::Service(Then::Keep);
    }
    let Some(status) = decision.answer() else {
        return Conclusion::Service(Then::Say {
            answer: Answer::new(decision, seen),
            shared: (!shared.is_plain).then(|| Arc::clone(shared)),
        });
    };
    let (ops, vary) = (decision.ops(), decision.vary());
    // A refusal repeats nothing, and costs nothing that the question is long.
    let repeated = match ops.is_empty() {
        true => Repeated::default(),
        false => Repeated::new(seen, request.headers()),
    };
    Conclusion::Policy(ByPolicy {
        status,
        ops,
        vary,
        repeated,
    })
}

impl ByPolicy<'_> {
    /// Makes the headers of a request those of its answer.
    #[inline(always)]
    pub(crate) fn make(self, headers: &mut HeaderMap, shared: &Shared) -> StatusCode {
        make_answer(self.ops, self.vary, self.repeated, headers);
        shared.add_vary(headers);
        self.status
    }
}
