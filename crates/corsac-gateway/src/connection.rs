//! One client's connection.

use std::{
    cell::{Cell, RefCell},
    convert::Infallible,
    net::SocketAddr,
    pin::pin,
    rc::Rc,
    time::{Duration, Instant},
};

use corsac_tower::{Cors, Report, policy::Outcome};
use http::{HeaderMap, HeaderValue, Request, Response, Version, header};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{net::TcpStream, time::timeout};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    Observer,
    body::Body,
    gateway::Phase,
    observer::{Decided, Event},
    on_this_thread::OnThisThread,
    patient::Patient,
    proxy::Proxy,
    tls::Stream,
    worker::Worker,
};

/// How many requests a client may have under way on one connection of HTTP/2.
const STREAMS: u32 = 128;

/// How long a client that has not asked for anything yet may take to, at the end.
const FIRST: Duration = Duration::from_secs(1);

type Service_ = Cors<Proxy>;

/// Serves a client for as long as it stays.
pub(crate) async fn serve(stream: TcpStream, peer: SocketAddr, worker: Rc<Worker>) {
    // Without it a response waits for the acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let Some(stream) = worker.secure(stream).await else {
        return;
    };
    serve_stream(stream, peer, worker).await;
}

/// The same, of a connection that is secure already, if it is to be.
pub(crate) async fn serve_stream(stream: Stream, peer: SocketAddr, worker: Rc<Worker>) {
    let is_tls = matches!(stream, Stream::Tls(_));
    let proxy = Proxy::new(peer, is_tls, Rc::clone(&worker));
    let cors = worker.shared.layer.layer(proxy);
    let is_http2 = stream.is_http2();
    let stream = Patient::new(stream, worker.shared.config.limits.send);
    match is_http2 {
        true => serve_http2(stream, peer, cors, &worker).await,
        false => serve_http1(stream, peer, cors, &worker).await,
    }
}

/// How much may wait to be read or to be sent on one connection, in bytes: what a client that reads
/// slowly costs.
pub(crate) const BUFFER: usize = 128 * 1024;

async fn serve_http1(stream: Patient, peer: SocketAddr, cors: Service_, worker: &Rc<Worker>) {
    let limits = &worker.shared.config.limits;
    let was_asked = Cell::new(false);
    let service = service_fn(|request| {
        was_asked.set(true);
        answer(cors.clone(), request, peer, Rc::clone(worker))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(limits.head_bytes)
        .max_buf_size(BUFFER.max(limits.head_bytes))
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    // What goes wrong on it is the client's doing, and the client knows.
    tokio::select! {
        biased;
        _ = &mut connection => {}
        () = worker.closing() => {
            // A client that has just come is about to ask, and nobody told it not to. With the answer
            // it is told.
            if was_asked.get() || timeout(FIRST, &mut connection).await.is_err() {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }
}

async fn serve_http2(stream: Patient, peer: SocketAddr, cors: Service_, worker: &Rc<Worker>) {
    let limits = &worker.shared.config.limits;
    let service = service_fn(|request| answer(cors.clone(), request, peer, Rc::clone(worker)));
    let connection = http2::Builder::new(OnThisThread)
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.head)
        .keep_alive_timeout(limits.head)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(STREAMS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        biased;
        _ = &mut connection => {}
        () = worker.closing() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

async fn answer(
    mut cors: Service_,
    request: Request<Incoming>,
    peer: SocketAddr,
    worker: Rc<Worker>,
) -> Result<Response<Body>, Infallible> {
    // HTTP/2 has a frame of its own for it, which comes with the closing.
    let is_http1 = request.version() != Version::HTTP_2;
    let mut response = match worker.shared.config.observer.as_deref() {
        None => cors.call(request).await?,
        Some(observer) => observed(cors, request, peer, observer).await?,
    };
    if is_http1 && *worker.phase.borrow() != Phase::Serving {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    Ok(response)
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
