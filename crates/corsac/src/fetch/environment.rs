use url::Url;

use crate::origin::{OpaqueId, Origin};

use super::ReferrerPolicy;

/// The page that asks: what the Standard reads from a request's client.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-request-client>
///
/// ```
/// use corsac::{fetch::Environment, origin::Origin};
/// let page = Environment::of_page("https://a.example/page".parse().unwrap());
/// assert_eq!(page.origin, Origin::parse(b"https://a.example").unwrap());
/// assert!(page.is_secure_context);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Environment {
    /// Who asks.
    pub origin: Origin,
    /// The page's URL, which referrers are made of; `None` sends none.
    pub creation_url: Option<Url>,
    /// The policy for referrers. Default `strict-origin-when-cross-origin`.
    pub referrer_policy: ReferrerPolicy,
    /// The key that keeps caches and connections of different top-level sites apart.
    pub network_partition_key: NetworkPartitionKey,
    /// Whether the page came over a trustworthy connection.
    pub is_secure_context: bool,
    /// Where the page came from. Default public.
    pub address_space: AddressSpace,
    /// The page's Cross-Origin-Embedder-Policy. Default `unsafe-none`.
    pub embedder_policy: EmbedderPolicy,
    /// Whether a frame above the page is of another site. Default false.
    pub has_cross_site_ancestor: bool,
    /// The Accept-Language that the browser adds; `None` adds none.
    pub accept_language: Option<Box<[u8]>>,
    /// The User-Agent that the browser adds; `None` adds none.
    pub user_agent: Option<Box<[u8]>>,
    /// Bytes of the bodies of other keepalive requests under way.
    pub inflight_keepalive_bytes: u64,
    /// What the host wants to be asked. Default nothing.
    pub questions: Questions,
}

impl Environment {
    /// An environment of an origin, with defaults for all else.
    pub fn new(origin: Origin) -> Self {
        Self {
            is_secure_context: origin.is_potentially_trustworthy(),
            network_partition_key: NetworkPartitionKey::of_top_level_origin(&origin),
            origin,
            creation_url: None,
            referrer_policy: ReferrerPolicy::default(),
            address_space: AddressSpace::Public,
            embedder_policy: EmbedderPolicy::UnsafeNone,
            has_cross_site_ancestor: false,
            accept_language: None,
            user_agent: None,
            inflight_keepalive_bytes: 0,
            questions: Questions::default(),
        }
    }

    /// An environment of a top-level page at a URL. A URL without an origin of its own (`data:`,
    /// `file:`) gets the opaque origin 0.
    pub fn of_page(url: Url) -> Self {
        let mut environment = Self::new(Origin::of_url(&url, OpaqueId(0)));
        environment.creation_url = Some(url);
        environment
    }
}

/// Which questions the host answers; all others take their default answer without being asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Questions {
    /// [`Question::Upgrade`](super::Question::Upgrade); default answer no.
    pub upgrade: bool,
    /// [`Question::Policy`](super::Question::Policy); default answer yes.
    pub policy: bool,
    /// [`Question::Cookies`](super::Question::Cookies); default answer none.
    pub cookies: bool,
    /// [`Question::Authorization`](super::Question::Authorization); default answer none.
    pub authorization: bool,
    /// [`Question::LocalNetwork`](super::Question::LocalNetwork); default answer no.
    pub local_network: bool,
}

impl Questions {
    /// Every question.
    pub const ALL: Self = Self {
        upgrade: true,
        policy: true,
        cookies: true,
        authorization: true,
        local_network: true,
    };
}

/// A top-level site, and whatever second key the host adds.
///
/// Source: <https://fetch.spec.whatwg.org/#network-partition-key>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NetworkPartitionKey {
    /// The site: scheme and registrable domain (or host), or an opaque origin's identity.
    pub top_level_site: Box<str>,
    /// Null or the host's choice.
    pub second_key: Option<Box<str>>,
}

impl NetworkPartitionKey {
    /// The key of a page by its top-level origin, without a second key.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#determine-the-network-partition-key>
    pub fn of_top_level_origin(origin: &Origin) -> Self {
        let top_level_site = match origin {
            Origin::Opaque(OpaqueId(id)) => format!("opaque {id}"),
            Origin::Tuple(tuple) => match tuple.host.registrable_domain() {
                Some(domain) => format!("{}://{domain}", tuple.scheme),
                None => format!("{}://{}", tuple.scheme, tuple.host),
            },
        };
        Self {
            top_level_site: top_level_site.into(),
            second_key: None,
        }
    }
}

/// How near an address is.
///
/// Source: <https://wicg.github.io/local-network-access/#ip-address-space-section>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AddressSpace {
    /// This machine.
    Loopback,
    /// The network around it.
    Local,
    /// The Internet.
    Public,
}

/// Source: <https://html.spec.whatwg.org/#embedder-policy-value>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EmbedderPolicy {
    /// Embeds anything.
    #[default]
    UnsafeNone,
    /// Embeds what is not meant for others without credentials only.
    Credentialless,
    /// Embeds only what is meant for others.
    RequireCorp,
}
