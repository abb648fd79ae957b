//! HTTP over TLS, and what can be wrong with that.

use std::{net::TcpListener, time::Duration};

use corsac::{
    diagnosis::{Code, Phase, Reason, TransportError},
    fetch::Request,
};
use corsac_agent::{
    Agent, AgentConfig, Failure, Fetched, HttpVersion, Outcome, Stage, TlsFailure, Trust,
};
use http::{Method, Version};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use crate::{
    authority::{Authority, Good, serve_tls},
    server::*,
};

/// Answers each request that has no body.
async fn say_hello(mut stream: TlsStream<TcpStream>) {
    let mut head = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        head.push(byte);
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            let answer = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
                Access-Control-Allow-Methods: PUT\r\nContent-Length: 5\r\n\r\nhello";
            stream.write_all(answer).await.unwrap();
        }
    }
}

fn over_tls(method: Method) -> Request {
    let mut request = request(method);
    request.url = "https://siteb.com/".parse().unwrap();
    request
}

async fn fetch_over_tls(config: AgentConfig, method: Method) -> Fetched {
    let agent = Agent::new(config);
    agent.fetch(page(), over_tls(method), "").await
}

#[tokio::test]
async fn a_private_authority_is_believed_once_it_is_added() {
    let authority = Authority::new();
    let acceptor = authority.acceptor("siteb.com", Good::Now, &["http/1.1"]);
    let address = serve_tls(acceptor, say_hello).await;
    let fetched = fetch_over_tls(authority.config(address), Method::PUT).await;
    assert_readable(&fetched, 200, b"hello");
    for (exchange, reused) in fetched.exchanges.iter().zip([false, false]) {
        let connection = exchange.connection.as_ref().unwrap();
        // Preflights have no credentials, and neither has this request.
        assert_eq!(connection.is_reused, reused || exchange.hop.method == "PUT");
        let tls = connection.tls.as_ref().unwrap();
        assert_eq!(tls.version.as_deref(), Some("TLSv1.3"));
        assert_eq!(tls.alpn.as_deref(), Some("http/1.1"));
        assert_eq!(tls.ignored, None);
        assert_eq!(exchange.version, Some(Version::HTTP_11));
        assert!(exchange.sent.ends_with(b"\r\n\r\n"));
    }
    assert!(fetched.exchanges[0].timings.tls.is_some());
    assert!(fetched.exchanges[1].timings.tls.is_none());
}

#[tokio::test]
async fn a_redirect_may_lead_to_https() {
    let authority = Authority::new();
    let acceptor = authority.acceptor("siteb.com", Good::Now, &["http/1.1"]);
    let secure = serve_tls(acceptor, say_hello).await;
    let plain = server(
        &[b"HTTP/1.1 301 Moved\r\nAccess-Control-Allow-Origin: *\r\n\
        Location: https://siteb.com/\r\nContent-Length: 0\r\n\r\n"],
    );
    let mut config = authority.config(secure);
    config.resolver.map("siteb.com", 80, plain);
    let fetched = fetch(&Agent::new(config), Method::GET).await;
    // From http to https is another origin: by now the page's is null.
    assert_readable(&fetched, 200, b"hello");
    let exchanges = fetched.exchanges.iter();
    let schemes = exchanges.map(|exchange| exchange.hop.url.scheme());
    assert_eq!(schemes.collect::<Vec<_>>(), ["http", "https"]);
}

