use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use crate::scenario::{Answer, Listener};

use super::{FRAME_PATH, PAGE, PAGE_PATH, Shared, scripted::Request};

/// No browser sends more of a head.
const HEAD_LIMIT: usize = 1024 * 1024;

/// A connection that can be reset.
pub(super) trait Connection: AsyncRead + AsyncWrite + Unpin {
    /// Makes that closing it is a reset.
    fn reset(&self) -> Result<()>;
}

impl Connection for TcpStream {
    fn reset(&self) -> Result<()> {
        Ok(self.set_zero_linger()?)
    }
}

impl Connection for TlsStream<TcpStream> {
    fn reset(&self) -> Result<()> {
        self.get_ref().0.reset()
    }
}

/// Answers one request.
pub(super) async fn serve(
    mut stream: impl Connection,
    listener: Listener,
    shared: &Shared,
) -> Result<()> {
    let request = read(&mut stream).await?;
    let (answer, body) = match shared.scripted.answer(&request, listener) {
        Some(answer) => {
            let body = bytes(&answer.body);
            (answer, body)
        }
        None => own(&request),
    };
    tokio::time::sleep(Duration::from_millis(answer.delay)).await;
    if answer.reset {
        return stream.reset();
    }
    let mut out = format!("HTTP/1.1 {} ", answer.status).into_bytes();
    out.extend(bytes(&answer.reason));
    out.extend(b"\r\n");
    for line in &answer.lines {
        out.extend(bytes(line));
        out.extend(b"\r\n");
    }
    out.extend(b"Connection: close\r\n\r\n");
    if request.method != "HEAD" {
        out.extend(body);
    }
    stream.write_all(&out).await?;
    stream.shutdown().await?;
    // Closing with something unread would be a reset.
    let _ = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut [0])).await;
    Ok(())
}

/// What the servers answer for themselves.
pub(super) fn own(request: &Request) -> (Answer, Vec<u8>) {
    let answer = |status, lines: &[&str], body: &str| {
        let lines = lines.iter().map(|&line| line.to_owned()).collect();
        let answer = Answer {
            status,
            lines,
            ..Answer::default()
        };
        (answer, body.as_bytes().to_vec())
    };
    match request.path.as_str() {
        PAGE_PATH | FRAME_PATH => answer(
            200,
            &["Content-Type: text/html", "Cache-Control: no-store"],
            PAGE,
        ),
        _ => answer(404, &[], ""),
    }
}

async fn read(stream: &mut impl Connection) -> Result<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 || bytes.len() > HEAD_LIMIT {
            bail!("no whole head");
        }
    };
    let body = bytes.split_off(end + 4);
    let head = text(&bytes);
    let mut lines = head.trim_end().split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let path = words.next().context("no path")?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    let mut request = Request {
        method,
        path,
        headers: headers.collect(),
        body,
    };
    read_body(stream, &mut request).await?;
    Ok(request)
}

async fn read_body(stream: &mut impl Connection, request: &mut Request) -> Result<()> {
    let length = match request.get("content-length") {
        Some(length) => length.parse()?,
        None => 0,
    };
    while request.body.len() < length {
        if stream.read_buf(&mut request.body).await? == 0 {
            bail!("no whole body");
        }
    }
    Ok(())
}

/// Isomorphic decode.
pub(super) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Isomorphic encode; whatever is no byte is a question mark.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    let byte = |char| u8::try_from(u32::from(char)).unwrap_or(b'?');
    text.chars().map(byte).collect()
}
