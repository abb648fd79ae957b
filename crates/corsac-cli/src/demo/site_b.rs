//! Site B: a server on loopback that says what a policy decided, and nothing of its own.
//!
//! It has no rule of CORS in it. Where a scene needs a server that is wrong, its lines are written
//! out in the table of resources.

use std::{
    fmt,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use corsac::{
    header::HeaderList,
    policy::{Listing, Policy, PolicyConfig, RequestHead},
};
use corsac_agent::wire::{lines, parse_field_lines};

use super::scenes::RESOURCES;

/// How many connections are served at once. Each one that says nothing is given up in seconds.
const WORKERS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(5);
const HEAD_LIMIT: usize = 64 * 1024;
const HEAD_LINES: usize = 200;
const BODY_LIMIT: usize = 1024 * 1024;

/// One thing that Site B serves.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) path: &'static str,
    /// In words, what it grants.
    pub(super) says: &'static str,
    pub(super) answer: Answer,
    pub(super) body: &'static str,
}

/// Where a resource's CORS headers come from.
#[derive(Debug)]
pub(super) enum Answer {
    /// What the policy decides.
    Policy(fn() -> PolicyConfig),
    /// What the policy decides for preflights; for all else somebody forgot.
    ForgetsActual(fn() -> PolicyConfig),
    /// These lines, whoever asks: written by hand, and wrong.
    ByHand(&'static [(&'static str, &'static str)]),
}

/// One request, by Site B's own log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) origin: Option<String>,
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        match &self.origin {
            Some(origin) => write!(f, " from {origin}"),
            None => Ok(()),
        }
    }
}

/// The running server. It ends with the process; once this is dropped, its log goes to stderr.
#[derive(Debug)]
pub(super) struct SiteB {
    address: SocketAddr,
    log: mpsc::Receiver<Received>,
}

/// A resource with its policy built, for sites that may go by other names than in the table.
#[derive(Debug)]
pub(super) struct Served {
    resource: &'static Resource,
    policy: Policy,
    /// What is answered by hand.
    by_hand: HeaderList,
}

/// What is answered.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) header_list: HeaderList,
    pub(super) body: String,
}

impl SiteB {
    /// Listens on a free port of 127.0.0.1.
    pub(super) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let served: Arc<[Served]> = serve_as(str::to_owned)?.into();
        let (sender, log) = mpsc::channel();
        for _ in 0..WORKERS {
            let listener = listener.try_clone()?;
            let (served, sender) = (Arc::clone(&served), sender.clone());
            thread::spawn(move || {
                for stream in listener.incoming() {
                    // A connection that fails is its peer's loss; the next one is served.
                    let _ = stream.and_then(|stream| serve(stream, &served, &sender));
                }
            });
        }
        Ok(Self { address, log })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What came since the last time somebody asked. A request is logged before it is answered.
    pub(super) fn received(&self) -> Vec<Received> {
        self.log.try_iter().collect()
    }
}

/// The resources, where `named` says by what name a site goes.
pub(super) fn serve_as(named: impl Fn(&str) -> String) -> io::Result<Vec<Served>> {
    let served = |resource: &'static Resource| {
        let (mut config, lines) = match resource.answer {
            Answer::Policy(config) | Answer::ForgetsActual(config) => (config(), &[][..]),
            Answer::ByHand(lines) => (PolicyConfig::default(), lines),
        };
        if let Listing::List(origins) = &mut config.allow_origins {
            origins
                .iter_mut()
                .for_each(|origin| *origin = named(&origin.to_string()).into());
        }
        let lines = lines.iter().map(|(name, value)| (*name, named(value)));
        Ok(Served {
            resource,
            policy: Policy::new(config).map_err(io::Error::other)?,
            by_hand: lines.collect(),
        })
    };
    RESOURCES.iter().map(served).collect()
}

fn serve(mut stream: TcpStream, served: &[Served], log: &mpsc::Sender<Received>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = match read_request(&mut stream) {
        Ok(request) => request,
        Err(error) => {
            return write_response(&mut stream, 400, &HeaderList::new(), &error.to_string());
        }
    };
    let origin = request.header_list.get("Origin");
    let received = Received {
        method: request.method.clone(),
        path: request.path.clone(),
        origin: origin.map(|origin| origin.escape_ascii().to_string()),
    };
    // A log that nobody keeps any more is for people to read, if they can be told.
    if let Err(mpsc::SendError(received)) = log.send(received) {
        let _ = writeln!(io::stderr(), "{received}");
    }
    let Response {
        status,
        header_list,
        body,
    } = respond(&request, served);
    write_response(&mut stream, status, &header_list, &body)
}

