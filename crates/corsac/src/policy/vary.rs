//! What a cache must know that an answer depended on.

use http::HeaderValue;

use crate::header::{is_http_tab_or_space, trim};

const ALL: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

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
}

impl Vary {
    /// On nothing: every request is answered the same.
    pub(super) const NOTHING: Self = Self(On::Nothing);
    /// On who asks.
    pub(super) const ORIGIN: Self = Self(On::Origin);
    /// On who asks and on what. An OPTIONS request without these is no preflight, and the handler
    /// answers it, so that each OPTIONS response depends on all three.
    pub(super) const PREFLIGHT: Self = Self(On::Preflight);

    /// This, and on who asks.
    #[inline]
    pub(super) const fn and_origin(self) -> Self {
        match self.0 {
            On::Nothing => Self::ORIGIN,
            On::Origin | On::Preflight => self,
        }
    }

    /// The value of the line to add to a response that has no Vary yet.
    #[inline]
    pub fn value(self) -> Option<HeaderValue> {
        match self.0 {
            On::Origin => Some(const { HeaderValue::from_static("Origin") }),
            On::Nothing => None,
            On::Preflight => Some(const { HeaderValue::from_static(ALL) }),
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
        let is_preflight = self == Self::PREFLIGHT;
        let mut origin = self != Self::NOTHING;
        let (mut method, mut headers) = (is_preflight, is_preflight);
        for line in existing {
            for item in line.split(|&byte| byte == b',') {
                let name = trim(item, is_http_tab_or_space);
                if name == b"*" {
                    return None;
                }
                origin &= !name.eq_ignore_ascii_case(b"origin");
                method &= !name.eq_ignore_ascii_case(b"access-control-request-method");
                headers &= !name.eq_ignore_ascii_case(b"access-control-request-headers");
            }
        }
        Some(match (origin, method, headers) {
            (false, false, false) => return None,
            (true, false, false) => "Origin",
            (false, true, false) => "Access-Control-Request-Method",
            (false, false, true) => "Access-Control-Request-Headers",
            (true, true, false) => "Origin, Access-Control-Request-Method",
            (true, false, true) => "Origin, Access-Control-Request-Headers",
            (false, true, true) => "Access-Control-Request-Method, Access-Control-Request-Headers",
            (true, true, true) => ALL,
        })
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
