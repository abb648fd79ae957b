//! HTTP/2, agreed on and not.

use std::time::Duration;

use bytes::Bytes;
use corsac::{
    diagnosis::{Code, Phase},
    fetch::{Body, Profile, Request},
};
use corsac_agent::{Agent, AgentConfig, Failure, HttpVersion, Stage, wire::WireError};
use http::{Method, Response, Version};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
};

use crate::{
    authority::{Authority, Good, serve_tls},
    server::*,
};

/// Answers every request: with what it was, and what came with it.
async fn echo(stream: impl AsyncRead + AsyncWrite + Unpin) {
    let Ok(mut connection) = h2::server::handshake(stream).await else {
        return;
    };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        tokio::spawn(async move {
            let (parts, mut body) = request.into_parts();
            let mut length = 0;
            while let Some(Ok(part)) = body.data().await {
                length += part.len();
                let _ = body.flow_control().release_capacity(part.len());
            }
            let response = Response::builder()
                .header("access-control-allow-origin", "*")
                .header("access-control-allow-methods", "PUT")
                .header("vary", "a")
                .header("vary", "b");
            let status = match parts.uri.path() {
                "/teapot" => 418,
                _ => 200,
            };
            let response = response.status(status).body(()).unwrap();
            let Ok(mut stream) = respond.send_response(response, false) else {
                return;
            };
            match parts.uri.path() {
                "/reset" => {
                    // What is not on its way yet would go down with the stream.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    stream.send_reset(h2::Reason::INTERNAL_ERROR);
                }
                "/endless" => {
                    let _ = stream.send_data("never".into(), false);
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
                _ => {
                    let told = format!("{} {} {length}", parts.method, parts.uri);
                    let _ = stream.send_data(told.into(), true);
                }
            }
        });
    }
}

/// An agent that knows that its server, without TLS, can HTTP/2.
async fn knowing() -> AgentConfig {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(echo(stream));
        }
    });
    let mut config = config(address);
    config.http_version = HttpVersion::Http2;
    config
}

#[tokio::test]
async fn alpn_agrees_on_it() {
    let authority = Authority::new();
    let acceptor = authority.acceptor("siteb.com", Good::Now, &["h2", "http/1.1"]);
    let address = serve_tls(acceptor, echo).await;
    let agent = Agent::new(authority.config(address));
    let mut request = request(Method::PUT);
    request.url = "https://siteb.com/a?b#c".parse().unwrap();
    request.header_list.append("X-Case", "1");
    request.body = Body::Source { length: 3 };
    // Not granted: the name of the header.
    let fetched = agent.fetch(page(), request.clone(), "abc").await;
    assert_blocked(&fetched, Code::HeaderNotAllowed, Phase::Preflight);
    assert_eq!(fetched.exchanges.len(), 1);
    request.header_list.delete("X-Case");
    let fetched = agent.fetch(page(), request, "abc").await;
    assert_readable(&fetched, 200, b"PUT https://siteb.com/a?b 3");

    let exchange = &fetched.exchanges[1];
    assert_eq!(exchange.version, Some(Version::HTTP_2));
    let tls = exchange.connection.as_ref().unwrap().tls.as_ref().unwrap();
    assert_eq!(tls.alpn.as_deref(), Some("h2"));
    assert!(exchange.connection.as_ref().unwrap().is_reused);
    let lines = exchange.request_lines.iter().take(5);
    let lines: Vec<_> = lines.map(|line| format!("{line:?}")).collect();
    assert_eq!(
        lines,
        [
            ":method: PUT",
            ":scheme: https",
            ":authority: siteb.com",
            ":path: /a?b",
            "accept: */*",
        ],
    );
    assert!(!exchange.request_lines.contains("connection"));
    assert!(
        !fetched.exchanges[0]
            .request_lines
            .contains("content-length")
    );
    let head = exchange.head.as_ref().unwrap();
    assert_eq!(head.header_list.get("Vary").as_deref(), Some(&b"a, b"[..]));
    assert_eq!((&*exchange.sent, &*exchange.received), (&b""[..], &b""[..]));
}

#[tokio::test]
async fn a_stream_that_nobody_sent_is_sent() {
    let mut request = request(Method::PUT);
    request.body = Body::Stream;
    let agent = Agent::new(knowing().await);
    let fetched = agent.fetch(page(), request, "abc").await;
    assert_readable(&fetched, 200, b"PUT http://siteb.com/first 3");
    // Nobody knows how long a stream will be.
    let exchange = &fetched.exchanges[1];
    assert!(!exchange.request_lines.contains("content-length"));
}

