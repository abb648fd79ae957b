use std::{fmt, io, net::SocketAddr, sync::Arc};

use url::Url;

use super::Io;

/// Makes connections in another way than over the network: to a server in memory, say.
///
/// It says whom it connected to; that address is believed. TLS and HTTP go on from there as ever.
///
/// ```
/// use corsac_agent::{AgentConfig, Dialer};
/// # use corsac::fetch::Profile;
/// let mut config = AgentConfig::new(Profile::FETCH);
/// config.dialer = Some(Dialer::new(|_url| {
///     let (ours, _theirs) = tokio::io::duplex(1024);
///     Ok((Box::new(ours), "203.0.113.1:80".parse().unwrap()))
/// }));
/// ```
#[derive(Clone)]
pub struct Dialer(Arc<Dial>);

type Dial = dyn Fn(&Url) -> io::Result<(Box<dyn Io>, SocketAddr)> + Send + Sync;

impl Dialer {
    /// A dialer that does this for each connection.
    pub fn new(
        dial: impl Fn(&Url) -> io::Result<(Box<dyn Io>, SocketAddr)> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(dial))
    }

    pub(super) fn dial(&self, url: &Url) -> io::Result<(Box<dyn Io>, SocketAddr)> {
        (self.0)(url)
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").finish_non_exhaustive()
    }
}
