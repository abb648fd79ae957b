//! What proxies get wrong when a policy is written into their configuration, by the names of the
//! project's notes on them: N nginx, H HAProxy, C Caddy, A Apache, E Envoy.

use std::net::TcpListener;

use super::{Upstream, before, exchange_at, serve};

const HELLO: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const OWN_STAR: &str = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
                        Access-Control-Allow-Credentials: true\r\nContent-Length: 5\r\n\r\nhello";
const GRANTED: &str = "origin=https://a.example credentials=true expose=x-request-id vary=Origin";
const DENIED: &str = "vary=Origin";

/// The status and what a response says of CORS, in one line; a value of two lines has a bar in it.
pub(crate) fn says(response: &str) -> (u16, String) {
    let (head, _) = response.split_once("\r\n\r\n").unwrap_or((response, ""));
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
    let mut said = Vec::new();
    for (name, short) in [
        ("access-control-allow-origin", "origin"),
        ("access-control-allow-credentials", "credentials"),
        ("access-control-allow-methods", "methods"),
        ("access-control-allow-headers", "headers"),
        ("access-control-max-age", "age"),
        ("access-control-expose-headers", "expose"),
        ("vary", "vary"),
    ] {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        let values: Vec<_> = lines
            .filter(|(it, _)| it.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect();
        if !values.is_empty() {
            said.push(format!("{short}={}", values.join("|")));
        }
    }
    (status.unwrap_or(0), said.join(" "))
}

#[track_caller]
fn get(port: u16, lines: &[&str], status: u16, said: &str) {
    let response = exchange_at(port, "GET", "/x", lines);
    assert_eq!(says(&response), (status, said.to_owned()), "{lines:?}");
}

#[test]
fn n1_n2_a1_a2_every_status_of_the_upstream_says_the_same() {
    for status in [
        200, 201, 204, 301, 302, 304, 307, 400, 401, 403, 404, 405, 429, 500, 502, 503,
    ] {
        let upstream = Upstream::doing(move |_, stream| {
            let length = if matches!(status, 204 | 304) {
                ""
            } else {
                "Content-Length: 0\r\n"
            };
            let answer = format!("HTTP/1.1 {status} X\r\nX-Frame-Options: DENY\r\n{length}\r\n");
            std::io::Write::write_all(stream, answer.as_bytes()).is_ok()
        });
        let served = serve(&[upstream.url()], |_| {});
        get(served.port, &["Origin: https://a.example"], status, GRANTED);
        get(
            served.port,
            &["Origin: https://evil.example"],
            status,
            DENIED,
        );
    }
}

#[test]
fn n3_an_origin_in_upper_case_is_another_origin() {
    let (served, _upstream) = before(HELLO);
    for origin in [
        "HTTPS://A.EXAMPLE",
        "https://A.example",
        "https://X.B.EXAMPLE",
    ] {
        get(served.port, &[&format!("Origin: {origin}")], 200, DENIED);
    }
}

#[test]
fn n4_h3_a1_e4_what_the_upstream_says_itself_never_gets_out() {
    let (served, _upstream) = before(OWN_STAR);
    get(served.port, &["Origin: https://a.example"], 200, GRANTED);
    get(served.port, &["Origin: https://evil.example"], 200, DENIED);
    get(served.port, &[], 200, DENIED);
}

#[test]
fn n5_n7_options_that_is_no_preflight_goes_to_the_upstream() {
    let (served, upstream) = before(HELLO);
    let method = "Access-Control-Request-Method: PUT";
    for lines in [
        &["Origin: https://a.example"][..],
        &[],
        &[method],
        // What asks is the line, not what an origin looks like.
        &["Origin: OPTIONS|https://a.example|PUT"],
    ] {
        let response = exchange_at(served.port, "OPTIONS", "/x", lines);
        assert_eq!(says(&response).0, 200, "{response}");
    }
    let origin = "Origin: https://a.example";
    let response = exchange_at(served.port, "GET", "/x", &[origin, method]);
    assert_eq!(says(&response), (200, GRANTED.to_owned()));
    assert_eq!(upstream.seen().len(), 5);
}

#[test]
fn n6_h2_c2_e7_several_origins_are_nobody() {
    let (served, _upstream) = before(HELLO);
    for lines in [
        &["Origin: https://a.example", "Origin: https://evil.example"][..],
        &["Origin: https://evil.example", "Origin: https://a.example"],
        &["Origin: https://a.example", "Origin: https://a.example"],
        &["Origin: https://a.example, https://evil.example"],
        &["Origin: https://evil.example, https://a.example"],
        &["Origin: https://evil.example,https://a.example"],
    ] {
        get(served.port, lines, 200, DENIED);
    }
}

#[test]
fn h1_c1_e3_errors_of_the_gateway_itself_say_it_too() {
    let dead = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let served = serve(&[format!("http://{dead}")], |_| {});
    get(served.port, &["Origin: https://a.example"], 502, GRANTED);
    get(served.port, &["Origin: https://evil.example"], 502, DENIED);
    let nowhere = serve(&["/api=http://127.0.0.1:1".to_owned()], |_| {});
    get(nowhere.port, &["Origin: https://a.example"], 404, GRANTED);
    let preflight = [
        "Origin: https://a.example",
        "Access-Control-Request-Method: PUT",
    ];
    let response = exchange_at(served.port, "OPTIONS", "/x", &preflight);
    let (status, said) = says(&response);
    assert_eq!(status, 204, "{response}");
    assert!(said.starts_with("origin=https://a.example credentials=true methods=PUT"));
}

#[test]
fn e3_redirects_and_files_of_the_gateway_itself_say_it_too() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("site-e3");
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    std::fs::write(folder.join("x"), "hello").unwrap();
    let served = serve(&[], |it| it.folder = Some(folder));
    for (path, status) in [("/x", 200), ("/sub", 307), ("/none", 404)] {
        for (origin, said) in [
            ("Origin: https://a.example", GRANTED),
            ("Origin: https://evil.example", DENIED),
        ] {
            let response = exchange_at(served.port, "GET", path, &[origin]);
            assert_eq!(says(&response), (status, said.to_owned()), "{path}");
        }
    }
}

