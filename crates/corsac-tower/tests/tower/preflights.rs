//! Answers to preflights.

use corsac_tower::{
    CorsLayer,
    policy::{PolicyConfig, Preflights},
};
use tower::Layer;

use crate::{
    ORIGIN, PUT, STRANGER, built, call, head, lines, policy, request, unreachable_service,
};

#[test]
fn a_preflight_is_granted_before_the_service() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    let asked = [
        ORIGIN,
        PUT,
        ("access-control-request-headers", "content-type,x-custom"),
        ("accept", "*/*"),
        ("user-agent", "of the request, not of the response"),
    ];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    let expected = vec![
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-headers", "content-type,x-custom"),
        ("access-control-allow-methods", "PUT"),
        ("access-control-allow-origin", "https://app.example"),
        ("access-control-max-age", "600"),
    ];
    assert_eq!(head(&response), (204, expected));
    assert_eq!(response.body(), "");
}

#[test]
fn a_preflight_may_be_told_the_lists() {
    let policy = built(PolicyConfig {
        preflights: Preflights::TellLists,
        ..policy().config().clone()
    });
    let service = CorsLayer::new(policy).layer(unreachable_service());
    let response = call(service, request("OPTIONS", &[ORIGIN, PUT])).unwrap();
    let headers = response.headers();
    assert_eq!(
        headers["access-control-allow-headers"],
        "Content-Type, X-Custom"
    );
}

#[test]
fn a_refused_preflight_is_told_nothing() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    for asked in [
        &[STRANGER, PUT][..],
        &[ORIGIN, ORIGIN, PUT],
        &[ORIGIN, ("access-control-request-method", "DELETE")],
        &[ORIGIN, ("access-control-request-method", "GET, PUT")],
        &[ORIGIN, PUT, PUT],
        &[ORIGIN, PUT, ("access-control-request-headers", "x-other")],
    ] {
        let response = call(service.clone(), request("OPTIONS", asked)).unwrap();
        assert_eq!(head(&response), (403, vec![]), "{asked:?}");
        assert_eq!(response.body(), "");
    }
}

#[test]
fn names_in_several_lines_are_read_and_echoed() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    let asked = [
        ORIGIN,
        PUT,
        ("access-control-request-headers", "content-type"),
        ("access-control-request-headers", "x-custom"),
    ];
    let response = call(service.clone(), request("OPTIONS", &asked)).unwrap();
    let mut echoed = lines(response.headers());
    echoed.retain(|(name, _)| *name == "access-control-allow-headers");
    let names: Vec<_> = echoed.into_iter().map(|(_, value)| value).collect();
    assert_eq!(names, ["content-type", "x-custom"]);

    // The second line is asked for as well as the first.
    let asked = [
        ORIGIN,
        PUT,
        ("access-control-request-headers", "content-type"),
        ("access-control-request-headers", "x-other"),
    ];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    assert_eq!(head(&response), (403, vec![]));
}

/// XMLHttpRequest with a listener on `upload` asks for POST without any header.
#[test]
fn a_safelisted_method_may_be_asked_for() {
    let policy = built(PolicyConfig {
        allow_origins: ["https://app.example"].into(),
        ..PolicyConfig::default()
    });
    let service = CorsLayer::new(policy).layer(unreachable_service());
    let asked = [ORIGIN, ("access-control-request-method", "POST")];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    let expected = vec![("access-control-allow-origin", "https://app.example")];
    assert_eq!(head(&response), (204, expected));
}
