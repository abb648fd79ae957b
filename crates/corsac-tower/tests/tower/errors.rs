//! Services that end with an error.

use std::io;

use corsac_tower::CorsLayer;
use http::{Request, Response, StatusCode};
use tower::{Layer, service_fn};

use crate::{ORIGIN, PUT, call, head, policy, request};

async fn fail(_: Request<()>) -> Result<Response<String>, io::Error> {
    Err(io::Error::other("no upstream"))
}

#[test]
fn errors_pass() {
    let service = CorsLayer::new(policy()).layer(service_fn(fail));
    let error = call(service, request("GET", &[ORIGIN])).unwrap_err();
    assert_eq!(error.to_string(), "no upstream");
}

#[test]
fn a_mapped_error_is_a_response_like_any_other() {
    let layer = CorsLayer::new(policy()).map_err_into_response(|error: io::Error| {
        let mut response = Response::new(error.to_string());
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    });
    let service = layer.layer(service_fn(fail));
    let response = call(service.clone(), request("GET", &[ORIGIN])).unwrap();
    assert_eq!(response.headers()["access-control-allow-origin"], ORIGIN.1);
    assert_eq!(response.headers()["vary"], "Origin");
    assert_eq!(response.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(response.body(), "no upstream");
    // And a preflight is answered as ever.
    let response = call(service, request("OPTIONS", &[ORIGIN, PUT])).unwrap();
    assert_eq!(head(&response).0, 204);
}
