//! TLS by an authority of our own, and the way there from http.

use std::{net::SocketAddr, sync::Arc, thread};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

use crate::{
    command::check,
    raw::{Raw, response},
};

/// A server of siteb.com that knows no ALPN, and the certificate of whoever signed its own.
fn start() -> (SocketAddr, String) {
    start_with(&[])
}

/// The same, with these protocols to choose from.
fn start_with(protocols: &[&str]) -> (SocketAddr, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["siteb.com".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|it| (*it).into()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (tells, told) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(serve(acceptor, &tells));
    });
    (told.recv().unwrap(), authority.pem())
}

async fn serve(acceptor: TlsAcceptor, tells: &std::sync::mpsc::Sender<SocketAddr>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    tells.send(listener.local_addr().unwrap()).unwrap();
    while let Ok((stream, _)) = listener.accept().await {
        // A client that does not like the certificate says so and goes.
        let Ok(mut stream) = acceptor.accept(stream).await else {
            continue;
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            serve_http2(stream).await;
            continue;
        }
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => break,
            }
        }
        let answer = response("200 OK", &["Access-Control-Allow-Origin: *"]);
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
    }
}

/// Grants what is asked at `/a`, and nothing elsewhere.
async fn serve_http2(stream: TlsStream<TcpStream>) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let mut response = http::Response::builder().header("x-first", "1");
        if request.uri().path() == "/a" {
            response = response
                .header("access-control-allow-origin", "http://sitea.com")
                .header("access-control-allow-methods", "PUT");
        } else {
            response = response.header("access-control-allow-origin", "http://siteb.com");
        }
        let _ = respond.send_response(response.body(()).unwrap(), true);
    }
}

#[test]
fn http2_is_spoken_by_alpn_alone() {
    for (protocols, more, alpn, version) in [
        (&["h2", "http/1.1"][..], &[][..], Some("h2"), "2"),
        (&["h2"], &["--http2"], Some("h2"), "2"),
        (&["h2", "http/1.1"], &["--http1.1"], Some("http/1.1"), "1.1"),
        (&["http/1.1"], &["--http2"], Some("http/1.1"), "1.1"),
        (&[], &[], None, "1.1"),
        (&[], &["--http2"], None, "1.1"),
    ] {
        let (address, pem) = start_with(protocols);
        let name = format!("corsac-{}-{}.pem", std::process::id(), address.port());
        let file = std::env::temp_dir().join(name);
        std::fs::write(&file, pem).unwrap();
        let port = address.port();
        let resolve = format!("siteb.com:{port}:127.0.0.1");
        let asked = ["--resolve", &resolve, "--cacert", file.to_str().unwrap()];
        let at = |path: &str, also: &[&str]| {
            let url = format!("https://siteb.com:{port}{path}");
            check(&[&[&*url], &asked[..], more, also].concat())
        };
        let granted = at("/a", &[]);
        let preflighted = at("/a", &["-X", "PUT"]);
        let refused = at("/b", &[]);
        let _ = std::fs::remove_file(&file);

        granted.is_readable();
        let step = &granted.json["steps"][0];
        assert_eq!(step["tls"]["alpn"].as_str(), alpn, "{step:#}");
        assert_eq!(step["response"]["http"], version, "{step:#}");
        if version == "2" {
            preflighted.is_readable();
            assert_eq!(preflighted.wire(), ["OPTIONS /a", "PUT /a"]);
            refused.is_blocked("allow-origin-mismatch", "actual", 0);
            let header = "Access-Control-Allow-Origin";
            assert_eq!(refused.evidence(), (header, 1, 0, 16));
        }
    }
}

#[test]
fn a_private_authority_is_believed_when_it_is_named() {
    let (address, pem) = start();
    let port = address.port();
    let url = format!("https://siteb.com:{port}/");
    let resolve = format!("siteb.com:{port}:127.0.0.1");
    let asked = [&*url, "--resolve", &resolve];

    let ran = check(&asked);
    assert_eq!((ran.outcome(), ran.exit), ("not-cors", 3), "{:#}", ran.json);
    let transport = &ran.json["verdict"]["transport"];
    assert_eq!(transport["error"], "tls");
    let message = transport["message"].as_str().unwrap();
    assert!(
        message.contains("signed") && message.contains("--cacert"),
        "{message}"
    );

    check(&[&asked[..], &["-k"]].concat()).is_readable();

    let file = std::env::temp_dir().join(format!("corsac-{}-ca.pem", std::process::id()));
    std::fs::write(&file, pem).unwrap();
    let path = file.to_str().unwrap();
    let ran = check(&[&asked[..], &["--cacert", path]].concat());
    let wrong = format!("https://sitec.com:{port}/");
    let resolve = format!("sitec.com:{port}:127.0.0.1");
    let misnamed = check(&[&wrong, "--resolve", &resolve, "--cacert", path]);
    // From http to https, which a preflight could not follow.
    let target = url.clone();
    let plain = Raw::start(move |_| {
        let location = format!("Location: {target}");
        response(
            "301 Moved Permanently",
            &["Access-Control-Allow-Origin: *", &location],
        )
    });
    let moved = check(&[&[&*plain.url("/a")], &asked[1..], &["--cacert", path]].concat());
    let _ = std::fs::remove_file(&file);

    ran.is_readable();
    assert_eq!(ran.json["steps"][0]["tls"]["version"], "TLSv1.3");
    assert_eq!(misnamed.exit, 3);
    let message = misnamed.json["verdict"]["transport"]["message"]
        .as_str()
        .unwrap();
    assert!(
        message.contains("sitec.com") && message.contains("siteb.com"),
        "{message}"
    );
    moved.is_readable();
    assert_eq!(moved.wire(), ["GET /a", "GET /"]);
    assert_eq!(moved.json["script"]["redirected"], true);
}
