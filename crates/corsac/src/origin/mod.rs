//! Origins: scheme, host and port, or an opaque identity that is equal to nothing else.
//!
//! Browsers write an origin in lower case and without a path, and servers grant bytes: a page of
//! `http://siteA.com` sends `Origin: http://sitea.com`, and no other spelling matches.

mod bad_port;
mod grammar;
mod parts;
#[cfg(feature = "fetch")]
mod same_site;

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

pub use bad_port::is_bad_port;
pub use grammar::OriginError;
pub(crate) use parts::Parts;

/// Who asks: the security identity of a page, or of a URL.
///
/// Source: <https://html.spec.whatwg.org/#concept-origin>
///
/// ```
/// use corsac::origin::Origin;
/// let origin = Origin::parse(b"http://sitea.com").unwrap();
/// assert_eq!(origin.to_string(), "http://sitea.com");
/// assert!(Origin::parse(b"http://siteA.com").is_err());
/// assert_eq!(Origin::Opaque(corsac::origin::OpaqueId(7)).to_string(), "null");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Scheme, host and port.
    Tuple(Tuple),
    /// A sandboxed frame, a `data:` page, a local file: same origin with itself only, written
    /// `null`.
    Opaque(OpaqueId),
}

/// The identity of an opaque origin, which the host hands out: two pages must not share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpaqueId(pub u64);

/// A tuple origin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tuple {
    /// The scheme, lower-case, without the colon.
    pub scheme: Box<str>,
    /// The host.
    pub host: Host,
    /// The port; `None` where it is the scheme's own.
    pub port: Option<u16>,
}

/// The host of an origin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A domain in its ASCII form, lower-case.
    Domain(Box<str>),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
}

impl Origin {
    /// Parses an origin as browsers serialize it, and nothing laxer: no path, no upper case, no
    /// percent-encoding, no spelled-out zeros.
    ///
    /// `null` is not an origin here: what it stands for can't be told from the bytes. A scheme's own
    /// port, which browsers leave out, parses and is left out.
    ///
    /// # Errors
    /// [`OriginError`] says which part is wrong and where it begins.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#origin-header>
    pub fn parse(serialized: &[u8]) -> Result<Self, OriginError> {
        grammar::parse(serialized).map(Self::Tuple)
    }

    /// Two origins are the same if they are the same opaque one, or agree in scheme, host and port.
    ///
    /// Source: <https://html.spec.whatwg.org/#same-origin>
    pub fn is_same_origin(&self, other: &Self) -> bool {
        self == other
    }

    /// The scheme of a tuple origin.
    pub fn scheme(&self) -> Option<&str> {
        match self {
            Self::Tuple(tuple) => Some(&tuple.scheme),
            Self::Opaque(_) => None,
        }
    }

    /// Says whether what comes from this origin can be trusted not to have been changed on its way:
    /// an encrypted scheme, or this very machine.
    ///
    /// Source: <https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy>
    pub fn is_potentially_trustworthy(&self) -> bool {
        let Self::Tuple(tuple) = self else {
            return false;
        };
        matches!(&*tuple.scheme, "https" | "wss" | "file") || tuple.host.is_loopback()
    }
}

impl Host {
    /// Says whether the name or address can only mean this machine.
    pub fn is_loopback(&self) -> bool {
        match self {
            Self::Ipv4(address) => address.is_loopback(),
            Self::Ipv6(address) => address.is_loopback(),
            Self::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                name == "localhost" || name.ends_with(".localhost")
            }
        }
    }
}

/// The port that a scheme has without saying so.
pub fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "ftp" => Some(21),
        _ => None,
    }
}

/// The ASCII serialization: what stands in the Origin header.
///
/// Source: <https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin>
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tuple = match self {
            Self::Opaque(_) => return f.write_str("null"),
            Self::Tuple(tuple) => tuple,
        };
        write!(f, "{}://{}", tuple.scheme, tuple.host)?;
        match tuple.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(name) => f.write_str(name),
            Self::Ipv4(address) => address.fmt(f),
            // std writes IPv4-mapped addresses with dots, browsers never do.
            Self::Ipv6(address) => write!(f, "[{}]", grammar::serialize_ipv6(*address)),
        }
    }
}

#[cfg(feature = "fetch")]
impl Origin {
    /// The origin of a URL; `opaque` is the identity to use if it has none, as `data:` URLs do.
    ///
    /// Source: <https://url.spec.whatwg.org/#concept-url-origin>
    pub fn of_url(url: &url::Url, opaque: OpaqueId) -> Self {
        Self::tuple_of_url(url).map_or(Self::Opaque(opaque), Self::Tuple)
    }

    /// Says whether a URL's origin is this one. A URL without a tuple origin never is: its opaque
    /// origin is a new one every time somebody asks.
    pub fn is_same_origin_with_url(&self, url: &url::Url) -> bool {
        match (self, Self::tuple_of_url(url)) {
            (Self::Tuple(tuple), Some(of_url)) => *tuple == of_url,
            _ => false,
        }
    }

    pub(crate) fn tuple_of_url(url: &url::Url) -> Option<Tuple> {
        if url.scheme() == "blob" {
            // `url` lets the URL inside have any scheme; the Standard trusts two.
            let inner = url::Url::parse(url.path()).ok()?;
            return matches!(inner.scheme(), "http" | "https")
                .then(|| Self::tuple_of_url(&inner))?;
        }
        let url::Origin::Tuple(scheme, host, port) = url.origin() else {
            return None;
        };
        let port = Some(port).filter(|&port| default_port(&scheme) != Some(port));
        let host = match host {
            url::Host::Domain(name) => Host::Domain(name.into()),
            url::Host::Ipv4(address) => Host::Ipv4(address),
            url::Host::Ipv6(address) => Host::Ipv6(address),
        };
        let scheme = scheme.into();
        Some(Tuple { scheme, host, port })
    }
}
