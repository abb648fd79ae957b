//! What servers' CORS can have, feature by feature, and what this one does: a test a feature, in the
//! order in which eight libraries were compared.

mod policies;
mod preflights;
mod requests;
mod responses;

use std::{
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use corsac_tower::{
    CorsLayer, Report,
    policy::{
        AllowHeaders, Depth, Field, Invalid, LintKind, Listing, MaxAge, MistakeKind, Mode,
        OriginPattern, OriginPredicate, Outcome, Policy, PolicyConfig, PolicyMap, Ports,
        Preflights, Prohibited, RequestHead,
    },
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use tower::{Layer, Service, service_fn};

use crate::{
    ORIGIN, PUT, STRANGER, answering, built, call, head, policy, request, unreachable_service,
};

type Asked<'a> = &'a [(&'a str, &'a str)];

const ALLOW_ORIGIN: &str = "access-control-allow-origin";
const ASKED_NAMES: &str = "access-control-request-headers";

fn listing<P: Into<OriginPattern>, const ENTRIES: usize>(entries: [P; ENTRIES]) -> PolicyConfig {
    PolicyConfig {
        allow_origins: entries.into(),
        ..PolicyConfig::default()
    }
}

fn anybody() -> PolicyConfig {
    PolicyConfig {
        allow_origins: Listing::Any,
        ..PolicyConfig::default()
    }
}

/// What a service says that answers 200 by itself.
fn answer(config: &PolicyConfig, method: &str, asked: Asked<'_>) -> Response<String> {
    let layer = CorsLayer::new(built(config.clone()));
    call(layer.layer(answering(200, &[])), request(method, asked)).unwrap()
}

/// The status of the answer to a preflight, and the names of its headers.
fn preflight(config: &PolicyConfig, asked: Asked<'_>) -> (u16, Vec<String>) {
    let layer = CorsLayer::new(built(config.clone()));
    let response = call(
        layer.layer(unreachable_service()),
        request("OPTIONS", asked),
    );
    let response = response.unwrap();
    let names = response.headers().keys().map(ToString::to_string);
    (response.status().as_u16(), names.collect())
}

fn is_granted(config: &PolicyConfig, method: &str, names: &str) -> bool {
    let method = ("access-control-request-method", method);
    let (status, said) = match names {
        "" => preflight(config, &[ORIGIN, method]),
        names => preflight(config, &[ORIGIN, method, (ASKED_NAMES, names)]),
    };
    assert_eq!(status == 204, said.iter().any(|name| name == ALLOW_ORIGIN));
    status == 204
}

#[track_caller]
fn opens(config: &PolicyConfig, origins: &[&str]) {
    for origin in origins {
        let response = answer(config, "GET", &[("origin", origin)]);
        let said = response.headers().get(ALLOW_ORIGIN);
        assert_eq!(said.map(HeaderValue::as_bytes), Some(origin.as_bytes()));
    }
}

#[track_caller]
fn closes(config: &PolicyConfig, origins: &[&str]) {
    for origin in origins {
        let response = answer(config, "GET", &[("origin", origin)]);
        assert!(!response.headers().contains_key(ALLOW_ORIGIN), "{origin}");
    }
}

#[track_caller]
fn mistakes(config: PolicyConfig) -> Vec<(Field, MistakeKind)> {
    let errors = Policy::new(config).unwrap_err();
    let mistakes = errors.mistakes().iter();
    mistakes
        .map(|mistake| (mistake.field, mistake.kind.clone()))
        .collect()
}

fn vary(response: &Response<String>) -> Vec<&str> {
    let lines = response.headers().get_all("vary").iter();
    lines.map(|line| line.to_str().unwrap()).collect()
}
