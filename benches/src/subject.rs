//! A service under a CORS middleware, or bare.

use std::{
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use http::{HeaderMap, StatusCode, header};

use crate::kind::Kind;

/// What a service answered, as far as it is asserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) grants: bool,
}

impl Answer {
    pub(crate) fn of(status: StatusCode, headers: &HeaderMap) -> Self {
        Self {
            status: status.as_u16(),
            grants: headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN),
        }
    }
}

/// Something to put requests to.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// The subject whose cost is taken off.
    pub(crate) bare: &'static str,
    /// What the answer to a kind has to be.
    pub(crate) expected: fn(&Kind) -> Answer,
    /// Asks once for the answer, then so many times for the time.
    ask: Box<dyn FnMut(&Kind, u32) -> (Answer, Duration)>,
}

impl Subject {
    /// Of how a request is made, which is not timed; how it is answered; how a response is read.
    pub(crate) fn new<Q, R>(
        names: [&'static str; 2],
        expected: fn(&Kind) -> Answer,
        prepare: impl Fn(&Kind) -> Q + 'static,
        mut answer: impl FnMut(Q) -> R + 'static,
        read: impl Fn(&R) -> Answer + 'static,
    ) -> Self {
        let [name, bare] = names;
        let ask = move |kind: &Kind, times: u32| {
            let read = read(&answer(prepare(kind)));
            let requests: Vec<Q> = (0..times).map(|_| prepare(kind)).collect();
            let begin = Instant::now();
            for request in requests {
                drop(black_box(answer(black_box(request))));
            }
            (read, begin.elapsed())
        };
        Self {
            name,
            bare,
            expected,
            ask: Box::new(ask),
        }
    }

    /// Nanoseconds a request, of so many; its answer must be the expected one.
    pub(crate) fn time(&mut self, kind: &Kind, times: u32) -> f64 {
        let (answer, took) = (self.ask)(kind, times);
        let expected = (self.expected)(kind);
        assert_eq!(answer, expected, "{}: {}", self.name, kind.name);
        took.as_secs_f64() * 1e9 / f64::from(times)
    }
}

/// The output of a future that never waits.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

/// What a service without CORS answers.
pub(crate) fn bare(_: &Kind) -> Answer {
    Answer {
        status: 200,
        grants: false,
    }
}
