//! WebSockets: CORS does not guard them, so the gateway does.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use super::{Served, Upstream, bench::read_head, engines::says, exchange, serve};

fn upgrading() -> (Served, Upstream) {
    let upstream = Upstream::doing(|head, stream| {
        if !head.to_ascii_lowercase().contains("upgrade: websocket") {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            return false;
        }
        let answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
                      Connection: Upgrade\r\nSec-WebSocket-Accept: yes\r\n\r\n";
        stream.write_all(answer.as_bytes()).unwrap();
        let mut bytes = [0; 64];
        while let Ok(length @ 1..) = stream.read(&mut bytes) {
            stream.write_all(&bytes[..length]).unwrap();
        }
        false
    });
    (serve(&[upstream.url()], |_| {}), upstream)
}

fn handshake(lines: &str) -> String {
    format!(
        "GET /socket HTTP/1.1\r\nHost: localhost:8080\r\nConnection: keep-alive, Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n{lines}\r\n"
    )
}

fn opened(served: &Served, lines: &str) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream.write_all(handshake(lines).as_bytes()).unwrap();
    let head = read_head(&mut stream).unwrap();
    assert_eq!(says(&head).0, 101, "{head}");
    let head = head.to_ascii_lowercase();
    assert!(head.contains("sec-websocket-accept: yes"), "{head}");
    stream
}

fn echoes(stream: &mut TcpStream) {
    stream.write_all(b"ping").unwrap();
    let mut echo = [0; 4];
    stream.read_exact(&mut echo).unwrap();
    assert_eq!(&echo, b"ping");
}

#[test]
fn a_page_that_is_not_listed_gets_403_before_the_upstream() {
    let (served, upstream) = upgrading();
    for origin in [
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Origin: https://localhost.evil.example\r\n",
        "Origin: https://a.example\r\nOrigin: https://evil.example\r\n",
        "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\n",
    ] {
        let response = exchange(
            served.port,
            &handshake(&format!("{origin}Connection: close\r\n")),
        );
        assert_eq!(says(&response).0, 403, "{origin}: {response}");
    }
    assert!(upstream.seen().is_empty());
}

#[test]
fn listed_pages_own_pages_and_tools_talk_both_ways() {
    let (served, upstream) = upgrading();
    for origin in [
        "Origin: https://a.example\r\n",
        "Origin: http://localhost:8080\r\n",
        "",
    ] {
        echoes(&mut opened(&served, origin));
    }
    assert_eq!(upstream.seen().len(), 3);
}

#[test]
fn an_open_one_has_the_time_of_a_drain_and_no_more() {
    let nothing = Duration::ZERO;
    for (limit, is_closed) in [(Duration::from_secs(20), true), (nothing, false)] {
        let (mut served, _upstream) = upgrading();
        let mut stream = opened(&served, "");
        let running = served.running.take().unwrap();
        let drain = thread::spawn(move || running.drain(nothing, limit));
        // What was under way goes on.
        if is_closed {
            thread::sleep(Duration::from_millis(100));
            assert!(!drain.is_finished());
            echoes(&mut stream);
            drop(stream);
        }
        assert_eq!(drain.join().unwrap(), is_closed);
    }
}
