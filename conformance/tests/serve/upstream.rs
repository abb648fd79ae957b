//! A service that is as wrong of CORS as one can be: it lets everybody read.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

/// What RFC 6455 has a server add to the client's key.
const SOCKET: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A service, and the first lines of what it was asked.
pub(crate) struct Upstream {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Upstream {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                thread::spawn(move || while answer(&stream, &log).is_some() {});
            }
        });
        Self { url, seen }
    }

    /// How often it was asked for this.
    pub(crate) fn asked(&self, what: &str) -> usize {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|line| line.starts_with(what)).count()
    }
}

/// A request, as far as the answers need it.
pub(crate) struct Asked {
    pub(crate) line: String,
    lines: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn read(stream: &TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader
            .read_line(&mut line)
            .ok()
            .filter(|&length| length > 0)?;
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok()?;
            match line.split_once(':') {
                Some((name, value)) => {
                    lines.push((name.to_ascii_lowercase(), value.trim().to_owned()));
                }
                None => break,
            }
        }
        let mut asked = Self {
            line: line.trim().to_owned(),
            lines,
            body: String::new(),
        };
        let length = asked.get("content-length").and_then(|it| it.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        asked.body = String::from_utf8(body).ok()?;
        Some(asked)
    }

    fn get(&self, name: &str) -> Option<&str> {
        let mut lines = self.lines.iter();
        let found = lines.find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }
}

fn answer(mut stream: &TcpStream, log: &Mutex<Vec<String>>) -> Option<()> {
    let asked = Asked::read(stream)?;
    log.lock().unwrap().push(asked.line.clone());
    let (method, target) = asked.line.split_once(' ')?;
    let path = target.strip_suffix(" HTTP/1.1")?;
    let path = path.strip_prefix("/secure").unwrap_or(path);
    let (status, line, body) = match (method, path) {
        ("GET", "/orders") => ("200 OK", "X-Total: 2\r\nX-Secret: 42", "two of them"),
        ("PUT", "/orders") => ("200 OK", "X-Total: 1", asked.body.as_str()),
        ("GET", "/login") => ("200 OK", "Set-Cookie: who=fox; HttpOnly", "welcome"),
        ("GET", "/whoami") => ("200 OK", "X-A: b", asked.get("cookie").unwrap_or("nobody")),
        ("GET", "/moved") => ("302 Found", "Location: /orders", ""),
        ("GET", "/broken") => ("500 Internal Server Error", "X-A: b", "out of orders"),
        ("GET", "/hangs-up") => return None,
        ("GET", "/events") => return events(stream),
        ("GET", "/socket") => return socket(stream, asked.get("sec-websocket-key")?),
        _ => ("404 Not Found", "X-A: b", "no such thing"),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nAccess-Control-Allow-Origin: *\r\n{line}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .ok()
}

/// Two events, the second when the first should have arrived, and then nothing more for long.
fn events(mut stream: &TcpStream) -> Option<()> {
    let head = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
                Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).ok()?;
    for event in ["data: one\n\n", "data: two\n\n"] {
        write!(stream, "{:x}\r\n{event}\r\n", event.len()).ok()?;
        thread::sleep(Duration::from_millis(200));
    }
    thread::sleep(Duration::from_secs(20));
    None
}

/// Says back what it is told first.
fn socket(mut stream: &TcpStream, key: &str) -> Option<()> {
    let proof = format!("{key}{SOCKET}");
    let proof = digest(&SHA1_FOR_LEGACY_USE_ONLY, proof.as_bytes());
    let proof = BASE64_STANDARD.encode(proof);
    let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade";
    write!(stream, "{head}\r\nSec-WebSocket-Accept: {proof}\r\n\r\n").ok()?;
    let mut start = [0; 6];
    stream.read_exact(&mut start).ok()?;
    let [0x81, length, mask @ ..] = start else {
        return None;
    };
    let mut text = vec![0; usize::from(length & 0x7f)];
    stream.read_exact(&mut text).ok()?;
    let masked = text.iter_mut().zip(mask.iter().cycle());
    masked.for_each(|(byte, mask)| *byte ^= mask);
    stream.write_all(&[0x81, length & 0x7f]).ok()?;
    stream.write_all(&text).ok()?;
    // The close frame, whatever it says.
    let _ = stream.read(&mut [0; 64]);
    None
}
