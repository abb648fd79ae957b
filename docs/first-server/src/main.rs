//! An API for one page: `cargo run -- http://localhost:5173`.

use std::{env, error::Error};

use axum::{
    Router,
    http::{HeaderMap, StatusCode, header},
    routing::get,
};
use corsac_tower::{
    CorsLayer,
    policy::{Policy, PolicyConfig},
};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let page = env::args().nth(1).ok_or("which page may read?")?;
    let policy = Policy::new(PolicyConfig {
        allow_origins: [page].into(),
        allow_methods: ["PUT"].into(),
        allow_headers: ["Content-Type"].into(),
        allow_credentials: true,
        expose_headers: ["X-Total"].into(),
        ..PolicyConfig::default()
    })?;
    let cookie = |headers: HeaderMap| async move {
        let cookie = headers.get(header::COOKIE).cloned();
        cookie.map_or("nobody".into(), |cookie| cookie.as_bytes().to_vec())
    };
    let orders = || async { ([("x-total", "2"), ("x-secret", "42")], "two of them") };
    let app = Router::new()
        .route("/orders", get(orders).put(|| async { "replaced" }))
        .route("/whoami", get(cookie))
        .route(
            "/broken",
            get(|| async { StatusCode::INTERNAL_SERVER_ERROR }),
        )
        .layer(CorsLayer::new(policy));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}
