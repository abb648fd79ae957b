//! Requests over HTTP/2, written frame by frame: what no client of ours would send.

use std::{sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    runtime::Builder,
    time::timeout,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};

use super::tls::{client, over_http2};

const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const GO_AWAY: u8 = 7;
/// The stream ends, and so do its headers.
const ENDS: u8 = 5;
/// What the list of RFC 7541 has at 8: `:status: 200`.
const STATUS_200: u8 = 0x88;

type Lines = [(&'static str, &'static str)];

fn frame(kind: u8, flags: u8, stream: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags, 0, 0, 0, stream]);
    frame.extend_from_slice(content);
    frame
}

/// Each line as it is, in no table.
fn block(lines: &Lines) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in lines {
        block.push(0);
        for text in [name, value] {
            assert!(text.len() < 127);
            block.push(u8::try_from(text.len()).unwrap());
            block.extend_from_slice(text.as_bytes());
        }
    }
    block
}

/// Whether the gateway answers a request of these lines with 200. Otherwise it is refused: by another
/// status, the end of the stream, or that of the connection.
fn is_served(port: u16, authority: &str, lines: &Lines) -> bool {
    let mut said = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    said.extend(frame(SETTINGS, 0, 0, &[]));
    said.extend(frame(HEADERS, ENDS, 1, &block(lines)));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let talk = async {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let connector = TlsConnector::from(Arc::new(client(authority)));
        let name = ServerName::try_from("localhost").unwrap();
        let mut stream = connector.connect(name, stream).await.unwrap();
        stream.write_all(&said).await.unwrap();
        loop {
            let mut head = [0; 9];
            if stream.read_exact(&mut head).await.is_err() {
                return false;
            }
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut content = vec![0; usize::try_from(length).unwrap()];
            stream.read_exact(&mut content).await.unwrap();
            match head[3] {
                HEADERS => return content[0] == STATUS_200,
                RESET | GO_AWAY => return false,
                _ => {}
            }
        }
    };
    let patience = Duration::from_secs(10);
    runtime
        .block_on(async { timeout(patience, talk).await })
        .unwrap()
}

const METHOD: (&str, &str) = (":method", "GET");
const SCHEME: (&str, &str) = (":scheme", "https");
const AUTHORITY: (&str, &str) = (":authority", "localhost");
const PATH: (&str, &str) = (":path", "/x");

#[test]
fn frames_of_a_plain_request_are_served() {
    let (served, authority, upstream) = over_http2();
    let lines = [
        METHOD,
        SCHEME,
        AUTHORITY,
        PATH,
        ("te", "trailers"),
        ("x-a", "b"),
    ];
    assert!(is_served(served.port, &authority, &lines));
    assert_eq!(upstream.seen().len(), 1);
}

#[test]
fn lines_that_http2_forbids_or_http1_would_split_are_refused() {
    let (served, authority, upstream) = over_http2();
    for line in [
        ("X-Upper", "a"),
        ("Origin", "https://a.example"),
        ("connection", "keep-alive"),
        ("connection", "close, origin"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "keep-alive"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "websocket"),
        ("te", "gzip"),
        ("host", "evil.example"),
        ("x-a", "b\r\nx-evil: c"),
        ("x-a", "b\nx-evil: c"),
        ("x-a", "b\rx-evil: c"),
        ("x-a", "b\0"),
        ("x-a: b\r\nx-evil", "c"),
        ("x a", "b"),
        ("x-a:", "b"),
        ("", "b"),
        ("content-length", "5"),
        ("content-length", "x"),
        (":path", "/y"),
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "localhost"),
        (":evil", "a"),
        (":status", "200"),
    ] {
        let lines = [METHOD, SCHEME, AUTHORITY, PATH, line];
        assert!(!is_served(served.port, &authority, &lines), "{line:?}");
    }
    let twice = ("content-length", "0");
    let lines = [METHOD, SCHEME, AUTHORITY, PATH, twice, twice];
    assert!(!is_served(served.port, &authority, &lines), "two lengths");
    let lines = [
        METHOD,
        SCHEME,
        AUTHORITY,
        PATH,
        twice,
        ("content-length", "5"),
    ];
    assert!(!is_served(served.port, &authority, &lines), "other lengths");
    assert!(upstream.seen().is_empty(), "{:?}", upstream.seen());
}

#[test]
fn words_of_the_first_line_that_http1_would_split_are_refused() {
    let (served, authority, upstream) = over_http2();
    for lines in [
        [METHOD, SCHEME, AUTHORITY, (":path", "/a b")],
        [
            METHOD,
            SCHEME,
            AUTHORITY,
            (":path", "/a HTTP/1.1\r\nx-evil: b"),
        ],
        [
            METHOD,
            SCHEME,
            AUTHORITY,
            (":path", "/a\r\n\r\nGET /inner HTTP/1.1"),
        ],
        [METHOD, SCHEME, AUTHORITY, (":path", "/a\nb")],
        [METHOD, SCHEME, AUTHORITY, (":path", "")],
        [METHOD, SCHEME, AUTHORITY, (":path", "a")],
        [METHOD, SCHEME, AUTHORITY, (":path", "*")],
        [METHOD, SCHEME, AUTHORITY, (":path", "http://evil.example/")],
        [
            (":method", "GET /inner HTTP/1.1\r\nx-evil:"),
            SCHEME,
            AUTHORITY,
            PATH,
        ],
        [(":method", "GE T"), SCHEME, AUTHORITY, PATH],
        [(":method", ""), SCHEME, AUTHORITY, PATH],
        [(":method", "CONNECT"), SCHEME, AUTHORITY, PATH],
        [
            METHOD,
            SCHEME,
            (":authority", "localhost\r\nx-evil: a"),
            PATH,
        ],
        [METHOD, SCHEME, (":authority", "user@localhost"), PATH],
        [METHOD, SCHEME, (":authority", "evil.example"), PATH],
        [METHOD, SCHEME, (":authority", ""), PATH],
        [
            METHOD,
            (":scheme", "https://evil.example/?"),
            AUTHORITY,
            PATH,
        ],
    ] {
        assert!(!is_served(served.port, &authority, &lines), "{lines:?}");
    }
    for missing in [METHOD, SCHEME, PATH] {
        let lines = [METHOD, SCHEME, AUTHORITY, PATH];
        let lines: Vec<_> = lines.into_iter().filter(|&it| it != missing).collect();
        assert!(
            !is_served(served.port, &authority, &lines),
            "no {missing:?}"
        );
    }
    // Pseudo-headers come first.
    let lines = [METHOD, SCHEME, AUTHORITY, ("x-a", "b"), PATH];
    assert!(!is_served(served.port, &authority, &lines));
    assert!(upstream.seen().is_empty(), "{:?}", upstream.seen());
}
