//! salvo and salvo-cors.

use std::time::Duration;

use http::HeaderValue;
use salvo_core::{
    Response, Router, Service, handler,
    http::{ReqBody, Request, uri::Scheme},
};
use salvo_cors::{AllowOrigin, Cors};

use super::{EXPOSED, METHODS, names};
use crate::{
    kind::Kind,
    list::List,
    subject::{Answer, Subject, bare, now},
};

const BARE: &str = "salvo, bare";

#[handler]
async fn hello(response: &mut Response) {
    let text = HeaderValue::from_static("text/plain");
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, text);
}

pub(super) fn subjects(list: List) -> Vec<Subject> {
    if list.wildcards {
        return Vec::new();
    }
    let service = || Service::new(Router::new().goal(hello));
    let origins = list
        .entries()
        .map(|it| it.parse::<HeaderValue>().expect("ASCII"));
    let cors = Cors::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods(METHODS)
        .allow_headers(names())
        .expose_headers([EXPOSED])
        .allow_credentials(true)
        .max_age(Duration::from_secs(600));
    vec![
        subject(BARE, bare, service()),
        subject(
            "salvo-cors",
            of_salvo_cors,
            service().hoop(cors.into_handler()),
        ),
    ]
}

fn subject(name: &'static str, expected: fn(&Kind) -> Answer, service: Service) -> Subject {
    Subject::new(
        [name, BARE],
        expected,
        |kind| Request::from_hyper(kind.request::<ReqBody>(), Scheme::HTTP),
        move |request| now(service.handle(request)),
        |response| {
            let status = response.status_code.expect("it is answered");
            Answer::of(status, response.headers())
        },
    )
}

/// As tower-http, of which it is a copy, but that a preflight is answered 204.
fn of_salvo_cors(kind: &Kind) -> Answer {
    Answer {
        status: if kind.is_preflight { 204 } else { 200 },
        grants: kind.origin_allowed,
    }
}
