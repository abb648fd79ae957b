//! An authority of our own, its certificates, and servers that show them.

use std::{net::SocketAddr, sync::Arc};

use corsac::fetch::Profile;
use corsac_agent::AgentConfig;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
    server::TlsStream,
};

/// Signs what it is asked to.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// When a certificate is good.
#[derive(Clone, Copy)]
pub(crate) enum Good {
    Now,
    LongAgo,
    LongHence,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server's side of TLS under this name, which speaks these protocols.
    pub(crate) fn acceptor(&self, name: &str, good: Good, protocols: &[&str]) -> TlsAcceptor {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        match good {
            Good::Now => {}
            Good::LongAgo => {
                params.not_before = date_time_ymd(2000, 1, 1);
                params.not_after = date_time_ymd(2001, 1, 1);
            }
            Good::LongHence => params.not_before = date_time_ymd(2999, 1, 1),
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|it| it.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }

    /// An agent that believes this authority, and finds siteb.com there.
    pub(crate) fn config(&self, address: SocketAddr) -> AgentConfig {
        let mut config = AgentConfig::new(Profile::FETCH);
        config.trust.add_pem(self.pem().as_bytes()).unwrap();
        config.resolver.map("siteb.com", 443, address);
        config
    }
}

/// Accepts connections, and does this with each whose handshake succeeds.
pub(crate) async fn serve_tls<F, D>(acceptor: TlsAcceptor, act: F) -> SocketAddr
where
    F: Fn(TlsStream<TcpStream>) -> D + Send + 'static,
    D: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not like the certificate says so and goes.
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(act(stream));
            }
        }
    });
    address
}
