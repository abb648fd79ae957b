//! The service that a layer makes.

use std::{
    mem,
    sync::Arc,
    task::{Context, Poll},
};

use corsac::policy::{CORS_RESPONSE_HEADERS, RequestHead};
use http::{HeaderValue, Request, Response};
use tower_service::Service;

use crate::{OnError, PassOn, Report, ResponseFuture, answer::Answer, layer::Shared};

/// How many lines an answer to a preflight has at most, if what it echoes is one.
const MOST: usize = CORS_RESPONSE_HEADERS.len();

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

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        let reporter = self.shared.reporter.as_ref();
        let policy = self.shared.source.snapshot();
        let decision = policy.decide(&RequestHead::new(
            request.method().as_str().as_bytes(),
            |name| {
                request
                    .headers()
                    .get_all(name)
                    .iter()
                    .map(HeaderValue::as_bytes)
            },
        ));
        if let Some(report) = reporter {
            report(&Report::Decided {
                method: request.method(),
                uri: request.uri(),
                outcome: decision.outcome(),
            });
        }
        if let Some(status) = decision.answer() {
            let mut answer = Answer::<MOST>::new(&decision, request.headers());
            // The request's own map has room, and is of no more use.
            let mut headers = mem::take(request.headers_mut());
            headers.clear();
            answer.apply(&mut headers, reporter.map(|reporter| &**reporter));
            return ResponseFuture::of_preflight(status, headers);
        }
        let answer = Answer::new(&decision, request.headers());
        let future = self.inner.call(request);
        ResponseFuture::of_service(future, answer, reporter.cloned(), self.on_error.clone())
    }
}
