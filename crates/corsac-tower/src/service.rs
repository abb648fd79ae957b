//! The service that a layer makes.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use corsac::policy::RequestHead;
use http::{Request, Response};
use tower_service::Service;

use crate::{
    OnError, PassOn, Report, ResponseFuture,
    answer::{Answer, Seen, make_answer},
    layer::Shared,
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

    #[inline]
    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let reporter = self.shared.reporter.as_ref();
        let policy = self.shared.source.snapshot();
        let seen = Seen::default();
        let head = RequestHead::new(request.method().as_str().as_bytes(), |name| {
            seen.lines(&request, name)
        });
        let decision = policy.decide(&head.with_path(request.uri().path().as_bytes()));
        if let Some(report) = reporter {
            report(&Report::Decided {
                method: request.method(),
                uri: request.uri(),
                outcome: decision.outcome(),
            });
        }
        if !decision.is_enforced() {
            let future = self.inner.call(request);
            return ResponseFuture::untouched(future, self.on_error.clone());
        }
        if let Some(status) = decision.answer() {
            let (ops, vary) = (decision.ops(), decision.vary());
            let mut headers = request.into_parts().0.headers;
            make_answer(ops, vary, &mut headers);
            return ResponseFuture::of_policy(status, headers);
        }
        let answer = Answer::new(&decision, &seen);
        let reporter = reporter.cloned();
        ResponseFuture::of_service(
            self.inner.call(request),
            answer,
            reporter,
            self.on_error.clone(),
        )
    }
}
