use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use corsac::{
    diagnosis::TransportError,
    fetch::AddressSpace,
    origin::{Host, OpaqueId, Origin},
};
use url::Url;

/// Which address a host and port stand for, where it is not left to the system.
///
/// ```
/// use corsac_agent::Resolver;
/// let mut resolver = Resolver::default();
/// resolver.map("siteb.com", 80, "127.0.0.1:8080".parse().unwrap());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Resolver(Vec<(Box<str>, u16, SocketAddr)>);

impl Resolver {
    /// Sends what is meant for a host and port to this address. The latest word counts.
    pub fn map(&mut self, host: &str, port: u16, address: SocketAddr) {
        let host = host.to_ascii_lowercase().into();
        self.0.push((host, port, address));
    }

    fn addresses(&self, url: &Url) -> io::Result<Vec<SocketAddr>> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        let mapped = |entry: &&(Box<str>, u16, SocketAddr)| *entry.0 == *host && entry.1 == port;
        match self.0.iter().rev().find(mapped) {
            Some(&(_, _, address)) => Ok(vec![address]),
            // Pages of localhost are trusted because no name server is asked who that is.
            None if is_localhost(url) => Ok(vec![
                (Ipv4Addr::LOCALHOST, port).into(),
                (Ipv6Addr::LOCALHOST, port).into(),
            ]),
            None => url.socket_addrs(|| None),
        }
    }
}

/// Source: <https://w3c.github.io/webappsec-secure-contexts/#localhost>
fn is_localhost(url: &Url) -> bool {
    match Origin::of_url(url, OpaqueId(0)) {
        Origin::Tuple(tuple) => matches!(tuple.host, Host::Domain(_)) && tuple.host.is_loopback(),
        Origin::Opaque(_) => false,
    }
}

/// How long each part of an exchange may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Connecting, each address by itself. Finding the addresses takes what the system takes.
    pub connect: Duration,
    /// From the connection to the end of the response's head.
    pub head: Duration,
    /// From there to the end of the body.
    pub body: Duration,
}

impl Default for Deadlines {
    /// Ten seconds, thirty and thirty.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
        }
    }
}

/// Connects to where a URL leads.
pub(crate) fn connect(
    url: &Url,
    resolver: &Resolver,
    limit: Duration,
) -> Result<TcpStream, TransportError> {
    if url.scheme() != "http" {
        // There is no TLS in here yet, nor any other scheme.
        return Err(TransportError::Tls);
    }
    let addresses = resolver.addresses(url).map_err(|_| TransportError::Dns)?;
    let mut error = TransportError::Dns;
    for address in addresses {
        match TcpStream::connect_timeout(&address, limit) {
            Ok(stream) => return Ok(stream),
            Err(reason) if is_timeout(&reason) => error = TransportError::ConnectTimeout,
            Err(_) => error = TransportError::Refused,
        }
    }
    Err(error)
}

/// The time left until a deadline, as socket options take it: never zero.
pub(crate) fn time_left(deadline: Instant) -> Option<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    (!left.is_zero()).then_some(left)
}

/// Sockets with a timeout report its end as either, depending on the system.
pub(crate) fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
    )
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
