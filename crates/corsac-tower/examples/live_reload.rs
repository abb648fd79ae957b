//! A list of origins that changes while the server serves. Type origins apart by spaces; each line
//! is the next list.
//!
//! ```sh
//! cargo run -p corsac-tower --example live_reload
//! curl -i localhost:3000/ -H 'origin: https://app.example'
//! ```
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::{
    error::Error,
    io::{self, BufRead, BufReader},
    thread,
};

use axum::{Router, routing::get};
use corsac_tower::{
    CorsLayer, PolicyHandle, Report,
    policy::{Outcome, Policy, PolicyConfig},
};
use tokio::net::TcpListener;

fn read_lists(lists: impl BufRead, handle: &PolicyHandle) {
    for line in lists.lines().map_while(Result::ok) {
        let policy = Policy::new(PolicyConfig {
            allow_origins: line.split_whitespace().collect(),
            ..PolicyConfig::default()
        });
        // A list with a mistake in it changes nothing.
        match policy {
            Ok(policy) => handle.set(policy),
            Err(mistakes) => println!("{mistakes}"),
        }
    }
}

fn report(report: &Report<'_>) {
    if let Report::Decided { uri, outcome, .. } = report
        && let Outcome::Actual(Err(why)) | Outcome::Preflight(Err(why)) = outcome
    {
        println!("{uri}: {why}");
    }
}

pub(crate) async fn serve(
    listener: TcpListener,
    lists: impl BufRead + Send + 'static,
) -> Result<(), Box<dyn Error>> {
    let (layer, handle) = CorsLayer::reloadable(Policy::default());
    thread::spawn(move || read_lists(lists, &handle));
    let app = Router::new()
        .route("/", get(|| async { "hello\n" }))
        .layer(layer.report_to(report));
    Ok(axum::serve(listener, app).await?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/", listener.local_addr()?);
    serve(listener, BufReader::new(io::stdin())).await
}
