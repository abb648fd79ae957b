//! TLS to clients and to upstreams, and HTTP/2.

use std::{path::PathBuf, sync::Arc};

use corsac_gateway::{Certificates, Trust};
use http::{Request, Response};
use hyper::{body::Incoming, client::conn::http2, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, runtime::Builder};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

use super::{Served, Upstream, engines::says, exchange_at, serve};

fn local(names: &[&str]) -> (Certificates, String) {
    let names = names.iter().map(ToString::to_string).collect();
    Certificates::local(names).unwrap()
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// A gateway that speaks TLS, behind one that doesn't.
fn chain(names: &[&str], trusts_it: bool, file_name: &str) -> (Served, Served, Upstream) {
    let upstream = Upstream::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    let (certificates, authority) = local(names);
    let (_, stranger) = local(names);
    let inner = serve(&[upstream.url()], |config| {
        config.certificates = Some(certificates);
    });
    let trusted = if trusts_it { authority } else { stranger };
    let trust = Trust::from_file(&file(file_name, &trusted)).unwrap();
    let outer = serve(&[format!("https://localhost:{}", inner.port)], |config| {
        config.trust = Some(trust);
    });
    (outer, inner, upstream)
}

#[test]
fn an_upstream_over_https_is_asked_once_it_is_known_who_it_is() {
    let (outer, _inner, upstream) = chain(&["localhost"], true, "known.pem");
    let response = exchange_at(outer.port, "GET", "/x", &["Origin: https://a.example"]);
    let (status, _) = says(&response);
    assert_eq!(status, 200, "{response}");
    assert!(response.contains("access-control-allow-origin: https://a.example"));
    let [head] = upstream.seen().try_into().unwrap();
    assert!(head.contains("x-forwarded-proto: https\r\n"), "{head}");
    assert!(head.contains("proto=https\r\n"), "{head}");
}

/// The inner gateway agrees to HTTP/2, and the outer one to nothing else.
#[test]
fn an_upstream_is_asked_over_http2_and_again_on_the_same_connection() {
    let (_outer, inner, upstream) = chain(&["localhost"], true, "http2.pem");
    let trust = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("http2.pem");
    let outer = serve(&[format!("https://localhost:{}", inner.port)], |config| {
        config.trust = Some(Trust::from_file(&trust).unwrap());
        config.asks_http2 = true;
    });
    for path in ["/one?y", "/two"] {
        let response = exchange_at(outer.port, "GET", path, &["Origin: https://a.example"]);
        assert_eq!(says(&response).0, 200, "{response}");
        assert!(response.contains("access-control-allow-origin: https://a.example"));
        assert!(response.ends_with("hi"), "{response}");
    }
    let [one, two] = upstream.seen().try_into().unwrap();
    assert!(one.starts_with("GET /one?y HTTP/1.1\r\n") && two.starts_with("GET /two "));
    let asked = format!("x-forwarded-host: localhost:{}\r\n", inner.port);
    assert!(one.contains(&asked), "{one}");
}

/// Without TLS nobody can agree to it: the upstream has to know, and hears no HTTP/1.1 at all.
#[test]
fn an_upstream_over_http_is_asked_over_http2_by_prior_knowledge() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let upstream = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            listener.set_nonblocking(true).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let answers = service_fn(|request: Request<Incoming>| async move {
                    assert!(!request.headers().contains_key("host"));
                    let asked = format!("{:?} {}", request.version(), request.uri());
                    let mut response = Response::new(asked);
                    let allowed = http::HeaderValue::from_static("*");
                    response
                        .headers_mut()
                        .insert("access-control-allow-origin", allowed);
                    Ok::<_, std::convert::Infallible>(response)
                });
                let executor = hyper_util::rt::TokioExecutor::new();
                let server = hyper::server::conn::http2::Builder::new(executor);
                tokio::spawn(server.serve_connection(TokioIo::new(stream), answers));
            }
        });
    });
    let served = serve(std::slice::from_ref(&upstream), |it| it.asks_http2 = true);
    for path in ["/one?y", "/two"] {
        let response = exchange_at(served.port, "GET", path, &["Origin: https://a.example"]);
        let (status, said) = says(&response);
        assert_eq!(status, 200, "{response}");
        assert!(said.contains("origin=https://a.example"), "{said}");
        assert!(
            response.ends_with(&format!("HTTP/2.0 {upstream}{path}")),
            "{response}"
        );
    }
    // One that does not know it is one that can't be asked.
    let other = Upstream::answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let served = serve(&[other.url()], |it| it.asks_http2 = true);
    let response = exchange_at(served.port, "GET", "/x", &["Origin: https://a.example"]);
    assert_eq!(says(&response).0, 502, "{response}");
}

