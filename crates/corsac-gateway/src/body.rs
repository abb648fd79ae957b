//! Bodies.

use std::{
    error::Error,
    fmt, io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep};

use tower_http::services::fs::ServeFileSystemResponseBody;

use crate::{refusal::Refusal, spare::Moved};

/// What is passed on as it comes, a file, or a few words of the gateway's own.
#[derive(Default)]
pub(crate) enum Body {
    #[default]
    Empty,
    Words(Bytes),
    Passed(Passed),
    File(ServeFileSystemResponseBody),
}

/// A body that is passed on. It may neither stand still for long nor grow too large.
pub(crate) struct Passed {
    incoming: Incoming,
    left: u64,
    stall: Duration,
    /// Whether nothing comes, and since when is the timer's affair. It is put off and not made anew:
    /// that takes no lock.
    waits: bool,
    timer: Option<Pin<Box<Sleep>>>,
    /// Told of what comes, if anybody wants to know.
    moved: Option<Moved>,
}

impl Body {
    pub(crate) fn passed(
        incoming: Incoming,
        stall: Duration,
        longest: u64,
        moved: Option<Moved>,
    ) -> Self {
        Self::Passed(Passed {
            incoming,
            left: longest,
            stall,
            waits: false,
            timer: None,
            moved,
        })
    }
}

impl From<&'static str> for Body {
    fn from(words: &'static str) -> Self {
        Self::Words(Bytes::from_static(words.as_bytes()))
    }
}

/// Why a body ends before its end.
#[derive(Debug)]
pub(crate) enum BodyError {
    Peer(hyper::Error),
    Refused(Refusal),
    File(io::Error),
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Peer(error) => error.fmt(f),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::File(error) => error.fmt(f),
        }
    }
}

impl Error for BodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Peer(error) => Some(error),
            Self::Refused(refusal) => Some(refusal),
            Self::File(error) => Some(error),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut *self {
            Self::Empty => Poll::Ready(None),
            Self::Words(words) => {
                let words = std::mem::take(words);
                *self = Self::Empty;
                Poll::Ready(Some(Ok(Frame::data(words))))
            }
            Self::Passed(body) => body.poll_frame(context),
            Self::File(body) => {
                let frame = ready!(Pin::new(body).poll_frame(context));
                Poll::Ready(frame.map(|frame| frame.map_err(BodyError::File)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Words(_) => false,
            Self::Passed(body) => body.incoming.is_end_stream(),
            Self::File(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Words(words) => SizeHint::with_exact(words.len() as u64),
            Self::Passed(body) => body.incoming.size_hint(),
            Self::File(body) => body.size_hint(),
        }
    }
}

impl Passed {
    fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let refused = |refusal| Poll::Ready(Some(Err(BodyError::Refused(refusal))));
        let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(context) else {
            let stall = self.stall;
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(stall)));
            if !self.waits {
                self.waits = true;
                timer.as_mut().reset(Instant::now() + stall);
            }
            ready!(timer.as_mut().poll(context));
            return refused(Refusal::TooSlow);
        };
        self.waits = false;
        if let Some(moved) = &self.moved {
            moved.set(Instant::now());
        }
        let frame = match frame {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(BodyError::Peer(error)))),
            None => return Poll::Ready(None),
        };
        if let Some(data) = frame.data_ref() {
            match self.left.checked_sub(data.len() as u64) {
                Some(left) => self.left = left,
                None => return refused(Refusal::TooLarge),
            }
        }
        Poll::Ready(Some(Ok(frame)))
    }
}
