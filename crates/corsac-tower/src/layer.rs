//! The layer.

use std::{fmt, sync::Arc};

use arc_swap::ArcSwap;
use corsac::policy::PolicyMap;
use http::{HeaderMap, HeaderName, HeaderValue, Response, request::Parts};
use tower_layer::Layer;

use crate::{
    Cors, IntoResponse, PassOn, PolicyHandle, Report,
    predicate::{NetworkPredicate, Predicate},
    report::Reporter,
    source::Source,
};

/// Makes a service obey a policy: see the [crate](crate).
///
/// To clone it, or the service that it makes, costs one reference count, however large the policy
/// is; axum clones its services for every request.
#[derive(Clone, Debug)]
pub struct CorsLayer<M = PassOn> {
    pub(crate) shared: Arc<Shared>,
    on_error: M,
}

#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) source: Source,
    pub(crate) reporter: Option<Arc<Reporter>>,
    pub(crate) predicate: Option<Predicate>,
    pub(crate) network: Option<Arc<NetworkPredicate>>,
    /// Nobody is told, and nobody is asked.
    pub(crate) is_plain: bool,
}

impl CorsLayer {
    /// Takes the policy, or a map of policies by path.
    ///
    /// A map judges the path that the layer sees: put it around the router, not into a part of it
    /// that is served without its prefix.
    pub fn new(policies: impl Into<PolicyMap>) -> Self {
        Self::of(Source::Fixed(policies.into()))
    }

    /// Takes what to begin with, and gives the handle to set the next ones by.
    pub fn reloadable(policies: impl Into<PolicyMap>) -> (Self, PolicyHandle) {
        let swap = Arc::new(ArcSwap::from_pointee(policies.into()));
        let handle = PolicyHandle(Arc::clone(&swap));
        (Self::of(Source::Swapped(swap)), handle)
    }

    fn of(source: Source) -> Self {
        Self {
            shared: Arc::new(Shared {
                source,
                reporter: None,
                predicate: None,
                network: None,
                is_plain: true,
            }),
            on_error: PassOn,
        }
    }

    /// Makes responses of the errors that the service ends with, so that they say what the policy
    /// says.
    ///
    /// Errors of `poll_ready`, which belong to no request, pass as ever. In axum, let its
    /// `HandleErrorLayer`, inside of this layer, do it.
    ///
    /// ```
    /// # use corsac_tower::{CorsLayer, policy::Policy};
    /// use http::{Response, StatusCode};
    /// let layer = CorsLayer::new(Policy::default()).map_err_into_response(|_: std::io::Error| {
    ///     let mut response = Response::new(String::new());
    ///     *response.status_mut() = StatusCode::BAD_GATEWAY;
    ///     response
    /// });
    /// # let _ = layer;
    /// ```
    pub fn map_err_into_response<F, E, B>(self, map: F) -> CorsLayer<IntoResponse<F>>
    where
        F: Fn(E) -> Response<B>,
    {
        CorsLayer {
            shared: self.shared,
            on_error: IntoResponse(map),
        }
    }
}

