use std::sync::Arc;

use bytes::Bytes;

use crate::{
    Connection, Exchange, Failure,
    http1::Http1,
    http2::Http2Body,
    pool::{PoolKey, Protocol, Transport},
    wire::ResponseParser,
};

/// A response whose head is there and whose body is on its way.
#[derive(Debug)]
pub(crate) enum Incoming {
    Http1(Box<Http1Body>),
    Http2(Box<Http2Body>),
}

/// The body of a response in HTTP/1.
#[derive(Debug)]
pub(crate) struct Http1Body {
    pub(crate) http1: Http1,
    pub(crate) parser: ResponseParser,
    pub(crate) connection: Connection,
    pub(crate) key: Arc<PoolKey>,
    /// What comes after the bytes that came with it.
    pub(crate) failure: Option<Failure>,
}

impl Incoming {
    /// The next part of the body; `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        match self {
            Self::Http1(body) => body.chunk().await,
            Self::Http2(body) => body.chunk().await,
        }
    }

    /// Keeps the rest of the body out of memory, and takes no more of it than so much.
    pub(crate) fn limit(&mut self, bytes: usize) {
        if let Self::Http1(body) = self {
            body.parser.limit_body(bytes);
        }
    }

    /// No byte of the body is to be kept for the record.
    pub(crate) fn forget(&mut self) {
        if let Self::Http1(body) = self {
            body.parser.forget_body();
        }
    }

    /// Writes down what was received, and gives back a connection that can be used again.
    pub(crate) fn finish(self, exchange: &mut Exchange) -> Option<(Arc<PoolKey>, Transport)> {
        let Self::Http1(body) = self else {
            return None;
        };
        let keeps = body.parser.keeps_connection() && body.http1.is_written();
        exchange.received = body.parser.into_received();
        let transport = Transport {
            protocol: Protocol::Http1(body.http1),
            connection: body.connection,
        };
        keeps.then_some((body.key, transport))
    }
}

impl Http1Body {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            if !self.parser.body().is_empty() {
                return Ok(Some(self.parser.take_body().into()));
            }
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            if self.parser.is_done() {
                return Ok(None);
            }
            if let Err(failure) = self.http1.read(&mut self.parser).await {
                self.failure = Some(failure);
            }
        }
    }
}
