//! tower-http's documented examples, with the import changed and `.build()` added; and what it
//! takes and this refuses.

use std::{convert::Infallible, time::Duration};

use axum::body::Bytes;
use corsac_tower::migrate::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, AllowPrivateNetwork, Any, CorsLayer,
    ExposeHeaders, MaxAge, Refused, Vary, any,
};
use http::{
    HeaderName, HeaderValue, Method, Request, Response, header, request::Parts as RequestParts,
};
use http_body_util::Full;
use tower::{Layer, Service, ServiceBuilder, ServiceExt};

use crate::{ORIGIN, answering, call, head, request, unreachable_service};

/// The example of the module.
#[tokio::test]
async fn the_first_example() -> Result<(), Box<dyn std::error::Error>> {
    async fn handle(_: Request<Full<Bytes>>) -> Result<Response<Full<Bytes>>, Infallible> {
        Ok(Response::new(Full::default()))
    }

    let cors = CorsLayer::new()
        // allow `GET` and `POST` when accessing the resource
        .allow_methods([Method::GET, Method::POST])
        // allow requests from any origin
        .allow_origin(Any)
        .build()?;

    let mut service = ServiceBuilder::new().layer(cors).service_fn(handle);

    let request = Request::builder()
        .header(header::ORIGIN, "https://example.com")
        .body(Full::default())
        .unwrap();

    let response = service.ready().await?.call(request).await?;

    assert_eq!(
        response
            .headers()
            .get(header::ACCESS_CONTROL_ALLOW_ORIGIN)
            .unwrap(),
        "*",
    );
    Ok(())
}

/// The examples of the methods, one after another: each of them built, and asked one question.
#[test]
fn the_examples_of_the_methods() {
    let preflight = |layer: CorsLayer, asked: &[(&str, &str)], name: &str| {
        let service = layer.build().unwrap().layer(unreachable_service());
        let response = call(service, request("OPTIONS", asked)).unwrap();
        let value = response.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    let example = ("origin", "http://example.com");
    let get = ("access-control-request-method", "GET");
    let origin = || HeaderValue::from_static(example.1);

    // allow_credentials
    let layer = CorsLayer::new()
        .allow_credentials(true)
        .allow_origin(origin());
    // As it is documented, over http, whoever sits on the wire could speak for the origin.
    let error = layer.build().unwrap_err();
    assert!(error.refused().is_empty() && error.mistakes().is_some());
    let (name, value) = ("origin", "https://example.com");
    let layer = CorsLayer::new()
        .allow_credentials(true)
        .allow_origin(HeaderValue::from_static(value));
    let said = preflight(
        layer,
        &[(name, value), get],
        "access-control-allow-credentials",
    );
    assert_eq!(said.unwrap(), "true");

    // allow_headers
    let layer = CorsLayer::new()
        .allow_headers([header::AUTHORIZATION, header::ACCEPT])
        .allow_origin(origin());
    let said = preflight(layer, &[example, get], "access-control-allow-headers");
    assert_eq!(said.unwrap(), "authorization, accept");
    let layer = CorsLayer::new().allow_headers(Any).allow_origin(origin());
    let said = preflight(layer, &[example, get], "access-control-allow-headers");
    assert_eq!(said.unwrap(), "*");

    // max_age
    let layer = CorsLayer::new()
        .max_age(Duration::from_secs(60) * 10)
        .allow_origin(origin());
    let said = preflight(layer, &[example, get], "access-control-max-age");
    assert_eq!(said.unwrap(), "600");

    // allow_methods
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST])
        .allow_origin(origin());
    let said = preflight(layer, &[example, get], "access-control-allow-methods");
    assert_eq!(said.unwrap(), "GET, POST");
    let layer = CorsLayer::new().allow_methods(Any).allow_origin(origin());
    let said = preflight(layer, &[example, get], "access-control-allow-methods");
    assert_eq!(said.unwrap(), "*");

    // allow_origin
    let layer = CorsLayer::new().allow_origin("http://example.com".parse::<HeaderValue>().unwrap());
    let said = preflight(layer, &[example, get], "access-control-allow-origin");
    assert_eq!(said.unwrap(), example.1);
    let origins = [
        "http://example.com".parse().unwrap(),
        "http://api.example.com".parse().unwrap(),
    ];
    let layer = CorsLayer::new().allow_origin(origins);
    let api = ("origin", "http://api.example.com");
    let said = preflight(layer, &[api, get], "access-control-allow-origin");
    assert_eq!(said.unwrap(), api.1);
    let layer = CorsLayer::new().allow_origin(Any);
    let said = preflight(layer, &[ORIGIN, get], "access-control-allow-origin");
    assert_eq!(said.unwrap(), "*");
}

