use std::{
    fmt, io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use std::future::poll_fn;
use tokio::{io::ReadBuf, time::Instant};

use crate::{
    Failure,
    agent::OnSent,
    connect::Io,
    wire::{ResponseParser, WireError},
};

/// One connection that speaks HTTP/1.1, a request at a time.
pub(crate) struct Http1 {
    io: Box<dyn Io>,
    buffer: Box<[u8]>,
    request: Vec<u8>,
    written: usize,
    is_flushed: bool,
    /// Nothing more can be written. What the server has said all the same still counts.
    is_broken: bool,
    /// When the last byte of the request was written.
    pub(crate) sent: Option<Instant>,
    /// Who is told of that.
    on_sent: Option<OnSent>,
}

const BUFFER: usize = 16 * 1024;

impl Http1 {
    pub(crate) fn new(io: Box<dyn Io>) -> Self {
        Self {
            io,
            buffer: vec![0; BUFFER].into(),
            request: Vec::new(),
            written: 0,
            is_flushed: true,
            is_broken: false,
            sent: None,
            on_sent: None,
        }
    }

    /// Takes a request to write. It is written while the response is read: a server may refuse
    /// before it has read everything, or stop reading until somebody reads.
    pub(crate) fn begin(&mut self, request: Vec<u8>, on_sent: Option<OnSent>) {
        self.request = request;
        self.written = 0;
        self.is_flushed = false;
        self.sent = None;
        self.on_sent = on_sent;
    }

    /// The request that was begun.
    pub(crate) fn take_request(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.request)
    }

    /// Whether the request was written whole, so that another one may follow.
    pub(crate) fn is_written(&self) -> bool {
        self.is_flushed && !self.is_broken
    }

    /// Reads until the response's head is there.
    pub(crate) async fn read_head(&mut self, parser: &mut ResponseParser) -> Result<(), Failure> {
        while !parser.has_head() {
            self.read(parser).await?;
        }
        Ok(())
    }

    /// Reads once.
    pub(crate) async fn read(&mut self, parser: &mut ResponseParser) -> Result<(), Failure> {
        poll_fn(|context| self.poll_read(context, parser)).await
    }

    fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        parser: &mut ResponseParser,
    ) -> Poll<Result<(), Failure>> {
        if !self.is_flushed && !self.is_broken && self.write(context).is_err() {
            self.is_broken = true;
        }
        let mut buffer = ReadBuf::new(&mut self.buffer);
        let read = ready!(Pin::new(&mut *self.io).poll_read(context, &mut buffer));
        Poll::Ready(match (read, buffer.filled()) {
            (Ok(()), []) => parser.handle_end().map_err(Failure::Wire),
            (Ok(()), bytes) => parser.handle_bytes(bytes).map_err(Failure::Wire),
            // A server that closes without TLS's goodbye: browsers take that for an end.
            (Err(error), _) if error.kind() == io::ErrorKind::UnexpectedEof => {
                parser.handle_end().map_err(Failure::Wire)
            }
            // A reset where the body would have ended with the connection is no clean end.
            (Err(_), _) => Err(WireError::Closed.into()),
        })
    }

    /// Writes as much as goes.
    fn write(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while let Some(rest @ [_, ..]) = self.request.get(self.written..) {
            match Pin::new(&mut *self.io).poll_write(context, rest) {
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(Ok(length)) => self.written += length,
                Poll::Ready(Err(error)) => return Err(error),
                Poll::Pending => return Ok(()),
            }
        }
        if let Poll::Ready(flushed) = Pin::new(&mut *self.io).poll_flush(context) {
            flushed?;
            self.is_flushed = true;
            self.sent = Some(Instant::now());
            if let Some(on_sent) = self.on_sent.take() {
                on_sent();
            }
        }
        Ok(())
    }

    /// Whether the server still waits for another request, as far as can be told without asking: it
    /// has neither hung up nor said anything that nobody asked for.
    pub(crate) async fn is_idle(&mut self) -> bool {
        poll_fn(|context| {
            let mut buffer = ReadBuf::new(&mut self.buffer);
            Poll::Ready(
                Pin::new(&mut *self.io)
                    .poll_read(context, &mut buffer)
                    .is_pending(),
            )
        })
        .await
    }
}

impl fmt::Debug for Http1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http1").finish_non_exhaustive()
    }
}
