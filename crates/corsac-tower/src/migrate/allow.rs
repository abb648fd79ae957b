//! What the builder takes, by tower-http's names.

use std::{fmt, sync::Arc, time::Duration};

use corsac::policy::{self, Listing, OriginPattern};
use http::{HeaderName, HeaderValue, Method, request::Parts};

use crate::predicate::{NetworkPredicate, Predicate};

/// Everything: `*`.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Any;

/// [`Any`], which tower-http deprecates as a function.
pub fn any() -> Any {
    Any
}

/// Whose scripts may read.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AllowOrigin(pub(super) Origins);

#[derive(Clone, Debug)]
pub(super) enum Origins {
    Listed(Listing<OriginPattern>),
    Mirrored,
    Asked(Predicate),
}

impl Default for Origins {
    fn default() -> Self {
        Self::Listed(Listing::default())
    }
}

impl AllowOrigin {
    /// Everybody's.
    pub fn any() -> Self {
        Self(Origins::Listed(Listing::Any))
    }

    /// One origin's; `*` is everybody's, as with tower-http.
    pub fn exact(origin: HeaderValue) -> Self {
        match origin.as_bytes() {
            b"*" => Self::any(),
            _ => Self::list([origin]),
        }
    }

    /// These origins'.
    pub fn list(origins: impl IntoIterator<Item = HeaderValue>) -> Self {
        // What is not UTF-8 is no origin, and is refused as it would be in its own bytes.
        let text = |origin: HeaderValue| String::from_utf8_lossy(origin.as_bytes()).into_owned();
        Self(Origins::Listed(origins.into_iter().map(text).collect()))
    }

    /// Those of origins that a function allows, by the request: see
    /// [`allow_origin_if`](crate::CorsLayer::allow_origin_if). What it looks at besides Origin belongs
    /// into [`CorsLayer::vary`](super::CorsLayer::vary).
    pub fn predicate<F>(f: F) -> Self
    where
        F: Fn(&HeaderValue, &Parts) -> bool + Send + Sync + 'static,
    {
        Self(Origins::Asked(Predicate::now([], f)))
    }

    /// [`predicate`](Self::predicate) for an answer that takes time: see
    /// [`allow_origin_if_async`](crate::CorsLayer::allow_origin_if_async).
    pub fn async_predicate<F, Fut>(f: F) -> Self
    where
        F: FnOnce(HeaderValue, &Parts) -> Fut + Send + Sync + 'static + Clone,
        Fut: Future<Output = bool> + Send + 'static,
    {
        let ask = move |origin: HeaderValue, parts: &Parts| f.clone()(origin, parts);
        Self(Origins::Asked(Predicate::later([], ask)))
    }

    /// Everybody's. With credentials it is refused when it is built: see
    /// [`Refused::AnyOriginWithCredentials`](super::Refused::AnyOriginWithCredentials).
    pub fn mirror_request() -> Self {
        Self(Origins::Mirrored)
    }
}

/// Methods that a preflight may ask for.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AllowMethods(pub(super) Methods);

#[derive(Clone, Debug)]
pub(super) enum Methods {
    Listed(Listing),
    Mirrored,
}

impl Default for Methods {
    fn default() -> Self {
        Self::Listed(Listing::default())
    }
}

impl AllowMethods {
    /// All of them.
    pub fn any() -> Self {
        Self(Methods::Listed(Listing::Any))
    }

    /// One method.
    pub fn exact(method: Method) -> Self {
        Self::list([method])
    }

    /// These methods.
    pub fn list(methods: impl IntoIterator<Item = Method>) -> Self {
        let text = |method: Method| method.as_str().to_owned();
        Self(Methods::Listed(Listing::List(
            methods.into_iter().map(text).collect(),
        )))
    }

    /// All of them. With credentials it is refused when it is built: see
    /// [`Refused::AnyMethodWithCredentials`](super::Refused::AnyMethodWithCredentials).
    pub fn mirror_request() -> Self {
        Self(Methods::Mirrored)
    }
}

/// Request headers that a preflight may ask for.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AllowHeaders(pub(super) Headers);

#[derive(Clone, Debug)]
pub(super) enum Headers {
    Listed(policy::AllowHeaders),
    Mirrored,
}

impl Default for Headers {
    fn default() -> Self {
        Self::Listed(policy::AllowHeaders::default())
    }
}

impl AllowHeaders {
    /// All of them but Authorization.
    pub fn any() -> Self {
        Self(Headers::Listed(policy::AllowHeaders::Any))
    }

    /// These headers.
    pub fn list(headers: impl IntoIterator<Item = HeaderName>) -> Self {
        let text = |name: HeaderName| name.as_str().to_owned();
        Self(Headers::Listed(policy::AllowHeaders::List(
            headers.into_iter().map(text).collect(),
        )))
    }

    /// All of them, Authorization too. With credentials it is refused when it is built: see
    /// [`Refused::AnyHeaderWithCredentials`](super::Refused::AnyHeaderWithCredentials).
    pub fn mirror_request() -> Self {
        Self(Headers::Mirrored)
    }
}

