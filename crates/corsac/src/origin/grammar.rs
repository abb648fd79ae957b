//! The grammar of a serialized origin.

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr},
};

use super::{Host, Tuple, default_port};

/// Why bytes are not an origin as browsers write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OriginError {
    /// No lower-case scheme followed by `://`.
    Scheme,
    /// The host is no lower-case ASCII domain, IPv4 address or bracketed IPv6 address.
    Host {
        /// Where the host begins.
        at: usize,
    },
    /// The port is no number from 0 to 65535, in at most five digits.
    Port {
        /// Where the port begins, after its colon.
        at: usize,
    },
    /// An origin ends after host and port: no path, no slash, no query, no fragment.
    Trailing {
        /// Where the surplus begins.
        at: usize,
    },
}

impl OriginError {
    /// Where the wrong part begins, 0-based.
    pub fn at(self) -> usize {
        match self {
            Self::Scheme => 0,
            Self::Host { at } | Self::Port { at } | Self::Trailing { at } => at,
        }
    }
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scheme => "an origin begins with a lower-case scheme and `://`",
            Self::Host { .. } => "the host of an origin is a lower-case ASCII name or an address",
            Self::Port { .. } => "the port of an origin is a number from 0 to 65535",
            Self::Trailing { .. } => "an origin ends after its host or port, without a slash",
        })
    }
}

impl std::error::Error for OriginError {}

/// Source: the ABNF `serialized-origin` in <https://fetch.spec.whatwg.org/#origin-header>
pub(super) fn parse(serialized: &[u8]) -> Result<Tuple, OriginError> {
    // Everything the grammar allows is ASCII, so that no replaced byte can pass; and all places are
    // counted from the front, up to the first part that is wrong, so that none of them shifts.
    let text = String::from_utf8_lossy(serialized);
    let (scheme, rest) = text.split_once("://").ok_or(OriginError::Scheme)?;
    if !is_serialized_scheme(scheme) {
        return Err(OriginError::Scheme);
    }
    let host_at = scheme.len() + "://".len();
    let host_end = end_of_host(rest).ok_or(OriginError::Host { at: host_at })?;
    let (host, rest) = rest.split_at(host_end);
    let host = parse_host(host).ok_or(OriginError::Host { at: host_at })?;
    let port_at = host_at + host_end + 1;
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => None,
        None => return Err(OriginError::Trailing { at: port_at - 1 }),
        Some(port) => {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 && digits < port.len() {
                let at = port_at + digits;
                return Err(OriginError::Trailing { at });
            }
            if !(1..=5).contains(&digits) {
                return Err(OriginError::Port { at: port_at });
            }
            let number = port.parse::<u16>();
            Some(number.map_err(|_| OriginError::Port { at: port_at })?)
        }
    };
    Ok(Tuple {
        port: port.filter(|&port| default_port(scheme) != Some(port)),
        scheme: scheme.into(),
        host,
    })
}

pub(super) fn is_serialized_scheme(scheme: &str) -> bool {
    let mut bytes = scheme.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
        && bytes.all(|byte| is_lower_alphanum(byte) || matches!(byte, b'+' | b'-' | b'.'))
}

fn is_lower_alphanum(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// The host ends at the first byte that cannot belong to it; a bracketed address after its bracket.
pub(super) fn end_of_host(rest: &str) -> Option<usize> {
    if rest.starts_with('[') {
        return rest.find(']').map(|bracket| bracket + 1);
    }
    Some(rest.find([':', '/', '?', '#']).unwrap_or(rest.len()))
}

fn parse_host(host: &str) -> Option<Host> {
    if let Some(address) = host.strip_prefix('[') {
        return parse_ipv6(address.strip_suffix(']')?).map(Host::Ipv6);
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Some(Host::Ipv4(address));
    }
    host.split('.')
        .all(is_domain_label)
        .then(|| Host::Domain(host.into()))
}

/// Whether a host is written as a browser writes it.
pub(super) fn is_serialized_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(address) => {
            let Some(address) = address.strip_suffix(']') else {
                return false;
            };
            parse_ipv6(address).is_some_and(|parsed| serialize_ipv6(parsed) == address)
        }
        // An IPv4 address is made of labels, too.
        None => {
            host.split('.').all(is_domain_label)
                && (!ends_in_a_number(host) || host.parse::<Ipv4Addr>().is_ok())
        }
    }
}

/// Whether a browser takes the host for an IPv4 address, which it then writes as four numbers.
///
/// Source: <https://url.spec.whatwg.org/#ends-in-a-number-checker>
fn ends_in_a_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let digits = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits || last.strip_prefix("0x").is_some_and(hex)
}

fn is_domain_label(label: &str) -> bool {
    !label.is_empty()
        && label
            .bytes()
            .all(|byte| is_lower_alphanum(byte) || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Eight groups, or at most six with one `::` among them; no dotted tail, no leading zeros.
fn parse_ipv6(address: &str) -> Option<Ipv6Addr> {
    let groups = |side: &str| match side {
        "" => Some(0),
        _ => side.split(':').all(is_h16).then(|| side.split(':').count()),
    };
    let fits = match address.split_once("::") {
        Some((left, right)) => groups(left)? + groups(right)? <= 6,
        None => groups(address)? == 8,
    };
    if !fits {
        return None;
    }
    address.parse().ok()
}

fn is_h16(group: &str) -> bool {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    group == "0"
        || ((1..=4).contains(&group.len()) && group.bytes().all(is_hex) && !group.starts_with('0'))
}

/// Writes an address as the URL Standard does: the first longest run of two or more zero groups
/// becomes `::`, and no group is ever written as IPv4.
///
/// Source: <https://url.spec.whatwg.org/#concept-ipv6-serializer>
pub(super) fn serialize_ipv6(address: Ipv6Addr) -> String {
    // std agrees, but for IPv4-mapped addresses, which it writes with dots.
    match address.segments() {
        [0, 0, 0, 0, 0, 0xFFFF, high, low] => format!("::ffff:{high:x}:{low:x}"),
        _ => address.to_string(),
    }
}
