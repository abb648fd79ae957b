use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::parse::{Fault, Message, Reading};

/// The bytes that one connection was sent.
pub(super) type Record = Arc<Mutex<Vec<u8>>>;

/// What is at the other end of a connection.
pub(super) enum Peer {
    /// Says this, whatever it hears.
    Client { hangs_up: bool },
    /// Says the next answer to each request that it hears to the end.
    Upstream {
        answers: Arc<Mutex<VecDeque<Vec<u8>>>>,
        /// How many bytes of the record were answered.
        heard: usize,
    },
}

/// A connection in memory.
pub(super) struct Stream {
    pub(super) peer: Peer,
    /// What it says next.
    pub(super) says: Vec<u8>,
    /// How many bytes at once.
    pub(super) piece: usize,
    pub(super) record: Record,
    pub(super) reader: Option<Waker>,
    pub(super) is_ended: bool,
}

impl Stream {
    /// Answers what has been heard by now. An answer without bytes hangs up.
    fn answer(&mut self) {
        let Peer::Upstream { answers, heard } = &mut self.peer else {
            return;
        };
        let record = self.record.lock().unwrap();
        while let Some(bytes) = record.get(*heard..).filter(|bytes| !bytes.is_empty()) {
            let message = match Message::request(bytes, Reading::Strict) {
                Ok(message) => message,
                // What is malformed, whoever looks at the record finds out.
                Err(Fault::Incomplete | Fault::Malformed(_)) => return,
            };
            let Some(length) = message.length else { return };
            *heard += length;
            let answer = answers.lock().unwrap().pop_front();
            self.is_ended |= answer.as_ref().is_some_and(Vec::is_empty);
            self.says.extend(answer.unwrap_or_default());
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let length = self.piece.min(buffer.remaining()).min(self.says.len());
        if length > 0 {
            buffer.put_slice(&self.says[..length]);
            self.says.drain(..length);
            return Poll::Ready(Ok(()));
        }
        if self.is_ended || matches!(self.peer, Peer::Client { hangs_up: true }) {
            return Poll::Ready(Ok(()));
        }
        self.reader = Some(context.waker().clone());
        Poll::Pending
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.record.lock().unwrap().extend_from_slice(bytes);
        self.answer();
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
