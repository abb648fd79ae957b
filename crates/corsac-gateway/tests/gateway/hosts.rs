//! Names that were made to point here, and who is told who asked.

use super::{before, engines::says, exchange, exchange_at, serve};

const HELLO: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

#[test]
fn a_page_whose_name_points_here_gets_421() {
    let (served, upstream) = before(HELLO);
    let ask = |host: &str| {
        exchange(
            served.port,
            &format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n"),
        )
    };
    for (host, status) in [
        ("Host: localhost\r\n", 200),
        ("Host: 127.0.0.1:8080\r\n", 200),
        ("Host: evil.example\r\n", 421),
        ("Host: localhost.evil.example\r\n", 421),
        ("Host: localhost\r\nHost: evil.example\r\n", 400),
        ("Host: a b\r\n", 400),
        ("", 400),
    ] {
        assert_eq!(says(&ask(host)).0, status, "{host:?}");
    }
    assert_eq!(upstream.seen().len(), 2);
    let named = serve(&[upstream.url()], |it| {
        it.hosts = vec!["api.example".to_owned()]
    });
    let request = "GET / HTTP/1.1\r\nHost: API.example:80\r\nConnection: close\r\n\r\n";
    assert_eq!(says(&exchange(named.port, request)).0, 200);
}

#[test]
fn the_upstream_learns_who_asked_from_the_gateway_alone() {
    let (served, upstream) = before(HELLO);
    exchange_at(
        served.port,
        "GET",
        "/a?b",
        &[
            "X-Forwarded-For: 6.6.6.6",
            "X-Forwarded-For: 7.7.7.7",
            "Forwarded: for=6.6.6.6",
            "X-Forwarded-Host: evil.example",
        ],
    );
    let seen = upstream.seen().remove(0).to_ascii_lowercase();
    let host = upstream.url().replace("http://", "host: ");
    for line in [
        "get /a?b http/1.1",
        "x-forwarded-for: 127.0.0.1",
        "forwarded: for=127.0.0.1;proto=http",
        "x-forwarded-host: localhost",
        "x-forwarded-proto: http",
        &host,
    ] {
        assert!(seen.lines().any(|it| it == line), "{line} in {seen}");
    }
    assert!(
        !seen.contains("6.6.6.6") && !seen.contains("7.7.7.7"),
        "{seen}"
    );
    assert!(!seen.contains("evil"), "{seen}");
}

#[test]
fn each_path_has_its_upstream() {
    let (one, other) = (
        super::Upstream::answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none"),
        super::Upstream::answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother"),
    );
    let served = serve(&[one.url(), format!("/api={}/v1", other.url())], |_| {});
    for (path, body) in [
        ("/", "one"),
        ("/apis", "one"),
        ("/api", "other"),
        ("/api/x?y", "other"),
    ] {
        let response = exchange_at(served.port, "GET", path, &[]);
        assert!(
            response.ends_with(&format!("\r\n\r\n{body}")),
            "{path}: {response}"
        );
    }
    let asked: Vec<_> = other
        .seen()
        .iter()
        .map(|it| it.lines().next().unwrap().to_owned())
        .collect();
    assert_eq!(asked, ["GET /v1 HTTP/1.1", "GET /v1/x?y HTTP/1.1"]);
}
