use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use h2::{RecvStream, server::SendResponse};
use http::{HeaderName, HeaderValue, Response};
use tokio::{net::TcpStream, task::JoinSet};
use tokio_rustls::server::TlsStream;

use crate::scenario::{Answer, Listener};

use super::{Shared, http1, scripted::Request};

/// Answers the requests of a connection.
pub(super) async fn serve(
    stream: TlsStream<TcpStream>,
    listener: Listener,
    shared: Arc<Shared>,
) -> Result<()> {
    let mut connection = h2::server::handshake(stream).await?;
    let mut streams = JoinSet::new();
    while let Some(accepted) = connection.accept().await {
        let (request, respond) = accepted?;
        let shared = Arc::clone(&shared);
        streams.spawn(async move {
            // A browser that gives up on a stream is no concern of ours.
            let _ = answer(request, respond, listener, &shared).await;
        });
    }
    Ok(())
}

async fn answer(
    request: http::Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    listener: Listener,
    shared: &Shared,
) -> Result<()> {
    let request = read(request).await?;
    let not_found = || Answer {
        status: 404,
        ..Answer::default()
    };
    let answer = shared.scripted.answer(&request, listener);
    let answer = answer.unwrap_or_else(not_found);
    tokio::time::sleep(Duration::from_millis(answer.delay)).await;
    if answer.reset {
        respond.send_reset(h2::Reason::INTERNAL_ERROR);
        return Ok(());
    }
    let mut response = Response::builder().status(answer.status).body(())?;
    for line in &answer.lines {
        let (name, value) = line
            .split_once(':')
            .context("a line is a name and a value")?;
        response.headers_mut().append(
            HeaderName::from_bytes(name.as_bytes())?,
            HeaderValue::from_bytes(&http1::bytes(value.trim_matches([' ', '\t'])))?,
        );
    }
    let body = match request.method.as_str() {
        "HEAD" => Vec::new(),
        _ => http1::bytes(&answer.body),
    };
    let mut stream = respond.send_response(response, body.is_empty())?;
    if !body.is_empty() {
        stream.send_data(Bytes::from(body), true)?;
    }
    Ok(())
}

async fn read(request: http::Request<RecvStream>) -> Result<Request> {
    let (parts, mut stream) = request.into_parts();
    let mut body = Vec::new();
    while let Some(data) = stream.data().await {
        let data = data?;
        stream.flow_control().release_capacity(data.len())?;
        body.extend_from_slice(&data);
    }
    let mut headers = Vec::new();
    if let Some(authority) = parts.uri.authority() {
        headers.push(("host".to_owned(), authority.to_string()));
    }
    for (name, value) in &parts.headers {
        headers.push((name.to_string(), http1::text(value.as_bytes())));
    }
    Ok(Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        headers,
        body,
    })
}