/// What Site B answers.
pub(super) fn respond(request: &Request, served: &[Served]) -> Response {
    let found = served.iter().find(|it| it.resource.path == request.path);
    let Some(Served {
        resource,
        policy,
        by_hand,
    }) = found
    else {
        return Response {
            status: 404,
            header_list: HeaderList::new(),
            body: "no such page\n".to_owned(),
        };
    };
    let head = RequestHead::of_list(request.method.as_bytes(), &request.header_list);
    let decision = policy.decide(&head);
    let mut header_list = HeaderList::new();
    let mut status = decision.answer().map(|status| status.as_u16());
    match resource.answer {
        Answer::ForgetsActual(_) if status.is_none() => {}
        Answer::Policy(_) | Answer::ForgetsActual(_) => {
            decision.apply(&request.header_list, &mut header_list);
        }
        Answer::ByHand(_) => {
            status = (request.method == "OPTIONS").then_some(204);
            header_list.clone_from(by_hand);
        }
    }
    let body = match (status, request.method.as_str()) {
        (None, "HEAD") | (Some(_), _) => "",
        (None, _) => resource.body,
    };
    Response {
        status: status.unwrap_or(200),
        header_list,
        body: body.to_owned(),
    }
}

/// A request as it was read.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// What follows the question mark.
    pub(super) query: String,
    pub(super) header_list: HeaderList,
}

/// Reads one request, and its body to the end, so that closing the connection cuts nothing off.
pub(super) fn read_request(stream: &mut TcpStream) -> io::Result<Request> {
    let bad = |why: &'static str| io::Error::new(io::ErrorKind::InvalidData, why);
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let mut read = |bytes: &mut Vec<u8>| match stream.read(&mut buffer)? {
        0 => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
        length => {
            bytes.extend_from_slice(buffer.get(..length).unwrap_or_default());
            Ok(())
        }
    };
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end + 4;
        }
        if bytes.len() > HEAD_LIMIT {
            return Err(bad("the head is too long\n"));
        }
        read(&mut bytes)?;
    };
    let head = bytes.get(..end).unwrap_or_default();
    let first = lines(head).next().and_then(Result::ok).unwrap_or_default();
    let first = str::from_utf8(first).unwrap_or_default();
    let mut words = first.split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(bad("no request line\n"));
    };
    let rest = head.splitn(2, |&byte| byte == b'\n').nth(1);
    let header_list = parse_field_lines(rest.unwrap_or_default(), HEAD_LINES)
        .map_err(|_| bad("the head is not well formed\n"))?;
    let length = match header_list.get("Content-Length") {
        None => 0,
        Some(value) => str::from_utf8(&value)
            .ok()
            .and_then(|value| value.parse::<usize>().ok())
            .filter(|&length| length <= BODY_LIMIT)
            .ok_or_else(|| bad("the body is too long\n"))?,
    };
    let request = Request {
        method: method.to_owned(),
        path: target.split('?').next().unwrap_or_default().to_owned(),
        query: target.split('?').nth(1).unwrap_or_default().to_owned(),
        header_list,
    };
    while bytes.len() < end + length {
        read(&mut bytes)?;
    }
    Ok(request)
}

pub(super) fn write_response(
    stream: &mut TcpStream,
    status: u16,
    header_list: &HeaderList,
    body: &str,
) -> io::Result<()> {
    let status_message = match status {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        403 => "Forbidden",
        _ => "Not Found",
    };
    let mut response = format!("HTTP/1.1 {status} {status_message}\r\n").into_bytes();
    for header in header_list {
        for part in [header.name(), b": ", header.value(), b"\r\n"] {
            response.extend_from_slice(part);
        }
    }
    if status != 204 {
        if !header_list.contains("Content-Type") {
            response.extend_from_slice(b"Content-Type: text/plain\r\n");
        }
        let body_lines = format!("Content-Length: {}\r\n", body.len());
        response.extend_from_slice(body_lines.as_bytes());
    }
    response.extend_from_slice(b"Connection: close\r\n\r\n");
    response.extend_from_slice(body.as_bytes());
    stream.write_all(&response)
}
