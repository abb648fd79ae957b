//! What went wrong in other libraries, each by its name there.

use corsac_tower::CorsLayer;
use http::HeaderValue;
use tower::Layer;

use crate::{
    ORIGIN, PUT, STRANGER, answering, call, head, listing, policy, request, unreachable_service,
};

/// tower-rs/tower-http#497: every OPTIONS was a preflight, and no handler ever saw one.
#[test]
fn tower_http_497() {
    let service = CorsLayer::new(policy()).layer(answering(207, &[]));
    let response = call(service, request("OPTIONS", &[])).unwrap();
    assert_eq!(response.body(), "from the service");
}

/// tower-rs/tower-http#198, expressjs/cors#332, rack-cors#71: a handler's Vary was lost, or said
/// again.
#[test]
fn a_handlers_vary_is_kept() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[("vary", "Accept, Origin")]));
    let response = call(service, request("GET", &[ORIGIN])).unwrap();
    assert_eq!(
        response
            .headers()
            .get_all("vary")
            .iter()
            .collect::<Vec<_>>(),
        ["Accept, Origin"]
    );
}

/// actix/actix-extras#19, fastapi/fastapi#457, expressjs/cors#106, django-cors-headers#888: an
/// error without CORS headers is no error to a page, it is nothing; and a stranger's response
/// spoke of credentials.
#[test]
fn errors_are_readable_and_strangers_are_told_nothing() {
    let service = CorsLayer::new(policy()).layer(answering(500, &[]));
    let response = call(service.clone(), request("GET", &[ORIGIN])).unwrap();
    assert!(
        response
            .headers()
            .contains_key("access-control-allow-origin")
    );
    let response = call(service, request("GET", &[STRANGER])).unwrap();
    assert_eq!(head(&response), (500, vec![("vary", "Origin")]));
}

/// quarkus#31631: a form posted under `no-referrer` has the Origin `null`, and is not CORS's to stop.
#[test]
fn a_form_of_nobody_reaches_the_service() {
    let service = CorsLayer::new(policy()).layer(answering(303, &[]));
    let response = call(service, request("POST", &[("origin", "null")])).unwrap();
    assert_eq!(head(&response), (303, vec![("vary", "Origin")]));
}

/// rs/cors#174, #183, #184: names in another case or order, and a gateway that splits the line.
#[test]
fn names_are_names_however_they_are_written() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    for asked in [
        &["content-type,x-custom"][..],
        &["X-Custom,Content-Type"],
        &["x-custom, content-type"],
        &["x-custom", "CONTENT-TYPE"],
        &["", "x-custom,,content-type"],
    ] {
        let mut headers = vec![ORIGIN, PUT];
        headers.extend(
            asked
                .iter()
                .map(|it| ("access-control-request-headers", *it)),
        );
        let response = call(service.clone(), request("OPTIONS", &headers)).unwrap();
        assert_eq!(head(&response).0, 204, "{asked:?}");
    }
}

/// jub0bs/cors 1.0.2: with credentials, whatever was asked for was echoed unread.
#[test]
fn what_is_no_name_is_not_echoed() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    for asked in [
        "x y;{}",
        "content-type;x-custom",
        "x-custom\u{7f}",
        "content-type x-custom",
    ] {
        let mut headers = request("OPTIONS", &[ORIGIN, PUT]);
        let Ok(asked) = HeaderValue::from_bytes(asked.as_bytes()) else {
            // No server passes these bytes on.
            continue;
        };
        let name = "access-control-request-headers";
        headers.headers_mut().insert(name, asked);
        let response = call(service.clone(), headers).unwrap();
        assert_eq!(head(&response).0, 403);
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-headers")
        );
    }
}

/// jub0bs/cors 1.0.2, axios/axios#1602: an upload with a listener asks first, for POST and nothing
/// else, of a policy that lists no method.
#[test]
fn an_upload_may_ask_for_what_it_needs_no_grant_for() {
    let service = CorsLayer::new(listing(["https://app.example"])).layer(unreachable_service());
    for method in ["GET", "HEAD", "POST"] {
        let asked = [ORIGIN, ("access-control-request-method", method)];
        let response = call(service.clone(), request("OPTIONS", &asked)).unwrap();
        assert_eq!(head(&response).0, 204, "{method}");
    }
    let asked = [ORIGIN, ("access-control-request-method", "DELETE")];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    assert_eq!(head(&response).0, 403);
}

/// fastify-cors#297, starlette#2560: credentials were granted without an origin.
#[test]
fn credentials_come_with_an_origin_or_not_at_all() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    for headers in [&[][..], &[ORIGIN], &[STRANGER]] {
        let response = call(service.clone(), request("GET", headers)).unwrap();
        let says = |name: &str| response.headers().contains_key(name);
        assert_eq!(
            says("access-control-allow-credentials"),
            says("access-control-allow-origin"),
            "{headers:?}"
        );
    }
}
