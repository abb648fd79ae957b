//! Policies by path, and policies that block.

use corsac_tower::{
    CorsLayer,
    policy::{Listing, Policy, PolicyConfig, PolicyMap},
};
use http::{Request, Version};
use tower::Layer;

use crate::{
    ORIGIN, PUT, STRANGER, answering, built, call, head, policy, request, unreachable_service,
};

fn map() -> PolicyMap {
    let open = built(PolicyConfig {
        allow_origins: Listing::Any,
        ..PolicyConfig::default()
    });
    PolicyMap::new(vec![
        (vec!["/public/**".to_owned()], open),
        (vec!["/public/secret".to_owned()], policy()),
        (vec!["/Admin".to_owned()], policy()),
    ])
    .unwrap()
}

fn at(path: &str) -> Request<()> {
    let mut asked = request("GET", &[STRANGER]);
    *asked.uri_mut() = path.parse().unwrap();
    asked
}

/// flask-cors before 6.0, CVE-2024-6839, CVE-2024-6844, CVE-2024-6866, and its `/api/../x`: a path
/// was decoded, folded or resolved into one of another policy; spring-framework#26490: what was
/// ambiguous was granted.
#[test]
fn a_path_is_the_policys_or_nobodys() {
    let service = CorsLayer::new(map()).layer(answering(200, &[]));
    for (path, opens) in [
        ("/public/data", true),
        ("/public/", true),
        ("/public/data?x=/secret", true),
        ("/public/secret", false),
        ("/public/x/../secret", false),
        ("/public/%2e%2e/data", false),
        ("/public%2Fdata", false),
        ("/PUBLIC/data", false),
        ("/public//data", false),
        ("/public/%zz", false),
        ("/other", false),
    ] {
        let response = call(service.clone(), at(path)).unwrap();
        let says = response
            .headers()
            .contains_key("access-control-allow-origin");
        assert_eq!(says, opens, "{path}");
    }
}

#[test]
fn a_map_is_set_as_a_policy_is() {
    let (layer, handle) = CorsLayer::reloadable(Policy::default());
    let service = layer.layer(answering(200, &[]));
    let opens = || {
        let response = call(service.clone(), at("/public/data")).unwrap();
        response
            .headers()
            .contains_key("access-control-allow-origin")
    };
    assert!(!opens());
    handle.set(map());
    assert!(opens());
}

/// GHSA-583g-g682-crxf of Micronaut: a simple request runs, whoever may read the answer. A policy
/// that blocks keeps it from the service, but never a request of the server's own pages.
#[test]
fn a_policy_may_keep_strangers_from_the_service() {
    let blocking = || {
        built(PolicyConfig {
            block_disallowed: true,
            ..policy().to_config()
        })
    };
    let service = CorsLayer::new(blocking()).layer(unreachable_service());
    for asked in [
        &[STRANGER][..],
        &[("origin", "null")],
        &[STRANGER, ("sec-fetch-site", "cross-site")],
        &[STRANGER, ("host", "api.example")],
    ] {
        let response = call(service.clone(), request("POST", asked)).unwrap();
        assert_eq!(response.status(), 403, "{asked:?}");
        assert_eq!(response.headers()["vary"], "Origin");
        assert_eq!(response.body(), "");
    }
    let service = CorsLayer::new(blocking()).layer(answering(200, &[]));
    for asked in [
        &[][..],
        &[ORIGIN],
        &[STRANGER, ("sec-fetch-site", "same-origin")],
        &[STRANGER, ("host", "evil.example")],
    ] {
        let response = call(service.clone(), request("POST", asked)).unwrap();
        assert_eq!(response.status(), 200, "{asked:?}");
    }
    // HTTP/2 has an authority in place of Host.
    let mut asked = request("POST", &[STRANGER]);
    *asked.version_mut() = Version::HTTP_2;
    *asked.uri_mut() = "https://evil.example/".parse().unwrap();
    assert_eq!(call(service, asked).unwrap().status(), 200);
}

/// The whole of what an allowed pattern grants, and to whom it does not.
#[test]
fn patterns_grant_the_origin_that_asked() {
    let service = CorsLayer::new(built(PolicyConfig {
        allow_origins: ["https://*.b.example", "https://pr-*.c.example"].into(),
        allow_methods: ["PUT"].into(),
        ..PolicyConfig::default()
    }))
    .layer(unreachable_service());
    for (origin, opens) in [
        ("https://x.b.example", true),
        ("https://x.y.b.example", true),
        ("https://pr-7.c.example", true),
        ("https://b.example", false),
        ("https://evil/.b.example", false),
        ("https://xb.example", false),
        ("https://x.b.example.evil.example", false),
        ("https://pr-7.x.c.example", false),
        ("http://x.b.example", false),
    ] {
        let response = call(
            service.clone(),
            request("OPTIONS", &[("origin", origin), PUT]),
        )
        .unwrap();
        let (status, lines) = head(&response);
        let said = ("access-control-allow-origin", origin);
        assert_eq!(lines.contains(&said), opens, "{origin}");
        assert_eq!(status, if opens { 204 } else { 403 }, "{origin}");
    }
}