/// All 22 of the notes, by the names of the tests here.
#[test]
fn each_trap_has_a_test() {
    let mut names = String::new();
    for line in include_str!("engines.rs").lines() {
        if let Some(name) = line.strip_prefix("fn ") {
            names += &format!("_{name}");
        }
    }
    let mut traps = 0;
    for (engine, last) in [("n", 7), ("h", 3), ("c", 2), ("a", 2), ("e", 8)] {
        for number in 1..=last {
            assert!(
                names.contains(&format!("_{engine}{number}_")),
                "{engine}{number}"
            );
            traps += 1;
        }
    }
    assert_eq!(traps, 22);
}

#[test]
fn e1_whatever_depends_on_the_origin_says_so() {
    let upstream = "HTTP/1.1 200 OK\r\nVary: Accept-Encoding\r\nContent-Length: 0\r\n\r\n";
    let (served, _upstream) = before(upstream);
    let vary = "vary=Accept-Encoding|Origin";
    get(served.port, &[], 200, vary);
    get(served.port, &["Origin: https://evil.example"], 200, vary);
    let all = GRANTED.replace("vary=Origin", vary);
    get(served.port, &["Origin: https://a.example"], 200, &all);
    let (served, _upstream) = before("HTTP/1.1 200 OK\r\nVary: *\r\nContent-Length: 0\r\n\r\n");
    get(served.port, &[], 200, "vary=*");
}

#[test]
fn e2_e5_a_preflight_is_answered_here_and_by_what_it_asks() {
    let (served, upstream) = before(OWN_STAR);
    let granted = "origin=https://a.example credentials=true methods=PUT headers=x-api-key age=600";
    for (origin, method, headers, status, said) in [
        ("https://a.example", "PUT", "x-api-key", 204, granted),
        ("https://evil.example", "PUT", "x-api-key", 403, ""),
        ("null", "PUT", "x-api-key", 403, ""),
        ("https://a.example", "PATCH", "x-api-key", 403, ""),
        ("https://a.example", "put", "x-api-key", 403, ""),
        ("https://a.example", "PUT", "x-evil", 403, ""),
        ("https://a.example", "PUT", "x-api-key,x-evil", 403, ""),
    ] {
        let lines = [
            format!("Origin: {origin}"),
            format!("Access-Control-Request-Method: {method}"),
            format!("Access-Control-Request-Headers: {headers}"),
        ];
        let lines = lines.each_ref().map(String::as_str);
        let response = exchange_at(served.port, "OPTIONS", "/x", &lines);
        assert_eq!(says(&response), (status, said.to_owned()), "{lines:?}");
    }
    assert!(upstream.seen().is_empty(), "{:?}", upstream.seen());
}

#[test]
fn e6_e8_origins_that_look_like_one_are_not() {
    let (served, _upstream) = before(HELLO);
    for origin in [
        "*",
        "null",
        "",
        "https://a.example/",
        "https://a.example:443",
        "https://a.example:8443",
        "http://a.example",
        "https://b.example",
        "https://evilb.example",
        "https://aXexample",
        "https://a.example.evil.com",
        "https://evil.com/.b.example",
        "https://evil.com#.b.example",
        "https://evil.com?.b.example",
        "https://evil.com\\.b.example",
        "https://user@x.b.example",
        "https://.b.example",
        "https://x..b.example",
        "https://x.b.example.",
        "file://",
    ] {
        get(served.port, &[&format!("Origin: {origin}")], 200, DENIED);
    }
    let granted = GRANTED.replace("https://a.example", "https://x.y.b.example");
    get(
        served.port,
        &["Origin: https://x.y.b.example"],
        200,
        &granted,
    );
}
