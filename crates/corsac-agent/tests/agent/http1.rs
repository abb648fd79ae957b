//! HTTP/1.1, said well and badly.

use std::{io::Write, net::TcpListener, time::Duration};

use corsac::{
    diagnosis::{Code, Phase},
    fetch::{AddressSpace, Body, Profile, Request},
};
use corsac_agent::{Agent, Failure, Fetched, Stage, wire::WireError};
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
async fn a_head_may_end_with_its_connection_after_a_whole_line() {
    let fetched = get(&[b"HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\n"]).await;
    assert_readable(&fetched, 200, b"");
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: http://a.example"]).await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
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
async fn a_stream_is_not_sent_in_http_1() {
    let mut request = request(Method::POST);
    request.body = Body::Stream;
    let fetched = agent(server(&[b""])).fetch(page(), request, "hi").await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
    let failure = Failure::Wire(WireError::RequestStream);
    assert_eq!(fetched.exchanges[0].failure, Some(failure));
    assert_eq!(fetched.exchanges[0].sent, b"");
}

#[tokio::test]
async fn localhost_is_this_machine() {
    let address = server(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nhome"]);
    let url = format!("http://siteb.localhost:{}/", address.port());
    let request = Request::new(url.parse().unwrap());
    let fetched = Agent::new(Profile::FETCH).fetch(page(), request, "").await;
    assert_readable(&fetched, 200, b"home");
}

/// Lines after a grant, as they are in the response, and what is left of them.
async fn lines(lines: &str) -> Fetched {
    let response = format!(
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n{lines}Content-Length: 2\r\n\r\nhi"
    );
    get(&[response.leak().as_bytes()]).await
}

fn shown(fetched: &Fetched, name: &str) -> Vec<String> {
    let head = fetched.exchanges[0].head.as_ref().unwrap();
    let lines = head.header_list.lines(name);
    lines
        .map(|(_, value)| value.escape_ascii().to_string())
        .collect()
}

#[tokio::test]
async fn a_hundred_kilobytes_of_headers_are_taken() {
    let many = format!("X: {}\r\n", "x".repeat(1000)).repeat(100);
    let fetched = lines(&many).await;
    assert_readable(&fetched, 200, b"hi");
    assert_eq!(shown(&fetched, "x").len(), 100);

    let too_many = many.repeat(3);
    let fetched = lines(&too_many).await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);
    let failure = Failure::Wire(WireError::HeadTooLarge);
    assert_eq!(fetched.exchanges[0].failure, Some(failure));
}

#[tokio::test]
async fn lines_that_are_none_are_told_apart() {
    let fetched = lines("Fold: a\r\n b\r\nName : x\r\nno colon\r\nVary: Origin\r\n").await;
    assert_readable(&fetched, 200, b"hi");
    assert_eq!(shown(&fetched, "Fold"), ["a b"]);
    assert!(shown(&fetched, "Name").is_empty());
    let exchange = &fetched.exchanges[0];
    let bytes = |range: &std::ops::Range<usize>| {
        let bytes = exchange.received[range.clone()].escape_ascii();
        bytes.to_string()
    };
    let ignored: Vec<_> = exchange.ignored_lines.iter().map(bytes).collect();
    assert_eq!(ignored, ["Name : x", "no colon"]);
    let places = &exchange.field_places;
    assert_eq!(
        places.len(),
        exchange.head.as_ref().unwrap().header_list.len()
    );
    assert_eq!(bytes(&places[0].name), "Access-Control-Allow-Origin");
    assert_eq!(bytes(&exchange.field_value_place(0).unwrap()), "*");
    assert!(places[1].is_folded);
    assert_eq!(bytes(&places[1].value), r"a\r\n b");
    assert_eq!(bytes(&places[2].value), "Origin");
}

#[tokio::test]
async fn a_bare_cr_and_http_0_9_are_no_response() {
    let fetched = lines("X: a\rY: b\r\n").await;
    let failure = Failure::Wire(WireError::BareCr);
    assert_eq!(fetched.exchanges[0].failure, Some(failure));
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Actual);

    let fetched = get(&[b"<html>it works</html>"]).await;
    let failure = Failure::Wire(WireError::StatusLine);
    assert_eq!(fetched.exchanges[0].failure, Some(failure));
}

