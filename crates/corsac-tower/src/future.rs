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
        #[pin]
        call: Call<F>,
        then: Then,
        on_error: M,
    }
}

pin_project! {
    #[project = CallProjection]
    enum Call<F> {
        Running {
            #[pin]
            future: F,
        },
        /// The policy answers, or somebody is asked who does.
        Resting {
            asked: Option<Box<Asked<F>>>,
        },
    }
}

/// A question, and the service's future, to be polled once it is answered: none, if the policy then
/// answers anyway.
struct Asked<F> {
    question: Option<Question>,
    future: Option<Pin<Box<F>>>,
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
}

impl<F, M> ResponseFuture<F, M> {
    #[inline]
    pub(crate) fn of_policy(status: StatusCode, headers: HeaderMap, on_error: M) -> Self {
        Self {
            call: Call::Resting { asked: None },
            then: Then::Are { status, headers },
            on_error,
        }
    }

    #[inline(always)]
    pub(crate) fn refused(future: F, vary: Vary, on_error: M) -> Self {
        Self::of(future, Then::Refuse(vary), on_error)
    }

    /// Of a question, and of the service's future if the answer may let it have the request.
    pub(crate) fn asked(future: Option<F>, question: Question, on_error: M) -> Self {
        Self {
            call: Call::Resting {
                asked: Some(Box::new(Asked {
                    question: Some(question),
                    future: future.map(Box::pin),
                })),
            },
            then: Then::Keep,
            on_error,
        }
    }

    #[inline(always)]
    pub(crate) fn of(future: F, then: Then, on_error: M) -> Self {
        Self {
            call: Call::Running { future },
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
        let this = self.project();
        match this.call.project() {
            CallProjection::Running { future } => {
                poll_service(future, context, this.then, this.on_error)
            }
            CallProjection::Resting { asked } => match asked {
                None => Poll::Ready(Ok(this.then.answer())),
                Some(asked) => poll_asked(asked, context, this.then, this.on_error),
            },
        }
    }
}

/// Polls the question, and then the service if it may have the request: what is blocked is dropped
/// without having been polled.
#[inline(never)]
fn poll_asked<F, M, B, E>(
    asked: &mut Asked<F>,
    context: &mut Context<'_>,
    then: &mut Then,
    on_error: &M,
) -> Poll<F::Output>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Default,
    M: OnError<E, B>,
{
    if let Some(question) = &mut asked.question {
        *then = ready!(question.poll(context));
        asked.question = None;
        if let Then::Are { .. } = then {
            asked.future = None;
        }
    }
    match &mut asked.future {
        Some(future) => poll_service(future.as_mut(), context, then, on_error),
        None => Poll::Ready(Ok(then.answer())),
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
            // A service has no response of the policy.
            Self::Keep | Self::Are { .. } => keep(),
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

/// Rare: what is said is asked for first.
#[cold]
fn keep() {}

impl<F, M> fmt::Debug for ResponseFuture<F, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
