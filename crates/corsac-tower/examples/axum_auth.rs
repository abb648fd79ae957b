//! axum, with authentication behind CORS.
//!
//! ```sh
//! cargo run -p corsac-tower --example axum_auth
//! # A preflight carries no token, and is answered all the same.
//! curl -i -X OPTIONS localhost:3000/orders -H 'origin: http://localhost:5173' \
//!     -H 'access-control-request-method: GET' -H 'access-control-request-headers: authorization'
//! # Without a token it is a 401, and the page can tell.
//! curl -i localhost:3000/orders -H 'origin: http://localhost:5173'
//! curl -i localhost:3000/orders -H 'origin: http://localhost:5173' -H 'authorization: Bearer open'
//! ```
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use corsac_tower::{
    CorsLayer,
    policy::{Policy, PolicyConfig},
};
use http::{StatusCode, header};
use tokio::net::TcpListener;

async fn auth(request: Request, next: Next) -> Response {
    match request.headers().get(header::AUTHORIZATION) {
        Some(token) if token == "Bearer open" => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

pub(crate) async fn serve(listener: TcpListener) -> Result<(), Box<dyn Error>> {
    let policy = Policy::new(PolicyConfig {
        allow_origins: ["http://localhost:5173"].into(),
        allow_headers: ["Authorization"].into(),
        ..PolicyConfig::default()
    })?;
    let app = Router::new()
        .route("/orders", get(|| async { "two of them\n" }))
        .layer(middleware::from_fn(auth))
        // What is added last is outermost.
        .layer(CorsLayer::new(policy));
    Ok(axum::serve(listener, app).await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/orders", listener.local_addr()?);
    serve(listener).await
}
