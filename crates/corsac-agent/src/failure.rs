use std::{error, fmt, io, net::SocketAddr};

use corsac::diagnosis::TransportError;

use crate::{TlsFailure, wire::WireError};

/// Why there is no response, or no whole one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The name has no address.
    Dns {
        /// The name.
        host: String,
        /// What the system says.
        message: String,
    },
    /// None of the addresses took the connection.
    Connect {
        /// Each of them, and what the system says, in the order they were tried.
        attempts: Vec<(SocketAddr, io::ErrorKind)>,
    },
    /// The TLS handshake failed.
    Tls(TlsFailure),
    /// Something took too long.
    Timeout {
        /// What it was.
        stage: Stage,
        /// Whether it was the limit of the whole fetch that ran out.
        is_total: bool,
    },
    /// What came is not HTTP/1 as it should be, or there is too much of it, or too little.
    Wire(WireError),
    /// The server speaks HTTP/2 wrongly, or says that it won't.
    Http2 {
        /// In the words of the protocol's library.
        message: String,
        /// Whether the stream or connection just ended.
        is_closed: bool,
    },
    /// Nothing here fetches from this scheme.
    Scheme {
        /// The scheme.
        scheme: String,
    },
    /// The connection failed in another way.
    Io(io::ErrorKind),
}

/// A part of an exchange that has a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "they are named after the fields of `Deadlines`"
)]
pub enum Stage {
    Dns,
    Connect,
    Tls,
    Head,
    Body,
}

impl From<WireError> for Failure {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl Failure {
    /// Whether this is how it looks when a connection was over before its client knew.
    pub(crate) fn is_stale(&self) -> bool {
        match self {
            Self::Wire(WireError::Closed) | Self::Io(_) => true,
            Self::Http2 { is_closed, .. } => *is_closed,
            _ => false,
        }
    }
}

/// What a failure is to a fetch that has no head yet.
impl From<&Failure> for TransportError {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Dns { .. } => Self::Dns,
            Failure::Connect { attempts } => {
                let times_out = |attempt: &(_, io::ErrorKind)| attempt.1 == io::ErrorKind::TimedOut;
                match !attempts.is_empty() && attempts.iter().all(times_out) {
                    true => Self::ConnectTimeout,
                    false => Self::Refused,
                }
            }
            Failure::Tls(_) | Failure::Scheme { .. } => Self::Tls,
            Failure::Timeout { stage, .. } => match stage {
                Stage::Dns | Stage::Connect | Stage::Tls => Self::ConnectTimeout,
                Stage::Head | Stage::Body => Self::Timeout,
            },
            Failure::Wire(error) => (*error).into(),
            Failure::Http2 { is_closed, .. } => match is_closed {
                true => Self::Closed,
                false => Self::Malformed,
            },
            Failure::Io(_) => Self::Closed,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns { host, message } => write!(f, "{host} has no address: {message}"),
            Self::Connect { attempts } => {
                f.write_str("nobody takes the connection")?;
                for (count, (address, kind)) in attempts.iter().enumerate() {
                    let sign = if count == 0 { ": " } else { ", " };
                    write!(f, "{sign}{address} ({kind})")?;
                }
                Ok(())
            }
            Self::Tls(failure) => write!(f, "TLS failed: {failure}"),
            Self::Timeout { stage, is_total } => {
                write!(f, "{stage} took too long")?;
                match is_total {
                    true => f.write_str(", by the limit of the whole fetch"),
                    false => Ok(()),
                }
            }
            Self::Wire(error) => error.fmt(f),
            Self::Http2 { message, .. } => write!(f, "HTTP/2: {message}"),
            Self::Scheme { scheme } => write!(f, "nothing is fetched from \"{scheme}:\" here"),
            Self::Io(kind) => write!(f, "the connection failed: {kind}"),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "looking up the name",
            Self::Connect => "connecting",
            Self::Tls => "the TLS handshake",
            Self::Head => "the response's head",
            Self::Body => "the response's body",
        })
    }
}

impl error::Error for Failure {}
