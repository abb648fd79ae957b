//! Origins that code decides on.

use std::{fmt, sync::Arc};

type Judge = dyn Fn(&str) -> bool + Send + Sync;

/// A function that allows origins beyond those listed.
///
/// It is asked only about an origin that is syntactically one, as browsers write it, and that no
/// entry of the list covers. It sees the origin and nothing else, so that Origin is all that the
/// answer varies on; it must not block.
///
/// ```
/// use corsac::policy::{OriginPredicate, Policy, PolicyConfig};
/// let policy = Policy::new(PolicyConfig {
///     origin_predicate: Some(OriginPredicate::new(|origin| origin.ends_with(".example"))),
///     ..PolicyConfig::default()
/// })?;
/// assert!(policy.origins().allows(b"https://a.example"));
/// assert!(!policy.origins().allows(b"https://evil/.example"));
/// # Ok::<(), corsac::policy::PolicyErrors>(())
/// ```
#[derive(Clone)]
pub struct OriginPredicate(Arc<Judge>);

impl OriginPredicate {
    /// Takes the function.
    pub fn new(judge: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(judge))
    }

    pub(super) fn allows(&self, origin: &str) -> bool {
        (self.0)(origin)
    }
}

impl fmt::Debug for OriginPredicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OriginPredicate").finish_non_exhaustive()
    }
}

/// Two are equal if they are the same one: what a function does cannot be compared.
impl PartialEq for OriginPredicate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for OriginPredicate {}
