//! The services: one file for each framework, each with its bare service.

mod actix;
mod axum;
mod echo;
mod poem;
mod salvo;
mod tower;

use std::time::Duration;

use corsac_tower::{
    CorsLayer,
    policy::{Listing, MaxAge, Policy, PolicyConfig},
};
use http::{HeaderName, HeaderValue, Method, header};

use crate::{
    kind::Kind,
    list::List,
    subject::{Answer, Subject},
};

/// Every subject that takes such a list.
pub(crate) fn subjects(list: List) -> Vec<Subject> {
    let mut subjects = tower::subjects(list);
    subjects.extend(axum::subjects(list));
    subjects.extend(actix::subjects(list));
    subjects.extend(poem::subjects(list));
    subjects.extend(salvo::subjects(list));
    subjects
}

const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PUT, Method::DELETE];

fn names() -> [HeaderName; 3] {
    [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        HeaderName::from_static("x-requested-with"),
    ]
}

const EXPOSED: HeaderName = HeaderName::from_static("x-request-id");

fn corsac(list: List) -> CorsLayer {
    let policy = Policy::new(PolicyConfig {
        allow_origins: Listing::List(list.entries().map(Into::into).collect()),
        allow_methods: METHODS.map(|method| method.to_string()).into(),
        allow_headers: names().map(|name| name.to_string()).into(),
        allow_credentials: true,
        expose_headers: [EXPOSED.as_str()].into(),
        max_age: MaxAge::Seconds(600),
        ..PolicyConfig::default()
    });
    CorsLayer::new(policy.expect("a policy without a mistake"))
}

fn tower_http(list: List) -> tower_http::cors::CorsLayer {
    let origins: Vec<HeaderValue> = list
        .entries()
        .map(|it| it.parse().expect("ASCII"))
        .collect();
    tower_http::cors::CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(METHODS)
        .allow_headers(names())
        .allow_credentials(true)
        .expose_headers([EXPOSED])
        .max_age(Duration::from_secs(600))
}

/// What a policy says.
fn of_corsac(kind: &Kind) -> Answer {
    let grants = kind.origin_allowed && kind.rest_allowed;
    Answer {
        status: match (kind.is_preflight, grants) {
            (true, true) => 204,
            (true, false) => 403,
            (false, _) => 200,
        },
        grants,
    }
}

/// Of a middleware that compares origins and nothing else, and refuses nothing.
fn of_tower_http(kind: &Kind) -> Answer {
    Answer {
        status: 200,
        grants: kind.origin_allowed,
    }
}
