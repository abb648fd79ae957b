//! TLS by an authority of our own, and the way there from http.

use std::{net::SocketAddr, sync::Arc, thread};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::{
    command::check,
    raw::{Raw, response},
};

/// A server of siteb.com, and the certificate of whoever signed its own.
fn start() -> (SocketAddr, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["siteb.com".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
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
