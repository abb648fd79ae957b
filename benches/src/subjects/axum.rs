//! A route of axum, which clones its layered service for every request.

use axum::{Router, body::Body, response::Response, routing::any};
use http::{Request, header};
use tower::{Service, layer::layer_fn};

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

const BARE: &str = "axum, bare";

pub(super) fn subjects(list: List) -> Vec<Subject> {
    let app = || {
        Router::new().route(
            "/",
            any(|| async { [(header::CONTENT_TYPE, "text/plain")] }),
        )
    };
    let mut subjects = vec![
        subject(BARE, bare, app()),
        subject("axum, corsac-tower", of_corsac, app().layer(corsac(list))),
    ];
    if !list.wildcards {
        let by_hand = app().layer(layer_fn(Echo));
        subjects.push(subject("axum, by hand", of_echo, by_hand));
        let theirs = app().layer(tower_http(list));
        subjects.push(subject("axum, tower-http", of_tower_http, theirs));
    }
    subjects
}

fn subject(name: &'static str, expected: fn(&Kind) -> Answer, app: Router) -> Subject {
    // Else the router is layered anew for every request.
    let mut app = app.with_state(());
    Subject::new(
        [name, BARE],
        expected,
        Kind::request,
        move |request: Request<Body>| match now(app.call(request)) {
            Ok(response) => response,
            Err(never) => match never {},
        },
        |response: &Response| Answer::of(response.status(), response.headers()),
    )
}
