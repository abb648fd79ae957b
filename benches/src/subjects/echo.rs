//! What one writes by hand when no middleware is at hand: it compares nothing.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use tower::Service;

use crate::{kind::Kind, subject::Answer};

/// Whoever asks is let in.
pub(super) fn of_echo(kind: &Kind) -> Answer {
    Answer {
        status: if kind.is_preflight { 204 } else { 200 },
        grants: kind.has_origin(),
    }
}

#[derive(Clone)]
pub(super) struct Echo<S>(pub(super) S);

impl<S, Q, R: Default> Service<Request<Q>> for Echo<S>
where
    S: Service<Request<Q>, Response = Response<R>, Future: Unpin>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Echoing<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let headers = request.headers();
        let origin = headers.get(header::ORIGIN).cloned();
        if request.method() == Method::OPTIONS
            && origin.is_some()
            && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        {
            return Echoing::Preflight(origin);
        }
        Echoing::Actual(self.0.call(request), origin)
    }
}

pub(super) enum Echoing<F> {
    Preflight(Option<HeaderValue>),
    Actual(F, Option<HeaderValue>),
}

impl<F, R: Default, E> Future for Echoing<F>
where
    F: Future<Output = Result<Response<R>, E>> + Unpin,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        match &mut *self {
            Self::Preflight(origin) => {
                let mut response = Response::new(R::default());
                *response.status_mut() = StatusCode::NO_CONTENT;
                let headers = response.headers_mut();
                grant(headers, origin.take());
                let says = HeaderValue::from_static;
                headers.insert(
                    header::ACCESS_CONTROL_ALLOW_METHODS,
                    says("GET, POST, PUT, DELETE"),
                );
                headers.insert(
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    says("authorization, content-type, x-requested-with"),
                );
                headers.insert(header::ACCESS_CONTROL_MAX_AGE, says("600"));
                headers.insert(header::VARY, says("Origin"));
                Poll::Ready(Ok(response))
            }
            Self::Actual(future, origin) => {
                let mut response = ready!(Pin::new(future).poll(context))?;
                let headers = response.headers_mut();
                if origin.is_some() {
                    grant(headers, origin.take());
                    headers.insert(
                        header::ACCESS_CONTROL_EXPOSE_HEADERS,
                        HeaderValue::from_static("x-request-id"),
                    );
                }
                headers.append(header::VARY, HeaderValue::from_static("Origin"));
                Poll::Ready(Ok(response))
            }
        }
    }
}

fn grant(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
}
