//! Requests that two peers would read differently, and lines that would become two.

use super::{before, engines::says, exchange};

const HELLO: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// Each ends in a refusal, and the upstream never hears of the second request in it.
#[test]
fn one_request_never_becomes_two() {
    let inner = "GET /inner HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let head = "POST /outer HTTP/1.1\r\nHost: localhost\r\n";
    for (what, request) in [
        (
            "CL.CL",
            format!(
                "{head}Content-Length: 0\r\nContent-Length: {}\r\n\r\n{inner}",
                inner.len()
            ),
        ),
        (
            "CL, CL",
            format!("{head}Content-Length: 0, {}\r\n\r\n{inner}", inner.len()),
        ),
        (
            "+ before a length",
            format!("{head}Content-Length: +0\r\n\r\n{inner}"),
        ),
        (
            "no length",
            format!("{head}Content-Length: x\r\n\r\n{inner}"),
        ),
        (
            "TE of another kind",
            format!("{head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{inner}"),
        ),
        (
            "another coding before chunked",
            format!("{head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{inner}"),
        ),
        (
            "chunked twice",
            format!(
                "{head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n\
                 0\r\n\r\n{inner}"
            ),
        ),
        (
            "a coding in HTTP/1.0",
            format!(
                "POST /outer HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
                 0\r\n\r\n{inner}"
            ),
        ),
        (
            "TE behind a folded line",
            format!("{head}X-A: b\r\n\tTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
        ),
        (
            "a length too large",
            format!("{head}Content-Length: 18446744073709551617\r\n\r\n{inner}"),
        ),
        (
            "no name",
            format!("{head}: b\r\nContent-Length: 0\r\n\r\n{inner}"),
        ),
        (
            "a user in Host",
            format!(
                "POST /outer HTTP/1.1\r\nHost: evil@localhost\r\nConnection: close\r\n\r\n{inner}"
            ),
        ),
        (
            "two Hosts",
            format!("{head}Host: localhost\r\nConnection: close\r\n\r\n{inner}"),
        ),
        (
            "chunked not last",
            format!("{head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{inner}"),
        ),
        (
            "space before the colon",
            format!("{head}Content-Length : {}\r\n\r\n{inner}", inner.len()),
        ),
        (
            "folded line",
            format!("{head}X-A: b\r\n c: d\r\n\r\n{inner}"),
        ),
        ("NUL in a value", format!("{head}X-A: b\0c\r\n\r\n{inner}")),
        (
            "CR in a value",
            format!("{head}X-A: b\rTransfer-Encoding: chunked\r\n\r\n{inner}"),
        ),
        (
            "a chunk's size too large",
            format!("{head}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n\r\n{inner}"),
        ),
        (
            "a chunk's size that is none",
            format!("{head}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n{inner}"),
        ),
    ] {
        let (served, upstream) = before(HELLO);
        let response = exchange(served.port, &request);
        let seen = upstream.seen();
        let (status, _) = says(&response);
        assert!(
            matches!(status, 400 | 431 | 501 | 502),
            "{what}: {response}"
        );
        assert!(
            !seen.iter().any(|it| it.contains("/inner")),
            "{what}: {seen:?}"
        );
        assert!(
            response.matches("HTTP/1.1 ").count() == 1,
            "{what}: {response}"
        );
    }
}

/// Of two lengths the chunks count, as RFC 9112 has it. They go on as chunks alone, and what comes
/// after them goes nowhere: the connection ends.
#[test]
fn chunks_with_a_length_besides_are_passed_on_as_chunks() {
    let inner = "GET /inner HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let length = format!("Content-Length: {}\r\n", inner.len() + 5);
    let chunked = "Transfer-Encoding: chunked\r\n".to_owned();
    for lines in [
        format!("{length}{chunked}"),
        format!("{chunked}{length}"),
        format!("{length}{chunked}{length}"),
    ] {
        let (served, upstream) = before(HELLO);
        let head = format!("POST /outer HTTP/1.1\r\nHost: localhost\r\n{lines}");
        let response = exchange(served.port, &format!("{head}\r\n0\r\n\r\n{inner}"));
        assert_eq!(response.matches("HTTP/1.1 ").count(), 1, "{response}");
        let seen = upstream.seen();
        assert!(!seen.iter().any(|it| it.contains("/inner")), "{seen:?}");
        let head = seen[0].to_ascii_lowercase();
        assert!(head.starts_with("post /outer "), "{head}");
        assert!(!head.contains("content-length"), "{head}");
    }
}

#[test]
fn targets_that_are_no_path_are_refused() {
    for target in [
        "http://evil.example/",
        "http://localhost/",
        "*",
        "localhost:80",
        "//evil.example/",
    ] {
        let (served, upstream) = before(HELLO);
        for method in ["GET", "OPTIONS", "CONNECT"] {
            let request = format!(
                "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            );
            let status = says(&exchange(served.port, &request)).0;
            // Two slashes are a path, and the upstream's own.
            let is_path = target.starts_with('/') && method != "CONNECT";
            assert_eq!(status, if is_path { 200 } else { 400 }, "{method} {target}");
        }
        assert!(
            upstream
                .seen()
                .iter()
                .all(|it| it.contains(" //evil.example/ "))
        );
    }
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let (served, upstream) = before(HELLO);
    let long = "a".repeat(100 << 10);
    let request = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: {long}\r\n\r\n");
    assert_eq!(says(&exchange(served.port, &request)).0, 431);
    let many = "X-A: b\r\n".repeat(200);
    let request = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n");
    assert_eq!(says(&exchange(served.port, &request)).0, 431);
    assert!(upstream.seen().is_empty());
}

/// A length without a body would have the upstream wait for what comes next.
#[test]
fn an_upgrade_with_a_body_goes_on_as_a_plain_request() {
    let upstream = super::Upstream::doing(|head, stream| {
        use std::io::{Read as _, Write as _};
        let mut body = vec![
            0;
            if head.to_ascii_lowercase().contains("content-length: 5") {
                5
            } else {
                0
            }
        ];
        stream.read_exact(&mut body).is_ok() && stream.write_all(HELLO.as_bytes()).is_ok()
    });
    let served = super::serve(&[upstream.url()], |_| {});
    let head = "GET /outer HTTP/1.1\r\nHost: localhost\r\nConnection: close, upgrade\r\n\
                Upgrade: websocket\r\nContent-Length: 5\r\n\r\n";
    let response = exchange(served.port, &format!("{head}hello"));
    assert_eq!(says(&response).0, 200, "{response}");
    let [head] = upstream.seen().try_into().unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.contains("content-length: 5"), "{head}");
    assert!(!head.contains("upgrade"), "{head}");
}