#[tokio::test]
async fn it_can_be_known_beforehand() {
    let agent = Agent::new(knowing().await);
    let fetched = fetch(&agent, Method::GET).await;
    assert_readable(&fetched, 200, b"GET http://siteb.com/first 0");
    let url = "http://siteb.com/teapot".parse().unwrap();
    let fetched = agent.fetch(page(), Request::new(url), "").await;
    assert_readable(&fetched, 418, b"GET http://siteb.com/teapot 0");
    assert!(fetched.exchanges[0].connection.as_ref().unwrap().is_reused);

    // Over TLS as well, whatever ALPN says.
    let authority = Authority::new();
    let acceptor = authority.acceptor("siteb.com", Good::Now, &[]);
    let address = serve_tls(acceptor, echo).await;
    let mut config = authority.config(address);
    config.http_version = HttpVersion::Http2;
    let url = "https://siteb.com/".parse().unwrap();
    let fetched = Agent::new(config)
        .fetch(page(), Request::new(url), "")
        .await;
    assert_readable(&fetched, 200, b"GET https://siteb.com/ 0");
}

#[tokio::test]
async fn many_requests_share_a_connection() {
    let agent = Agent::new(knowing().await);
    fetch(&agent, Method::GET).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let agent = agent.clone();
        tasks.spawn(async move { fetch(&agent, Method::GET).await });
    }
    for fetched in tasks.join_all().await {
        assert_readable(&fetched, 200, b"GET http://siteb.com/first 0");
        assert!(fetched.exchanges[0].connection.as_ref().unwrap().is_reused);
    }
}

#[tokio::test]
async fn a_large_body_goes_out_as_the_server_takes_it() {
    let agent = Agent::new(knowing().await);
    let body = Bytes::from(vec![b'x'; 1_000_000]);
    let mut request = request(Method::POST);
    request.body = Body::Source { length: 1_000_000 };
    let fetched = agent.fetch(page(), request, body).await;
    assert_readable(&fetched, 200, b"POST http://siteb.com/first 1000000");
}

#[tokio::test]
async fn a_body_may_end_badly() {
    let mut config = knowing().await;
    config.deadlines.body = Duration::from_millis(200);
    let agent = Agent::new(config);
    for (path, body) in [("reset", &b""[..]), ("endless", b"never")] {
        let url = format!("http://siteb.com/{path}").parse().unwrap();
        let fetched = agent.fetch(page(), Request::new(url), "").await;
        assert_readable(&fetched, 200, body);
        let error = fetched.exchanges[0].body_error.as_ref().unwrap();
        match path {
            "reset" => assert!(matches!(error, Failure::Http2 { .. }), "{error:?}"),
            _ => assert_eq!(
                *error,
                Failure::Timeout {
                    stage: Stage::Body,
                    is_total: false
                }
            ),
        }
    }
}

#[tokio::test]
async fn a_server_of_http_1_is_no_server_of_http_2() {
    let answer: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    let mut config = config(server(&[answer, answer]));
    config.http_version = HttpVersion::Http2;
    let agent = Agent::new(config);
    let fetched = fetch(&agent, Method::GET).await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
    let failure = fetched.exchanges[0].failure.as_ref().unwrap();
    assert!(matches!(failure, Failure::Http2 { .. }), "{failure:?}");
    let fetched = fetch(&agent, Method::PUT).await;
    assert_blocked(&fetched, Code::PreflightNoResponse, Phase::Preflight);
}

#[tokio::test]
async fn what_it_cannot_carry_is_not_sent() {
    let agent = Agent::new(knowing().await);
    let mut request = request(Method::GET);
    request.header_list.push("Accept", "\x0b");
    request.unsafe_request = false;
    let fetched = agent.fetch(page(), request, "").await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
    let failure = Failure::Wire(WireError::RequestHeader);
    assert_eq!(fetched.exchanges[0].failure, Some(failure));
}

#[tokio::test]
async fn a_connection_that_ended_is_made_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = config(listener.local_addr().unwrap());
    config.http_version = HttpVersion::Http2;
    config.profile = Profile::FETCH;
    tokio::spawn(async move {
        for _ in 0..2 {
            let (stream, _) = listener.accept().await.unwrap();
            let mut connection = h2::server::handshake(stream).await.unwrap();
            let (_, mut respond) = connection.accept().await.unwrap().unwrap();
            let response = Response::builder().header("access-control-allow-origin", "*");
            respond
                .send_response(response.body(()).unwrap(), true)
                .unwrap();
            connection.graceful_shutdown();
            while connection.accept().await.is_some() {}
        }
    });
    let agent = Agent::new(config);
    for _ in 0..2 {
        let fetched = fetch(&agent, Method::GET).await;
        assert_readable(&fetched, 200, b"");
        assert!(!fetched.exchanges[0].connection.as_ref().unwrap().is_reused);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
