//! The examples as they run, on a port of their own.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use std::{
    error::Error,
    io::{self, BufReader, Write},
    net::SocketAddr,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

#[path = "../examples/axum_auth.rs"]
#[allow(dead_code, reason = "its `main`")]
mod axum_auth;
#[path = "../examples/axum_routes.rs"]
#[allow(dead_code, reason = "its `main`")]
mod axum_routes;
#[path = "../examples/bare_hyper.rs"]
#[allow(dead_code, reason = "its `main`")]
mod bare_hyper;
#[path = "../examples/grpc_web.rs"]
#[allow(dead_code, reason = "its `main`")]
mod grpc_web;
#[path = "../examples/live_reload.rs"]
#[allow(dead_code, reason = "its `main`")]
mod live_reload;
#[path = "../examples/websocket.rs"]
#[allow(dead_code, reason = "its `main`")]
mod websocket;

const OUR_PAGE: &str = "origin: http://localhost:5173";
const STRANGER: &str = "origin: https://evil.example";

/// What may take no longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves until the test ends.
async fn start<F>(serve: impl FnOnce(TcpListener) -> F) -> SocketAddr
where
    F: Future<Output = Result<(), Box<dyn Error>>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving = serve(listener);
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            panic!("{error}");
        }
    });
    address
}

/// What is answered, to the last byte; header names are in lower case.
async fn ask(address: SocketAddr, line: &str, headers: &[&str], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut request = format!("{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for header in headers {
        request += &format!("{header}\r\n");
    }
    request += &format!("content-length: {}\r\n\r\n", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    timeout(PATIENCE, read).await.unwrap().unwrap();
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    Answer {
        head: String::from_utf8(bytes[..end].to_vec()).unwrap(),
        body: bytes[end + 4..].to_vec(),
    }
}

struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    fn says(&self, header: &str) -> bool {
        self.head.lines().any(|line| line == header)
    }

    fn grants(&self) -> bool {
        self.head.contains("access-control-allow-origin: ")
    }
}

#[tokio::test]
async fn axum_auth() {
    let address = start(axum_auth::serve).await;
    let asked = [
        OUR_PAGE,
        "access-control-request-method: GET",
        "access-control-request-headers: authorization",
    ];
    let preflight = ask(address, "OPTIONS /orders", &asked, b"").await;
    assert_eq!(preflight.status(), "204");
    assert!(preflight.says("access-control-allow-headers: authorization"));
    let refused = ask(address, "GET /orders", &[OUR_PAGE], b"").await;
    assert_eq!((refused.status(), refused.grants()), ("401", true));
    let token = "authorization: Bearer open";
    let granted = ask(address, "GET /orders", &[OUR_PAGE, token], b"").await;
    assert_eq!((granted.status(), granted.grants()), ("200", true));
    assert!(granted.body.ends_with(b"two of them\n"));
}

#[tokio::test]
async fn axum_routes() {
    let address = start(axum_routes::serve).await;
    let public = ask(address, "GET /public/prices", &[STRANGER], b"").await;
    assert!(public.says("access-control-allow-origin: *"));
    let account = ask(address, "GET /account", &[STRANGER], b"").await;
    assert!(!account.grants());
    let account = ask(address, "GET /account", &[OUR_PAGE], b"").await;
    assert!(account.says("access-control-allow-credentials: true"));
}

#[tokio::test]
async fn bare_hyper() {
    let address = start(bare_hyper::serve).await;
    let hello = ask(address, "GET /", &[OUR_PAGE], b"").await;
    assert_eq!((hello.status(), hello.grants()), ("200", true));
    let broken = ask(address, "GET /broken", &[OUR_PAGE], b"").await;
    assert_eq!((broken.status(), broken.grants()), ("502", true));
    let broken = ask(address, "GET /broken", &[STRANGER], b"").await;
    assert_eq!((broken.status(), broken.grants()), ("502", false));
}

#[tokio::test]
async fn grpc_web() {
    let address = start(grpc_web::serve).await;
    let path = "/grpc.health.v1.Health/Check";
    let asked = [
        OUR_PAGE,
        "access-control-request-method: POST",
        "access-control-request-headers: content-type,x-grpc-web",
    ];
    let preflight = ask(address, &format!("OPTIONS {path}"), &asked, b"").await;
    assert_eq!((preflight.status(), preflight.grants()), ("204", true));

    let call = format!("POST {path}");
    let content = "content-type: application/grpc-web+proto";
    let headers = [OUR_PAGE, content, "x-grpc-web: 1"];
    let answer = ask(address, &call, &headers, b"\0\0\0\0\0").await;
    assert_eq!((answer.status(), answer.grants()), ("200", true));
    assert!(answer.head.contains("access-control-expose-headers: "));
    // The first field of the message is 1, which is SERVING; the trailers follow it.
    let serving = b"\0\0\0\0\x02\x08\x01";
    let has = |bytes: &[u8]| answer.body.windows(bytes.len()).any(|it| it == bytes);
    assert!(has(serving) && has(b"grpc-status:0"));
    // A service that there is not, and the page can tell.
    let unknown = b"\0\0\0\0\x03\x0a\x01x";
    let answer = ask(address, &call, &headers, unknown).await;
    assert!(answer.grants() && answer.head.contains("grpc-status: 5"));

    let stranger = ask(address, &call, &[STRANGER, content], b"\0\0\0\0\0").await;
    assert!(!stranger.grants());
}

/// A line of standard input is the next list, and one with a mistake changes nothing.
#[tokio::test]
async fn live_reload() {
    let (reads, mut writes) = io::pipe().unwrap();
    let address = start(|listener| live_reload::serve(listener, BufReader::new(reads))).await;
    let grants = async |to| ask(address, "GET /", &[to], b"").await.grants();
    assert!(!grants(OUR_PAGE).await);
    writes.write_all(b"http://localhost:5173\n").unwrap();
    timeout(PATIENCE, async {
        while !grants(OUR_PAGE).await {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    writes
        .write_all(b"https://evil.example/\nhttps://app.example\n")
        .unwrap();
    timeout(PATIENCE, async {
        while grants(OUR_PAGE).await {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    assert!(grants("origin: https://app.example").await);
    assert!(!grants(STRANGER).await);
}

#[tokio::test]
async fn websocket() {
    let address = start(websocket::serve).await;
    for (origin, status) in [
        (Some(OUR_PAGE.to_owned()), "101"),
        (Some(format!("origin: http://{address}")), "101"),
        (None, "101"),
        (Some(STRANGER.to_owned()), "403"),
        (Some("origin: null".to_owned()), "403"),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let origin = origin.map(|line| line + "\r\n").unwrap_or_default();
        let request = format!(
            "GET /socket HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{origin}\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut line = [0; 12];
        let read = stream.read_exact(&mut line);
        timeout(PATIENCE, read).await.unwrap().unwrap();
        assert_eq!(&line[..], format!("HTTP/1.1 {status}").as_bytes());
        if status == "403" {
            continue;
        }
        // A text of two letters, masked by zeros, is said once more.
        stream
            .write_all(&[0x81, 0x82, 0, 0, 0, 0, b'h', b'i'])
            .await
            .unwrap();
        let mut bytes = Vec::new();
        timeout(PATIENCE, async {
            while !bytes.ends_with(&[0x81, 0x02, b'h', b'i']) {
                assert_ne!(stream.read_buf(&mut bytes).await.unwrap(), 0);
            }
        })
        .await
        .unwrap();
    }
}
