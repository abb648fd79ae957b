//! The layer where people put it.

use axum::{Router, body::Body, middleware, response::IntoResponse, routing::get};
use corsac_tower::CorsLayer;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt;

use crate::{ORIGIN, PUT, policy};

/// Refuses whoever brings no token. Preflights never do.
async fn auth(request: axum::extract::Request, next: middleware::Next) -> axum::response::Response {
    match request.headers().contains_key(header::AUTHORIZATION) {
        true => next.run(request).await,
        false => StatusCode::UNAUTHORIZED.into_response(),
    }
}

fn app() -> Router {
    Router::new()
        .route("/", get(|| async { "hello" }))
        .layer(middleware::from_fn(auth))
        .layer(CorsLayer::new(policy()))
}

fn axum_request(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn preflights_pass_by_auth() {
    let request = axum_request("OPTIONS", "/", &[ORIGIN, PUT]);
    let response = app().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.headers()["access-control-allow-methods"], "PUT");
    let body = response.into_body().collect().await.unwrap();
    assert!(body.to_bytes().is_empty());
}

#[tokio::test]
async fn what_auth_says_can_be_read() {
    let request = axum_request("GET", "/", &[ORIGIN]);
    let response = app().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["access-control-allow-origin"], ORIGIN.1);
    let request = axum_request(
        "GET",
        "/",
        &[ORIGIN, ("authorization", "Bearer of good news")],
    );
    let response = app().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
}

/// What axum itself answers for a path or a method that nobody routed.
#[tokio::test]
async fn what_the_router_says_can_be_read() {
    let authorized = [ORIGIN, ("authorization", "Bearer")];
    for (method, path, status) in [
        ("GET", "/nowhere", StatusCode::NOT_FOUND),
        ("DELETE", "/", StatusCode::METHOD_NOT_ALLOWED),
    ] {
        // `Router::layer` covers routes and the fallback of methods, and the fallback of paths.
        let response = app()
            .oneshot(axum_request(method, path, &authorized))
            .await
            .unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(
            response.headers()["access-control-allow-origin"],
            ORIGIN.1,
            "{path}"
        );
    }
}
