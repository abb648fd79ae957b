//! The step from outside into a private network, which preflights asked for once.

use http::HeaderName;

use super::{
    Decision, Policy, RequestHead,
    lines::{Lines, one_line},
};

static REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");

impl Policy {
    /// Whether a request is a preflight that asks to enter a private network, under a policy that
    /// allows it: what somebody else may [refuse](Decision::without_private_network).
    pub fn network_in_question<'r, F, L>(&self, head: &RequestHead<'r, F>) -> bool
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        self.0.config.allow_private_network && head.is_preflight() && asks_for_private_network(head)
    }
}

impl Decision<'_, '_> {
    /// The same, but that it grants no step into a private network.
    pub fn without_private_network(self) -> Self {
        Self {
            allows_private_network: false,
            ..self
        }
    }
}

/// What Chromium sent for a while with preflights from the outside to the inside of a network.
pub(super) fn asks_for_private_network<'r, F, L>(head: &RequestHead<'r, F>) -> bool
where
    F: Fn(&'static HeaderName) -> L,
    L: Iterator<Item = &'r [u8]>,
{
    matches!(
        one_line(head.lines(&REQUEST_PRIVATE_NETWORK)),
        Lines::One(b"true")
    )
}