#[test]
fn the_examples_of_expose_headers() {
    for (exposed, said) in [
        (
            ExposeHeaders::from([header::CONTENT_ENCODING]),
            "content-encoding",
        ),
        (Any.into(), "*"),
    ] {
        let layer = CorsLayer::new()
            .allow_origin(Any)
            .expose_headers(exposed)
            .build();
        let service = layer.unwrap().layer(answering(200, &[]));
        let response = call(service, request("GET", &[ORIGIN])).unwrap();
        assert_eq!(response.headers()["access-control-expose-headers"], said);
    }
}

/// The examples of predicates: at once, later, and later by the path.
#[test]
fn the_examples_of_predicates() {
    #[derive(Clone)]
    struct Client;
    impl Client {
        async fn fetch_allowed_origins(&self) -> Vec<HeaderValue> {
            vec![HeaderValue::from_static("http://example.com")]
        }
        async fn fetch_allowed_origins_for_path(&self, path: String) -> Vec<HeaderValue> {
            let origin = match &*path {
                "/" => "http://example.com",
                _ => "http://other.example.com",
            };
            vec![HeaderValue::from_static(origin)]
        }
    }
    let get_api_client = || Client;

    let granted = |layer: &CorsLayer, origin: &'static str, path: &'static str| {
        let service = layer.clone().build().unwrap().layer(answering(200, &[]));
        let mut request = request("GET", &[("origin", origin)]);
        *request.uri_mut() = http::Uri::from_static(path);
        let response = call(service, request).unwrap();
        let allowed = response.headers().get("access-control-allow-origin");
        assert_eq!(response.headers()["vary"], "Origin");
        allowed.map(|value| value.to_str().unwrap().to_owned())
    };

    let layer = CorsLayer::new().allow_origin(AllowOrigin::predicate(
        |origin: &HeaderValue, _request_parts: &RequestParts| {
            origin.as_bytes().ends_with(b".rust-lang.org")
        },
    ));
    let crates = "https://docs.rust-lang.org";
    assert_eq!(granted(&layer, crates, "/").as_deref(), Some(crates));
    assert_eq!(granted(&layer, "https://example.com", "/"), None);
    // What no browser sends ends so, too, and is never asked about.
    assert_eq!(granted(&layer, "https://a b.rust-lang.org", "/"), None);
    assert_eq!(granted(&layer, "https://x/.rust-lang.org", "/"), None);

    let client = get_api_client();
    let layer = CorsLayer::new().allow_origin(AllowOrigin::async_predicate(
        |origin: HeaderValue, _request_parts: &RequestParts| async move {
            let origins = client.fetch_allowed_origins().await;
            origins.contains(&origin)
        },
    ));
    let example = "http://example.com";
    assert_eq!(granted(&layer, example, "/").as_deref(), Some(example));
    assert_eq!(granted(&layer, crates, "/"), None);

    let client = get_api_client();
    let layer = CorsLayer::new().allow_origin(AllowOrigin::async_predicate(
        |origin: HeaderValue, parts: &RequestParts| {
            let path = parts.uri.path().to_owned();

            async move {
                let origins = client.fetch_allowed_origins_for_path(path).await;
                origins.contains(&origin)
            }
        },
    ));
    assert_eq!(granted(&layer, example, "/").as_deref(), Some(example));
    assert_eq!(granted(&layer, example, "/other"), None);
}

/// What a predicate looks at is said by `vary`, and by the layer on every response; what the policy
/// sees to is not said twice.
#[test]
fn vary_names_what_a_predicate_looks_at() {
    const TENANT: HeaderName = HeaderName::from_static("x-tenant");
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(|_, parts| {
            parts.headers.contains_key(TENANT)
        }))
        .vary([
            header::ORIGIN,
            header::ACCESS_CONTROL_REQUEST_METHOD,
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            TENANT,
        ])
        .build()
        .unwrap();
    let service = layer.layer(answering(200, &[]));
    for (asked, is_granted) in [(&[ORIGIN][..], false), (&[ORIGIN, ("x-tenant", "a")], true)] {
        let response = call(service.clone(), request("GET", asked)).unwrap();
        let headers = response.headers();
        assert_eq!(
            headers.contains_key("access-control-allow-origin"),
            is_granted
        );
        let vary: Vec<_> = headers.get_all("vary").iter().collect();
        assert_eq!(vary, ["Origin", "x-tenant"]);
    }
}

