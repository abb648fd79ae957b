//! hyper alone, and an error of the service that a page can read.
//!
//! ```sh
//! cargo run -p corsac-tower --example bare_hyper
//! curl -i localhost:3000/ -H 'origin: http://localhost:5173'
//! curl -i localhost:3000/broken -H 'origin: http://localhost:5173'
//! ```
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::{error::Error, io};

use corsac_tower::{
    CorsLayer,
    policy::{Policy, PolicyConfig},
};
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::{
    body::{Bytes, Incoming},
    server::conn::http1,
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::net::TcpListener;
use tower::{ServiceBuilder, service_fn};

async fn hello(request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    match request.uri().path() {
        "/" => Ok(Response::new("hello\n".into())),
        _ => Err(io::Error::other("there is no upstream")),
    }
}

fn bad_gateway(error: io::Error) -> Response<Full<Bytes>> {
    let mut response = Response::new(format!("{error}\n").into());
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
}

pub(crate) async fn serve(listener: TcpListener) -> Result<(), Box<dyn Error>> {
    let policy = Policy::new(PolicyConfig {
        allow_origins: ["http://localhost:5173"].into(),
        ..PolicyConfig::default()
    })?;
    let service = ServiceBuilder::new()
        .layer(CorsLayer::new(policy).map_err_into_response(bad_gateway))
        .service(service_fn(hello));
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(service.clone());
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                println!("{error}");
            }
        });
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}/", listener.local_addr()?);
    serve(listener).await
}
