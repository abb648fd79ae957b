use std::{
    fmt,
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use corsac::{
    fetch::{Hop, ResponseHead},
    header::HeaderList,
};
use h2::{
    RecvStream, SendStream,
    client::{Builder, ResponseFuture, SendRequest},
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Version, response};
use tokio::{task::AbortHandle, time::Instant};
use url::Position;

use crate::{
    Failure,
    agent::OnSent,
    connect::Io,
    wire::{Limits, WireError},
};

/// One connection that speaks HTTP/2; clones share it.
#[derive(Clone)]
pub(crate) struct Http2 {
    requests: SendRequest<Bytes>,
    _connection: Arc<Task>,
}

/// Ends with whoever holds it.
struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How much may be under way before somebody reads it. Engines have megabytes.
const STREAM_WINDOW: u32 = 1024 * 1024;
const CONNECTION_WINDOW: u32 = 4 * 1024 * 1024;

impl Http2 {
    /// Says hello. Whoever is there needs not have agreed to this protocol.
    pub(crate) async fn new(io: Box<dyn Io>, limits: Limits) -> Result<Self, Failure> {
        let head_bytes = u32::try_from(limits.head_bytes).unwrap_or(u32::MAX);
        let (requests, connection) = Builder::new()
            .enable_push(false)
            .initial_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(head_bytes)
            .handshake(io)
            .await
            .map_err(|error| failure(&error))?;
        let task = tokio::spawn(async move {
            // Each stream is told by itself what went wrong.
            let _ = connection.await;
        });
        Ok(Self {
            requests,
            _connection: Arc::new(Task(task.abort_handle())),
        })
    }

    /// Whether the connection has not ended yet, as far as is known.
    pub(crate) async fn is_alive(&mut self) -> bool {
        poll_fn(|context| {
            let polled = self.requests.poll_ready(context);
            Poll::Ready(!matches!(polled, Poll::Ready(Err(_))))
        })
        .await
    }

    /// Sends a request, and waits for the head of its response.
    pub(crate) async fn exchange(
        &self,
        request: Request<()>,
        body: Bytes,
        on_sent: Option<OnSent>,
        sent: &mut Option<Instant>,
    ) -> Result<(ResponseHead, Http2Body), Failure> {
        let ready = self.requests.clone().ready().await;
        let mut requests = ready.map_err(|error| failure(&error))?;
        let (mut response, stream) = requests
            .send_request(request, body.is_empty())
            .map_err(|error| failure(&error))?;
        let mut upload = Upload { stream, rest: body };
        let response = poll_fn(|context| {
            // A failing upload shows in the response, which may be there all the same.
            if sent.is_none() && upload.poll(context).is_ready() {
                *sent = Some(Instant::now());
                if let Some(on_sent) = &on_sent {
                    on_sent();
                }
            }
            poll_response(&mut response, context)
        });
        let response = response.await.map_err(|error| failure(&error))?;
        let (parts, stream) = response.into_parts();
        let body = Http2Body {
            stream,
            upload,
            _connection: self.clone(),
        };
        Ok((head(&parts), body))
    }
}

fn poll_response(
    response: &mut ResponseFuture,
    context: &mut Context<'_>,
) -> Poll<Result<http::Response<RecvStream>, h2::Error>> {
    std::pin::Pin::new(response).poll(context)
}

/// What is still to be sent of a body.
struct Upload {
    stream: SendStream<Bytes>,
    rest: Bytes,
}

impl Upload {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.rest.is_empty() {
            self.stream.reserve_capacity(self.rest.len());
            let Some(Ok(capacity)) = ready!(self.stream.poll_capacity(context)) else {
                self.rest.clear();
                break;
            };
            let part = self.rest.split_to(capacity.min(self.rest.len()));
            if self.stream.send_data(part, self.rest.is_empty()).is_err() {
                self.rest.clear();
            }
        }
        Poll::Ready(())
    }
}

/// The body of a response, as it comes.
pub(crate) struct Http2Body {
    stream: RecvStream,
    upload: Upload,
    _connection: Http2,
}

impl Http2Body {
    /// The next part; `None` at the end.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        let chunk = poll_fn(|context| {
            let _ = self.upload.poll(context);
            self.stream.poll_data(context)
        });
        let Some(chunk) = chunk.await else {
            return Ok(None);
        };
        let chunk = chunk.map_err(|error| failure(&error))?;
        // If there is no stream left to tell, there is nothing left to wait for either.
        let _ = self.stream.flow_control().release_capacity(chunk.len());
        Ok(Some(chunk))
    }
}

/// Makes the request of a hop, and lists its lines as they are sent.
pub(crate) fn request(
    hop: &Hop,
    accept_encoding: &[u8],
) -> Result<(Request<()>, HeaderList), Failure> {
    let refused = |_| Failure::Wire(WireError::RequestHeader);
    let url = &hop.url;
    let authority = &url[Position::BeforeHost..Position::AfterPort];
    let path = &url[Position::BeforePath..Position::AfterQuery];
    let mut headers = HeaderMap::with_capacity(hop.header_list.len() + 1);
    for header in &hop.header_list {
        let name = HeaderName::from_bytes(header.name());
        let name = name.map_err(|_| WireError::RequestHeader)?;
        let value = HeaderValue::from_bytes(header.value());
        headers.append(name, value.map_err(|_| WireError::RequestHeader)?);
    }
    if !headers.contains_key(http::header::ACCEPT_ENCODING) {
        let value = HeaderValue::from_bytes(accept_encoding);
        let value = value.map_err(|_| WireError::RequestHeader)?;
        headers.append(http::header::ACCEPT_ENCODING, value);
    }
    let mut lines = HeaderList::with_capacity(headers.len() + 4);
    lines.push(":method", hop.method.as_str());
    lines.push(":scheme", url.scheme());
    lines.push(":authority", authority);
    lines.push(":path", path);
    for (name, value) in &headers {
        lines.push(name, value);
    }
    let mut request = Request::builder()
        .method(&hop.method)
        .uri(format!("{}://{authority}{path}", url.scheme()))
        .version(Version::HTTP_2)
        .body(())
        .map_err(refused)?;
    *request.headers_mut() = headers;
    Ok((request, lines))
}

fn head(parts: &response::Parts) -> ResponseHead {
    let list: HeaderList = parts.headers.iter().collect();
    ResponseHead::new(parts.status.as_u16(), list)
}

fn failure(error: &h2::Error) -> Failure {
    Failure::Http2 {
        message: error.to_string(),
        is_closed: error.is_io() || (error.is_go_away() && error.is_remote()),
    }
}

impl fmt::Debug for Http2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http2").finish_non_exhaustive()
    }
}

impl fmt::Debug for Http2Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http2Body").finish_non_exhaustive()
    }
}