/// A policy lists its origins; a predicate that sees the request is the layer's.
#[test]
fn a_predicate_is_no_part_of_a_policy() {
    let at_once = AllowOrigin::predicate(|_, _| true);
    let later = AllowOrigin::async_predicate(|_, _| async { true });
    for layer in [
        CorsLayer::new().allow_origin(at_once),
        CorsLayer::new().allow_origin(later),
        CorsLayer::new().allow_private_network(AllowPrivateNetwork::predicate(|_, _| true)),
    ] {
        let error = layer.into_policy().unwrap_err();
        assert_eq!(error.refused(), [Refused::PredicateInPolicy]);
    }
}

/// It is asked about preflights that ask, and only narrows what the policy allows.
#[test]
fn a_predicate_of_private_networks_may_refuse_them() {
    let later = AllowOrigin::async_predicate(|origin, _| async move { origin == ORIGIN.1 });
    let listed = AllowOrigin::exact(HeaderValue::from_static(ORIGIN.1));
    for allow_origin in [listed, later] {
        let layer = CorsLayer::new()
            .allow_origin(allow_origin)
            .allow_private_network(AllowPrivateNetwork::predicate(|origin, parts| {
                assert_eq!(parts.method, Method::OPTIONS);
                let asked = &parts.headers["access-control-request-private-network"];
                *asked == "true" && *origin == ORIGIN.1 && parts.uri.path() == "/printers"
            }))
            .build()
            .unwrap();
        let service = layer.layer(answering(200, &[]));
        let get = ("access-control-request-method", "GET");
        let network = ("access-control-request-private-network", "true");
        for (method, path, asked, said) in [
            ("OPTIONS", "/printers", &[ORIGIN, get, network][..], true),
            ("OPTIONS", "/", &[ORIGIN, get, network], false),
            ("OPTIONS", "/printers", &[ORIGIN, get], false),
            (
                "OPTIONS",
                "/printers",
                &[crate::STRANGER, get, network],
                false,
            ),
            ("GET", "/printers", &[ORIGIN, network], false),
        ] {
            let mut request = request(method, asked);
            *request.uri_mut() = http::Uri::from_static(path);
            let response = call(service.clone(), request).unwrap();
            let name = "access-control-allow-private-network";
            assert_eq!(response.headers().contains_key(name), said, "{asked:?}");
            let is_granted = response
                .headers()
                .contains_key("access-control-allow-origin");
            assert_eq!(is_granted, asked[0] == ORIGIN);
        }
    }
}

/// The example of allow_private_network, which only a preflight hears of that asks.
#[test]
fn private_networks_are_granted_to_who_asks() {
    for allow in [true.into(), AllowPrivateNetwork::yes()] {
        let layer = CorsLayer::new()
            .allow_origin("https://app.example".parse::<HeaderValue>().unwrap())
            .allow_private_network(allow)
            .build()
            .unwrap();
        let service = layer.layer(unreachable_service());
        let get = ("access-control-request-method", "GET");
        let network = ("access-control-request-private-network", "true");
        for (asked, said) in [
            (&[ORIGIN, get, network][..], true),
            (&[ORIGIN, get], false),
            (&[crate::STRANGER, get, network], false),
        ] {
            let response = call(service.clone(), request("OPTIONS", asked)).unwrap();
            let name = "access-control-allow-private-network";
            assert_eq!(response.headers().contains_key(name), said, "{asked:?}");
        }
    }
}

/// The documented examples that are refused, each with its reason.
#[test]
fn the_examples_that_are_refused() {
    struct MyServerConfig {
        cors_max_age: Duration,
    }
    let refused = |layer: CorsLayer| {
        let error = layer.build().unwrap_err();
        assert_eq!(error.mistakes(), None);
        assert_eq!(error.to_string().lines().count(), error.refused().len());
        error.refused().to_vec()
    };

    let layer = CorsLayer::new().max_age(MaxAge::dynamic(
        |_origin: &HeaderValue, parts: &RequestParts| -> Duration {
            let config = parts.extensions.get::<MyServerConfig>().unwrap();
            config.cors_max_age
        },
    ));
    assert_eq!(refused(layer), [Refused::DynamicMaxAge]);

    let layer = CorsLayer::new().allow_credentials(AllowCredentials::predicate(|_, _| true));
    assert_eq!(refused(layer), [Refused::CredentialsPredicate]);
    let layer = CorsLayer::permissive().vary(Vary::list([HeaderName::from_static("x-foo")]));
    assert_eq!(refused(layer), [Refused::Vary]);
    assert_eq!(
        refused(CorsLayer::very_permissive()),
        [
            Refused::AnyMethodWithCredentials,
            Refused::AnyHeaderWithCredentials,
            Refused::AnyOriginWithCredentials,
        ]
    );
}

