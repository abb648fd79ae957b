//! The response that a service will give.

use std::{
    fmt, mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use corsac::policy::Vary;
use http::{HeaderMap, Response, StatusCode};
use pin_project_lite::pin_project;

use crate::{
    OnError, PassOn,
    answer::{Answer, refuse},
    layer::Shared,
    question::Question,
};

pin_project! {
    /// The response of a [`Cors`](crate::Cors) service.
    #[must_use = "a future does nothing until it is polled"]
    pub struct ResponseFuture<F, M = PassOn> {
        // `None` where the policy answers.
        #[pin]
        future: Option<F>,
        then: Then,
        on_error: M,
    }
}

/// What becomes of the headers of the response.
// A tag of its own, rather than one hidden in what a rarer kind holds: it is looked at twice.
#[repr(u8)]
pub(crate) enum Then {
    /// Nothing is granted, and nobody is told.
    Refuse(Vary),
    Say {
        answer: Answer,
        /// Who is told, and what else the answer depends on; `None` if that is nobody and nothing.
        shared: Option<Arc<Shared>>,
    },
    /// They stay as the service made them: the policy is on trial.
    Keep,
    /// They are these, and there is nothing else to the response.
    Are {
        status: StatusCode,
        headers: HeaderMap,
    },
    /// That is still asked.
    Ask(Box<Question>),
}

impl<F, M> ResponseFuture<F, M> {
    #[inline]
    pub(crate) fn of_policy(status: StatusCode, headers: HeaderMap, on_error: M) -> Self {
        Self {
            future: None,
            then: Then::Are { status, headers },
            on_error,
        }
    }

    #[inline(always)]
    pub(crate) fn refused(future: F, vary: Vary, on_error: M) -> Self {
        Self::of(future, Then::Refuse(vary), on_error)
    }

    #[inline]
    pub(crate) fn granted(future: F, answer: Answer, on_error: M) -> Self {
        let shared = None;
        Self::of(future, Then::Say { answer, shared }, on_error)
    }

    /// Of a question, and of the service's future if the answer may let it have the request.
    pub(crate) fn asked(future: Option<F>, question: Question, on_error: M) -> Self {
        Self {
            future,
            then: Then::Ask(Box::new(question)),
            on_error,
        }
    }

    #[inline(always)]
    pub(crate) fn of(future: F, then: Then, on_error: M) -> Self {
        Self {
            future: Some(future),
            then,
            on_error,
        }
    }
}

impl<F, M, B, E> Future for ResponseFuture<F, M>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Default,
    M: OnError<E, B>,
{
    type Output = F::Output;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let mut this = self.project();
        if let Then::Ask(question) = this.then {
            *this.then = ready!(question.poll(context));
            if let Then::Are { .. } = this.then {
                // What is blocked has not been polled.
                this.future.set(None);
            }
        }
        match this.future.as_pin_mut() {
            Some(future) => poll_service(future, context, this.then, this.on_error),
            None => Poll::Ready(Ok(this.then.answer())),
        }
    }
}

/// A function of its own, so that the response is changed where it is to be: it is moved around
/// enough.
#[inline(always)]
fn poll_service<F, M, B, E>(
    future: Pin<&mut F>,
    context: &mut Context<'_>,
    then: &mut Then,
    on_error: &M,
) -> Poll<F::Output>
where
    F: Future<Output = Result<Response<B>, E>>,
    M: OnError<E, B>,
{
    let mut polled = future.poll(context);
    if let Poll::Ready(result) = &mut polled {
        on_error.settle(result);
        if let Ok(response) = result {
            then.settle(response.headers_mut());
        }
    }
    polled
}

impl Then {
    #[inline(always)]
    fn settle(&mut self, headers: &mut HeaderMap) {
        match self {
            Self::Refuse(vary) => refuse(*vary, headers),
            Self::Say { answer, shared } => answer.apply(headers, shared.as_deref()),
            // A service has no response of the policy, and was not polled before the question was
            // answered.
            Self::Keep | Self::Are { .. } | Self::Ask(_) => {}
        }
    }

    #[inline]
    fn answer<B: Default>(&mut self) -> Response<B> {
        let mut response = Response::new(B::default());
        if let Self::Are { status, headers } = self {
            *response.status_mut() = *status;
            *response.headers_mut() = mem::take(headers);
        }
        response
    }
}

impl<F, M> fmt::Debug for ResponseFuture<F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
