//! From an upstream to a connection.

use std::io;

use tokio::{net::TcpStream, time::timeout};

use crate::{Limits, Upstream};

/// Connects to the first of its addresses that takes a connection.
pub(crate) async fn connect(upstream: &Upstream, limits: &Limits) -> io::Result<TcpStream> {
    let connecting = TcpStream::connect((upstream.name(), upstream.port()));
    let stream = timeout(limits.connect, connecting)
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
