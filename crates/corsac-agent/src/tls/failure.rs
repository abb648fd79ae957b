use std::{error, fmt, io};

use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

/// Why a TLS handshake failed, or would have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsFailure {
    /// Nobody who is believed has signed the certificate.
    UnknownIssuer,
    /// The certificate is for other names.
    WrongName {
        /// The name that was asked for.
        expected: String,
        /// The names it is for.
        presented: Vec<String>,
    },
    /// The certificate was good until some time.
    Expired,
    /// The certificate will be good from some time on.
    NotValidYet,
    /// The certificate has another fault.
    Certificate {
        /// In the words of the TLS library.
        message: String,
    },
    /// The server ended the handshake.
    Alert {
        /// The alert's name.
        message: String,
    },
    /// What came is not TLS: most likely, the server speaks plain HTTP there.
    NotTls,
    /// The connection ended within the handshake.
    Closed,
    /// Something else.
    Other {
        /// In the words of the TLS library.
        message: String,
    },
}

impl TlsFailure {
    /// Whether it is the certificate that failed, so that asking for no good one would have helped.
    pub const fn is_about_certificate(&self) -> bool {
        matches!(
            self,
            Self::UnknownIssuer
                | Self::WrongName { .. }
                | Self::Expired
                | Self::NotValidYet
                | Self::Certificate { .. }
        )
    }

    pub(crate) fn of_io(error: &io::Error) -> Self {
        let inner = error.get_ref().and_then(|error| error.downcast_ref());
        match inner {
            Some(error) => Self::of(error),
            None => match error.kind() {
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe => Self::Closed,
                _ => Self::Other {
                    message: error.to_string(),
                },
            },
        }
    }

    pub(super) fn of(error: &Error) -> Self {
        let message = || error.to_string();
        match error {
            Error::InvalidCertificate(error) => Self::of_certificate(error),
            Error::AlertReceived(alert) => Self::Alert {
                message: alert_name(*alert),
            },
            Error::InvalidMessage(_) => Self::NotTls,
            _ => Self::Other { message: message() },
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Self::NotValidYet
            }
            CertificateError::NotValidForNameContext {
                expected,
                presented,
            } => Self::WrongName {
                expected: expected.to_str().into_owned(),
                presented: presented.iter().map(|name| name_only(name)).collect(),
            },
            error => Self::Certificate {
                message: error.to_string(),
            },
        }
    }
}

/// The TLS library wraps each name into the kind it is of: `DnsName("a.example")`.
fn name_only(name: &str) -> String {
    let inner = name.split('(').nth(1).unwrap_or(name);
    inner.trim_end_matches(')').trim_matches('"').to_owned()
}

fn alert_name(alert: AlertDescription) -> String {
    let name = format!("{alert:?}");
    let mut words = String::with_capacity(name.len() + 4);
    for char in name.chars() {
        if char.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(char.to_ascii_lowercase());
    }
    words
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownIssuer => f.write_str("nobody who is trusted has signed the certificate"),
            Self::WrongName {
                expected,
                presented,
            } => {
                write!(f, "the certificate is not for {expected}")?;
                match presented.is_empty() {
                    true => Ok(()),
                    false => write!(f, ", but for {}", presented.join(", ")),
                }
            }
            Self::Expired => f.write_str("the certificate has expired"),
            Self::NotValidYet => f.write_str("the certificate is not valid yet"),
            Self::Certificate { message } => write!(f, "the certificate is wrong: {message}"),
            Self::Alert { message } => write!(f, "the server ended the handshake: {message}"),
            Self::NotTls => f.write_str("what came is not TLS; is it plain HTTP on that port?"),
            Self::Closed => f.write_str("the server hung up during the handshake"),
            Self::Other { message } => f.write_str(message),
        }
    }
}

impl error::Error for TlsFailure {}
