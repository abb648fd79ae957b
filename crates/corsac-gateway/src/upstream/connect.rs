//! From an upstream to a connection.

use std::io;

use rustix::io::Errno;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsConnector, TlsStream, rustls::pki_types::ServerName};

use crate::{Dialer, Limits, Upstream, tls::Stream};

/// Connects to the first of its addresses that takes a connection, and makes sure who it is.
pub(crate) async fn connect(
    upstream: &Upstream,
    limits: &Limits,
    tls: Option<&TlsConnector>,
    dialer: Option<&Dialer>,
) -> io::Result<Stream> {
    if let Some(dialer) = dialer {
        return dialer.dial(upstream).map(Stream::Given);
    }
    timeout(limits.connect, begin(upstream, tls))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn begin(upstream: &Upstream, tls: Option<&TlsConnector>) -> io::Result<Stream> {
    let stream = TcpStream::connect((upstream.name(), upstream.port())).await?;
    stream.set_nodelay(true)?;
    if !upstream.is_https {
        return Ok(Stream::Plain(stream));
    }
    let tls = tls.ok_or_else(|| io::Error::other("there is nobody to vouch for it"))?;
    let name = ServerName::try_from(upstream.name().to_owned()).map_err(io::Error::other)?;
    let stream = tls.connect(name, stream).await?;
    Ok(Stream::Tls(Box::new(TlsStream::Client(stream))))
}

/// Whether this process may open nothing more, or the machine.
pub(super) fn has_no_descriptor(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::MFILE | Errno::NFILE)
    )
}