#[tokio::test]
async fn a_chunk_that_lies_breaks_the_body_only() {
    let fetched = get(&[b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
        Transfer-Encoding: chunked\r\n\r\n5\r\nhello, world\r\n0\r\n\r\n"])
    .await;
    assert_readable(&fetched, 200, b"hello");
    let failure = Failure::Wire(WireError::Chunk);
    assert_eq!(fetched.exchanges[0].body_error, Some(failure));
}

#[tokio::test]
async fn a_body_has_its_limit() {
    let address = serve(|listener| {
        let (mut stream, _) = listener.accept().unwrap();
        read_head(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n");
        while stream.write_all(&[b'x'; 1024]).is_ok() {}
    });
    let mut config = config(address);
    config.limits.body_bytes = 4096;
    let fetched = fetch(&Agent::new(config), Method::GET).await;
    let exchange = &fetched.exchanges[0];
    assert!(exchange.body.len() > 4096 - 1024, "{}", exchange.body.len());
    let failure = Failure::Wire(WireError::BodyTooLarge);
    assert_eq!(exchange.body_error, Some(failure));
}

#[tokio::test]
async fn nobody_waits_for_the_rest_of_what_is_not_read() {
    let address = serve(|listener| {
        let (mut stream, _) = listener.accept().unwrap();
        read_head(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nevent").unwrap();
        read_head(&mut stream);
    });
    let mut config = config(address);
    config.deadlines.unread_body = Duration::from_millis(50);
    let fetched = fetch(&Agent::new(config), Method::GET).await;
    assert_blocked(&fetched, Code::AllowOriginMissing, Phase::Actual);
    assert_eq!(&fetched.exchanges[0].body[..], b"event");
    assert_eq!(
        fetched.exchanges[0].body_error,
        Some(Failure::Timeout {
            stage: Stage::Body,
            is_total: false
        }),
    );
}

#[tokio::test]
async fn a_server_that_answers_early_is_heard() {
    let address = serve(|listener| {
        let (mut stream, _) = listener.accept().unwrap();
        read_head(&mut stream);
        let answer = b"HTTP/1.1 413 No\r\nAccess-Control-Allow-Origin: *\r\n\
            Content-Length: 0\r\nConnection: close\r\n\r\n";
        stream.write_all(answer).unwrap();
        // The rest of the request is still on its way when everything ends.
        std::thread::sleep(Duration::from_millis(50));
    });
    let body = vec![b'x'; 8 * 1024 * 1024];
    let mut request = request(Method::POST);
    request.body = Body::Source {
        length: body.len() as u64,
    };
    let fetched = agent(address).fetch(page(), request, body).await;
    assert_readable(&fetched, 413, b"");
}

#[tokio::test]
async fn a_body_can_be_read_as_it_comes() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let address = serve(move |listener| {
        let (mut stream, _) = listener.accept().unwrap();
        read_head(&mut stream);
        let head = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
            Transfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head).unwrap();
        for part in [&b"3\r\none\r\n"[..], b"3\r\ntwo\r\n", b"0\r\n\r\n"] {
            receiver.recv().unwrap();
            stream.write_all(part).unwrap();
        }
    });
    let agent = agent(address);
    let mut opened = agent.open(page(), request(Method::GET), "").await;
    for part in ["one", "two"] {
        sender.send(()).unwrap();
        assert_eq!(opened.chunk().await.unwrap().unwrap(), part);
    }
    sender.send(()).unwrap();
    assert_eq!(opened.chunk().await, None);
    let exchange = &opened.fetched.exchanges[0];
    assert_eq!(exchange.body_error, None);
    assert!(exchange.timings.receive.is_some());
}
