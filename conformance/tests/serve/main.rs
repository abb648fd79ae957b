//! Pages in real browsers that ask through `corsac serve`: each reads what the policy says, whatever
//! the service behind it says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod serving;
mod upstream;

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

use conformance::browsers::{Browser, Engine};
use tempfile::TempDir;

use serving::Serving;
use upstream::{Asked, Upstream};

/// A browser that does not say what it read by then says nothing.
const PATIENCE: Duration = Duration::from_secs(90);

const GRANTED: &str = "\
simple: 200 2 - two of them
login: 200 - - welcome
without cookies: 200 - - nobody
with cookies: 200 - - who=fox
preflighted: 200 1 - [1]
preflighted, to https: 200 1 - [1]
another method: TypeError
another header: TypeError
redirected: 200 2 - two of them
not found: 404 - - no such thing
broken: 500 - - out of orders
broken off: 502 - - the service behind this server broke off
nobody there: 502 - - the service behind this server can't be reached
events: heard one, two
events, with cookies: heard one, two
socket: heard ping";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_in_chromium_read_what_the_policy_says() {
    through(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_in_firefox_read_what_the_policy_says() {
    through(Engine::Firefox).await;
}

async fn through(engine: Engine) {
    if let Some(missing) = engine.missing() {
        assert!(std::env::var_os("CI").is_none(), "{missing} is not here");
        eprintln!("not run: {missing} is not here");
        return;
    }
    let upstream = Upstream::start();
    let (listed, stranger) = (Page::bind(), Page::bind());
    let folder = TempDir::with_prefix("corsac-serve-").unwrap();
    let authority = folder.path().join("authority.pem");
    let authority = authority.to_str().unwrap();
    // The same service over https. It grants nothing itself: what pages read is the outer one's word.
    let up = ["--upstream", &upstream.url];
    let inner = Serving::start(&[&up[..], &["--tls-local", "--tls-local-ca", authority]].concat());
    let secure = format!("/secure=https://localhost:{}", inner.port);
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("/dead=http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let serving = Serving::start(
        &[
            &up[..],
            &["--upstream", &secure, "--upstream", &dead],
            &["--upstream-cacert", authority, "--allow-credentials"],
            &["--allow-origin", &listed.origin, "--allow-method", "PUT"],
            &[
                "--allow-header",
                "content-type",
                "--expose-header",
                "x-total",
            ],
        ]
        .concat(),
    );
    let mut browser = Browser::start(engine, "").await.unwrap();

    assert_eq!(listed.open(&mut browser, serving.port).await, GRANTED);
    assert_eq!(upstream.asked("DELETE"), 0);
    assert_eq!(upstream.asked("OPTIONS"), 0);
    assert_eq!(upstream.asked("GET /socket"), 1);
    let puts = (
        upstream.asked("PUT /orders"),
        upstream.asked("PUT /secure/orders"),
    );
    assert_eq!(puts, (1, 1));

    let said = stranger.open(&mut browser, serving.port).await;
    assert_eq!(said.lines().count(), GRANTED.lines().count());
    for line in said.lines() {
        let (what, got) = line.split_once(": ").unwrap();
        let nothing = match what {
            "events" | "events, with cookies" => "error",
            "socket" => "closed 1006",
            _ => "TypeError",
        };
        assert_eq!(got, nothing, "{what}");
    }
    // What needs no preflight is sent, as CORS has it, but a WebSocket is stopped, and a preflight too.
    assert_eq!(upstream.asked("GET /orders"), 3);
    assert_eq!(upstream.asked("GET /socket"), 1);
    assert_eq!(upstream.asked("PUT /orders"), 1);
}

/// A page of an origin of its own.
struct Page {
    origin: String,
    listener: TcpListener,
}

impl Page {
    fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        Self {
            origin: format!("http://localhost:{port}"),
            listener,
        }
    }

    /// Has a browser open it, and gives what it says it read.
    async fn open(self, browser: &mut Browser, port: u16) -> String {
        let html = include_str!("page.html").replace("API", &format!("http://localhost:{port}"));
        let (said, hears): (Sender<String>, Receiver<String>) = mpsc::channel();
        thread::spawn(move || {
            for stream in self.listener.incoming().flatten() {
                let (html, said) = (html.clone(), said.clone());
                // A connection that the browser opens in advance must not hold up the others.
                thread::spawn(move || serve(&stream, &html, &said));
            }
        });
        browser.open(&format!("{}/", self.origin)).await.unwrap();
        tokio::task::spawn_blocking(move || hears.recv_timeout(PATIENCE))
            .await
            .unwrap()
            .unwrap()
    }
}

fn serve(mut stream: &TcpStream, html: &str, said: &Sender<String>) -> Option<()> {
    let asked = Asked::read(stream)?;
    let is_said = asked.line.starts_with("POST /said ");
    if is_said {
        said.send(asked.body).ok()?;
    }
    let text = if is_said { "" } else { html };
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{text}"
    )
    .ok()
}
