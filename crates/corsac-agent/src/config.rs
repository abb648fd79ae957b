use std::time::Duration;

use corsac::fetch::Profile;

use crate::{Dialer, Resolver, Trust, wire::Limits};

/// Everything that can be chosen about an [`Agent`](crate::Agent).
///
/// ```
/// use corsac::fetch::Profile;
/// use corsac_agent::{AgentConfig, UnsafeMethods};
/// let mut config = AgentConfig::new(Profile::FIREFOX);
/// config.unsafe_methods = UnsafeMethods::ToLoopback;
/// config.resolver.map("api.example", 443, "127.0.0.1:8443".parse().unwrap());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AgentConfig {
    /// Whose rules it follows, and whose manners.
    pub profile: Profile,
    /// Where hosts are.
    pub resolver: Resolver,
    /// What makes connections; `None` is the network. Default `None`.
    pub dialer: Option<Dialer>,
    /// Whose certificates it believes.
    pub trust: Trust,
    /// How long things may take.
    pub deadlines: Deadlines,
    /// How much of a response it takes.
    pub limits: Limits,
    /// Which HTTP it speaks.
    pub http_version: HttpVersion,
    /// The User-Agent, where the page brings none; `None` is the profile's.
    pub user_agent: Option<Box<[u8]>>,
    /// The Accept-Language, where the page brings none; `None` is the profile's.
    pub accept_language: Option<Box<[u8]>>,
    /// The Accept-Encoding. Default `identity`: nothing is decoded here, whatever is asked for.
    pub accept_encoding: Box<[u8]>,
    /// Where requests may go that change something.
    pub unsafe_methods: UnsafeMethods,
    /// Where the page is taken to have come from.
    pub page_address_space: PageAddressSpace,
    /// Whether the user lets pages reach into the nearer network. Default no.
    pub allows_local_network: bool,
    /// Whether it keeps cookies. Default yes.
    pub keeps_cookies: bool,
}

impl AgentConfig {
    /// The defaults, for a profile.
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            resolver: Resolver::default(),
            dialer: None,
            trust: Trust::default(),
            deadlines: Deadlines::default(),
            limits: Limits::default(),
            http_version: HttpVersion::default(),
            user_agent: None,
            accept_language: None,
            accept_encoding: (*b"identity").into(),
            unsafe_methods: UnsafeMethods::default(),
            page_address_space: PageAddressSpace::default(),
            allows_local_network: false,
            keeps_cookies: true,
        }
    }
}

/// Where requests may go whose method is not GET, HEAD or OPTIONS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnsafeMethods {
    /// Anywhere.
    #[default]
    ToAnyone,
    /// To servers on this machine only, by the connection as it is: any other request is withheld,
    /// though its preflight is sent.
    ToLoopback,
}

/// Where a page is taken to have come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PageAddressSpace {
    /// From where its environment says.
    #[default]
    AsStated,
    /// From as near as the first server that it asks.
    OfFirstPeer,
}

/// Which HTTP an agent speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpVersion {
    /// What both sides prefer, by ALPN; HTTP/1.1 without TLS.
    #[default]
    Negotiated,
    /// HTTP/1.1, whatever the server could do.
    Http1,
    /// HTTP/2, as if it were known that the server can: without TLS, and without its consent.
    Http2,
}

/// How long each part of an exchange may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Finding the addresses of a name.
    pub dns: Duration,
    /// Connecting, all addresses together.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// From the connection to the end of the response's head.
    pub head: Duration,
    /// From there to the end of the body.
    pub body: Duration,
    /// The same for a body that nobody reads: of a preflight, a redirect, a blocked response.
    pub unread_body: Duration,
    /// All of a fetch, redirects included. Default `None`, no limit.
    pub total: Option<Duration>,
}

impl Default for Deadlines {
    /// Ten seconds for DNS, connecting and TLS each, thirty for head and body, and one for a body
    /// that nobody reads.
    fn default() -> Self {
        Self {
            dns: Duration::from_secs(10),
            connect: Duration::from_secs(10),
            tls: Duration::from_secs(10),
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            unread_body: Duration::from_secs(1),
            total: None,
        }
    }
}
