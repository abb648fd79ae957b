//! Whom the gateway believes to be the upstream.

use std::{fmt, path::Path, sync::Arc};

use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore},
};

use super::{TlsError, certificates::read_certificates, client};

/// Which authorities may vouch for an upstream. There is no way to trust everybody.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

impl Trust {
    /// Those that the system trusts.
    ///
    /// # Errors
    /// If there are none.
    pub fn of_system() -> Result<Self, TlsError> {
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(found.certs);
        match roots.is_empty() {
            true => {
                let why = found.errors.first().map(ToString::to_string);
                let why = why.unwrap_or_else(|| "none found".to_owned());
                Err(TlsError(format!("certificates of the system: {why}")))
            }
            false => Self::new(roots),
        }
    }

    /// Those in a PEM file, and nobody else.
    ///
    /// # Errors
    /// If it can't be read, or has no certificate.
    pub fn from_file(path: &Path) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        for certificate in read_certificates(path)? {
            let added = roots.add(certificate);
            added.map_err(|error| TlsError::of_file(path, error))?;
        }
        Self::new(roots)
    }

    fn new(roots: RootCertStore) -> Result<Self, TlsError> {
        Ok(Self(Arc::new(client(roots)?)))
    }

    /// For HTTP/2 only.
    pub(crate) fn http2_connector(&self) -> TlsConnector {
        let mut config = ClientConfig::clone(&self.0);
        config.alpn_protocols = vec![b"h2".to_vec()];
        TlsConnector::from(Arc::new(config))
    }

    pub(crate) fn connector(&self) -> TlsConnector {
        TlsConnector::from(Arc::clone(&self.0))
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust")
    }
}
