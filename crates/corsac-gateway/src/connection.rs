//! One client's connection.

use std::{
    cell::{Cell, RefCell},
    convert::Infallible,
    net::SocketAddr,
    pin::pin,
    rc::Rc,
    time::Instant,
};

use corsac_tower::{Cors, Report, policy::Outcome};
use http::{HeaderMap, HeaderValue, Request, Response, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    Observer,
    body::Body,
    gateway::Phase,
    observer::{Decided, Event},
    proxy::Proxy,
    worker::Worker,
};

type Service_ = Cors<Proxy>;

/// Serves a client for as long as it stays.
pub(crate) async fn serve(stream: TcpStream, peer: SocketAddr, worker: Rc<Worker>) {
    // Without it a response waits for the acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let shared = &worker.shared;
    let limits = &shared.config.limits;
    let cors = shared.layer.layer(Proxy::new(peer, Rc::clone(&worker)));
    let observer = shared.config.observer.as_deref();
    let phase = &worker.phase;
    let service = service_fn(|request: Request<Incoming>| {
        let mut cors = cors.clone();
        async move {
            let mut response = match observer {
                None => cors.call(request).await?,
                Some(observer) => observed(cors, request, peer, observer).await?,
            };
            if *phase.borrow() != Phase::Serving {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            Ok::<_, Infallible>(response)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(limits.head_bytes)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let mut phase = worker.phase.clone();
    let closing = phase.wait_for(|&phase| phase == Phase::Closing);
    // What goes wrong on it is the client's doing, and the client knows.
    tokio::select! {
        biased;
        _ = &mut connection => {}
        _ = closing => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

thread_local! {
    /// What the policy said to the request that the layer is being called with: it says so before the
    /// call returns, on the same thread.
    static DECIDED: Cell<Option<Decided>> = const { Cell::new(None) };
    static REPLACED: RefCell<Vec<(&'static http::HeaderName, HeaderValue)>> = const { RefCell::new(Vec::new()) };
}

/// The layer's reporter, if anybody wants to know.
pub(crate) fn remember(report: &Report<'_>) {
    match report {
        Report::Decided { outcome, .. } => {
            let (is_preflight, verdict) = match outcome {
                Outcome::NotCors => (false, None),
                Outcome::Actual(verdict) => (false, Some(verdict)),
                Outcome::Preflight(verdict) => (true, Some(verdict)),
            };
            DECIDED.set(Some(Decided {
                is_preflight,
                code: match verdict {
                    None => "no-origin",
                    Some(Ok(())) => "granted",
                    Some(Err(refusal)) => refusal.code(),
                },
                why: match verdict {
                    Some(Err(refusal)) => Some(refusal.to_string()),
                    _ => None,
                },
            }));
        }
        Report::Replaced { name, value } => {
            REPLACED.with_borrow_mut(|all| all.push((name, (*value).clone())));
        }
        _ => {}
    }
}

async fn observed(
    mut cors: Service_,
    request: Request<Incoming>,
    peer: SocketAddr,
    observer: &Observer,
) -> Result<Response<Body>, Infallible> {
    let begin = Instant::now();
    let (method, target) = (request.method().clone(), request.uri().clone());
    let mut headers = HeaderMap::new();
    for name in [header::ORIGIN, header::HOST] {
        for value in request.headers().get_all(&name) {
            headers.append(name.clone(), value.clone());
        }
    }
    let answering = cors.call(request);
    let decided = DECIDED.take();
    let response = answering.await?;
    for (name, value) in REPLACED.take() {
        observer(&Event::Replaced {
            name,
            value: &value,
        });
    }
    if let Some(decision) = &decided {
        observer(&Event::Answered {
            peer,
            method: &method,
            target: &target,
            headers: &headers,
            decision,
            status: response.status(),
            duration: begin.elapsed(),
        });
    }
    Ok(response)
}
