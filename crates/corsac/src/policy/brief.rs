//! The short way to a decision.

use http::Method;

use super::{
    Policy, Vary,
    lines::{Lines, one_line},
};

/// What a request that is no preflight is answered, without the reason:
/// [`Policy::decide_briefly`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brief {
    /// Whether the response says what [`Policy::grant`] has.
    pub is_granted: bool,
    /// What the response depends on.
    pub vary: Vary,
}

impl Policy {
    /// The short way of [`decide`](Self::decide), which most requests can go: `None` sends the
    /// others the long way.
    ///
    /// The long way is for OPTIONS, and for policies that block or are on trial. `origin` has the
    /// values of all lines of Origin.
    #[inline(always)]
    pub fn decide_briefly<'r, L>(
        &self,
        method: &Method,
        origin: impl FnOnce() -> L,
    ) -> Option<Brief>
    where
        L: Iterator<Item = &'r [u8]>,
    {
        let rules = &*self.0;
        if rules.takes_long || *method == Method::OPTIONS {
            return None;
        }
        let is_granted = match one_line(origin()) {
            Lines::None => rules.origins.is_any(),
            Lines::One(origin) => rules.origins.allows(origin),
            Lines::Several => return None,
        };
        Some(Brief {
            is_granted,
            vary: rules.vary(),
        })
    }
}
