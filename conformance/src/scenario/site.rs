use serde::{Deserialize, Serialize};

/// The origins there are. All of them are on this machine; each differs from [`Site::Home`] in one
/// thing at least.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Site {
    /// `http://localhost`, where pages are.
    #[default]
    Home,
    /// `http://localhost` on another port: another origin, the same site.
    Port,
    /// `http://127.0.0.1`: another site.
    Ip,
    /// `http://a.localhost`: another site.
    A,
    /// `http://x.a.localhost`: the same site as [`Site::A`].
    SubA,
    /// `http://b.localhost`: yet another site.
    B,
    /// `https://localhost`: the same site, were it not for the scheme. Pages are here, too.
    TlsHome,
    /// `https://localhost` on another port.
    TlsPort,
    /// `https://a.localhost`.
    TlsA,
    /// `https://localhost`, HTTP/2, on yet another port.
    H2Home,
    /// `https://b.localhost`, HTTP/2.
    H2B,
}

/// The sockets that listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Listener {
    /// Clear text.
    Plain,
    /// Clear text, another port.
    PlainToo,
    /// TLS with HTTP/1.1.
    Tls,
    /// TLS with HTTP/1.1, another port.
    TlsToo,
    /// TLS with HTTP/2.
    H2,
}

impl Site {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Home,
        Self::Port,
        Self::Ip,
        Self::A,
        Self::SubA,
        Self::B,
        Self::TlsHome,
        Self::TlsPort,
        Self::TlsA,
        Self::H2Home,
        Self::H2B,
    ];

    /// The host, as URLs have it.
    pub const fn host(self) -> &'static str {
        match self {
            Self::Home | Self::Port | Self::TlsHome | Self::TlsPort | Self::H2Home => "localhost",
            Self::Ip => "127.0.0.1",
            Self::A | Self::TlsA => "a.localhost",
            Self::SubA => "x.a.localhost",
            Self::B | Self::H2B => "b.localhost",
        }
    }

    /// The socket behind it.
    pub const fn listener(self) -> Listener {
        match self {
            Self::Home | Self::Ip | Self::A | Self::SubA => Listener::Plain,
            Self::Port | Self::B => Listener::PlainToo,
            Self::TlsHome | Self::TlsA => Listener::Tls,
            Self::TlsPort => Listener::TlsToo,
            Self::H2Home | Self::H2B => Listener::H2,
        }
    }

    /// `http` or `https`.
    pub const fn scheme(self) -> &'static str {
        match self.listener() {
            Listener::Plain | Listener::PlainToo => "http",
            Listener::Tls | Listener::TlsToo | Listener::H2 => "https",
        }
    }
}

impl Listener {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Plain,
        Self::PlainToo,
        Self::Tls,
        Self::TlsToo,
        Self::H2,
    ];
}
