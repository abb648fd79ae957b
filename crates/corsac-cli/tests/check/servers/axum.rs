//! axum with tower-http's CorsLayer, which answers preflights without looking at what they ask.

use std::{net::SocketAddr, thread};

use axum::{
    Router,
    http::{HeaderValue, Method, header::CONTENT_TYPE},
    routing::any,
};
use tokio::sync::oneshot;
use tower_http::cors::CorsLayer;

use crate::command::{check, check_of};

struct Served {
    address: SocketAddr,
    // Dropping it ends the server.
    _ends: oneshot::Sender<()>,
}

fn start() -> Served {
    let layer = CorsLayer::new()
        .allow_origin(HeaderValue::from_static("http://sitea.com"))
        .allow_methods([Method::GET, Method::PUT])
        .allow_headers([CONTENT_TYPE]);
    let app = Router::new()
        .route("/a", any(|| async { "hi" }))
        .layer(layer);
    let (ends, ended) = oneshot::channel::<()>();
    let (tells, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tells.send(listener.local_addr().unwrap()).unwrap();
            tokio::select! {
                served = async { axum::serve(listener, app).await } => served.unwrap(),
                _ = ended => {}
            }
        });
    });
    Served {
        address: told.recv().unwrap(),
        _ends: ends,
    }
}

#[test]
fn what_the_layer_lists_is_granted_and_nothing_else() {
    let served = start();
    let url = format!("http://{}/a", served.address);
    let json = [
        "-X",
        "PUT",
        "-H",
        "content-type: application/json",
        "-d",
        "{}",
    ];
    let ran = check(&[&[&*url], &json[..]].concat());
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /a", "PUT /a"]);
    // Both requests went over one connection, as with a browser.
    assert_eq!(ran.json["steps"][1]["timings"].get("connect"), None);

    let ran = check(&[&[&*url, "-H", "x-cart: 7"], &json[..]].concat());
    ran.is_blocked("header-not-allowed", "preflight", 0);
    let fix = ran.json["fix"]["changes"].to_string();
    assert!(fix.contains("content-type, x-cart"), "{fix}");

    check(&[&url, "-X", "DELETE"]).is_blocked("method-not-allowed", "preflight", 0);
    check(&[&url, "--credentials", "include"]).is_blocked(
        "allow-credentials-not-true",
        "actual",
        0,
    );
}

#[test]
fn another_origin_meets_the_one_that_is_granted() {
    let served = start();
    let url = format!("http://{}/a", served.address);
    let ran = check_of(&[&url, "-o", "http://sitea.com:8080"]);
    ran.is_blocked("allow-origin-mismatch", "actual", 0);
    let (header, line, byte, length) = ran.evidence();
    assert_eq!(
        (header, byte, length),
        ("Access-Control-Allow-Origin", 0, 16)
    );
    let line = usize::try_from(line).unwrap();
    // hyper writes names in lower case, and they stay so.
    assert_eq!(
        ran.json["steps"][0]["response"]["headers"][line][0],
        "access-control-allow-origin"
    );
}
