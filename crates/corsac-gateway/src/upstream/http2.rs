//! One connection of HTTP/2 to an upstream, which takes many requests at once.

use std::{cell::RefCell, io};

use http::{Request, Uri, Version, header, uri::Authority};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::task;

use super::pool::Sent;
use crate::{Limits, body::Body, on_this_thread::OnThisThread, tls::Stream};

/// The connection of one worker to one upstream.
#[derive(Default)]
pub(super) struct Shared(RefCell<Option<SendRequest<Body>>>);

impl Shared {
    /// Sends a request over the connection, or over a new one if that takes no more.
    pub(super) async fn send(
        &self,
        is_https: bool,
        limits: &Limits,
        mut request: Request<Body>,
        again: Option<Request<Body>>,
        open: impl AsyncFn() -> io::Result<Stream>,
    ) -> Sent {
        let kept = self.0.borrow().clone().filter(|it| !it.is_closed());
        if let Some(mut connection) = kept {
            match connection
                .try_send_request(translate(request, is_https))
                .await
            {
                Ok(response) => return Sent::Answered(response),
                Err(mut error) => match error.take_message().or(again) {
                    Some(unsent) => request = unsent,
                    None => return Sent::Broken(error.into_error()),
                },
            }
        }
        let opened = async {
            let stream = open().await?;
            let handshake = http2::Builder::new(OnThisThread)
                .timer(TokioTimer::new())
                .keep_alive_interval(limits.stall)
                .keep_alive_timeout(limits.connect)
                .handshake(TokioIo::new(stream))
                .await;
            handshake.map_err(io::Error::other)
        };
        let (mut connection, driver) = match opened.await {
            Ok(opened) => opened,
            Err(error) => return Sent::Unreachable(error),
        };
        // What goes wrong on it, whoever waits for a response is told.
        task::spawn_local(driver);
        self.0.replace(Some(connection.clone()));
        match connection.send_request(translate(request, is_https)).await {
            Ok(response) => Sent::Answered(response),
            Err(error) => Sent::Broken(error),
        }
    }
}

/// HTTP/2 has the host in the target.
fn translate(mut request: Request<Body>, is_https: bool) -> Request<Body> {
    *request.version_mut() = Version::HTTP_2;
    let Some(host) = request.headers_mut().remove(header::HOST) else {
        return request;
    };
    let mut parts = request.uri().clone().into_parts();
    parts.authority = Authority::try_from(host.as_bytes()).ok();
    parts.scheme = Some(match is_https {
        true => http::uri::Scheme::HTTPS,
        false => http::uri::Scheme::HTTP,
    });
    // The upstream refuses it without; it can't be, as both were a host and a path before.
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}
