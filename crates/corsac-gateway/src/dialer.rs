use std::{fmt, io, sync::Arc};

use tokio::io::{AsyncRead, AsyncWrite};

use crate::Upstream;

/// A connection of bytes, whatever it runs over.
pub trait Io: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Io for T {}

/// Makes connections to upstreams in another way than over the network: over a socket of Unix, or to a
/// service in memory.
///
/// HTTP goes on from there as ever, without TLS, whatever the upstream's scheme is.
///
/// ```
/// use corsac_gateway::{Dialer, GatewayConfig};
/// # use corsac_tower::policy::{Policy, PolicyConfig};
/// let policy = Policy::new(PolicyConfig::default())?;
/// let mut config = GatewayConfig::new(policy, vec!["http://orders".parse()?]);
/// config.dialer = Some(Dialer::new(|_upstream| {
///     let (ours, _theirs) = tokio::io::duplex(1024);
///     Ok(Box::new(ours))
/// }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Dialer(Arc<Dial>);

type Dial = dyn Fn(&Upstream) -> io::Result<Box<dyn Io>> + Send + Sync;

impl Dialer {
    /// A dialer that does this for each connection.
    pub fn new(
        dial: impl Fn(&Upstream) -> io::Result<Box<dyn Io>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(dial))
    }

    pub(crate) fn dial(&self, upstream: &Upstream) -> io::Result<Box<dyn Io>> {
        (self.0)(upstream)
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").finish_non_exhaustive()
    }
}
