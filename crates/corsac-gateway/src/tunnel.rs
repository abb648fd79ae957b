//! WebSockets, and whatever else leaves HTTP behind.

use std::rc::Rc;

use corsac_tower::policy::RequestHead;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::{body::Incoming, client::conn::http1, upgrade};
use hyper_util::rt::TokioIo;
use tokio::{io::copy_bidirectional, task, time::timeout};

use crate::{
    Upstream,
    body::Body,
    forward::{come_back, prepare},
    framing, hop_by_hop,
    proxy::Client,
    refusal::Refusal,
};

/// Opens a connection of its own to the upstream, and joins both if the upstream agrees.
///
/// CORS does not guard a WebSocket: a browser opens one for every page, and only the server can
/// refuse.
pub(crate) async fn open(
    client: &Client,
    upstream: &Upstream,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Refusal> {
    let shared = &client.worker.shared;
    judge(&shared.policies.policies(), &request)?;
    let limits = &shared.config.limits;
    let protocol = request.headers().get(header::UPGRADE).cloned();
    let of_client = upgrade::on(&mut request);
    let (mut parts, _) = request.into_parts();
    hop_by_hop::strip(&mut parts.headers);
    prepare(client, upstream, &mut parts)?;
    let says = HeaderValue::from_static;
    parts.headers.insert(header::CONNECTION, says("upgrade"));
    if let Some(protocol) = protocol {
        parts.headers.insert(header::UPGRADE, protocol);
    }
    let stream = client.worker.pool.connect(upstream, limits).await;
    let stream = stream.map_err(|_| Refusal::Unreachable)?;
    let opened = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = opened.map_err(|_| Refusal::Broken)?;
    task::spawn_local(connection.with_upgrades());
    let sending = sender.send_request(Request::from_parts(parts, Body::Empty));
    let mut response = match timeout(limits.answer, sending).await {
        Ok(response) => response.map_err(|_| Refusal::Broken)?,
        Err(_) => return Err(Refusal::TooSlow),
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        framing::check_response(&response)?;
        return Ok(come_back(response, limits.stall));
    }
    let of_upstream = upgrade::on(&mut response);
    let worker = Rc::clone(&client.worker);
    task::spawn_local(async move {
        // It is under way for as long as it is open, though its request is not.
        let _worker = worker;
        // If one of them never comes to it, there is nothing to join.
        let (Ok(client), Ok(upstream)) = (of_client.await, of_upstream.await) else {
            return;
        };
        let (mut client, mut upstream) = (TokioIo::new(client), TokioIo::new(upstream));
        // Either side may break off; the other one sees the end.
        let _ = copy_bidirectional(&mut client, &mut upstream).await;
    });
    let (parts, _) = response.into_parts();
    Ok(Response::from_parts(parts, Body::Empty))
}

fn judge<B>(
    policies: &corsac_tower::policy::PolicyMap,
    request: &Request<B>,
) -> Result<(), Refusal> {
    let headers = request.headers();
    let head = RequestHead::new(request.method().as_str().as_bytes(), |name| {
        headers.get_all(name).iter().map(HeaderValue::as_bytes)
    });
    let head = head.with_path(request.uri().path().as_bytes());
    let judged = policies.judge_handshake(&head);
    judged.map_err(|_| Refusal::OtherPage)
}
