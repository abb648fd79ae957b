//! A port for those who run the gateway.

use std::{
    convert::Infallible, io, net::TcpListener as StdListener, sync::Arc, thread, time::Duration,
};

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::TcpListener,
    task::{self, LocalSet},
    time::sleep,
};

use crate::{body::Body, hosts::Hosts, worker};

/// What is said at a path, if anything.
pub type Pages = dyn Fn(&str) -> Option<Page> + Send + Sync;

/// What is said to somebody who asks about the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Whether all is well.
    pub status: StatusCode,
    /// What the text is.
    pub content_type: &'static str,
    /// The text.
    pub text: String,
}

/// How long whoever asks may take to do so.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers GET by these pages, on a thread of its own, for as long as the process lives.
///
/// Host has to be `localhost`, a name below it or a literal address, so that no page of a browser
/// reads it by a name of its own (DNS rebinding).
///
/// # Errors
/// If the thread or its runtime can't be had.
pub fn serve_pages(listener: StdListener, pages: Arc<Pages>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = worker::runtime()?;
    let thread = thread::Builder::new().name("corsac-admin".to_owned());
    thread.spawn(move || {
        let tasks = LocalSet::new();
        runtime.block_on(tasks.run_until(accept(listener, pages)));
    })?;
    Ok(())
}

async fn accept(listener: StdListener, pages: Arc<Pages>) {
    // It can't be had on a thread without a runtime, and this has one.
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let pages = Arc::clone(&pages);
        task::spawn_local(async move {
            let service = service_fn(|request| {
                let response = answer(&request, &*pages);
                async { Ok::<_, Infallible>(response) }
            });
            // What goes wrong, whoever asked knows.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

fn answer(request: &Request<Incoming>, pages: &Pages) -> Response<Body> {
    if let Err(refusal) = Hosts::new(&[]).check(request) {
        return refusal.response();
    }
    let (status, content_type, text) = match *request.method() {
        Method::GET | Method::HEAD => match pages(request.uri().path()) {
            Some(page) => (page.status, page.content_type, page.text),
            None => (
                StatusCode::NOT_FOUND,
                TEXT,
                "there is no such page\n".to_owned(),
            ),
        },
        _ => (
            StatusCode::METHOD_NOT_ALLOWED,
            TEXT,
            "these pages are only read\n".to_owned(),
        ),
    };
    let mut response = Response::new(Body::Words(text.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

const TEXT: &str = "text/plain; charset=utf-8";
