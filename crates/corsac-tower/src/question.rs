//! A decision that somebody else is asked for.

use std::{
    sync::Arc,
    task::{Context, Poll, ready},
};

use corsac::policy::Policy;
use http::Request;

use crate::{
    answer::Seen,
    conclusion::{Conclusion, conclude, head},
    future::Then,
    layer::Shared,
    predicate::Later,
};

/// What is asked, and all that is needed to go on with the answer.
pub(crate) struct Question {
    verdict: Later,
    policy: Policy,
    /// Whether a private network may be entered, if the policy allows it.
    allows_network: bool,
    /// The head of the request, whose rest the service may have.
    request: Request<()>,
    shared: Arc<Shared>,
}

impl Question {
    pub(crate) fn new<B>(
        verdict: Later,
        policy: &Policy,
        allows_network: bool,
        request: &Request<B>,
        shared: &Arc<Shared>,
    ) -> Self {
        let mut head = Request::new(());
        *head.method_mut() = request.method().clone();
        *head.uri_mut() = request.uri().clone();
        *head.headers_mut() = request.headers().clone();
        Self {
            verdict,
            policy: policy.clone(),
            allows_network,
            request: head,
            shared: Arc::clone(shared),
        }
    }

    /// What becomes of the response, once it is known.
    #[inline(never)]
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Then> {
        let verdict = ready!(self.verdict.as_mut().poll(context));
        let seen = Seen::default();
        let mut decision = self
            .policy
            .decide_with(&head(&seen, &self.request), verdict);
        if !self.allows_network {
            decision = decision.without_private_network();
        }
        Poll::Ready(
            match conclude(&decision, &seen, &self.request, &self.shared) {
                Conclusion::Service(then) => then,
                Conclusion::Policy(by_policy) => {
                    let mut headers = self.request.headers().clone();
                    let status = by_policy.make(&mut headers, &self.shared);
                    Then::Are { status, headers }
                }
            },
        )
    }
}
