//! A tower service alone.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use http::{HeaderValue, Request, Response, header};
use tower::{Layer, Service};

use super::{
    corsac,
    echo::{Echo, of_echo},
    of_corsac, of_tower_http, tower_http,
};
use crate::{
    kind::Kind,
    list::List,
    subject::{Answer, Subject, bare, now},
};

const BARE: &str = "tower, bare";

pub(super) fn subjects(list: List) -> Vec<Subject> {
    let mut subjects = vec![
        subject(BARE, bare, Inner),
        subject("corsac-tower", of_corsac, corsac(list).layer(Inner)),
    ];
    if !list.wildcards {
        subjects.push(subject("by hand", of_echo, Echo(Inner)));
        let theirs = tower_http(list).layer(Inner);
        subjects.push(subject("tower-http", of_tower_http, theirs));
    }
    subjects
}

fn subject<S>(name: &'static str, expected: fn(&Kind) -> Answer, mut service: S) -> Subject
where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible> + 'static,
{
    Subject::new(
        [name, BARE],
        expected,
        Kind::request,
        move |request| match now(service.call(request)) {
            Ok(response) => response,
            Err(never) => match never {},
        },
        |response| Answer::of(response.status(), response.headers()),
    )
}

/// 200, with a Content-Type.
#[derive(Clone)]
struct Inner;

impl Service<Request<()>> for Inner {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Handler;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    #[inline(never)]
    fn call(&mut self, _: Request<()>) -> Handler {
        Handler
    }
}

/// Makes the response when it is polled, as an `async fn` does.
struct Handler;

impl Future for Handler {
    type Output = Result<Response<()>, Infallible>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let mut response = Response::new(());
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        Poll::Ready(Ok(response))
    }
}
