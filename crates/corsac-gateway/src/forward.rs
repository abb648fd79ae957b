//! What a request becomes on its way to an upstream, and the response on its way back.

use std::{cell::Cell, rc::Rc};

use http::{
    HeaderName, HeaderValue, Method, Request, Response, Uri, Version, header, uri::PathAndQuery,
};
use http_body::Body as _;
use hyper::body::Incoming;
use tokio::time::Instant;

use crate::{
    Upstream,
    body::Body,
    framing, hop_by_hop,
    proxy::Client,
    refusal::Refusal,
    spare::Moved,
    tunnel,
    upstream::{self, Sent},
};

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
static X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

pub(crate) async fn forward(
    client: &Client,
    request: Request<Incoming>,
) -> Result<Response<Body>, Refusal> {
    let worker = &client.worker;
    let config = &worker.shared.config;
    check(&request)?;
    framing::check_request(request.headers())?;
    worker.shared.hosts.check(&request)?;
    let place = upstream::find(&config.upstreams, request.uri().path());
    let Some(place) = place else {
        let site = worker.site.as_ref().ok_or(Refusal::NoUpstream)?;
        return Box::pin(site.answer(&request)).await;
    };
    let upstream = config.upstreams.get(place).ok_or(Refusal::NoUpstream)?;
    // With a body it is answered as if it did not ask for an upgrade.
    if request.headers().contains_key(header::UPGRADE)
        && request.method() == Method::GET
        && request.body().is_end_stream()
    {
        // On the heap: what is rare is not to make every request's future larger.
        return Box::pin(tunnel::open(client, upstream, request)).await;
    }
    let limits = &config.limits;
    let longest = limits.body_bytes.unwrap_or(u64::MAX);
    if request.body().size_hint().lower() > longest {
        return Err(Refusal::TooLarge);
    }
    let (mut parts, body) = request.into_parts();
    hop_by_hop::strip(&mut parts.headers);
    prepare(client, upstream, &mut parts)?;
    let (body, moved) = match body.is_end_stream() {
        true => (Body::Empty, None),
        false => {
            let moved: Moved = Rc::new(Cell::new(Instant::now()));
            let told = Some(Rc::clone(&moved));
            let body = Body::passed(body, limits.stall, longest, told);
            (body, Some(moved))
        }
    };
    let again = (matches!(body, Body::Empty) && parts.method.is_idempotent())
        .then(|| Request::from_parts(parts.clone(), Body::Empty));
    let request = Request::from_parts(parts, body);
    let sending = worker.pool.send(place, upstream, limits, request, again);
    let sent = client.spare.within(limits.answer, moved.as_ref(), sending);
    let response = match sent.await {
        Some(Sent::Answered(response)) => response,
        Some(Sent::Unreachable(error)) if error.kind() == std::io::ErrorKind::TimedOut => {
            return Err(Refusal::TooSlow);
        }
        Some(Sent::Unreachable(_)) => return Err(Refusal::Unreachable),
        Some(Sent::Broken(error)) => return Err(broken(&error)),
        None => return Err(Refusal::TooSlow),
    };
    framing::check_response(&response)?;
    let mut response = come_back(response, limits.stall);
    let is_tls = client.protocol == "https";
    config
        .rewrites
        .apply(response.headers_mut(), upstream, is_tls);
    Ok(response)
}

/// The response as the client gets it.
pub(crate) fn come_back(
    response: Response<Incoming>,
    stall: std::time::Duration,
) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    parts.version = Version::HTTP_11;
    hop_by_hop::strip(&mut parts.headers);
    let body = match body.is_end_stream() {
        true => Body::Empty,
        false => Body::passed(body, stall, u64::MAX, None),
    };
    Response::from_parts(parts, body)
}

/// The target has to be a path: where a request goes is not the request's to say.
fn check<B>(request: &Request<B>) -> Result<(), Refusal> {
    let uri = request.uri();
    let is_http2 = request.version() == Version::HTTP_2;
    let is_path = uri.path().starts_with('/') && (uri.authority().is_none() || is_http2);
    match is_path && request.method() != Method::CONNECT {
        true => Ok(()),
        false => Err(Refusal::NoPath),
    }
}

/// Makes a head the one that goes to the upstream.
pub(crate) fn prepare(
    client: &Client,
    upstream: &Upstream,
    parts: &mut http::request::Parts,
) -> Result<(), Refusal> {
    let asked = match parts.uri.authority() {
        Some(authority) => HeaderValue::from_str(authority.as_str()).ok(),
        None => parts.headers.get(header::HOST).cloned(),
    };
    let path_and_query = parts.uri.path_and_query().ok_or(Refusal::NoPath)?;
    let replaced = upstream.target(path_and_query.as_str());
    if let Some(target) = replaced {
        parts.uri = target.parse().map_err(|_| Refusal::NoPath)?;
    } else if parts.uri.authority().is_some() {
        parts.uri = origin_form(path_and_query.clone())?;
    }
    let headers = &mut parts.headers;
    parts.version = Version::HTTP_11;
    join_cookies(headers);
    // Whoever asked may have said who else asked: nobody vouches for that.
    set(headers, &X_FORWARDED_FOR, client.address.clone());
    set(headers, &header::FORWARDED, client.forwarded.clone());
    set(headers, &X_FORWARDED_PROTO, Some(client.protocol.clone()));
    let keeps_host = client.worker.shared.config.keeps_host;
    let host = match keeps_host {
        true => asked.clone(),
        false => Some(upstream.host.clone()),
    };
    set(headers, &header::HOST, host);
    set(headers, &X_FORWARDED_HOST, asked);
    // The gateway says it, when it begins to read the body.
    headers.remove(header::EXPECT);
    Ok(())
}

/// HTTP/2 may send cookies a line each; HTTP/1.1 has them in one.
fn join_cookies(headers: &mut http::HeaderMap) {
    let mut lines = headers.get_all(header::COOKIE).iter();
    if let (Some(first), Some(second)) = (lines.next(), lines.next()) {
        let lines = [first, second].into_iter().chain(lines);
        let all: Vec<_> = lines.map(HeaderValue::as_bytes).collect();
        let joined = HeaderValue::from_bytes(&all.join(&b"; "[..])).ok();
        set(headers, &header::COOKIE, joined);
    }
}

fn set(headers: &mut http::HeaderMap, name: &HeaderName, value: Option<HeaderValue>) {
    match value {
        Some(value) => {
            headers.insert(name, value);
        }
        None => {
            headers.remove(name);
        }
    }
}

fn origin_form(path_and_query: PathAndQuery) -> Result<Uri, Refusal> {
    let mut parts = http::uri::Parts::default();
    parts.path_and_query = Some(path_and_query);
    Uri::from_parts(parts).map_err(|_| Refusal::NoPath)
}

/// Whose fault it is that there is no answer.
fn broken(error: &hyper::Error) -> Refusal {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if let Some(refusal) = error.downcast_ref::<Refusal>() {
            return *refusal;
        }
        source = error.source();
    }
    Refusal::Broken
}
