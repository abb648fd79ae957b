//! tonic for pages: gRPC-Web, whose status stands in headers that a page must be let read.
//!
//! ```sh
//! cargo run -p corsac-tower --example grpc_web
//! # The health of the server: an empty message, and one that says 1, which is `SERVING`.
//! printf '\0\0\0\0\0' | curl -s localhost:3000/grpc.health.v1.Health/Check --data-binary @- \
//!     -H 'origin: http://localhost:5173' -H 'content-type: application/grpc-web+proto' | xxd
//! ```
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;

use axum::Router;
use corsac_tower::{
    CorsLayer,
    policy::{MaxAge, Policy, PolicyConfig},
};
use tokio::net::TcpListener;
use tonic_web::GrpcWebLayer;
use tower::Layer;

pub(crate) async fn serve(listener: TcpListener) -> Result<(), Box<dyn Error>> {
    let policy = Policy::new(PolicyConfig {
        allow_origins: ["http://localhost:5173"].into(),
        // What clients in pages send besides the message.
        allow_headers: ["Content-Type", "X-Grpc-Web", "X-User-Agent", "Grpc-Timeout"].into(),
        // An error without a message has its status here. The type of a message is a detail of one.
        expose_headers: ["Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"].into(),
        // Each call is preflighted, for its Content-Type.
        max_age: MaxAge::Seconds(7200),
        ..PolicyConfig::default()
    })?;
    let (_reporter, health) = tonic_health::server::health_reporter();
    let app = Router::new()
        .route_service(
            "/grpc.health.v1.Health/{method}",
            GrpcWebLayer::new().layer(health),
        )
        // Around the layer that translates, so that its own refusals can be read, too.
        .layer(CorsLayer::new(policy));
    Ok(axum::serve(listener, app).await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/", listener.local_addr()?);
    serve(listener).await
}
