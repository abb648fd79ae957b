use std::{error, fmt};

use tokio_rustls::rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

/// Whose certificates an agent believes: those that browsers do, those that this machine does, and
/// whoever is added.
///
/// ```
/// use corsac_agent::Trust;
/// let mut trust = Trust::default();
/// assert!(trust.add_pem(b"no certificate in here").is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Trust {
    added: Vec<CertificateDer<'static>>,
    /// Whether wrong certificates are taken as well; what was wrong is told. Default no.
    pub takes_any: bool,
}

impl Trust {
    /// Adds every certificate of a PEM file, to be believed when it signs others.
    ///
    /// # Errors
    /// [`TrustError`] if there is none in it, or one that can't be read.
    pub fn add_pem(&mut self, pem: &[u8]) -> Result<(), TrustError> {
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|error| TrustError(error.to_string()))?;
        if certificates.is_empty() {
            return Err(TrustError("there is no certificate in it".to_owned()));
        }
        // What is no certificate inside is found out here, and not in the middle of a fetch.
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            let added = store.add(certificate.clone());
            added.map_err(|error| TrustError(error.to_string()))?;
        }
        self.added.extend(certificates);
        Ok(())
    }

    /// The roots of browsers, of this machine, and those that were added. A root of the machine
    /// that can't be read is nobody's root.
    pub(super) fn roots(&self) -> RootCertStore {
        let mut store = RootCertStore::empty();
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        store.add_parsable_certificates(self.added.iter().cloned());
        store
    }
}

/// Why a file can't be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustError(String);

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no certificates could be read: {}", self.0)
    }
}

impl error::Error for TrustError {}