/// Where tower-http panics while it serves, and where it never matches: all at once, as values.
#[test]
fn mistakes_are_told_with_what_is_refused() {
    let error = CorsLayer::new()
        .allow_origin([
            HeaderValue::from_static("https://app.example/"),
            HeaderValue::from_static("*"),
            HeaderValue::from_bytes(b"https://\xff.example").unwrap(),
        ])
        .allow_credentials(true)
        .allow_headers(Any)
        .allow_methods(any())
        .expose_headers(Any)
        .max_age(Duration::MAX)
        .vary([])
        .build()
        .unwrap_err();
    assert_eq!(error.refused(), [Refused::Vary]);
    assert_eq!(error.mistakes().unwrap().mistakes().len(), 7);
    assert_eq!(error.to_string().lines().count(), 8, "{error}");
}

#[test]
fn permissive_is_permissive() {
    let layer = CorsLayer::permissive().build().unwrap();
    let service = layer.layer(answering(200, &[]));
    let response = call(service.clone(), request("GET", &[ORIGIN])).unwrap();
    let expected = vec![
        ("access-control-allow-origin", "*"),
        ("access-control-expose-headers", "*"),
    ];
    assert_eq!(head(&response), (200, expected));
    let asked = [ORIGIN, ("access-control-request-method", "PATCH")];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    assert_eq!(response.headers()["access-control-allow-methods"], "*");
}

/// To mirror is to allow any, and without credentials a `*` says so.
#[test]
fn mirrors_without_credentials_are_wildcards() {
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods(AllowMethods::mirror_request())
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(false)
        .allow_private_network(false)
        .build();
    let service = layer.unwrap().layer(unreachable_service());
    let asked = [
        ORIGIN,
        ("access-control-request-method", "PATCH"),
        ("access-control-request-headers", "authorization,x-any"),
    ];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    let headers = response.headers();
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["access-control-allow-methods"], "*");
    assert_eq!(headers["access-control-allow-headers"], "*, Authorization");
}

#[test]
fn a_max_age_of_no_second_is_none() {
    for (max_age, said) in [
        (Duration::ZERO, "0"),
        (Duration::from_millis(999), "0"),
        (Duration::from_millis(1999), "1"),
    ] {
        let layer = CorsLayer::permissive().max_age(max_age).build().unwrap();
        let asked = [ORIGIN, ("access-control-request-method", "GET")];
        let response = call(
            layer.layer(unreachable_service()),
            request("OPTIONS", &asked),
        )
        .unwrap();
        assert_eq!(response.headers()["access-control-max-age"], said);
    }
}

/// What else tower-http's types are made of.
#[test]
fn every_constructor_is_there() {
    let layer = CorsLayer::new()
        .allow_origin(AllowOrigin::exact(HeaderValue::from_static("*")))
        .allow_origin(AllowOrigin::list(vec![HeaderValue::from_static(
            "https://a.example",
        )]))
        .allow_origin(vec![HeaderValue::from_static("https://a.example")])
        .allow_methods(Method::PUT)
        .allow_methods(vec![Method::PUT])
        .allow_methods(AllowMethods::exact(Method::PUT))
        .allow_methods(AllowMethods::any())
        .allow_headers(vec![header::ACCEPT])
        .allow_headers(AllowHeaders::any())
        .expose_headers(vec![header::ETAG])
        .expose_headers(ExposeHeaders::any())
        .max_age(MaxAge::exact(Duration::from_secs(1)))
        .allow_credentials(AllowCredentials::yes())
        .allow_credentials(AllowCredentials::default());
    let policy = layer.into_policy().unwrap();
    assert_eq!(policy.config().allow_origins, ["https://a.example"].into());

    let star = CorsLayer::new().allow_origin(HeaderValue::from_static("*"));
    let policy = star.into_policy().unwrap();
    assert_eq!(
        policy.config().allow_origins,
        corsac_tower::policy::Listing::Any
    );
}
