//! Both sites for a real browser: a page of Site A that plays the scenes in it.

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use corsac::header::HeaderList;
use serde::Serialize;

use super::{
    play::Played,
    scenes::Told,
    site_b::{Request, Response, Served, read_request, respond, serve_as, write_response},
};
use crate::{json::isomorphic_decode, terminal::ascii};

/// A browser opens connections that it may never use.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many requests are remembered for the page; it takes each scene's at once.
const REMEMBERED: usize = 1000;

/// The two sites, under names that every browser takes to this machine. They end with the process.
#[derive(Debug)]
pub(super) struct Kept {
    port: u16,
}

struct Shared {
    served: Vec<Served>,
    scenes: String,
    exchanges: Mutex<HashMap<String, Vec<Exchange>>>,
}

/// One exchange, in the words of the server.
#[derive(Clone, Debug, Serialize)]
struct Exchange {
    method: String,
    sent: Vec<String>,
    received: Vec<String>,
}

/// What the sites are called here.
#[derive(Clone, Copy, Debug)]
struct Names {
    port: u16,
    other_port: u16,
}

impl Names {
    fn of(self, text: &str) -> String {
        let Self { port, other_port } = self;
        text.replace("sitea.com:8080", &format!("sitea.localhost:{other_port}"))
            .replace("sitea.com", &format!("sitea.localhost:{port}"))
            .replace("siteA.com", &format!("siteA.localhost:{port}"))
            .replace("siteb.localhost", "siteb.com")
            .replace("siteb.com", &format!("siteb.localhost:{port}"))
            .replace("sitec.com", &format!("sitec.localhost:{port}"))
    }
}

impl Kept {
    /// Listens on two free ports of this machine; `played` is what must come.
    pub(super) fn start(played: &[Played]) -> io::Result<Self> {
        let listen = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let (first, other) = (listen()?, listen()?);
        let names = Names {
            port: first.local_addr()?.port(),
            other_port: other.local_addr()?.port(),
        };
        let scenes: Vec<_> = played.iter().map(|it| SceneJson::of(it, names)).collect();
        let shared = Arc::new(Shared {
            served: serve_as(|text| names.of(text))?,
            scenes: serde_json::to_string(&scenes)?,
            exchanges: Mutex::default(),
        });
        for listener in [first, other] {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let shared = Arc::clone(&shared);
                    // A connection that fails is its peer's loss.
                    thread::spawn(move || serve(stream, &shared));
                }
            });
        }
        Ok(Self { port: names.port })
    }

    /// What to open.
    pub(super) fn url(&self) -> String {
        format!("http://sitea.localhost:{}/", self.port)
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = read_request(&mut stream)?;
    let response = match of_the_page(&request, shared) {
        Some(response) => response,
        None => {
            let response = respond(&request, &shared.served);
            shared.remember(&request, &response);
            response
        }
    };
    write_response(
        &mut stream,
        response.status,
        &response.header_list,
        &response.body,
    )
}

/// What the page itself is made of.
fn of_the_page(request: &Request, shared: &Shared) -> Option<Response> {
    let (content_type, body) = match request.path.as_str() {
        "/" => (
            "text/html; charset=utf-8",
            include_str!("page.html").to_owned(),
        ),
        "/page.css" => ("text/css", include_str!("page.css").to_owned()),
        "/page.js" => ("text/javascript", include_str!("page.js").to_owned()),
        "/frame" => (
            "text/html; charset=utf-8",
            "<!doctype html><script src=\"/page.js\"></script>".to_owned(),
        ),
        "/scenes" => ("application/json", shared.scenes.clone()),
        "/exchanges" => ("application/json", shared.recall(&request.query)),
        _ => return None,
    };
    let lines = [
        ("Content-Type", content_type),
        ("Cache-Control", "no-store"),
    ];
    Some(Response {
        status: 200,
        header_list: lines.into_iter().collect(),
        body,
    })
}

impl Shared {
    fn remember(&self, request: &Request, response: &Response) {
        let Request { method, path, .. } = request;
        let mut sent = vec![format!("{method} {path}")];
        sent.extend(lines(&request.header_list));
        let mut received = vec![response.status.to_string()];
        received.extend(lines(&response.header_list));
        let exchange = Exchange {
            method: method.clone(),
            sent,
            received,
        };
        let mut exchanges = self
            .exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if exchanges.len() < REMEMBERED {
            exchanges
                .entry(request.query.clone())
                .or_default()
                .push(exchange);
        }
    }

    fn recall(&self, query: &str) -> String {
        let mut exchanges = self
            .exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let found = exchanges.remove(query).unwrap_or_default();
        serde_json::to_string(&found).unwrap_or_default()
    }
}

fn lines(list: &HeaderList) -> impl Iterator<Item = String> + '_ {
    list.iter().map(|header| {
        format!(
            "{}: {}",
            ascii(header.name()),
            isomorphic_decode(header.value())
        )
    })
}

/// A scene as the page needs it.
#[derive(Serialize)]
struct SceneJson {
    id: &'static str,
    title: &'static str,
    says: &'static str,
    asks: Vec<AskJson>,
}

#[derive(Serialize)]
struct AskJson {
    /// `xhr` or `fetch`, where a scene is about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    page: String,
    method: &'static str,
    url: String,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    /// What must come.
    readable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'static str>,
    sent: &'static [&'static str],
}

impl SceneJson {
    fn of(played: &Played, names: Names) -> Self {
        let scene = played.scene;
        let asks = scene.asks.iter().map(|ask| {
            let code = match ask.told {
                Told::Readable => None,
                Told::Blocked(code, _) => Some(code),
            };
            AskJson {
                by: ask.by.name(),
                page: names.of(ask.page),
                method: ask.method,
                url: names.of(ask.url),
                headers: ask.headers,
                body: ask.body,
                readable: ask.told == Told::Readable,
                code: code.map(|code| code.name()),
                title: code.map(|code| code.title()),
                sent: ask.sent,
            }
        });
        Self {
            id: scene.id,
            title: scene.title,
            says: scene.says,
            asks: asks.collect(),
        }
    }
}
