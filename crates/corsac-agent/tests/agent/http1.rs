//! HTTP/1.1, said well and badly.

use std::{net::TcpListener, time::Duration};

use corsac::{
    diagnosis::{Code, Phase},
    fetch::{AddressSpace, Body, Profile, Request},
};
use corsac_agent::{Agent, Failure, Stage, wire::WireError};
use http::Method;

use crate::server::*;

#[tokio::test]
async fn a_grant_lets_the_page_read() {
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nhello"]).await;
    assert_readable(&fetched, 200, b"hello");
}

#[tokio::test]
async fn one_odd_byte_in_a_second_line_refuses() {
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
        Access-Control-Allow-Origin: \x0b\r\n\r\nhello"])
    .await;
    assert_blocked(&fetched, Code::AllowOriginMultiple, Phase::Actual);
    assert_eq!(&fetched.exchanges[0].body[..], b"hello");
}

#[tokio::test]
async fn redirects_are_followed_by_the_fetch() {
    let fetched = get(&[
        b"HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: /next\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nthere",
    ])
    .await;
    assert_readable(&fetched, 200, b"there");
    let exchanges = fetched.exchanges.iter();
    let sent = exchanges.map(|exchange| exchange.hop.url.path());
    assert_eq!(sent.collect::<Vec<_>>(), ["/first", "/next"]);
}

#[tokio::test]
async fn a_refused_put_is_never_sent() {
    let fetched = put(&[b"HTTP/1.1 204 \r\nAccess-Control-Allow-Origin: *\r\n\r\n"]).await;
    assert_blocked(&fetched, Code::MethodNotAllowed, Phase::Preflight);
    assert_eq!(fetched.exchanges.len(), 1);
    assert!(
        fetched.exchanges[0]
            .sent
            .starts_with(b"OPTIONS /first HTTP/1.1\r\n")
    );
}

#[tokio::test]
async fn a_remembered_preflight_is_not_sent_again() {
    const GRANT: &[u8] = b"HTTP/1.1 204 \r\nAccess-Control-Allow-Origin: *\r\n\
        Access-Control-Allow-Methods: PUT\r\n\r\n";
    const DONE: &[u8] = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n";
    let agent = agent(server(&[GRANT, DONE, DONE]));
    for exchanges in [2, 1] {
        let fetched = fetch(&agent, Method::PUT).await;
        assert_eq!(fetched.exchanges.len(), exchanges);
    }
}

#[tokio::test]
async fn what_is_no_response_is_not_cors() {
    let not_http: [(&'static [u8], WireError); 4] = [
        (b"", WireError::Closed),
        (
            b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-",
            WireError::Closed,
        ),
        (b"HTTP/1.1 200 OK\r\nX: \0\r\n\r\n", WireError::Nul),
        (b"SSH-2.0-OpenSSH_9.9\r\n", WireError::StatusLine),
    ];
    for (response, error) in not_http {
        let fetched = get(&[response]).await;
        assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
        let exchange = &fetched.exchanges[0];
        assert_eq!(exchange.received, response);
        assert_eq!(exchange.failure, Some(Failure::Wire(error)));
        // Somebody took the connection, so the server's CORS set-up may be to blame.
        let fetched = put(&[response]).await;
        assert_blocked(&fetched, Code::PreflightNoResponse, Phase::Preflight);
    }
}

#[tokio::test]
async fn silence_has_an_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = config(listener.local_addr().unwrap());
    config.deadlines.head = Duration::from_millis(50);
    let fetched = fetch(&Agent::new(config), Method::GET).await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
    let failure = Failure::Timeout {
        stage: Stage::Head,
        is_total: false,
    };
    assert_eq!(fetched.exchanges[0].failure, Some(failure));
}

#[tokio::test]
async fn a_body_that_breaks_off_comes_with_its_error() {
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
        Content-Length: 9\r\n\r\nhello"])
    .await;
    assert_readable(&fetched, 200, b"hello");
    let closed = Failure::Wire(WireError::Closed);
    assert_eq!(fetched.exchanges[0].body_error, Some(closed));
}

#[tokio::test]
async fn a_public_page_does_not_reach_this_machine_unasked() {
    let mut page = page();
    page.address_space = AddressSpace::Public;
    let mut config = config(server(&[b""]));
    config.profile = Profile::CHROMIUM;
    let agent = Agent::new(config);
    let fetched = agent.fetch(page, request(Method::GET), "").await;
    assert_blocked(&fetched, Code::LocalNetworkInsecure, Phase::Actual);
    assert_eq!(fetched.exchanges[0].sent, b"");
}

#[tokio::test]
async fn a_stream_is_not_sent() {
    let mut request = request(Method::POST);
    request.body = Body::Stream;
    let fetched = agent(server(&[])).fetch(page(), request, "").await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
}

#[tokio::test]
async fn localhost_is_this_machine() {
    let address = server(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nhome"]);
    let url = format!("http://siteb.localhost:{}/", address.port());
    let request = Request::new(url.parse().unwrap());
    let fetched = Agent::new(Profile::FETCH).fetch(page(), request, "").await;
    assert_readable(&fetched, 200, b"home");
}
