//! The layer by what comes out of it: a request, a service, and the whole of the response's head.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod allocations;
mod clones;
mod errors;
mod features;
mod maps;
mod migrate;
mod peers;
mod preflights;
mod reload;
mod reports;
mod responses;
mod stacks;
mod vary;
mod vulnerabilities;

use std::{
    convert::Infallible,
    pin::pin,
    task::{Context, Poll, Waker},
};

use corsac_tower::policy::{MaxAge, Policy, PolicyConfig};
use http::{HeaderMap, Request, Response};
use tower::{Service, service_fn};

/// What most tests ask: one origin with credentials, PUT and Content-Type.
fn policy() -> Policy {
    built(PolicyConfig {
        allow_origins: ["https://app.example"].into(),
        allow_methods: ["PUT"].into(),
        allow_headers: ["Content-Type", "X-Custom"].into(),
        allow_credentials: true,
        expose_headers: ["X-Total"].into(),
        max_age: MaxAge::Seconds(600),
        ..PolicyConfig::default()
    })
}

fn built(config: PolicyConfig) -> Policy {
    Policy::new(config).unwrap()
}

/// Origins with credentials, and nothing else.
fn listing<const ENTRIES: usize>(origins: [&str; ENTRIES]) -> Policy {
    built(PolicyConfig {
        allow_origins: origins.into(),
        allow_credentials: true,
        ..PolicyConfig::default()
    })
}

/// A request of these headers, each a line.
fn request(method: &str, headers: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::builder().method(method).uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}

const ORIGIN: (&str, &str) = ("origin", "https://app.example");
const STRANGER: (&str, &str) = ("origin", "https://evil.example");
const PUT: (&str, &str) = ("access-control-request-method", "PUT");

/// A service that answers all requests with this status and these headers.
fn answering(
    status: u16,
    headers: &'static [(&'static str, &'static str)],
) -> impl Service<
    Request<()>,
    Response = Response<String>,
    Error = Infallible,
    Future: Future<Output = Result<Response<String>, Infallible>>,
> + Clone {
    service_fn(move |_| async move {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Ok(response.body("from the service".to_owned()).unwrap())
    })
}

/// A service that must not be called.
fn unreachable_service() -> impl Service<
    Request<()>,
    Response = Response<String>,
    Error = Infallible,
    Future: Future<Output = Result<Response<String>, Infallible>>,
> + Clone {
    service_fn(|request: Request<()>| async move { panic!("called: {request:?}") })
}

/// The result of a call that never waits.
fn call<S: Service<Request<()>>>(
    mut service: S,
    request: Request<()>,
) -> Result<S::Response, S::Error> {
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(
        service.poll_ready(&mut context),
        Poll::Ready(Ok(()))
    ));
    match pin!(service.call(request)).poll(&mut context) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it waits"),
    }
}

/// The status and all headers, sorted; lines of one name stay in order.
fn head<B>(response: &Response<B>) -> (u16, Vec<(&str, &str)>) {
    (response.status().as_u16(), lines(response.headers()))
}

fn lines(headers: &HeaderMap) -> Vec<(&str, &str)> {
    let pairs = headers.iter();
    let mut lines: Vec<_> = pairs
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    lines.sort_by_key(|(name, _)| *name);
    lines
}