#[test]
fn an_upstream_of_another_authority_or_another_name_is_502_that_a_page_can_read() {
    for (names, trusts_it, file_name) in [
        (&["localhost"], false, "stranger.pem"),
        (&["other.example"], true, "other-name.pem"),
    ] {
        let (outer, _inner, upstream) = chain(names, trusts_it, file_name);
        let response = exchange_at(outer.port, "GET", "/x", &["Origin: https://a.example"]);
        assert_eq!(says(&response).0, 502, "{response}");
        assert!(response.contains("access-control-allow-origin: https://a.example"));
        assert!(upstream.seen().is_empty());
    }
}

/// A client of HTTP/2 that trusts this authority.
pub(crate) fn client(authority: &str) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap())
        .unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

/// Sends a request over HTTP/2 to a gateway with certificates of this authority.
fn exchange_http2(port: u16, authority: &str, request: Request<String>) -> Response<Incoming> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(Arc::new(client(authority)));
        let stream = connector.connect(name, stream).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let executor = hyper_util::rt::TokioExecutor::new();
        let (mut sender, connection) = http2::handshake(executor, TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    })
}

fn asks(authority: &str, lines: &[(&str, &str)]) -> Request<String> {
    let mut request = Request::new(String::new());
    *request.uri_mut() = format!("https://{authority}/x?y").parse().unwrap();
    for (name, value) in lines {
        let name: http::HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
    }
    request
}

pub(crate) fn over_http2() -> (Served, String, Upstream) {
    let upstream = Upstream::answering(
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: keep-alive\r\n\
         Content-Length: 2\r\n\r\nhi",
    );
    let (certificates, authority) = local(&["localhost"]);
    let served = serve(&[upstream.url()], |config| {
        config.certificates = Some(certificates);
    });
    (served, authority, upstream)
}

#[test]
fn what_comes_over_http2_goes_on_over_http1() {
    let (served, authority, upstream) = over_http2();
    let lines = [
        ("origin", "https://a.example"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
    ];
    let response = exchange_http2(served.port, &authority, asks("localhost:8080", &lines));
    assert_eq!(response.status(), 200);
    let allowed = response.headers().get_all("access-control-allow-origin");
    assert!(allowed.iter().eq(["https://a.example"]));
    assert!(!response.headers().contains_key("connection"));
    let [head] = upstream.seen().try_into().unwrap();
    assert!(head.starts_with("GET /x?y HTTP/1.1\r\n"), "{head}");
    assert_eq!(head.matches("\r\nhost: ").count(), 1, "{head}");
    assert!(head.contains("\r\ncookie: a=1; b=2\r\n"), "{head}");
    assert!(
        head.contains("\r\nx-forwarded-host: localhost:8080\r\n"),
        "{head}"
    );
}

#[test]
fn over_http2_too_another_name_is_421_and_two_names_are_400() {
    let (served, authority, upstream) = over_http2();
    let origin = ("origin", "https://a.example");
    for (asked, lines, status) in [
        ("evil.example", &[origin][..], 421),
        ("localhost", &[origin, ("host", "evil.example")], 400),
        ("localhost.evil.example", &[origin], 421),
    ] {
        let response = exchange_http2(served.port, &authority, asks(asked, lines));
        assert_eq!(response.status(), status, "{asked}");
        assert_eq!(
            response.headers()["access-control-allow-origin"],
            "https://a.example"
        );
    }
    assert!(upstream.seen().is_empty());
}
