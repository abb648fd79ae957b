//! TLS on both sides.

mod certificates;
mod stream;
mod trust;

use std::{error, fmt, path::Path, sync::Arc};

use tokio_rustls::rustls::{
    self, ClientConfig, ConfigBuilder, RootCertStore, ServerConfig, WantsVerifier, WantsVersions,
    crypto::ring,
};

pub use certificates::Certificates;
pub(crate) use stream::Stream;
pub use trust::Trust;

/// Why TLS can't be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsError(String);

impl TlsError {
    fn of_file(path: &Path, why: impl fmt::Display) -> Self {
        Self(format!("{}: {why}", path.display()))
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for TlsError {}

impl From<rustls::Error> for TlsError {
    fn from(error: rustls::Error) -> Self {
        Self(error.to_string())
    }
}

fn server() -> Result<ConfigBuilder<ServerConfig, WantsVerifier>, rustls::Error> {
    versions(ServerConfig::builder_with_provider)
}

fn client(roots: RootCertStore) -> Result<ClientConfig, rustls::Error> {
    let builder = versions(ClientConfig::builder_with_provider)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// TLS 1.2 and 1.3 by ring.
fn versions<S: rustls::ConfigSide>(
    begin: fn(Arc<rustls::crypto::CryptoProvider>) -> ConfigBuilder<S, WantsVersions>,
) -> Result<ConfigBuilder<S, WantsVerifier>, rustls::Error> {
    begin(Arc::new(ring::default_provider())).with_safe_default_protocol_versions()
}
