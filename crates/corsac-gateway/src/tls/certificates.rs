//! What the gateway shows its clients.

use std::{fmt, path::Path, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

use super::{TlsError, server};

/// What the gateway shows its clients: a chain of certificates, and their key.
///
/// HTTP/2 and HTTP/1.1 are offered.
#[derive(Clone)]
pub struct Certificates(Arc<ServerConfig>);

impl Certificates {
    /// Reads PEM files: the certificate followed by those between it and the authority, and its key.
    ///
    /// # Errors
    /// If a file can't be read or has no such thing in it, or if the key is of another certificate.
    pub fn from_files(certificates: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain = read_certificates(certificates)?;
        let secret = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| TlsError::of_file(key, format!("no private key: {error}")))?;
        Self::new(chain, secret).map_err(|error| TlsError::of_file(certificates, error))
    }

    /// Makes an authority for these names and addresses that is thrown away at once: nobody can have
    /// it sign anything more. Returns its certificate too, as PEM, for clients to trust.
    ///
    /// # Errors
    /// If one of the names is none.
    pub fn local(names: Vec<String>) -> Result<(Self, String), TlsError> {
        let failed = |error: rcgen::Error| TlsError(error.to_string());
        let mut authority = CertificateParams::default();
        let name = "corsac serve, for this run only";
        authority.distinguished_name.push(DnType::CommonName, name);
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let key = KeyPair::generate().map_err(failed)?;
        let authority = CertifiedIssuer::self_signed(authority, key).map_err(failed)?;
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = CertificateParams::new(names).map_err(failed)?;
        params.distinguished_name = rcgen::DistinguishedName::new();
        let signed = params.signed_by(&key, &authority).map_err(failed)?;
        let secret = PrivateKeyDer::try_from(key.serialize_der());
        let secret = secret.map_err(|error| TlsError(error.to_owned()))?;
        let certificates = Self::new(vec![signed.der().clone()], secret)?;
        Ok((certificates, authority.pem()))
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, TlsError> {
        let mut config = server()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.0))
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificates")
    }
}

/// All certificates of a PEM file, of which there is at least one.
pub(super) fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = read.map_err(|error| TlsError::of_file(path, error))?;
    match certificates.is_empty() {
        true => Err(TlsError::of_file(path, "no certificate in it, as PEM")),
        false => Ok(certificates),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_named_with_its_file() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let error = Certificates::from_files(&manifest, &manifest).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("Cargo.toml: no certificate in it, as PEM"),
            "{error}"
        );
        let absent = Path::new("absent.pem");
        let error = Certificates::from_files(absent, absent).unwrap_err();
        assert!(error.to_string().starts_with("absent.pem: "), "{error}");
    }

    #[test]
    fn each_local_authority_is_another_one() {
        let names = || vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let (_, one) = Certificates::local(names()).unwrap();
        let (_, other) = Certificates::local(names()).unwrap();
        assert!(one.starts_with("-----BEGIN CERTIFICATE-----"));
        assert_ne!(one, other);
    }
}
