//! Bodies, either way: as they come, and no further than they may.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use super::{Upstream, bench::read_head, engines::says, exchange, quick, serve};

#[test]
fn an_event_arrives_before_the_next_one_is_made() {
    let upstream = Upstream::doing(|_, stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
                    Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        // Nothing more before the client says that it has the first.
        stream
            .set_read_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        let _ = stream.read(&mut [0]);
        stream.write_all(b"9\r\ndata: 2\n\n\r\n0\r\n\r\n").is_ok()
    });
    let served = serve(&[upstream.url()], |_| {});
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let head = read_head(&mut stream).unwrap();
    assert_eq!(says(&head).0, 200);
    let mut chunk = [0; 64];
    let length = stream.read(&mut chunk).unwrap();
    let first = String::from_utf8_lossy(&chunk[..length]).into_owned();
    assert!(
        first.contains("data: 1") && !first.contains("data: 2"),
        "{first}"
    );
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("data: 2"), "{rest}");
}

#[test]
fn what_is_larger_than_it_may_be_is_413() {
    let upstream = Upstream::doing(|head, stream| {
        let mut body = vec![0; 64];
        // It answers when the body has come to its end, which here it never does.
        while head.contains("chunked") && stream.read(&mut body).is_ok_and(|length| length > 0) {}
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .is_ok()
    });
    let served = serve(&[upstream.url()], |it| it.limits.body_bytes = Some(10));
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.example\r\n";
    for body in [
        "Content-Length: 11\r\n\r\nhello world",
        "Transfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n",
    ] {
        let response = exchange(served.port, &format!("{head}{body}"));
        let (status, said) = says(&response);
        assert_eq!(status, 413, "{response}");
        assert!(said.contains("origin=https://a.example"), "{said}");
    }
    let small = exchange(
        served.port,
        &format!("{head}Content-Length: 0\r\nConnection: close\r\n\r\n"),
    );
    assert_eq!(says(&small).0, 200);
}

#[test]
fn an_upstream_that_thinks_for_too_long_is_504() {
    let upstream = Upstream::doing(|_, _| {
        thread::sleep(Duration::from_secs(2));
        false
    });
    let served = serve(&[upstream.url()], |it| it.limits = quick());
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.example\r\nConnection: close\r\n\r\n";
    let (status, said) = says(&exchange(served.port, request));
    assert_eq!(status, 504);
    assert!(said.contains("origin=https://a.example"), "{said}");
}

#[test]
fn a_head_that_does_not_come_ends_the_connection() {
    let upstream = Upstream::answering("");
    let served = serve(&[upstream.url()], |it| it.limits = quick());
    let response = exchange(served.port, "GET / HTTP/1.1\r\nHost: loc");
    assert!(
        response.is_empty() || response.starts_with("HTTP/1.1 408"),
        "{response}"
    );
    assert!(upstream.seen().is_empty());
}

#[test]
fn what_was_not_sent_is_sent_again_and_what_was_is_not() {
    // Each connection is good for one request, and doesn't say so.
    let upstream = Upstream::doing(|_, stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .unwrap();
        false
    });
    let served = serve(&[upstream.url()], |_| {});
    for _ in 0..20 {
        let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assert_eq!(says(&exchange(served.port, request)).0, 200);
    }
    // One that ends without an answer is not asked twice for what may have been done.
    let upstream = Upstream::doing(|_, _| false);
    let served = serve(&[upstream.url()], |_| {});
    let request =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert_eq!(says(&exchange(served.port, request)).0, 502);
    assert_eq!(upstream.seen().len(), 1);
}

#[test]
fn heads_and_trailers_of_responses_pass() {
    let upstream = Upstream::answering(
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\
         HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\
         Connection: x-hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n",
    );
    let served = serve(&[upstream.url()], |_| {});
    let request = "GET / HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\nConnection: close\r\n\r\n";
    let response = exchange(served.port, request).to_ascii_lowercase();
    assert_eq!(says(&response).0, 200, "{response}");
    assert!(response.contains("\r\nx-sum: 7\r\n"), "{response}");
    assert!(
        !response.contains("x-hop") && !response.contains("keep-alive"),
        "{response}"
    );
}