impl<M> CorsLayer<M> {
    /// Tells a function of every decision and of every header replaced. See [`Report`].
    ///
    /// It runs in the midst of a request, so it must not block.
    #[must_use]
    pub fn report_to(mut self, reporter: impl Fn(&Report<'_>) + Send + Sync + 'static) -> Self {
        self.shared = Arc::new(Shared {
            reporter: Some(Arc::new(reporter)),
            is_plain: false,
            ..Shared::clone(&self.shared)
        });
        self
    }

    /// Lets a function allow origins that the policy does not, by the request.
    ///
    /// It is asked about one origin, written as a browser writes it, and not about those that the
    /// policy allows by itself. The answers depend on what it looks at: `varies_on` has the names of
    /// the headers besides Origin, and every response says them in Vary. One that looks at the
    /// origin alone is better an [`OriginPredicate`](crate::policy::OriginPredicate), which the policy
    /// holds. It must not block. It takes the place of an earlier one.
    ///
    /// ```
    /// # use corsac_tower::{CorsLayer, policy::Policy};
    /// use http::HeaderName;
    /// const TENANT: HeaderName = HeaderName::from_static("x-tenant");
    /// let layer = CorsLayer::new(Policy::default()).allow_origin_if([TENANT], |origin, parts| {
    ///     let tenant = parts.headers.get(TENANT).and_then(|tenant| tenant.to_str().ok());
    ///     tenant.is_some_and(|tenant| *origin == format!("https://{tenant}.example"))
    /// });
    /// # let _ = layer;
    /// ```
    #[must_use]
    pub fn allow_origin_if<F>(
        self,
        varies_on: impl IntoIterator<Item = HeaderName>,
        predicate: F,
    ) -> Self
    where
        F: Fn(&HeaderValue, &Parts) -> bool + Send + Sync + 'static,
    {
        self.with_predicate(Predicate::now(varies_on, predicate))
    }

    /// [`allow_origin_if`](Self::allow_origin_if) for an answer that takes time, of a database for
    /// instance.
    ///
    /// The service is called meanwhile, but its future only polled when the answer is there; if the
    /// policy [blocks](crate::policy::PolicyConfig::block_disallowed), it then is dropped. A preflight
    /// never reaches it.
    ///
    /// ```
    /// # use corsac_tower::{CorsLayer, policy::Policy};
    /// # async fn is_customer(_: http::HeaderValue) -> bool { true }
    /// let layer = CorsLayer::new(Policy::default())
    ///     .allow_origin_if_async([], |origin, _| is_customer(origin));
    /// # let _ = layer;
    /// ```
    #[must_use]
    pub fn allow_origin_if_async<F, Fut>(
        self,
        varies_on: impl IntoIterator<Item = HeaderName>,
        predicate: F,
    ) -> Self
    where
        F: Fn(HeaderValue, &Parts) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = bool> + Send + 'static,
    {
        self.with_predicate(Predicate::later(varies_on, predicate))
    }

    /// Asks a function before a preflight is granted the step into a private network, which the policy
    /// has to [allow](crate::policy::PolicyConfig::allow_private_network). No browser asks for it any
    /// more. It must not block.
    ///
    /// ```
    /// # use corsac_tower::{CorsLayer, policy::Policy};
    /// let layer = CorsLayer::new(Policy::default())
    ///     .allow_private_network_if(|_, parts| parts.uri.path().starts_with("/printers/"));
    /// # let _ = layer;
    /// ```
    #[must_use]
    pub fn allow_private_network_if<F>(mut self, predicate: F) -> Self
    where
        F: Fn(&HeaderValue, &Parts) -> bool + Send + Sync + 'static,
    {
        self.shared = Arc::new(Shared {
            network: Some(Arc::new(predicate)),
            is_plain: false,
            ..Shared::clone(&self.shared)
        });
        self
    }

    pub(crate) fn with_predicate(mut self, predicate: Predicate) -> Self {
        self.shared = Arc::new(Shared {
            predicate: Some(predicate),
            is_plain: false,
            ..Shared::clone(&self.shared)
        });
        self
    }
}

impl<S, M: Clone> Layer<S> for CorsLayer<M> {
    type Service = Cors<S, M>;
    fn layer(&self, inner: S) -> Cors<S, M> {
        Cors {
            inner,
            shared: Arc::clone(&self.shared),
            on_error: self.on_error.clone(),
        }
    }
}

impl Shared {
    /// Adds to Vary what the predicate looks at.
    pub(crate) fn add_vary(&self, headers: &mut HeaderMap) {
        if let Some(predicate) = &self.predicate {
            predicate.add_vary(headers);
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("source", &self.source)
            .field("reports", &self.reporter.is_some())
            .field("predicate", &self.predicate)
            .field("asks_for_networks", &self.network.is_some())
            .finish()
    }
}
