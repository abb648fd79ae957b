//! Servers as people have them: hyper, our layer, and a handler behind it.

use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};

use anyhow::{Result, anyhow};
use corsac::header::HeaderList;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use hyper::{
    body::{Body as _, Incoming},
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tower::{Layer as _, ServiceExt as _};

use super::{
    Shared,
    http1::{bytes, own, text},
    scripted::{Asked, Request},
};
use crate::{
    policies::credentials,
    scenario::{Answer, Listener},
};

/// Answers the requests of a connection.
pub(super) async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    listener: Listener,
    shared: Arc<Shared>,
) -> Result<()> {
    let io = TokioIo::new(stream);
    let service = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { respond(request, listener, &shared).await }
    });
    // A date is one more header that pages might see.
    match listener {
        Listener::H2 => http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .auto_date_header(false)
            .serve_connection(io, service)
            .await
            .map_err(|error| anyhow!(error)),
        _ => http1::Builder::new()
            .timer(TokioTimer::new())
            .auto_date_header(false)
            .header_read_timeout(None)
            .serve_connection(io, service)
            .await
            .map_err(|error| anyhow!(error)),
    }
}

async fn respond(
    request: http::Request<Incoming>,
    listener: Listener,
    shared: &Arc<Shared>,
) -> Result<Response<String>> {
    let (head, read) = read(request).await?;
    if let Some(answer) = shared.scripted.cookie(&read) {
        return response(&answer);
    }
    let Some(Asked {
        layer,
        number,
        answer,
    }) = shared.scripted.decide(&read, listener)
    else {
        let (mut answer, body) = own(&read);
        answer.body = String::from_utf8(body)?;
        return response(&answer);
    };
    let mut answer = answer;
    // In HTTP/2 hyper would send it.
    if read.method == "HEAD" {
        answer.body.clear();
    }
    let handler = tower::service_fn(move |request: http::Request<()>| {
        let (shared, answer) = (Arc::clone(shared), answer.clone());
        async move {
            let headers = request.headers().iter();
            let headers: HeaderList = headers.collect();
            let request = Request {
                path: request.uri().path().to_owned(),
                ..Request::default()
            };
            shared
                .scripted
                .handle(&request, number, credentials(&headers));
            tokio::time::sleep(Duration::from_millis(answer.delay)).await;
            Ok::<_, Infallible>(handled(&answer))
        }
    });
    let response = layer.layer(handler).oneshot(head).await;
    Ok(response.unwrap_or_else(|never| match never {}))
}

/// What the handler says. Only what the generator makes gets here, and that can be said.
fn handled(answer: &Answer) -> Response<String> {
    response(answer).unwrap_or_else(|_| {
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::NOT_IMPLEMENTED;
        response
    })
}

fn response(answer: &Answer) -> Result<Response<String>> {
    let mut response = Response::new(answer.body.clone());
    *response.status_mut() = StatusCode::from_u16(answer.status)?;
    for line in &answer.lines {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| anyhow!("a line is a name and a value"))?;
        response.headers_mut().append(
            HeaderName::from_bytes(name.as_bytes())?,
            HeaderValue::from_bytes(&bytes(value.trim()))?,
        );
    }
    Ok(response)
}

/// The request as the layer gets it, and as it is logged.
async fn read(request: http::Request<Incoming>) -> Result<(http::Request<()>, Request)> {
    let (parts, mut incoming) = request.into_parts();
    let mut body = Vec::new();
    while let Some(frame) =
        std::future::poll_fn(|context| Pin::new(&mut incoming).poll_frame(context)).await
    {
        if let Ok(data) = frame?.into_data() {
            body.extend_from_slice(&data);
        }
    }
    let mut headers = Vec::new();
    if let Some(authority) = parts.uri.authority() {
        headers.push(("host".to_owned(), authority.to_string()));
    }
    for (name, value) in &parts.headers {
        headers.push((name.to_string(), text(value.as_bytes())));
    }
    let read = Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        headers,
        body,
    };
    Ok((http::Request::from_parts(parts, ()), read))
}
