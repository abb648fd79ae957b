//! Where the policy of a request is to be had.

use std::{ops::Deref, sync::Arc};

use arc_swap::{ArcSwap, Guard};
use corsac::policy::Policy;

#[derive(Clone, Debug)]
pub(crate) enum Source {
    Fixed(Policy),
    Swapped(Arc<ArcSwap<Policy>>),
}

impl Source {
    /// The policy of now. Whoever holds it is not disturbed by the next one.
    pub(crate) fn snapshot(&self) -> Snapshot<'_> {
        match self {
            Self::Fixed(policy) => Snapshot::Fixed(policy),
            Self::Swapped(swap) => Snapshot::Swapped(swap.load()),
        }
    }
}

pub(crate) enum Snapshot<'a> {
    Fixed(&'a Policy),
    Swapped(Guard<Arc<Policy>>),
}

impl Deref for Snapshot<'_> {
    type Target = Policy;
    fn deref(&self) -> &Policy {
        match self {
            Self::Fixed(policy) => policy,
            Self::Swapped(guard) => guard,
        }
    }
}

/// Gives the layer that it was made with another policy, while it serves.
///
/// No request waits for it, and none sees two policies.
#[derive(Clone, Debug)]
pub struct PolicyHandle(pub(crate) Arc<ArcSwap<Policy>>);

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
    pub fn set(&self, policy: Policy) {
        self.0.store(Arc::new(policy));
    }

    /// The policy of now.
    pub fn policy(&self) -> Policy {
        Policy::clone(&self.0.load())
    }
}
