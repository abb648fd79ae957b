//! A service to be measured behind a gateway: it says a few bytes, and at `/64k` 64 KiB.
//!
//! `cargo run --release -p corsac-gateway --example upstream` says on which port it listens, and serves
//! until its standard input ends.
#![allow(clippy::print_stdout, reason = "that is how it says its port")]

use std::{convert::Infallible, error::Error, io, thread};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body::{Body, Frame};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, runtime::Builder, task};

/// One piece of bytes.
struct Words(Option<Bytes>);

impl Body for Words {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        std::task::Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.0.as_ref().map_or(0, Bytes::len) as u64)
    }
}

fn answer(request: &Request<Incoming>, large: &Bytes) -> Response<Words> {
    let body = match request.uri().path() {
        "/64k" => large.clone(),
        _ => Bytes::from_static(b"hello, page\n"),
    };
    let mut response = Response::new(Words(Some(body)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    // What a service says that means well: the gateway takes it out.
    let any = HeaderValue::from_static("*");
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    // Whoever started it holds the other end, and may be killed.
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        std::process::exit(0);
    });
    let large = Bytes::from(vec![b'a'; 64 << 10]);
    runtime.block_on(task::LocalSet::new().run_until(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?.port());
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let large = large.clone();
            task::spawn_local(async move {
                let service = service_fn(|request| {
                    let response = answer(&request, &large);
                    async move { Ok::<_, Infallible>(response) }
                });
                // A client that goes away is its own affair.
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    }))
}
