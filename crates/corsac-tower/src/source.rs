//! Where the policy of a request is to be had.

use std::sync::Arc;

use arc_swap::ArcSwap;
use corsac::policy::PolicyMap;

#[derive(Clone, Debug)]
pub(crate) enum Source {
    Fixed(PolicyMap),
    Swapped(Arc<ArcSwap<PolicyMap>>),
}

/// Gives the layer that it was made with another policy, while it serves.
///
/// No request waits for it, and none sees two policies.
#[derive(Clone, Debug)]
pub struct PolicyHandle(pub(crate) Arc<ArcSwap<PolicyMap>>);

impl PolicyHandle {
    /// Makes this the policy of all requests to come.
    ///
    /// ```
    /// use corsac_tower::{CorsLayer, policy::{Policy, PolicyConfig}};
    /// let (layer, handle) = CorsLayer::reloadable(Policy::default());
    /// # let _ = layer;
    /// // A configuration with a mistake in it never gets this far.
    /// handle.set(Policy::new(PolicyConfig {
    ///     allow_origins: ["https://app.example"].into(),
    ///     ..PolicyConfig::default()
    /// })?);
    /// # Ok::<(), corsac_tower::policy::PolicyErrors>(())
    /// ```
    pub fn set(&self, policies: impl Into<PolicyMap>) {
        self.0.store(Arc::new(policies.into()));
    }

    /// The policies of now.
    pub fn policies(&self) -> PolicyMap {
        PolicyMap::clone(&self.0.load())
    }
}