#[track_caller]
fn assert_tls_failure(fetched: &Fetched, told: &TlsFailure) {
    let Outcome::Blocked(verdict) = &fetched.outcome else {
        panic!("{:?}", fetched.outcome);
    };
    let error = TransportError::Tls;
    assert_eq!(verdict.reason, Reason::NetworkFailure { error });
    let failure = fetched.exchanges[0].failure.as_ref();
    assert_eq!(failure, Some(&Failure::Tls(told.clone())));
    assert_eq!(fetched.exchanges[0].sent, b"");
    // Whom it was with is known all the same.
    assert!(fetched.exchanges[0].connection.is_some());
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told() {
    let authority = Authority::new();
    let cases = [
        ("siteb.com", Good::LongAgo, TlsFailure::Expired),
        ("siteb.com", Good::LongHence, TlsFailure::NotValidYet),
        (
            "sitec.com",
            Good::Now,
            TlsFailure::WrongName {
                expected: "siteb.com".to_owned(),
                presented: vec!["sitec.com".to_owned()],
            },
        ),
    ];
    for (name, good, failure) in cases {
        let acceptor = authority.acceptor(name, good, &[]);
        let address = serve_tls(acceptor, say_hello).await;
        let mut config = authority.config(address);
        for method in [Method::GET, Method::PUT] {
            assert_tls_failure(&fetch_over_tls(config.clone(), method).await, &failure);
        }
        // Who wants to go on goes on, and is told.
        config.trust.takes_any = true;
        assert_ignored(&fetch_over_tls(config, Method::GET).await, Some(failure));
    }

    let acceptor = authority.acceptor("siteb.com", Good::Now, &[]);
    let address = serve_tls(acceptor, say_hello).await;
    let mut config = authority.config(address);
    config.trust = Trust::default();
    let fetched = fetch_over_tls(config.clone(), Method::GET).await;
    assert_tls_failure(&fetched, &TlsFailure::UnknownIssuer);
    config.trust.takes_any = true;
    let fetched = fetch_over_tls(config, Method::GET).await;
    assert_ignored(&fetched, Some(TlsFailure::UnknownIssuer));
    let mut config = authority.config(address);
    config.trust.takes_any = true;
    assert_ignored(&fetch_over_tls(config, Method::GET).await, None);
}

#[track_caller]
fn assert_ignored(fetched: &Fetched, failure: Option<TlsFailure>) {
    assert_readable(fetched, 200, b"hello");
    let connection = fetched.exchanges[0].connection.as_ref().unwrap();
    assert_eq!(connection.tls.as_ref().unwrap().ignored, failure);
}

#[tokio::test]
async fn plain_http_is_not_tls() {
    let address = serve(|listener| {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = [0; 16];
        std::io::Read::read_exact(&mut stream, &mut hello).unwrap();
        let answer = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        std::io::Write::write_all(&mut stream, answer).unwrap();
        // Closing with bytes unread would be a reset.
        while matches!(std::io::Read::read(&mut stream, &mut hello), Ok(1..)) {}
    });
    let fetched = fetch_over_tls(Authority::new().config(address), Method::GET).await;
    assert_tls_failure(&fetched, &TlsFailure::NotTls);

    let address = serve(|listener| drop(listener.accept().unwrap()));
    let fetched = fetch_over_tls(Authority::new().config(address), Method::GET).await;
    assert_tls_failure(&fetched, &TlsFailure::Closed);
}

#[tokio::test]
async fn no_common_protocol_ends_in_an_alert() {
    let authority = Authority::new();
    let acceptor = authority.acceptor("siteb.com", Good::Now, &["h2"]);
    let address = serve_tls(acceptor, say_hello).await;
    let mut config = authority.config(address);
    config.http_version = HttpVersion::Http1;
    let fetched = fetch_over_tls(config, Method::GET).await;
    let message = "no application protocol".to_owned();
    assert_tls_failure(&fetched, &TlsFailure::Alert { message });
}

#[tokio::test]
async fn a_handshake_has_its_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = Authority::new().config(listener.local_addr().unwrap());
    config.deadlines.tls = Duration::from_millis(50);
    let fetched = fetch_over_tls(config, Method::PUT).await;
    assert_blocked(&fetched, Code::NetworkFailure, Phase::Preflight);
    let failure = Failure::Timeout {
        stage: Stage::Tls,
        is_total: false,
    };
    assert_eq!(fetched.exchanges[0].failure, Some(failure));
}

#[test]
fn only_certificates_are_believed() {
    let mut trust = Trust::default();
    assert!(trust.add_pem(b"").is_err());
    let no_certificate = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    assert!(trust.add_pem(no_certificate.as_bytes()).is_err());
    assert_eq!(trust.add_pem(Authority::new().pem().as_bytes()), Ok(()));
}
