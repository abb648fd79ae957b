//! Answers of an upstream that two peers would read differently, and what comes before an answer.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use super::{Upstream, before, bench::read_head, engines::says, exchange_at, serve};

const PAGE: &str = "Origin: https://a.example";

/// Each is a 502 that a page can read, and nothing of it gets out.
#[test]
fn an_answer_that_can_be_read_in_two_ways_is_502() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\nevil!",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nContent-Length: 4, 5\r\n\r\nevil!",
        "HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: b\rX-Evil: c\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nX-A: b\0evil\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nX-A: b\r\n evil: c\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nContent-Length : 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nevil\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: evil\r\n\r\nevil",
        "HTTP/1.1 2000 OK\r\nContent-Length: 4\r\n\r\nevil",
        "evil\r\n\r\n",
    ] {
        let (served, _upstream) = before(answer);
        let response = exchange_at(served.port, "GET", "/x", &[PAGE]);
        let (status, said) = says(&response);
        assert_eq!(status, 502, "{answer:?}: {response}");
        assert!(said.contains("origin=https://a.example"), "{said}");
        assert!(!response.contains("evil"), "{answer:?}: {response}");
    }
}

#[test]
fn an_answers_head_that_is_too_large_is_502() {
    for answer in [
        format!("HTTP/1.1 200 OK\r\nX-A: {}\r\n\r\n", "a".repeat(1 << 20)),
        format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-A: b\r\n".repeat(200)),
    ] {
        let upstream = Upstream::doing(move |_, stream| {
            let _ = stream.write_all(answer.as_bytes());
            false
        });
        let served = serve(&[upstream.url()], |_| {});
        let response = exchange_at(served.port, "GET", "/x", &[PAGE]);
        assert_eq!(says(&response).0, 502, "{response}");
    }
}

/// Its head has gone out by then, so the client learns of it by an end that is none.
#[test]
fn a_body_that_breaks_off_does_not_look_whole() {
    for (answer, is_chunked) in [
        ("Content-Length: 5\r\n\r\nhi", false),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", true),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n", true),
        ("Transfer-Encoding: chunked\r\n\r\n2\r\nhi!!0\r\n\r\n", true),
        (
            "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nfffffffffffffffff\r\n",
            true,
        ),
    ] {
        let upstream = Upstream::doing(move |_, stream| {
            let answer = format!("HTTP/1.1 200 OK\r\n{answer}");
            let _ = stream.write_all(answer.as_bytes());
            false
        });
        let served = serve(&[upstream.url()], |_| {});
        let response = exchange_at(served.port, "GET", "/x", &[PAGE]);
        // Where it breaks off at once there may be no answer yet.
        let status = says(&response).0;
        assert!(matches!(status, 200 | 502), "{response}");
        if status == 200 {
            match is_chunked {
                true => assert!(!response.ends_with("0\r\n\r\n"), "{response}"),
                false => assert!(response.ends_with("\r\n\r\nhi"), "{response}"),
            }
        }
    }
}

#[test]
fn what_comes_before_the_answer_is_no_answer() {
    for early in [
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nAccess-Control-Allow-Origin: *\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
    ] {
        let answer = format!("{early}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        let upstream =
            Upstream::doing(move |_, stream| stream.write_all(answer.as_bytes()).is_ok());
        let served = serve(&[upstream.url()], |_| {});
        for (origin, is_granted) in [(PAGE, true), ("Origin: https://evil.example", false)] {
            let response = exchange_at(served.port, "GET", "/x", &[origin]);
            let (status, said) = says(&response);
            assert_eq!(status, 200, "{response}");
            assert!(
                response.ends_with("hi") && !response.contains("Link"),
                "{response}"
            );
            assert_eq!(
                said.contains("origin=https://a.example"),
                is_granted,
                "{said}"
            );
            assert!(!said.contains('*'), "{said}");
        }
    }
}

/// The client is told to go on once the upstream is there to hear it, and by nobody but the gateway.
#[test]
fn a_client_that_waits_for_100_is_told_to_go_on() {
    let upstream = Upstream::doing(|head, stream| {
        assert!(!head.to_ascii_lowercase().contains("expect"), "{head}");
        let mut body = [0; 5];
        stream.read_exact(&mut body).unwrap();
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).is_ok()
    });
    let served = serve(&[upstream.url()], |_| {});
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let head = "PUT / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5\r\n";
    let head = format!("{head}{PAGE}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let first = read_head(&mut stream).unwrap();
    assert_eq!(first, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let (status, said) = says(&response);
    assert_eq!(status, 200, "{response}");
    assert!(said.contains("origin=https://a.example"), "{said}");
    assert!(response.ends_with("\r\n\r\nhello"), "{response}");
}

#[test]
fn a_client_that_waits_for_100_is_refused_without_it() {
    let (served, upstream) = before("");
    for lines in [
        "Host: evil.example\r\nContent-Length: 5\r\n",
        "Host: localhost\r\nTransfer-Encoding: gzip, chunked\r\n",
    ] {
        let head =
            format!("PUT / HTTP/1.1\r\n{lines}Expect: 100-continue\r\nConnection: close\r\n\r\n");
        let response = super::exchange(served.port, &head);
        assert!(matches!(says(&response).0, 421 | 501), "{response}");
    }
    assert!(upstream.seen().is_empty());
}
