//! The service that a layer makes.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use corsac::policy::{PolicyMap, RequestHead};
use http::{Request, Response, header};
use tower_service::Service;

use crate::{
    OnError, PassOn, Report, ResponseFuture,
    answer::{Answer, Repeated, Seen, make_answer},
    layer::Shared,
    report::Reporter,
    source::Source,
};

/// A service that obeys a policy. [`CorsLayer`](crate::CorsLayer) makes it.
#[derive(Clone, Debug)]
pub struct Cors<S, M = PassOn> {
    pub(crate) inner: S,
    pub(crate) shared: Arc<Shared>,
    pub(crate) on_error: M,
}

impl<S, M, RequestBody, ResponseBody> Service<Request<RequestBody>> for Cors<S, M>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    // The answer to a preflight has none. A type of our own around the service's would have axum
    // box it anew.
    ResponseBody: Default,
    M: OnError<S::Error, ResponseBody> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, M>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline(always)]
    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let guard;
        let policies = match &self.shared.source {
            Source::Fixed(policies) => policies,
            Source::Swapped(swap) => {
                // Whoever holds it is not disturbed by the next one.
                guard = swap.load();
                &guard
            }
        };
        let mut origin = None;
        let brief = match self.shared.reporter {
            None => policies.decide_briefly(
                request.method(),
                || request.uri().path().as_bytes(),
                || {
                    let lines = request.headers().get_all(header::ORIGIN);
                    lines.into_iter().map(|value| {
                        origin = Some(value);
                        value.as_bytes()
                    })
                },
            ),
            Some(_) => None,
        };
        let Some((policy, brief)) = brief else {
            let Self {
                inner, on_error, ..
            } = self;
            let reporter = self.shared.reporter.as_ref();
            return call_at_length(inner, on_error, reporter, policies, request);
        };
        if !brief.is_granted {
            let future = self.inner.call(request);
            return ResponseFuture::refused(future, brief.vary, self.on_error.clone());
        }
        let answer = Answer::brief(policy, brief, origin);
        let future = self.inner.call(request);
        ResponseFuture::of_service(future, answer, None, self.on_error.clone())
    }
}

/// Calls with a preflight, or whatever else takes more than a look at its Origin.
#[inline(never)]
fn call_at_length<S, M, RequestBody, ResponseBody>(
    inner: &mut S,
    on_error: &M,
    reporter: Option<&Arc<Reporter>>,
    policies: &PolicyMap,
    request: Request<RequestBody>,
) -> ResponseFuture<S::Future, M>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    M: Clone,
{
    let seen = Seen::default();
    let head = RequestHead::new(request.method().as_str().as_bytes(), |name| {
        seen.lines(&request, name)
    });
    let decision = policies.decide(&head.with_path(request.uri().path().as_bytes()));
    if let Some(report) = reporter {
        report(&Report::Decided {
            method: request.method(),
            uri: request.uri(),
            outcome: decision.outcome(),
        });
    }
    if !decision.is_enforced() {
        return ResponseFuture::untouched(inner.call(request), on_error.clone());
    }
    if let Some(status) = decision.answer() {
        let (ops, vary) = (decision.ops(), decision.vary());
        // A refusal repeats nothing, and costs nothing that the question is long.
        let repeated = match ops.is_empty() {
            true => Repeated::default(),
            false => Repeated::new(&seen, request.headers()),
        };
        let mut headers = request.into_parts().0.headers;
        make_answer(ops, vary, repeated, &mut headers);
        return ResponseFuture::of_policy(status, headers, on_error.clone());
    }
    let answer = Answer::new(&decision, &seen);
    let future = inner.call(request);
    ResponseFuture::of_service(future, answer, reporter.cloned(), on_error.clone())
}
