use std::{fmt, sync::Arc};

use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, ProtocolVersion,
        client::{WebPkiServerVerifier, danger::ServerCertVerifier},
        crypto::ring,
        pki_types::{ServerName, UnixTime},
    },
};

use super::{TlsFailure, Trust, verifier::Unverified};
use crate::{HttpVersion, TlsConnection, connect::Io};

/// TLS as it is set up: 1.2 and 1.3 by ring, without a certificate of our own.
pub(crate) struct Tls {
    connector: TlsConnector,
    verifier: Arc<WebPkiServerVerifier>,
    takes_any: bool,
}

impl Tls {
    pub(crate) fn new(trust: &Trust, http_version: HttpVersion) -> Result<Self, TlsFailure> {
        let failed = |error: &dyn fmt::Display| TlsFailure::Other {
            message: error.to_string(),
        };
        let provider = Arc::new(ring::default_provider());
        let roots = Arc::new(trust.roots());
        let verifier = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .map_err(|error| failed(&error))?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(&error))?;
        let builder = match trust.takes_any {
            true => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Unverified(Arc::clone(&verifier)))),
            false => builder.with_webpki_verifier(Arc::clone(&verifier)),
        };
        let mut config = builder.with_no_client_auth();
        config.alpn_protocols = match http_version {
            HttpVersion::Negotiated => vec![b"h2".to_vec(), b"http/1.1".to_vec()],
            HttpVersion::Http1 => vec![b"http/1.1".to_vec()],
            HttpVersion::Http2 => vec![b"h2".to_vec()],
        };
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            verifier,
            takes_any: trust.takes_any,
        })
    }

    /// Shakes hands.
    pub(crate) async fn connect(
        &self,
        host: &str,
        stream: Box<dyn Io>,
    ) -> Result<(TlsStream<Box<dyn Io>>, TlsConnection), TlsFailure> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| TlsFailure::Other {
            message: error.to_string(),
        })?;
        let connecting = self.connector.connect(name.clone(), stream).await;
        let stream = connecting.map_err(|error| TlsFailure::of_io(&error))?;
        let (_, session) = stream.get_ref();
        let cipher_suite = session.negotiated_cipher_suite();
        let connection = TlsConnection {
            version: session.protocol_version().map(version_name),
            cipher_suite: cipher_suite.map(|suite| format!("{:?}", suite.suite())),
            alpn: session
                .alpn_protocol()
                .map(|name| name.escape_ascii().to_string()),
            ignored: match (self.takes_any, session.peer_certificates()) {
                (true, Some([certificate, chain @ ..])) => self
                    .verifier
                    .verify_server_cert(certificate, chain, &name, &[], UnixTime::now())
                    .err()
                    .map(|error| TlsFailure::of(&error)),
                _ => None,
            },
        };
        Ok((stream, connection))
    }
}

fn version_name(version: ProtocolVersion) -> String {
    match version {
        ProtocolVersion::TLSv1_3 => "TLSv1.3".to_owned(),
        ProtocolVersion::TLSv1_2 => "TLSv1.2".to_owned(),
        other => format!("{other:?}"),
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}
