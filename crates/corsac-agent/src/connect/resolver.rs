use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use corsac::{
    fetch::AddressSpace,
    origin::{Host, OpaqueId, Origin},
};
use url::Url;

/// Where hosts and ports are, where it is not left to the system.
///
/// ```
/// use corsac_agent::Resolver;
/// let mut resolver = Resolver::default();
/// resolver.map("siteb.com", 80, "127.0.0.1:8080".parse().unwrap());
/// resolver.connect_to(None, Some(443), "staging.siteb.com", 8443);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Resolver {
    addresses: Vec<(Box<str>, u16, Vec<SocketAddr>)>,
    redirections: Vec<Redirection>,
}

#[derive(Clone, Debug)]
struct Redirection {
    host: Option<Box<str>>,
    port: Option<u16>,
    to: (Box<str>, u16),
}

impl Resolver {
    /// Sends what is meant for a host and port to this address. The latest word counts.
    pub fn map(&mut self, host: &str, port: u16, address: SocketAddr) {
        self.map_all(host, port, vec![address]);
    }

    /// Says all addresses of a host and port, in the order to try them; none at all is a name that
    /// nobody knows. The latest word counts.
    pub fn map_all(&mut self, host: &str, port: u16, addresses: Vec<SocketAddr>) {
        self.addresses.push((lower_case(host), port, addresses));
    }

    /// Connects to another host and port than the URL says; TLS and HTTP still ask for the one of
    /// the URL. `None` stands for any. The first that fits counts.
    pub fn connect_to(
        &mut self,
        host: Option<&str>,
        port: Option<u16>,
        to_host: &str,
        to_port: u16,
    ) {
        self.redirections.push(Redirection {
            host: host.map(lower_case),
            port,
            to: (lower_case(to_host), to_port),
        });
    }

    /// Where to connect for a URL, as far as that needs nobody else.
    pub(super) fn target(&self, url: &Url) -> Target {
        let (host, port) = (host(url), url.port_or_known_default().unwrap_or_default());
        let redirection = self.redirections.iter().find(|redirection| {
            redirection.host.as_deref().is_none_or(|it| it == host)
                && redirection.port.is_none_or(|it| it == port)
        });
        let (host, port) = match redirection {
            Some(redirection) => (&*redirection.to.0, redirection.to.1),
            None => (host, port),
        };
        let mut mapped = self.addresses.iter().rev();
        let mapped = mapped.find(|(name, of, _)| **name == *host && *of == port);
        if let Some((_, _, addresses)) = mapped {
            return Target::Known(addresses.clone());
        }
        if let Ok(address) = host.parse::<IpAddr>() {
            return Target::Known(vec![(address, port).into()]);
        }
        // Pages of localhost are trusted because no name server is asked who that is.
        if is_localhost(host) {
            return Target::Known(vec![
                (Ipv4Addr::LOCALHOST, port).into(),
                (Ipv6Addr::LOCALHOST, port).into(),
            ]);
        }
        Target::Name(host.to_owned(), port)
    }
}

/// Where to connect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// There.
    Known(Vec<SocketAddr>),
    /// Where a name server says.
    Name(String, u16),
}

/// A URL's host, an IPv6 address without its brackets.
pub(super) fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    let inner = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    inner.unwrap_or(host)
}

fn lower_case(host: &str) -> Box<str> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.to_ascii_lowercase().into()
}

/// Source: <https://w3c.github.io/webappsec-secure-contexts/#localhost>
fn is_localhost(host: &str) -> bool {
    let Ok(url) = Url::parse(&format!("http://{host}/")) else {
        return false;
    };
    match Origin::of_url(&url, OpaqueId(0)) {
        Origin::Tuple(tuple) => matches!(tuple.host, Host::Domain(_)) && tuple.host.is_loopback(),
        Origin::Opaque(_) => false,
    }
}

/// How near an address is.
///
/// Source: <https://wicg.github.io/local-network-access/#ip-address-space-section>
pub(crate) fn address_space(address: IpAddr) -> AddressSpace {
    let is_local = match address.to_canonical() {
        address if address.is_loopback() => return AddressSpace::Loopback,
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    };
    match is_local {
        true => AddressSpace::Local,
        false => AddressSpace::Public,
    }
}
