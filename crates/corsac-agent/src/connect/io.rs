use tokio::io::{AsyncRead, AsyncWrite};

/// What an HTTP connection is spoken over: a socket, TLS on a socket, or anything in memory.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}
