//! The layer.

use std::{fmt, sync::Arc};

use arc_swap::ArcSwap;
use corsac::policy::PolicyMap;
use http::Response;
use tower_layer::Layer;

use crate::{Cors, IntoResponse, PassOn, PolicyHandle, Report, report::Reporter, source::Source};

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
            source: self.shared.source.clone(),
            reporter: Some(Arc::new(reporter)),
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

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("source", &self.source)
            .field("reports", &self.reporter.is_some())
            .finish()
    }
}