/// Response headers that scripts may read.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ExposeHeaders(pub(super) Listing);

impl ExposeHeaders {
    /// All of them.
    pub fn any() -> Self {
        Self(Listing::Any)
    }

    /// These headers.
    pub fn list(headers: impl IntoIterator<Item = HeaderName>) -> Self {
        let text = |name: HeaderName| name.as_str().to_owned();
        Self(Listing::List(headers.into_iter().map(text).collect()))
    }
}

/// Whether requests with cookies or HTTP authentication may be read.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AllowCredentials(pub(super) Credentials);

#[derive(Clone, Debug)]
pub(super) enum Credentials {
    Constant(bool),
    Predicate,
}

impl Default for Credentials {
    fn default() -> Self {
        Self::Constant(false)
    }
}

impl AllowCredentials {
    /// They may.
    pub fn yes() -> Self {
        true.into()
    }

    /// Refused when it is built: see [`Refused::CredentialsPredicate`](super::Refused::CredentialsPredicate).
    pub fn predicate<F>(_: F) -> Self
    where
        F: Fn(&HeaderValue, &Parts) -> bool + Send + Sync + 'static,
    {
        Self(Credentials::Predicate)
    }
}

/// How long browsers may reuse the answer to a preflight; `None` if that is not known before.
#[derive(Clone, Debug)]
#[must_use]
pub struct MaxAge(pub(super) Option<policy::MaxAge>);

impl Default for MaxAge {
    fn default() -> Self {
        Self(Some(policy::MaxAge::Unset))
    }
}

impl MaxAge {
    /// So long, in whole seconds.
    pub fn exact(max_age: Duration) -> Self {
        Self(Some(match max_age.as_secs() {
            0 => policy::MaxAge::Disabled,
            seconds => policy::MaxAge::Seconds(seconds.try_into().unwrap_or(u32::MAX)),
        }))
    }

    /// Refused when it is built: see [`Refused::DynamicMaxAge`](super::Refused::DynamicMaxAge).
    pub fn dynamic<F>(_: F) -> Self
    where
        F: Fn(&HeaderValue, &Parts) -> Duration + Send + Sync + 'static,
    {
        Self(None)
    }
}

/// Whether pages from outside may ask for what is inside of a network.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AllowPrivateNetwork(pub(super) Network);

#[derive(Clone)]
pub(super) enum Network {
    Constant(bool),
    Asked(Arc<NetworkPredicate>),
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(allow) => allow.fmt(f),
            Self::Asked(_) => f.write_str("Asked"),
        }
    }
}

impl Default for Network {
    fn default() -> Self {
        Self::Constant(false)
    }
}

impl AllowPrivateNetwork {
    /// They may, if their origin is allowed.
    pub fn yes() -> Self {
        true.into()
    }

    /// They may, if their origin is allowed and a function says so: see
    /// [`allow_private_network_if`](crate::CorsLayer::allow_private_network_if).
    pub fn predicate<F>(f: F) -> Self
    where
        F: Fn(&HeaderValue, &Parts) -> bool + Send + Sync + 'static,
    {
        Self(Network::Asked(Arc::new(f)))
    }
}

/// Header names that an answer depends on: what a predicate looks at.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Vary(pub(super) Vec<HeaderName>);

impl Vary {
    /// These names. Origin and Access-Control-Request-\*, which the policy sees to, may be among them.
    pub fn list(headers: impl IntoIterator<Item = HeaderName>) -> Self {
        Self(headers.into_iter().collect())
    }
}

macro_rules! from_lists {
    ($($to:ident: $of:ty;)*) => {$(
        impl<const N: usize> From<[$of; N]> for $to {
            fn from(list: [$of; N]) -> Self {
                Self::list(list)
            }
        }

        impl From<Vec<$of>> for $to {
            fn from(list: Vec<$of>) -> Self {
                Self::list(list)
            }
        }
    )*};
}

from_lists! {
    AllowOrigin: HeaderValue;
    AllowMethods: Method;
    AllowHeaders: HeaderName;
    ExposeHeaders: HeaderName;
    Vary: HeaderName;
}

macro_rules! from_any {
    ($($to:ident)*) => {$(
        impl From<Any> for $to {
            fn from(_: Any) -> Self {
                Self::any()
            }
        }
    )*};
}

from_any! { AllowOrigin AllowMethods AllowHeaders ExposeHeaders }

impl From<HeaderValue> for AllowOrigin {
    fn from(origin: HeaderValue) -> Self {
        Self::exact(origin)
    }
}

impl From<Method> for AllowMethods {
    fn from(method: Method) -> Self {
        Self::exact(method)
    }
}

impl From<bool> for AllowCredentials {
    fn from(allow: bool) -> Self {
        Self(Credentials::Constant(allow))
    }
}

impl From<bool> for AllowPrivateNetwork {
    fn from(allow: bool) -> Self {
        Self(Network::Constant(allow))
    }
}

impl From<Duration> for MaxAge {
    fn from(max_age: Duration) -> Self {
        Self::exact(max_age)
    }
}
