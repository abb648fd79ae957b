//! Heads and bodies that are not quite HTTP: each one alone, and after a redirect.

use crate::{
    command::{Ran, check},
    raw::{Raw, response},
};

const GRANT: &str = "Access-Control-Allow-Origin: http://sitea.com";

/// What a case comes to; the hop is the one that answers with it.
enum Ends {
    Readable,
    /// A code, and the failing bytes where there are any: line, byte, length.
    Blocked(&'static str, Option<(u64, u64, u64)>),
    /// The error of what is no response.
    NotCors(&'static str),
}

/// What it is, the bytes that come, and how it ends.
const CASES: [(&str, &str, Ends); 17] = [
    (
        "obs-fold before a good value",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin:\r\n\thttp://sitea.com\r\n\r\nhi",
        Ends::Readable,
    ),
    (
        "obs-fold of nothing after a good value",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: http://sitea.com\r\n \r\n\r\nhi",
        Ends::Readable,
    ),
    (
        "obs-fold that spoils a good value",
        "HTTP/1.1 200 OK\r\nA: 1\r\nAccess-Control-Allow-Origin: http://sitea.com\r\n x\r\n\r\nhi",
        Ends::Blocked("allow-origin-invalid", Some((1, 7, 11))),
    ),
    (
        "obs-fold that hides the header in another",
        "HTTP/1.1 200 OK\r\nA: 1\r\n Access-Control-Allow-Origin: *\r\n\r\nhi",
        Ends::Blocked("allow-origin-missing", None),
    ),
    (
        "a space before the colon",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin : *\r\n\r\nhi",
        Ends::Blocked("allow-origin-missing", None),
    ),
    (
        "a space before the colon of one line of two",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin : x\r\nAccess-Control-Allow-Origin: y\r\n\r\nhi",
        Ends::Blocked("allow-origin-invalid", Some((0, 0, 1))),
    ),
    (
        "no colon",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin *\r\n\r\nhi",
        Ends::Blocked("allow-origin-missing", None),
    ),
    (
        "no colon in a line before the header",
        "HTTP/1.1 200 OK\r\nno colon\r\nAccess-Control-Allow-Origin: http://sitea.com\r\n\r\nhi",
        Ends::Readable,
    ),
    (
        "a bare CR before the header",
        "HTTP/1.1 200 OK\r\nA: 1\rAccess-Control-Allow-Origin: *\r\n\r\nhi",
        Ends::NotCors("malformed"),
    ),
    (
        "a bare CR in the value",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r \r\n\r\nhi",
        Ends::NotCors("malformed"),
    ),
    (
        "HTTP/0.9",
        "<html>\r\nAccess-Control-Allow-Origin: *\r\n\r\n</html>",
        Ends::NotCors("malformed"),
    ),
    (
        "another protocol",
        "SSH-2.0-OpenSSH_9.2\r\n",
        Ends::NotCors("malformed"),
    ),
    (
        "a status line of HTTP/2",
        "HTTP/2 200\r\nAccess-Control-Allow-Origin: *\r\n\r\n",
        Ends::NotCors("malformed"),
    ),
    (
        "a NUL",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nA: \0\r\n\r\nhi",
        Ends::NotCors("malformed"),
    ),
    (
        "two lengths",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
        Ends::NotCors("malformed"),
    ),
    (
        "a head that ends with its connection",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n",
        Ends::Readable,
    ),
    // Chromium takes this, too. We don't: the value may have been meant to go on.
    (
        "a head that ends within a line",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: http://sitea.com",
        Ends::NotCors("closed"),
    ),
];

fn server(bytes: &str) -> Raw {
    let bytes = bytes.as_bytes().to_vec();
    Raw::start(move |asked| match asked.path.as_str() {
        "/moved" => response("302 Found", &[GRANT, "Location: /a"]),
        _ => bytes.clone(),
    })
}

#[track_caller]
fn ends_so(ran: &Ran, ends: &Ends, hop: u64) {
    let verdict = &ran.json["verdict"];
    match ends {
        Ends::Readable => ran.is_readable(),
        Ends::Blocked(code, bytes) => {
            ran.is_blocked(code, "actual", hop);
            match *bytes {
                None => assert_eq!(verdict.get("evidence"), None, "{:#}", ran.json),
                Some((line, byte, length)) => {
                    let header = "Access-Control-Allow-Origin";
                    assert_eq!(ran.evidence(), (header, line, byte, length));
                    assert_eq!(verdict["evidence"]["hop"], hop);
                }
            }
        }
        Ends::NotCors(error) => {
            assert_eq!((ran.outcome(), ran.exit), ("not-cors", 3), "{:#}", ran.json);
            assert_eq!(ran.code(), "network-failure");
            assert_eq!(verdict["hop"], hop, "{:#}", ran.json);
            assert_eq!(verdict["transport"]["error"], *error, "{:#}", ran.json);
            assert_eq!(verdict.get("evidence"), None, "{:#}", ran.json);
        }
    }
}

#[test]
fn mangled_heads_end_as_they_do_in_browsers() {
    for (name, bytes, ends) in &CASES {
        let server = server(bytes);
        for (hop, path) in [(0, "/a"), (1, "/moved")] {
            eprintln!("{name}, {path}");
            ends_so(&check(&[&server.url(path)]), ends, hop);
        }
    }
}

/// Nothing of what a mangled preflight says counts, and the request stays here.
#[test]
fn mangled_preflights_let_nothing_through() {
    for (name, bytes, ends) in &CASES {
        if matches!(ends, Ends::Readable) {
            continue;
        }
        eprintln!("{name}");
        let server = Raw::preflighted(bytes, response("200 OK", &[GRANT]));
        let ran = check(&[&server.url("/a"), "-X", "PUT"]);
        assert_eq!(ran.wire(), ["OPTIONS /a"], "{:#}", ran.json);
        match ends {
            Ends::Blocked(code, _) => ran.is_blocked(code, "preflight", 0),
            // The server was there and gave no answer: a page can't tell that from a refusal.
            _ => ran.is_blocked("preflight-no-response", "preflight", 0),
        }
    }
}

/// The head was granted: a script has the response, and its body fails.
#[test]
fn chunks_that_lie_come_after_the_grant() {
    for chunks in [
        // No number, more than comes, less than comes, no number there is, no last chunk.
        "zz\r\nhi\r\n0\r\n\r\n",
        "ff\r\nhi\r\n0\r\n\r\n",
        "1\r\nhi\r\n0\r\n\r\n",
        "fffffffffffffffff\r\nhi\r\n",
        "+2\r\nhi\r\n0\r\n\r\n",
        "2\r\nhi\r\n",
    ] {
        let server = server(&format!(
            "HTTP/1.1 200 OK\r\n{GRANT}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
        ));
        for (path, wire) in [
            ("/a", &["GET /a"][..]),
            ("/moved", &["GET /moved", "GET /a"]),
        ] {
            let ran = check(&[&server.url(path)]);
            ran.is_readable();
            assert_eq!(ran.wire(), wire);
            let last = &ran.json["steps"][wire.len() - 1]["response"];
            assert!(last["body_error"].is_string(), "{chunks:?}: {:#}", ran.json);
        }
    }
}

/// Without TLS nobody agrees on HTTP/2, and a browser does not try.
#[test]
fn http2_is_not_spoken_without_tls() {
    let server = Raw::saying(response("200 OK", &[GRANT]));
    let ran = check(&[&server.url("/"), "--http2"]);
    ran.is_readable();
    assert_eq!(ran.json["steps"][0]["response"]["http"], "1.1");
    // What a server that speaks nothing else begins with: its settings.
    let server = Raw::saying([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    let ran = check(&[&server.url("/"), "--http2"]);
    ends_so(&ran, &Ends::NotCors("malformed"), 0);
}
