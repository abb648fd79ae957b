//! The agent against servers that say anything.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    thread,
    time::Duration,
};

use corsac::{
    diagnosis::{Code, Phase},
    fetch::{AddressSpace, Body, Environment, Profile, Request},
};
use corsac_agent::{Agent, Fetched, Outcome, wire::WireError};
use http::Method;

/// A server that for each of these reads a request's head, says it, and hangs up.
fn server(responses: &[&'static [u8]]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let responses = responses.to_vec();
    thread::spawn(move || {
        for response in responses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                request.push(byte[0]);
            }
            stream.write_all(response).unwrap();
        }
    });
    address
}

fn agent(address: SocketAddr) -> Agent {
    let mut agent = Agent::new(Profile::FETCH);
    agent.resolver.map("SiteB.com", 80, address);
    agent
}

fn page() -> Environment {
    let mut page = Environment::of_page("http://sitea.com/".parse().unwrap());
    page.address_space = AddressSpace::Loopback;
    page
}

fn request(method: Method) -> Request {
    let mut request = Request::new("http://siteb.com/first".parse().unwrap());
    request.method = method;
    request
}

fn get(responses: &[&'static [u8]]) -> Fetched {
    agent(server(responses)).fetch(page(), request(Method::GET), b"")
}

fn put(responses: &[&'static [u8]]) -> Fetched {
    agent(server(responses)).fetch(page(), request(Method::PUT), b"")
}

#[track_caller]
fn assert_blocked(fetched: &Fetched, code: Code, phase: Phase) {
    match &fetched.outcome {
        Outcome::Blocked(verdict) => assert_eq!((verdict.code(), verdict.phase), (code, phase)),
        outcome => panic!("{outcome:?}"),
    }
}

#[track_caller]
fn assert_readable(fetched: &Fetched, status: u16, told: &[u8]) {
    match &fetched.outcome {
        Outcome::Response { response, body } => {
            assert_eq!((response.status, &body[..]), (status, told));
        }
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn a_grant_lets_the_page_read() {
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nhello"]);
    assert_readable(&fetched, 200, b"hello");
}

#[test]
fn one_odd_byte_in_a_second_line_refuses() {
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
        Access-Control-Allow-Origin: \x0b\r\n\r\nhello"]);
    assert_blocked(&fetched, Code::AllowOriginMultiple, Phase::Actual);
    assert_eq!(fetched.exchanges[0].body, b"hello");
}

#[test]
fn redirects_are_followed_by_the_fetch() {
    let fetched = get(&[
        b"HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: /next\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nthere",
    ]);
    assert_readable(&fetched, 200, b"there");
    let sent = fetched.exchanges.iter().map(|exchange| exchange.url.path());
    assert_eq!(sent.collect::<Vec<_>>(), ["/first", "/next"]);
}

#[test]
fn a_refused_put_is_never_sent() {
    let fetched = put(&[b"HTTP/1.1 204 \r\nAccess-Control-Allow-Origin: *\r\n\r\n"]);
    assert_blocked(&fetched, Code::MethodNotAllowed, Phase::Preflight);
    assert_eq!(fetched.exchanges.len(), 1);
    assert!(
        fetched.exchanges[0]
            .sent
            .starts_with(b"OPTIONS /first HTTP/1.1\r\n")
    );
}

#[test]
fn a_remembered_preflight_is_not_sent_again() {
    const GRANT: &[u8] = b"HTTP/1.1 204 \r\nAccess-Control-Allow-Origin: *\r\n\
        Access-Control-Allow-Methods: PUT\r\n\r\n";
    const DONE: &[u8] = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n";
    let mut agent = agent(server(&[GRANT, DONE, DONE]));
    for exchanges in [2, 1] {
        let fetched = agent.fetch(page(), request(Method::PUT), b"");
        assert_eq!(fetched.exchanges.len(), exchanges);
    }
}

#[test]
fn what_is_no_response_is_not_cors() {
    let not_http: [&'static [u8]; 4] = [
        b"",
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-",
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nX: \0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
    ];
    for response in not_http {
        let fetched = get(&[response]);
        assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
        assert_eq!(fetched.exchanges[0].received, response);
        // Somebody took the connection, so the server's CORS set-up may be to blame.
        assert_blocked(
            &put(&[response]),
            Code::PreflightNoResponse,
            Phase::Preflight,
        );
    }
}

#[test]
fn nobody_there_is_not_cors() {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for url in ["http://siteb.com/", "https://siteb.com/"] {
        let mut request = request(Method::PUT);
        request.url = url.parse().unwrap();
        let fetched = agent(address).fetch(page(), request, b"");
        assert_blocked(&fetched, Code::NetworkFailure, Phase::Preflight);
        assert_eq!(fetched.exchanges[0].sent, b"");
    }
}

#[test]
fn silence_has_an_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut agent = agent(listener.local_addr().unwrap());
    agent.deadlines.head = Duration::from_millis(50);
    let fetched = agent.fetch(page(), request(Method::GET), b"");
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
}

#[test]
fn a_body_that_breaks_off_comes_with_its_error() {
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
        Content-Length: 9\r\n\r\nhello"]);
    assert_readable(&fetched, 200, b"hello");
    assert_eq!(fetched.exchanges[0].body_error, Some(WireError::Closed));
}

#[test]
fn a_public_page_does_not_reach_this_machine_unasked() {
    let mut page = page();
    page.address_space = AddressSpace::Public;
    let mut agent = agent(server(&[b""]));
    agent.profile = Profile::CHROMIUM;
    let fetched = agent.fetch(page, request(Method::GET), b"");
    assert_blocked(&fetched, Code::LocalNetworkInsecure, Phase::Actual);
    assert_eq!(fetched.exchanges[0].sent, b"");
}

#[test]
fn a_stream_is_not_sent() {
    let mut request = request(Method::POST);
    request.body = Body::Stream;
    let fetched = agent(server(&[])).fetch(page(), request, b"");
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
}

#[test]
fn localhost_is_this_machine() {
    let address = server(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nhome"]);
    let url = format!("http://siteb.localhost:{}/", address.port());
    let request = Request::new(url.parse().unwrap());
    let fetched = Agent::new(Profile::FETCH).fetch(page(), request, b"");
    assert_readable(&fetched, 200, b"home");
}
