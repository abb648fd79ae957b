//! A serialized origin taken apart in place.
//!
//! Source: <https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin>

use super::{default_port, grammar};

/// The parts of an origin that is written exactly as a browser writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    pub(crate) scheme: &'a str,
    /// A domain, an IPv4 address, or an IPv6 address in its brackets.
    pub(crate) host: &'a str,
    /// `None` where it is the scheme's own.
    pub(crate) port: Option<u16>,
}

impl<'a> Parts<'a> {
    pub(crate) const LONGEST_SCHEME: usize = 64;
    pub(crate) const LONGEST_HOST: usize = 253;
    const LONGEST: usize = Self::LONGEST_SCHEME + "://".len() + Self::LONGEST_HOST + ":65535".len();

    /// Takes apart, without allocating for a domain, what
    /// [`Origin::parse`](super::Origin::parse) parses and what its serialization gives back.
    pub(crate) fn of(serialized: &'a [u8]) -> Option<Self> {
        if serialized.len() > Self::LONGEST {
            return None;
        }
        let text = std::str::from_utf8(serialized).ok()?;
        let (scheme, rest) = text.split_once("://")?;
        if !grammar::is_serialized_scheme(scheme) {
            return None;
        }
        let (host, rest) = rest.split_at(grammar::end_of_host(rest)?);
        if scheme.len() > Self::LONGEST_SCHEME || host.len() > Self::LONGEST_HOST {
            return None;
        }
        if !grammar::is_serialized_host(host) {
            return None;
        }
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            None => return None,
            Some(digits) => {
                let is_canonical = digits == "0" || !digits.starts_with(['0', '+']);
                let port = digits.parse().ok().filter(|_| is_canonical)?;
                if default_port(scheme) == Some(port) {
                    return None;
                }
                Some(port)
            }
        };
        Some(Self { scheme, host, port })
    }
}
