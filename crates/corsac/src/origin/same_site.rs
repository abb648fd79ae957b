use super::{Host, Origin};

impl Origin {
    /// Two origins are same site if they share a scheme and a registrable domain (or, having none,
    /// the host).
    ///
    /// Source: <https://html.spec.whatwg.org/#same-site>
    pub fn is_same_site(&self, other: &Self) -> bool {
        self.scheme() == other.scheme() && self.is_schemelessly_same_site(other)
    }

    /// [`is_same_site`](Self::is_same_site) without a look at the scheme.
    ///
    /// Source: <https://html.spec.whatwg.org/#schemelessly-same-site>
    pub fn is_schemelessly_same_site(&self, other: &Self) -> bool {
        let (one, other) = match (self, other) {
            (Self::Tuple(one), Self::Tuple(other)) => (one, other),
            _ => return self == other,
        };
        match (
            one.host.registrable_domain(),
            other.host.registrable_domain(),
        ) {
            (None, None) => one.host == other.host,
            (one, other) => one == other,
        }
    }
}

impl Host {
    /// The public suffix of the host and one label more; `None` for an address and for a public
    /// suffix itself.
    ///
    /// Source: <https://url.spec.whatwg.org/#host-registrable-domain>
    ///
    /// ```
    /// use corsac::origin::Host;
    /// let domain = |name: &str| Host::Domain(name.into());
    /// assert_eq!(domain("a.b.example.co.uk").registrable_domain(), Some("example.co.uk"));
    /// assert_eq!(domain("me.github.io").registrable_domain(), Some("me.github.io"));
    /// assert_eq!(domain("github.io").registrable_domain(), None);
    /// ```
    pub fn registrable_domain(&self) -> Option<&str> {
        match self {
            // As bytes: `psl::domain_str` loses the dot at the end, but the site of `a.example.` is
            // not the one of `a.example`.
            Self::Domain(name) => {
                let domain = psl::domain(name.as_bytes())?;
                std::str::from_utf8(domain.as_bytes()).ok()
            }
            Self::Ipv4(_) | Self::Ipv6(_) => None,
        }
    }
}
