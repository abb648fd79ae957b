use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How a server in memory says what it says.
#[derive(Clone, Copy)]
pub(crate) struct Script {
    /// How many bytes at once.
    pub(crate) piece: usize,
    /// Whether it hangs up at the end, or keeps silent.
    pub(crate) hangs_up: bool,
    /// Whether requests are frames.
    pub(crate) is_http2: bool,
}

/// A connection to a server that says a part at once, and another one after each request: it counts
/// them, and does not listen otherwise.
pub(crate) struct Stream {
    parts: VecDeque<Vec<u8>>,
    script: Script,
    requests: Requests,
    reader: Option<Waker>,
}

impl Stream {
    pub(crate) fn new(parts: Vec<Vec<u8>>, script: Script) -> Self {
        Self {
            parts: parts.into(),
            script,
            requests: Requests::default(),
            reader: None,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.parts.front().is_some_and(Vec::is_empty) {
            if self.requests.seen == 0 && self.parts.len() > 1 {
                self.reader = Some(context.waker().clone());
                return Poll::Pending;
            }
            self.requests.seen = self.requests.seen.saturating_sub(1);
            self.parts.pop_front();
        }
        let Script {
            piece, hangs_up, ..
        } = self.script;
        match self.parts.front_mut() {
            Some(part) => {
                let length = piece.min(buffer.remaining()).min(part.len());
                buffer.put_slice(&part[..length]);
                part.drain(..length);
                Poll::Ready(Ok(()))
            }
            None if hangs_up => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.script.is_http2 {
            true => self.requests.count_frames(bytes),
            false => self.requests.seen += 1,
        }
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Requests that were written and not answered.
#[derive(Default)]
struct Requests {
    seen: usize,
    /// What was written and not counted; begins with the preface.
    written: Vec<u8>,
    is_past_preface: bool,
}

const PREFACE: usize = 24;
const FRAME_HEAD: usize = 9;
const HEADERS: u8 = 1;

impl Requests {
    fn count_frames(&mut self, bytes: &[u8]) {
        self.written.extend_from_slice(bytes);
        if !self.is_past_preface {
            if self.written.len() < PREFACE {
                return;
            }
            self.written.drain(..PREFACE);
            self.is_past_preface = true;
        }
        while let &[a, b, c, kind, ..] = &self.written[..] {
            let length = u32::from_be_bytes([0, a, b, c]);
            let end = FRAME_HEAD + usize::try_from(length).unwrap();
            if self.written.len() < end {
                return;
            }
            self.written.drain(..end);
            self.seen += usize::from(kind == HEADERS);
        }
    }
}
