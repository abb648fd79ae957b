//! The service that a layer makes.

use std::{
    sync::Arc,
    task::{Context, Poll},
};

use corsac::policy::{Policy, PolicyMap, RequestHead};
use http::{Request, Response, header};
use tower_service::Service;

use crate::{
    OnError, PassOn, ResponseFuture,
    answer::{Answer, Seen},
    conclusion::{Conclusion, conclude, head},
    future::Then,
    layer::Shared,
    predicate::Verdict,
    question::Question,
    source::Source,
};

/// A service that obeys a policy. [`CorsLayer`](crate::CorsLayer) makes it.
#[derive(Clone, Debug)]
pub struct Cors<S, M = PassOn> {
    pub(crate) inner: S,
    pub(crate) shared: Arc<Shared>,
    pub(crate) on_error: M,
}

impl<S, M, RequestBody, ResponseBody> Service<Request<RequestBody>> for Cors<S, M>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    // The answer to a preflight has none. A type of our own around the service's would have axum
    // box it anew.
    ResponseBody: Default,
    M: OnError<S::Error, ResponseBody> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, M>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    #[inline(always)]
    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let guard;
        let policies = match &self.shared.source {
            Source::Fixed(policies) => policies,
            Source::Swapped(swap) => {
                // Whoever holds it is not disturbed by the next one.
                guard = swap.load();
                &guard
            }
        };
        let mut origin = None;
        let brief = match self.shared.is_plain {
            true => policies.decide_briefly(
                request.method(),
                || request.uri().path().as_bytes(),
                || {
                    let lines = request.headers().get_all(header::ORIGIN);
                    lines.into_iter().map(|value| {
                        origin = Some(value);
                        value.as_bytes()
                    })
                },
            ),
            false => None,
        };
        let Some((policy, brief)) = brief else {
            return call_at_length(
                &mut self.inner,
                &self.on_error,
                &self.shared,
                policies,
                request,
            );
        };
        if !brief.is_granted {
            let future = self.inner.call(request);
            return ResponseFuture::refused(future, brief.vary, self.on_error.clone());
        }
        let then = Then::Say {
            answer: Answer::brief(policy, brief, origin),
            shared: None,
        };
        let future = self.inner.call(request);
        ResponseFuture::of(future, then, self.on_error.clone())
    }
}

/// Calls with a preflight, or whatever else takes more than a look at its Origin.
#[inline(never)]
fn call_at_length<S, M, RequestBody, ResponseBody>(
    inner: &mut S,
    on_error: &M,
    shared: &Arc<Shared>,
    policies: &PolicyMap,
    request: Request<RequestBody>,
) -> ResponseFuture<S::Future, M>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    M: Clone,
{
    let path = request.uri().path().as_bytes();
    if (shared.predicate.is_some() || shared.network.is_some())
        && let Some(policy) = policies.policy(path)
    {
        return call_asking(inner, on_error, shared, policy.clone(), request);
    }
    let seen = Seen::default();
    // A closure of its own is one that is inlined.
    let head = RequestHead::new(request.method().as_str().as_bytes(), |name| {
        seen.lines(&request, name)
    });
    let decision = policies.decide(&head.with_path(path));
    let conclusion = conclude(&decision, &seen, &request, shared);
    call_concluded(inner, on_error, shared, conclusion, request)
}

/// Calls with a request that is decided on.
#[inline(always)]
fn call_concluded<S, M, RequestBody, ResponseBody>(
    inner: &mut S,
    on_error: &M,
    shared: &Shared,
    conclusion: Conclusion<'_>,
    request: Request<RequestBody>,
) -> ResponseFuture<S::Future, M>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    M: Clone,
{
    match conclusion {
        Conclusion::Service(then) => {
            ResponseFuture::of(inner.call(request), then, on_error.clone())
        }
        Conclusion::Policy(by_policy) => {
            let mut headers = request.into_parts().0.headers;
            let status = by_policy.make(&mut headers, shared);
            ResponseFuture::of_policy(status, headers, on_error.clone())
        }
    }
}

/// Calls with a request that a predicate may have a say on.
#[inline(never)]
fn call_asking<S, M, RequestBody, ResponseBody>(
    inner: &mut S,
    on_error: &M,
    shared: &Arc<Shared>,
    policy: Policy,
    request: Request<RequestBody>,
) -> ResponseFuture<S::Future, M>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    M: Clone,
{
    let seen = Seen::default();
    let (predicate, network) = {
        let head = head(&seen, &request);
        let in_question = |_: &&_| policy.origin_in_question(&head).is_some();
        let predicate = shared.predicate.as_ref().filter(in_question);
        let in_question = |_: &&_| policy.network_in_question(&head);
        (predicate, shared.network.as_ref().filter(in_question))
    };
    let origin = seen.origin().cloned();
    let (parts, body) = request.into_parts();
    let verdict = match (predicate, &origin) {
        (Some(predicate), Some(origin)) => predicate.judge(origin, &parts),
        _ => Verdict::Now(false),
    };
    let allows_network = match (network, &origin) {
        (Some(network), Some(origin)) => network(origin, &parts),
        _ => true,
    };
    let request = Request::from_parts(parts, body);
    let seen = Seen::default();
    match verdict {
        Verdict::Now(verdict) => {
            let mut decision = policy.decide_with(&head(&seen, &request), verdict);
            if !allows_network {
                decision = decision.without_private_network();
            }
            let conclusion = conclude(&decision, &seen, &request, shared);
            call_concluded(inner, on_error, shared, conclusion, request)
        }
        Verdict::Later(verdict) => {
            let question = Question::new(verdict, &policy, allows_network, &request, shared);
            let answer = policy.decide_with(&head(&seen, &request), true).answer();
            let future = answer.is_none().then(|| inner.call(request));
            ResponseFuture::asked(future, question, on_error.clone())
        }
    }
}
