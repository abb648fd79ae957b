//! The policy of the benchmark, written out by hand: no list, no checks of anything else, no reason.
//! What it costs, `http`'s header map costs.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use tower::Service;

use super::{Handler, Inner};

pub(crate) struct ByHand(pub(super) Inner);

impl Service<Request<()>> for ByHand {
    type Response = Response<()>;
    type Error = std::convert::Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    #[inline]
    fn call(&mut self, request: Request<()>) -> Answering {
        let origin = request.headers().get(header::ORIGIN);
        let allowed = origin.filter(|origin| *origin == "https://app.example.com");
        let allowed = allowed.cloned();
        if request.method() == Method::OPTIONS
            && request
                .headers()
                .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        {
            return Answering::Preflight(allowed);
        }
        Answering::Actual(self.0.call(request), allowed)
    }
}

pub(crate) enum Answering {
    Preflight(Option<HeaderValue>),
    Actual(Handler, Option<HeaderValue>),
}

impl Future for Answering {
    type Output = Result<Response<()>, std::convert::Infallible>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let says = HeaderValue::from_static;
        match &mut *self {
            Self::Preflight(origin) => {
                let mut response = Response::new(());
                *response.status_mut() = StatusCode::NO_CONTENT;
                let headers = response.headers_mut();
                if let Some(origin) = origin.take() {
                    headers.append(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                    headers.append(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, says("true"));
                    headers.append(header::ACCESS_CONTROL_ALLOW_METHODS, says("PUT"));
                    let names = says("authorization,content-type");
                    headers.append(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
                    headers.append(header::ACCESS_CONTROL_MAX_AGE, says("600"));
                }
                Poll::Ready(Ok(response))
            }
            Self::Actual(future, origin) => {
                let mut polled = Pin::new(future).poll(context);
                if let Poll::Ready(Ok(response)) = &mut polled {
                    let headers = response.headers_mut();
                    if let Some(origin) = origin.take() {
                        headers.append(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
                        headers.append(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, says("true"));
                        headers.append(header::ACCESS_CONTROL_EXPOSE_HEADERS, says("x-request-id"));
                    }
                    headers.append(header::VARY, says("Origin"));
                }
                polled
            }
        }
    }
}
