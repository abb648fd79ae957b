//! Connections to upstreams that wait for the next request.

use std::{cell::RefCell, io};

use http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::task;

use super::connect;
use crate::{Limits, Upstream, body::Body};

/// How many connections without a request a worker keeps to one upstream.
const KEPT: usize = 128;

/// The connections of one worker, by the upstream's place. No other thread sees them, so that there
/// is no lock.
pub(crate) struct Pool(Vec<RefCell<Vec<SendRequest<Body>>>>);

/// What became of a request.
pub(crate) enum Sent {
    Answered(Response<Incoming>),
    /// Nobody was there.
    Unreachable(io::Error),
    /// The connection broke before there was an answer.
    Broken(hyper::Error),
}

impl Pool {
    pub(crate) fn new(upstreams: usize) -> Self {
        Self((0..upstreams).map(|_| RefCell::default()).collect())
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
        again: Option<Request<Body>>,
    ) -> Sent {
        while let Some(mut connection) = self.take(place) {
            match connection.try_send_request(request).await {
                Ok(response) => {
                    self.keep(place, connection);
                    return Sent::Answered(response);
                }
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => match again {
                        Some(again) => {
                            request = again;
                            break;
                        }
                        None => return Sent::Broken(error.into_error()),
                    },
                },
            }
        }
        let mut connection = match open(upstream, limits).await {
            Ok(connection) => connection,
            Err(error) => return Sent::Unreachable(error),
        };
        match connection.send_request(request).await {
            Ok(response) => {
                self.keep(place, connection);
                Sent::Answered(response)
            }
            Err(error) => Sent::Broken(error),
        }
    }

    /// The connection that was used last of those that can take a request: what was not used for
    /// long is likely to be closed.
    fn take(&self, place: usize) -> Option<SendRequest<Body>> {
        let mut kept = self.0.get(place)?.borrow_mut();
        kept.retain(|connection| !connection.is_closed());
        let ready = kept.iter().rposition(SendRequest::is_ready)?;
        Some(kept.remove(ready))
    }

    /// Keeps a connection, whose response may still be on its way: it is not ready before that has
    /// been read.
    fn keep(&self, place: usize, connection: SendRequest<Body>) {
        if let Some(kept) = self.0.get(place)
            && kept.borrow().len() < KEPT
        {
            kept.borrow_mut().push(connection);
        }
    }
}

async fn open(upstream: &Upstream, limits: &Limits) -> io::Result<SendRequest<Body>> {
    let stream = connect(upstream, limits).await?;
    let opened = http1::Builder::new()
        .preserve_header_case(false)
        .handshake(TokioIo::new(stream))
        .await;
    let (sender, connection) = opened.map_err(io::Error::other)?;
    // It ends when the upstream closes it, or nobody wants to send anything any more. What goes
    // wrong on it, whoever waits for a response is told.
    task::spawn_local(connection);
    Ok(sender)
}
