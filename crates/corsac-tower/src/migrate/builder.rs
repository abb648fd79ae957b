//! The builder.

use std::sync::Arc;

use corsac::policy::{self, Listing, Policy, PolicyConfig, Preflights};
use http::{HeaderName, header};

use crate::predicate::Predicate;

use super::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, AllowPrivateNetwork, Any,
    BuildError, ExposeHeaders, MaxAge, Refused, Vary,
    allow::{Credentials, Headers, Methods, Network, Origins},
};

/// What tower-http calls `CorsLayer`, but that it becomes a layer only by [`build`](Self::build).
#[derive(Clone, Debug, Default)]
#[must_use = "it is no layer until it is built"]
pub struct CorsLayer {
    origin: AllowOrigin,
    methods: AllowMethods,
    headers: AllowHeaders,
    credentials: AllowCredentials,
    expose: ExposeHeaders,
    max_age: MaxAge,
    private_network: AllowPrivateNetwork,
    vary: Option<Vary>,
}

impl CorsLayer {
    /// Grants nothing to nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every origin, method and header, and all headers exposed, without credentials.
    pub fn permissive() -> Self {
        Self::new()
            .allow_headers(Any)
            .allow_methods(Any)
            .allow_origin(Any)
            .expose_headers(Any)
    }

    /// Refused when it is built: see [`Refused::AnyOriginWithCredentials`].
    pub fn very_permissive() -> Self {
        Self::new()
            .allow_credentials(true)
            .allow_headers(AllowHeaders::mirror_request())
            .allow_methods(AllowMethods::mirror_request())
            .allow_origin(AllowOrigin::mirror_request())
    }

    /// Whether requests with cookies or HTTP authentication may be read.
    pub fn allow_credentials(mut self, allow: impl Into<AllowCredentials>) -> Self {
        self.credentials = allow.into();
        self
    }

    /// Request headers that a preflight may ask for. Here they are checked.
    pub fn allow_headers(mut self, headers: impl Into<AllowHeaders>) -> Self {
        self.headers = headers.into();
        self
    }

    /// How long browsers may reuse the answer to a preflight.
    pub fn max_age(mut self, max_age: impl Into<MaxAge>) -> Self {
        self.max_age = max_age.into();
        self
    }

    /// Methods that a preflight may ask for. Here they are checked.
    pub fn allow_methods(mut self, methods: impl Into<AllowMethods>) -> Self {
        self.methods = methods.into();
        self
    }

    /// Whose scripts may read.
    pub fn allow_origin(mut self, origin: impl Into<AllowOrigin>) -> Self {
        self.origin = origin.into();
        self
    }

    /// Response headers that scripts may read.
    pub fn expose_headers(mut self, headers: impl Into<ExposeHeaders>) -> Self {
        self.expose = headers.into();
        self
    }

    /// Whether pages from outside may ask for what is inside of a network. No browser asks for it any
    /// more.
    pub fn allow_private_network(mut self, allow: impl Into<AllowPrivateNetwork>) -> Self {
        self.private_network = allow.into();
        self
    }

    /// Which headers a predicate looks at. Without a predicate there is nothing to say, and it is
    /// refused when it is built: see [`Refused::Vary`].
    pub fn vary(mut self, headers: impl Into<Vary>) -> Self {
        self.vary = Some(headers.into());
        self
    }

    /// Makes it a layer.
    ///
    /// # Errors
    /// All that is refused, and all mistakes of the rest, at once.
    pub fn build(mut self) -> Result<crate::CorsLayer, BuildError> {
        let predicate = self.take_predicate();
        let mut network = None;
        if let Network::Asked(predicate) = &self.private_network.0 {
            network = Some(Arc::clone(predicate));
            self.private_network = AllowPrivateNetwork::yes();
        }
        let mut layer = crate::CorsLayer::new(self.into_policy()?);
        if let Some(predicate) = predicate {
            layer = layer.with_predicate(predicate);
        }
        if let Some(network) = network {
            layer = layer.allow_private_network_if(move |origin, parts| network(origin, parts));
        }
        Ok(layer)
    }

    /// The predicate, and what was said about it. The rest is a policy.
    fn take_predicate(&mut self) -> Option<Predicate> {
        let Origins::Asked(predicate) = &self.origin.0 else {
            return None;
        };
        let predicate = predicate.clone();
        self.origin = AllowOrigin::default();
        let names = self.vary.take().unwrap_or_default().0;
        // These follow from the policy, which knows where they are due.
        const OF_POLICY: [HeaderName; 3] = [
            header::ORIGIN,
            header::ACCESS_CONTROL_REQUEST_METHOD,
            header::ACCESS_CONTROL_REQUEST_HEADERS,
        ];
        let names = names.into_iter().filter(|name| !OF_POLICY.contains(name));
        Some(predicate.varying_on(names))
    }

    /// Makes it a policy, for [`CorsLayer::reloadable`](crate::CorsLayer::reloadable), or to see
    /// its [`config`](Policy::config) and write that instead of the builder.
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and a predicate, which belongs to a layer:
    /// [`Refused::PredicateInPolicy`].
    pub fn into_policy(self) -> Result<Policy, BuildError> {
        let mut refused = Vec::new();
        let allow_credentials = match self.credentials.0 {
            Credentials::Constant(allow) => allow,
            Credentials::Predicate => {
                refused.push(Refused::CredentialsPredicate);
                false
            }
        };
        // To mirror is to allow any. Without credentials browsers take a `*` for that.
        let mut mirrored = |why| {
            refused.extend(allow_credentials.then_some(why));
            !allow_credentials
        };
        let allow_methods = match self.methods.0 {
            Methods::Listed(list) => list,
            Methods::Mirrored if mirrored(Refused::AnyMethodWithCredentials) => Listing::Any,
            Methods::Mirrored => Listing::default(),
        };
        let allow_headers = match self.headers.0 {
            Headers::Listed(list) => list,
            Headers::Mirrored if mirrored(Refused::AnyHeaderWithCredentials) => {
                policy::AllowHeaders::AnyAndAuthorization
            }
            Headers::Mirrored => policy::AllowHeaders::default(),
        };
        let allow_origins = match self.origin.0 {
            Origins::Listed(list) => list,
            Origins::Mirrored if mirrored(Refused::AnyOriginWithCredentials) => Listing::Any,
            Origins::Mirrored => Listing::default(),
            Origins::Asked(_) => {
                refused.push(Refused::PredicateInPolicy);
                Listing::default()
            }
        };
        if self.max_age.0.is_none() {
            refused.push(Refused::DynamicMaxAge);
        }
        let allow_private_network = match self.private_network.0 {
            Network::Constant(allow) => allow,
            Network::Asked(_) => {
                refused.push(Refused::PredicateInPolicy);
                false
            }
        };
        if self.vary.is_some() {
            refused.push(Refused::Vary);
        }
        let built = Policy::new(PolicyConfig {
            allow_origins,
            allow_methods,
            allow_headers,
            allow_credentials,
            allow_private_network,
            expose_headers: self.expose.0,
            max_age: self.max_age.0.unwrap_or_default(),
            preflights: Preflights::TellLists,
            ..PolicyConfig::default()
        });
        match built {
            Ok(policy) if refused.is_empty() => Ok(policy),
            built => Err(BuildError {
                refused,
                mistakes: built.err(),
            }),
        }
    }
}
