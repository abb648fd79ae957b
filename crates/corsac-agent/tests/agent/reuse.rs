//! Connections that are used again, and those that must not be.

use std::{
    io::Write,
    net::TcpStream,
    sync::mpsc::{Receiver, channel},
};

use corsac::{
    diagnosis::{Code, Phase},
    fetch::{CredentialsMode, Request},
};
use corsac_agent::{Agent, Failure, Fetched, wire::WireError};
use http::Method;

use crate::server::*;

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: http://sitea.com\r\n\
    Access-Control-Allow-Credentials: true\r\nContent-Length: 5\r\n\r\nhello";

fn answer(stream: &mut TcpStream, response: &[u8]) -> bool {
    !read_head(stream).is_empty() && stream.write_all(response).is_ok()
}

fn is_reused(fetched: &Fetched) -> bool {
    let exchange = fetched.exchanges.last().unwrap();
    exchange.connection.as_ref().unwrap().is_reused
}

/// A server that answers this again and again, for any number of connections.
fn keeping_alive(response: &'static [u8]) -> Agent {
    agent(serve(move |listener| {
        for stream in listener.incoming() {
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                while answer(&mut stream, response) {}
            });
        }
    }))
}

#[tokio::test]
async fn a_connection_serves_again() {
    let agent = keeping_alive(HELLO);
    for reused in [false, true, true] {
        let fetched = fetch(&agent, Method::GET).await;
        assert_readable(&fetched, 200, b"hello");
        assert_eq!(is_reused(&fetched), reused);
        let timings = fetched.exchanges[0].timings;
        assert_eq!(timings.connect.is_none(), reused);
        assert!(timings.wait.is_some());
    }
    agent.clear();
    assert!(!is_reused(&fetch(&agent, Method::GET).await));
}

#[tokio::test]
async fn credentials_and_pages_keep_their_connections_apart() {
    let agent = keeping_alive(HELLO);
    let mut with_credentials = request(Method::GET);
    with_credentials.credentials_mode = CredentialsMode::Include;
    let requests = [
        (request(Method::GET), false),
        (with_credentials.clone(), false),
        (request(Method::GET), true),
        (with_credentials, true),
    ];
    for (request, reused) in requests {
        let fetched = agent.fetch(page(), request, "").await;
        assert_readable(&fetched, 200, b"hello");
        assert_eq!(is_reused(&fetched), reused);
    }
    let mut page = page();
    page.network_partition_key.top_level_site = "http://sitec.com".into();
    let fetched = agent.fetch(page, request(Method::GET), "").await;
    assert!(!is_reused(&fetched));
}

#[tokio::test]
async fn who_says_close_is_not_asked_again() {
    for response in [
        &b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\
            Connection: x, Close\r\n\r\n"[..],
        b"HTTP/1.0 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\nmore",
    ] {
        let agent = keeping_alive(response);
        for _ in 0..2 {
            let fetched = fetch(&agent, Method::GET).await;
            assert_readable(&fetched, 200, b"");
            assert!(!is_reused(&fetched));
        }
    }
}

/// A server whose first connection answers once and hangs up when it has read another request; its
/// second one does as it is told. Says what was asked on either.
fn stale(second: &'static [u8]) -> (Agent, Receiver<Vec<u8>>) {
    let (sender, receiver) = channel();
    let address = serve(move |listener| {
        let (mut first, _) = listener.accept().unwrap();
        answer(&mut first, HELLO);
        sender.send(read_head(&mut first)).unwrap();
        drop(first);
        let (mut stream, _) = listener.accept().unwrap();
        sender.send(read_head(&mut stream)).unwrap();
        stream.write_all(second).unwrap();
    });
    (agent(address), receiver)
}

#[tokio::test]
async fn a_connection_that_was_over_is_made_anew_once() {
    let (agent, asked) = stale(HELLO);
    fetch(&agent, Method::GET).await;
    let fetched = fetch(&agent, Method::GET).await;
    assert_readable(&fetched, 200, b"hello");
    assert!(!is_reused(&fetched));
    assert_eq!(fetched.exchanges.len(), 1);
    assert_eq!(asked.recv().unwrap(), asked.recv().unwrap());

    // What fails on a new connection has failed.
    let (agent, _asked) = stale(b"");
    fetch(&agent, Method::GET).await;
    let fetched = fetch(&agent, Method::GET).await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
    let closed = Failure::Wire(WireError::Closed);
    assert_eq!(fetched.exchanges[0].failure, Some(closed));
}

#[tokio::test]
async fn a_server_that_hung_up_meanwhile_is_noticed_before() {
    let (sender, receiver) = channel();
    let address = serve(move |listener| {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            answer(&mut stream, HELLO);
            drop(stream);
            sender.send(()).unwrap();
        }
    });
    let agent = agent(address);
    for _ in 0..2 {
        assert!(!is_reused(&fetch(&agent, Method::GET).await));
        receiver.recv().unwrap();
        // The end has to be seen by the system's poll before it can be seen by us.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_misdirected_request_goes_over_a_connection_of_its_own() {
    let address = serve(|listener| {
        let (mut first, _) = listener.accept().unwrap();
        answer(&mut first, HELLO);
        let misdirected = b"HTTP/1.1 421 Misdirected\r\nContent-Length: 0\r\n\r\n";
        answer(&mut first, misdirected);
        let (mut second, _) = listener.accept().unwrap();
        answer(&mut second, HELLO);
    });
    let agent = agent(address);
    fetch(&agent, Method::GET).await;
    let url = "http://siteb.com/other".parse().unwrap();
    let fetched = agent.fetch(page(), Request::new(url), "").await;
    assert_readable(&fetched, 200, b"hello");
    assert_eq!(fetched.exchanges.len(), 2);
    assert!(!is_reused(&fetched));
}
