//! Connections to upstreams that wait for the next request.

use std::{
    cell::RefCell,
    io,
    time::{Duration, Instant},
};

use http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::{task, time::sleep};
use tokio_rustls::TlsConnector;

use super::{
    connect::{connect, has_no_descriptor},
    http2::Shared,
};
use crate::{
    Dialer, GatewayConfig, Limits, Trust, Upstream, body::Body, connection::BUFFER, tls::Stream,
};

/// How many connections without a request a worker keeps to one upstream.
const KEPT: usize = 128;

/// The connections of one worker, by the upstream's place. No other thread sees them, so that there
/// is no lock.
pub(crate) struct Pool {
    kept: Vec<RefCell<Vec<SendRequest<Body>>>>,
    tls: Option<TlsConnector>,
    dialer: Option<Dialer>,
    /// If that is how they are asked.
    http2: Option<Http2>,
}

struct Http2 {
    connections: Vec<Shared>,
    tls: Option<TlsConnector>,
}

/// What became of a request.
pub(crate) enum Sent {
    Answered(Response<Incoming>),
    /// Nobody was there.
    Unreachable(io::Error),
    /// The connection broke before there was an answer.
    Broken(hyper::Error),
}

impl Pool {
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        let upstreams = config.upstreams.iter();
        Self {
            kept: upstreams.map(|_| RefCell::default()).collect(),
            tls: config.trust.as_ref().map(Trust::connector),
            dialer: config.dialer.clone(),
            http2: config.asks_http2.then(|| Http2 {
                connections: config.upstreams.iter().map(|_| Shared::default()).collect(),
                tls: config.trust.as_ref().map(Trust::http2_connector),
            }),
        }
    }

    /// A connection that nobody else is to use.
    pub(crate) async fn connect(&self, upstream: &Upstream, limits: &Limits) -> io::Result<Stream> {
        let connect = async || self.connect_once(upstream, limits).await;
        self.once_there_is_a_descriptor(limits, connect).await
    }

    async fn connect_once(&self, upstream: &Upstream, limits: &Limits) -> io::Result<Stream> {
        connect(upstream, limits, self.tls.as_ref(), self.dialer.as_ref()).await
    }

    /// Sends a request over a connection that is there, or over a new one.
    ///
    /// An upstream may close a connection just when a request is about to go over it. What was not
    /// sent at all is sent again over the next one. What was sent is not, unless `again` makes
    /// it once more: the upstream may have acted on it.
    pub(crate) async fn send(
        &self,
        place: usize,
        upstream: &Upstream,
        limits: &Limits,
        mut request: Request<Body>,
        mut again: Option<Request<Body>>,
    ) -> Sent {
        if let Some(http2) = &self.http2
            && let Some(shared) = http2.connections.get(place)
        {
            let open = async || {
                let stream =
                    connect(upstream, limits, http2.tls.as_ref(), self.dialer.as_ref()).await?;
                match upstream.is_https() && !stream.is_http2() {
                    true => Err(io::Error::other("it does not speak HTTP/2")),
                    false => Ok(stream),
                }
            };
            return shared
                .send(upstream.is_https(), limits, request, again, open)
                .await;
        }
        let mut may_be_kept = true;
        loop {
            let had = self.once_there_is_a_descriptor(limits, async || {
                match may_be_kept.then(|| self.take(place)) {
                    Some(Some(kept)) => Ok((kept, true)),
                    _ => Ok((self.open(upstream, limits).await?, false)),
                }
            });
            let (mut connection, is_kept) = match had.await {
                Ok(had) => had,
                Err(error) => return Sent::Unreachable(error),
            };
            let mut error = match connection.try_send_request(request).await {
                Ok(response) => {
                    self.keep(place, connection);
                    return Sent::Answered(response);
                }
                Err(error) => error,
            };
            let next = match error.take_message() {
                _ if !is_kept => None,
                Some(unsent) => Some(unsent),
                None => {
                    may_be_kept = false;
                    again.take()
                }
            };
            match next {
                Some(next) => request = next,
                None => return Sent::Broken(error.into_error()),
            }
        }
    }

    /// Tries for as long as a connection may take, while this process has no descriptor left: another
    /// request is soon done with its own.
    async fn once_there_is_a_descriptor<T>(
        &self,
        limits: &Limits,
        attempt: impl AsyncFn() -> io::Result<T>,
    ) -> io::Result<T> {
        let begin = Instant::now();
        loop {
            match attempt().await {
                Err(error) if has_no_descriptor(&error) && begin.elapsed() < limits.connect => {
                    self.let_go();
                    sleep(Duration::from_millis(10)).await;
                }
                done => return done,
            }
        }
    }

    /// Closes what waits for a request, since somebody needs a descriptor now.
    pub(crate) fn let_go(&self) {
        for kept in &self.kept {
            kept.borrow_mut()
                .retain(|connection| !connection.is_ready());
        }
    }

    /// The connection that was used last of those that can take a request: what was not used for
    /// long is likely to be closed.
    fn take(&self, place: usize) -> Option<SendRequest<Body>> {
        let mut kept = self.kept.get(place)?.borrow_mut();
        kept.retain(|connection| !connection.is_closed());
        let ready = kept.iter().rposition(SendRequest::is_ready)?;
        Some(kept.remove(ready))
    }

    /// Keeps a connection, whose response may still be on its way: it is not ready before that has
    /// been read.
    fn keep(&self, place: usize, connection: SendRequest<Body>) {
        if let Some(kept) = self.kept.get(place)
            && kept.borrow().len() < KEPT
        {
            kept.borrow_mut().push(connection);
        }
    }

    async fn open(&self, upstream: &Upstream, limits: &Limits) -> io::Result<SendRequest<Body>> {
        let stream = self.connect_once(upstream, limits).await?;
        let opened = http1::Builder::new()
            .preserve_header_case(false)
            .max_buf_size(BUFFER)
            .handshake(TokioIo::new(stream))
            .await;
        let (sender, connection) = opened.map_err(io::Error::other)?;
        // It ends when the upstream closes it, or nobody wants to send anything any more. What goes
        // wrong on it, whoever waits for a response is told.
        task::spawn_local(connection);
        Ok(sender)
    }
}
