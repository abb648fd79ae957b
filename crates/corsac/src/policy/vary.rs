//! What a cache must know that an answer depended on.

use http::HeaderValue;

use crate::header::{is_http_tab_or_space, trim};

/// What answers can depend on, each by one bit.
const NAMES: [&str; 4] = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "access-control-request-private-network",
];

/// The line for each set of [`NAMES`].
const LINES: [&str; 16] = [
    "",
    "Origin",
    "Access-Control-Request-Method",
    "Origin, Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Origin, Access-Control-Request-Headers",
    "Access-Control-Request-Method, Access-Control-Request-Headers",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    "Access-Control-Request-Private-Network",
    "Origin, Access-Control-Request-Private-Network",
    "Access-Control-Request-Method, Access-Control-Request-Private-Network",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Private-Network",
    "Access-Control-Request-Headers, Access-Control-Request-Private-Network",
    "Origin, Access-Control-Request-Headers, Access-Control-Request-Private-Network",
    "Access-Control-Request-Method, Access-Control-Request-Headers, \
     Access-Control-Request-Private-Network",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
     Access-Control-Request-Private-Network",
];

/// The request headers that an answer depends on.
///
/// It is due on refusals and on answers to requests without an Origin just as on grants: a cache
/// that keeps one of those would else hand it to a page that was to be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vary(On);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum On {
    Nothing,
    Origin,
    Preflight,
    PreflightOfNetwork,
}

impl Vary {
    /// On nothing: every request is answered the same.
    pub(super) const NOTHING: Self = Self(On::Nothing);
    /// On who asks.
    pub(super) const ORIGIN: Self = Self(On::Origin);
    /// On who asks and on what. An OPTIONS request without these is no preflight, and the handler
    /// answers it, so that each OPTIONS response depends on all three.
    pub(super) const PREFLIGHT: Self = Self(On::Preflight);
    /// And on whether it asks for a private network.
    pub(super) const PREFLIGHT_OF_NETWORK: Self = Self(On::PreflightOfNetwork);

    /// This, and on who asks.
    #[inline]
    pub(super) const fn and_origin(self) -> Self {
        match self.0 {
            On::Nothing => Self::ORIGIN,
            _ => self,
        }
    }

    /// The value of the line to add to a response that has no Vary yet.
    #[inline]
    pub fn value(self) -> Option<HeaderValue> {
        // What nearly all responses say is asked for first: four ways at once are a jump by a table.
        if self.0 == On::Origin {
            return Some(const { HeaderValue::from_static(LINES[0b0001]) });
        }
        self.value_of_options()
    }

    #[inline(never)]
    fn value_of_options(self) -> Option<HeaderValue> {
        match self.0 {
            On::Nothing => None,
            On::Origin => Some(const { HeaderValue::from_static(LINES[0b0001]) }),
            On::Preflight => Some(const { HeaderValue::from_static(LINES[0b0111]) }),
            On::PreflightOfNetwork => Some(const { HeaderValue::from_static(LINES[0b1111]) }),
        }
    }

    /// The value of the line to add to a response that already has these Vary lines; `None` if
    /// they say it all, by name or by `*`.
    ///
    /// It is a line of its own, never joined to what others wrote.
    ///
    /// ```
    /// use corsac::policy::{Policy, PolicyConfig, RequestHead};
    /// # let headers = corsac::header::HeaderList::new();
    /// let policy = Policy::new(PolicyConfig {
    ///     allow_origins: ["https://app.example"].into(),
    ///     ..PolicyConfig::default()
    /// })?;
    /// let vary = policy.decide(&RequestHead::of_list(b"GET", &headers)).vary();
    /// assert_eq!(vary.due([&b"Accept"[..]]), Some("Origin"));
    /// assert_eq!(vary.due([&b"Accept, origin"[..]]), None);
    /// # Ok::<(), corsac::policy::PolicyErrors>(())
    /// ```
    #[inline]
    pub fn due<'a>(self, existing: impl IntoIterator<Item = &'a [u8]>) -> Option<&'static str> {
        let mut due = match self.0 {
            On::Nothing => 0,
            On::Origin => 0b0001,
            On::Preflight => 0b0111,
            On::PreflightOfNetwork => 0b1111,
        };
        for line in existing {
            for item in line.split(|&byte| byte == b',') {
                let name = trim(item, is_http_tab_or_space);
                if name == b"*" {
                    return None;
                }
                for (place, known) in NAMES.iter().enumerate() {
                    if name.eq_ignore_ascii_case(known.as_bytes()) {
                        due &= !(1 << place);
                    }
                }
            }
        }
        LINES.get(due).copied().filter(|line| !line.is_empty())
    }

    /// Whether these Vary lines leave a name out: for who decides on more of a request than a policy
    /// looks at.
    ///
    /// ```
    /// use corsac::policy::Vary;
    /// assert!(Vary::leaves_out("x-tenant", [&b"Origin"[..]]));
    /// assert!(!Vary::leaves_out("x-tenant", [&b"Origin, X-Tenant"[..]]));
    /// assert!(!Vary::leaves_out("x-tenant", [&b"*"[..]]));
    /// ```
    pub fn leaves_out<'a>(name: &str, existing: impl IntoIterator<Item = &'a [u8]>) -> bool {
        let mut lines = existing.into_iter();
        !lines.any(|line| {
            line.split(|&byte| byte == b',').any(|item| {
                let item = trim(item, is_http_tab_or_space);
                item == b"*" || item.eq_ignore_ascii_case(name.as_bytes())
            })
        })
    }
}
