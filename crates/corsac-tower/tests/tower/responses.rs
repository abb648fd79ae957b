//! Responses of the service.

use corsac_tower::{
    CorsLayer,
    policy::{Listing, Policy, PolicyConfig},
};
use tower::Layer;

use crate::{ORIGIN, PUT, STRANGER, answering, built, call, head, policy, request};

const GRANT: [(&str, &str); 4] = [
    ("access-control-allow-credentials", "true"),
    ("access-control-allow-origin", "https://app.example"),
    ("access-control-expose-headers", "X-Total"),
    ("vary", "Origin"),
];

#[test]
fn every_status_gets_the_headers() {
    for status in [200, 204, 206, 301, 304, 401, 403, 404, 405, 429, 500, 503] {
        let service = CorsLayer::new(policy()).layer(answering(status, &[]));
        let response = call(service, request("GET", &[ORIGIN])).unwrap();
        assert_eq!(head(&response), (status, GRANT.to_vec()));
        assert_eq!(response.body(), "from the service");
    }
}

#[test]
fn a_refused_request_is_answered_without_a_grant() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    let response = call(service, request("GET", &[STRANGER])).unwrap();
    assert_eq!(head(&response), (200, vec![("vary", "Origin")]));
    assert_eq!(response.body(), "from the service");
}

#[test]
fn a_request_without_an_origin_is_answered_without_a_grant() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    let response = call(service, request("GET", &[])).unwrap();
    assert_eq!(head(&response), (200, vec![("vary", "Origin")]));
}

#[test]
fn everybody_is_told_of_everybody() {
    let policy = built(PolicyConfig {
        allow_origins: Listing::Any,
        ..PolicyConfig::default()
    });
    let service = CorsLayer::new(policy).layer(answering(200, &[]));
    for headers in [&[][..], &[ORIGIN], &[STRANGER]] {
        let response = call(service.clone(), request("GET", headers)).unwrap();
        assert_eq!(
            head(&response),
            (200, vec![("access-control-allow-origin", "*")])
        );
    }
}

#[test]
fn the_default_policy_says_nothing() {
    let service = CorsLayer::new(Policy::default()).layer(answering(200, &[]));
    let response = call(service, request("GET", &[ORIGIN])).unwrap();
    assert_eq!(head(&response), (200, vec![]));
}

#[test]
fn several_origins_are_nobodys() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    for second in [ORIGIN, STRANGER] {
        let response = call(service.clone(), request("GET", &[ORIGIN, second])).unwrap();
        assert_eq!(head(&response), (200, vec![("vary", "Origin")]));
    }
}

#[test]
fn plain_options_reaches_the_service() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[("allow", "GET, PUT")]));
    for (headers, grant) in [
        (&[][..], &[][..]),
        // Without an Origin it is no preflight either.
        (&[PUT], &[]),
        (&[ORIGIN], &GRANT[..3]),
    ] {
        let response = call(service.clone(), request("OPTIONS", headers)).unwrap();
        let mut expected = grant.to_vec();
        expected.push(("allow", "GET, PUT"));
        assert_eq!(head(&response), (200, expected), "{headers:?}");
        assert_eq!(response.body(), "from the service");
    }
}

#[test]
fn the_services_own_headers_are_replaced() {
    let own = &[
        ("access-control-allow-origin", "*"),
        ("access-control-allow-origin", "https://evil.example"),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "*"),
        ("access-control-allow-headers", "*"),
        ("access-control-max-age", "86400"),
        ("access-control-expose-headers", "*"),
        ("access-control-allow-private-network", "true"),
        ("content-type", "text/plain"),
    ];
    // These are not the policy's.
    let others = [
        ("access-control-allow-private-network", "true"),
        ("content-type", "text/plain"),
    ];
    let service = CorsLayer::new(policy()).layer(answering(200, own));
    for (headers, grant) in [(&[ORIGIN][..], &GRANT[..3]), (&[STRANGER], &[]), (&[], &[])] {
        let response = call(service.clone(), request("GET", headers)).unwrap();
        let mut expected = [grant, &others, &[("vary", "Origin")]].concat();
        expected.sort_unstable();
        assert_eq!(head(&response), (200, expected), "{headers:?}");
    }
}
