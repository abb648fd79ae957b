//! axum, with one policy for what is public and another for what is not.
//!
//! ```sh
//! cargo run -p corsac-tower --example axum_routes
//! curl -i localhost:3000/public/prices -H 'origin: https://anybody.example'
//! curl -i localhost:3000/account -H 'origin: http://localhost:5173'
//! ```
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;

use axum::{Router, routing::get};
use corsac_tower::{
    CorsLayer,
    policy::{Listing, Policy, PolicyConfig},
};
use tokio::net::TcpListener;

pub(crate) async fn serve(listener: TcpListener) -> Result<(), Box<dyn Error>> {
    let everybody = Policy::new(PolicyConfig {
        allow_origins: Listing::Any,
        ..PolicyConfig::default()
    })?;
    let our_app = Policy::new(PolicyConfig {
        allow_origins: ["http://localhost:5173"].into(),
        allow_methods: ["DELETE"].into(),
        allow_credentials: true,
        ..PolicyConfig::default()
    })?;
    let public = Router::new()
        .route("/public/prices", get(|| async { "42\n" }))
        .layer(CorsLayer::new(everybody));
    let account = Router::new()
        .route("/account", get(|| async { "yours\n" }))
        .layer(CorsLayer::new(our_app));
    // One layer for a path. Around both, a third would have the last word.
    let app = public.merge(account);
    Ok(axum::serve(listener, app).await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/", listener.local_addr()?);
    serve(listener).await
}
