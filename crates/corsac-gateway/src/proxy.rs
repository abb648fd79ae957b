//! The service under the layer: a request goes on, and a response comes back.

use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use tower_service::Service;

use crate::{body::Body, forward, spare::Spare, worker::Worker};

/// The service under the layer, for one client.
#[derive(Clone)]
pub(crate) struct Proxy(Rc<Client>);

/// A client, and who serves it.
pub(crate) struct Client {
    pub(crate) worker: Rc<Worker>,
    /// Its address, for X-Forwarded-For.
    pub(crate) address: Option<HeaderValue>,
    /// And for Forwarded.
    pub(crate) forwarded: Option<HeaderValue>,
    /// How it asks, for X-Forwarded-Proto.
    pub(crate) protocol: HeaderValue,
    pub(crate) spare: Spare,
}

impl Proxy {
    pub(crate) fn new(peer: SocketAddr, is_tls: bool, worker: Rc<Worker>) -> Self {
        let protocol = if is_tls { "https" } else { "http" };
        let address = peer.ip().to_canonical();
        let node = match address.is_ipv6() {
            true => format!("for=\"[{address}]\";proto={protocol}"),
            false => format!("for={address};proto={protocol}"),
        };
        Self(Rc::new(Client {
            worker,
            protocol: HeaderValue::from_static(protocol),
            spare: Spare::default(),
            address: HeaderValue::try_from(address.to_string()).ok(),
            forwarded: HeaderValue::try_from(node).ok(),
        }))
    }
}

impl Service<Request<Incoming>> for Proxy {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let client = Rc::clone(&self.0);
        Box::pin(async move {
            let passed = forward::forward(&client, request).await;
            Ok(passed.unwrap_or_else(|refusal| refusal.response()))
        })
    }
}
