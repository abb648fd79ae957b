use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread,
};

use anyhow::Result;
use corsac_tower::{CorsLayer, policy::Policy};
use http::{Request, Response};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{runtime, sync::oneshot};
use tower::{ServiceBuilder, service_fn};

use super::upstream::answer;

/// A service with our layer around it.
pub(super) struct SiteB(Server);

impl SiteB {
    pub(super) fn start(policy: Policy) -> Result<Self> {
        let service = ServiceBuilder::new()
            .layer(CorsLayer::new(policy))
            .service(service_fn(async |request: Request<Incoming>| {
                Ok::<_, Infallible>(answer(&request))
            }));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        serve(address, TowerToHyperService::new(service)).map(Self)
    }

    pub(super) fn port(&self) -> u16 {
        self.0.port()
    }
}

/// A server on a thread of its own, until it is dropped.
pub(super) struct Server {
    port: u16,
    _stop: oneshot::Sender<()>,
}

impl Server {
    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

/// Serves HTTP/1.1, one task a connection.
pub(super) fn serve<S>(address: SocketAddr, service: S) -> Result<Server>
where
    S: hyper::service::Service<Request<Incoming>, Response = Response<String>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: 'static,
{
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    let (stop, mut stopped) = oneshot::channel();
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    thread::spawn(move || {
        let local = tokio::task::LocalSet::new();
        runtime.block_on(local.run_until(async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                return;
            };
            loop {
                let stream = tokio::select! {
                    accepted = listener.accept() => accepted,
                    _ = &mut stopped => return,
                };
                let Ok((stream, _)) = stream else { continue };
                let service = service.clone();
                tokio::task::spawn_local(async move {
                    let connection = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .serve_connection(TokioIo::new(stream), service);
                    // A client that goes away is its own affair.
                    drop(connection.await);
                });
            }
        }));
    });
    Ok(Server { port, _stop: stop })
}
