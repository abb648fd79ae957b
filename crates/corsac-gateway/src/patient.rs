//! A client that takes what it is sent, and leaves others their turn.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    task::coop,
    time::{Sleep, sleep},
};

use crate::tls::Stream;

/// A connection that breaks when the other side takes nothing of what it is sent for too long.
///
/// Whoever asks for something large and never reads it would otherwise hold a connection here, and one
/// to the upstream, for as long as it likes.
pub(crate) struct Patient {
    stream: Stream,
    patience: Duration,
    /// Runs while nothing is taken; as a rule all is taken at once, and there is none.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    pub(crate) fn new(stream: Stream, patience: Duration) -> Self {
        Self {
            stream,
            patience,
            timer: None,
        }
    }

    fn judge<T>(
        &mut self,
        context: &mut Context<'_>,
        taken: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if taken.is_ready() {
            self.timer = None;
            return taken;
        }
        let patience = self.patience;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(patience)));
        match timer.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// How many bytes take one of the 128 steps that the runtime lets a task make before others have their
/// turn. It counts a read or a write as one, however many bytes it moved: a few hundred clients that get
/// something large would keep everybody else waiting for seconds.
const STEP: usize = 1024;

fn tire(context: &mut Context<'_>, bytes: usize) {
    for _ in 0..bytes / STEP {
        match coop::poll_proceed(context) {
            Poll::Ready(step) => step.made_progress(),
            // The next read or write finds out.
            Poll::Pending => return,
        }
    }
}

fn count(taken: &Poll<io::Result<usize>>) -> usize {
    match taken {
        Poll::Ready(Ok(count)) => *count,
        _ => 0,
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.get_mut().stream).poll_read(context, buffer);
        tire(context, buffer.filled().len() - before);
        read
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let taken = Pin::new(&mut this.stream).poll_write(context, bytes);
        tire(context, count(&taken));
        this.judge(context, taken)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let taken = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        tire(context, count(&taken));
        this.judge(context, taken)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let taken = Pin::new(&mut this.stream).poll_flush(context);
        // Without TLS a flush is always done, and says nothing of what was taken.
        match taken.is_pending() {
            true => this.judge(context, taken),
            false => taken,
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let taken = Pin::new(&mut this.stream).poll_shutdown(context);
        this.judge(context, taken)
    }
}
