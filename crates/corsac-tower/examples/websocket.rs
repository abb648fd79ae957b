//! A WebSocket, which CORS does not guard: a browser opens one for any page, with cookies, and it is
//! the server that has to look at the Origin. The list of origins is the policy's.
//!
//! ```sh
//! cargo run -p corsac-tower --example websocket
//! curl -i --http1.1 localhost:3000/socket -H 'connection: upgrade' -H 'upgrade: websocket' \
//!     -H 'sec-websocket-version: 13' -H 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==' \
//!     -H 'origin: https://evil.example'
//! ```
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;

use axum::{
    Router,
    extract::{Request, State, WebSocketUpgrade, ws::WebSocket},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use corsac_tower::{
    CorsLayer,
    policy::{Policy, PolicyConfig, PolicyMap, RequestHead},
};
use http::{HeaderValue, StatusCode};
use tokio::net::TcpListener;

/// Says each message once more.
async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

/// Lets pages of listed origins and the server's own open a socket, and whoever is no browser.
async fn from_our_pages(
    State(policies): State<PolicyMap>,
    request: Request,
    next: Next,
) -> Response {
    let judged = {
        let head = RequestHead::new(request.method().as_str().as_bytes(), |name| {
            let lines = request.headers().get_all(name).into_iter();
            lines.map(HeaderValue::as_bytes)
        })
        .with_path(request.uri().path().as_bytes());
        policies
            .judge_handshake(&head)
            .map_err(|why| why.to_string())
    };
    match judged {
        Ok(()) => next.run(request).await,
        Err(why) => {
            println!("{}: {why}", request.uri());
            StatusCode::FORBIDDEN.into_response()
        }
    }
}

pub(crate) async fn serve(listener: TcpListener) -> Result<(), Box<dyn Error>> {
    let policies = PolicyMap::from(Policy::new(PolicyConfig {
        allow_origins: ["http://localhost:5173"].into(),
        ..PolicyConfig::default()
    })?);
    let socket = get(async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(echo)).layer(
        middleware::from_fn_with_state(policies.clone(), from_our_pages),
    );
    let app = Router::new()
        .route("/socket", socket)
        .route("/", get(async || "hello\n"))
        .layer(CorsLayer::new(policies));
    Ok(axum::serve(listener, app).await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/", listener.local_addr()?);
    serve(listener).await
}
