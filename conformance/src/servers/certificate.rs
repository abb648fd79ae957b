use std::sync::Arc;

use ::ring::digest::{SHA256, digest};
use anyhow::{Context as _, Result};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rcgen::{
    BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData as _,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::scenario::{Listener, Site};

/// An authority that nobody trusts yet, and one certificate of it for every host.
pub(super) struct Certificates {
    pub(super) ca_pem: String,
    /// What Chromium calls the SPKI's fingerprint: SHA-256 of the public key, in base 64.
    pub(super) key_hash: String,
    chain: Vec<CertificateDer<'static>>,
    key: PrivatePkcs8KeyDer<'static>,
}

impl Certificates {
    pub(super) fn generate() -> Result<Self> {
        let ca_key = KeyPair::generate()?;
        let mut ca = CertificateParams::new(Vec::new())?;
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::DigitalSignature,
        ];
        ca.distinguished_name
            .push(rcgen::DnType::CommonName, "corsac conformance");
        let ca_certificate = ca.self_signed(&ca_key)?;
        let issuer = Issuer::new(ca, ca_key);

        let mut hosts: Vec<_> = Site::ALL.map(|site| site.host().to_owned()).into();
        hosts.sort();
        hosts.dedup();
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(hosts)?.signed_by(&key, &issuer)?;
        Ok(Self {
            ca_pem: ca_certificate.pem(),
            key_hash: BASE64_STANDARD.encode(digest(&SHA256, &key.subject_public_key_info())),
            chain: vec![certificate.der().clone(), ca_certificate.der().clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()),
        })
    }

    /// What a listener does before HTTP; nothing in clear text.
    pub(super) fn acceptor(&self, listener: Listener) -> Result<Option<TlsAcceptor>> {
        let protocol: &[u8] = match listener {
            Listener::Plain | Listener::PlainToo => return Ok(None),
            Listener::Tls | Listener::TlsToo => b"http/1.1",
            Listener::H2 => b"h2",
        };
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .context("ring speaks TLS")?
            .with_no_client_auth()
            .with_single_cert(
                self.chain.clone(),
                PrivateKeyDer::Pkcs8(self.key.clone_key()),
            )?;
        config.alpn_protocols = vec![protocol.to_vec()];
        Ok(Some(TlsAcceptor::from(Arc::new(config))))
    }
}
