//! Servers in memory: the page's own, and one of another origin, which has a secret.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use corsac_agent::{AgentConfig, Dialer, HttpVersion};

use crate::{
    agent::stream::{Script, Stream},
    chance::Chance,
};

pub(super) const PAGE: &str = "http://sitea.com/dir/page";

/// What every answer of the other origin has in it somewhere. No act of a script has.
pub(super) const SECRET: &str = "s3cr3t";

/// What a server says on one connection: nothing before the first request, then a part to each.
type Connection = Vec<Vec<u8>>;

/// What both servers say, connection by connection, again and again.
pub(super) struct Site {
    own: Vec<Connection>,
    other: Vec<Connection>,
    speech: Script,
}

impl Site {
    pub(super) fn new(chance: &mut Chance<'_>) -> Self {
        let may_grant = chance.flag();
        let mut site = Self {
            own: vec![vec![Vec::new()]],
            other: vec![vec![Vec::new()]],
            speech: Script {
                piece: chance.pick(&[usize::MAX, usize::MAX, 7, 1]),
                hangs_up: chance.byte() < 224,
                is_http2: false,
            },
        };
        for _ in 0..1 + chance.byte() % 8 {
            let choice = chance.byte();
            let (connections, grants) = match choice & 1 {
                0 => (&mut site.own, true),
                _ => (&mut site.other, may_grant),
            };
            if choice & 14 == 0 {
                connections.push(vec![Vec::new()]);
            }
            let answer = answer(chance, grants);
            connections.last_mut().unwrap().push(answer);
        }
        site.with_words()
    }

    /// Both say the same, once.
    #[cfg(test)]
    pub(super) fn of(answer: &str) -> Self {
        let said = vec![vec![Vec::new(), answer.into()]];
        let site = Self {
            own: said.clone(),
            other: said,
            speech: Script {
                piece: usize::MAX,
                hangs_up: true,
                is_http2: false,
            },
        };
        site.with_words()
    }

    fn with_words(mut self) -> Self {
        for (connections, word) in [(&mut self.own, "public"), (&mut self.other, SECRET)] {
            for part in connections.iter_mut().flatten() {
                *part = replace(part, word.as_bytes());
            }
        }
        self
    }

    /// Whether the other origin lets anybody read anything.
    pub(super) fn grants(&self) -> bool {
        let mut said = self.other.iter().flatten();
        said.any(|part| {
            let lower = part.to_ascii_lowercase();
            lower.windows(13).any(|it| it == b"access-contro")
        })
    }

    /// Has an agent speak to these, and wait little for them.
    pub(super) fn serve(self, agent: &mut AgentConfig) {
        let dialed: Arc<Mutex<HashMap<bool, usize>>> = Arc::default();
        agent.http_version = HttpVersion::Http1;
        agent.dialer = Some(Dialer::new(move |url| {
            // Reading the certificates of a whole machine takes longer than anything else here.
            if url.scheme() != "http" {
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            let is_own = url.origin().ascii_serialization() == "http://sitea.com";
            let connections = if is_own { &self.own } else { &self.other };
            let mut dialed = dialed.lock().unwrap();
            let count = dialed.entry(is_own).or_default();
            let said = connections[*count % connections.len()].clone();
            *count += 1;
            let peer = ([203, 0, 113, 1], 80).into();
            Ok((Box::new(Stream::new(said, self.speech)), peer))
        }));
        let little = Duration::from_millis(20);
        agent.deadlines.head = little;
        agent.deadlines.body = little;
        agent.deadlines.unread_body = little;
        agent.limits.head_bytes = 2048;
        agent.limits.body_bytes = 4096;
        agent.limits.unread_body_bytes = 512;
    }
}

/// What an answer says in place of it is the server's.
const PLACE: &[u8] = b"{WORD}";

fn replace(part: &[u8], word: &[u8]) -> Vec<u8> {
    let mut to = Vec::new();
    let mut at = 0;
    while at < part.len() {
        if part[at..].starts_with(PLACE) {
            to.extend_from_slice(word);
            at += PLACE.len();
        } else {
            to.push(part[at]);
            at += 1;
        }
    }
    to
}

/// A whole answer as a rule; any lines and bytes otherwise.
fn answer(chance: &mut Chance<'_>, grants: bool) -> Vec<u8> {
    const STARTS: [&[u8]; 10] = [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 {WORD}\r\n",
        b"HTTP/1.1 204 \r\n",
        b"HTTP/1.1 302 \r\nLocation: http://siteb.com/{WORD}\r\n",
        b"HTTP/1.1 307 \r\nLocation: http://sitea.com/{WORD}\r\n",
        b"HTTP/1.1 302 \r\nLocation: data:,{WORD}\r\n",
        b"HTTP/1.1 404 \r\n",
        b"HTTP/1.1 304 \r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 999 \xff\r\n",
    ];
    const GRANTS: [&[u8]; 7] = [
        b"Access-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: *\r\n",
        b"Access-Control-Allow-Origin: http://sitea.com\r\nAccess-Control-Allow-Credentials: true\r\n",
        b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: *\r\nAccess-Control-Allow-Headers: *\r\n",
        b"Access-Control-Allow-Origin: null\r\n",
        b"Access-Control-Allow-Methods: PUT\r\nAccess-Control-Allow-Headers: x-a, content-type\r\n",
        b"Access-Control-Expose-Headers: X-Word, Set-Cookie\r\n",
        b"Access-Control-Max-Age: 5\r\n",
    ];
    const LINES: [&[u8]; 14] = [
        b"X-Word: {WORD}\r\n",
        b"Content-Type: text/html;charset=utf-16\r\n",
        b"Content-Type: application/json\r\n",
        b"Content-Type: multipart/form-data; boundary=b\r\n",
        b"Content-Type: {WORD}\r\n",
        b"Set-Cookie: {WORD}=b; SameSite=None\r\n",
        b"Content-Length: 99999999999999999999\r\n",
        b"Cache-Control: {WORD}\r\n",
        b"Cross-Origin-Resource-Policy: same-origin\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Refresh: 0\r\n",
        b"X-\xff: \x80\r\n",
        b"Connection: close\r\n",
        b" folded {WORD}\r\n",
    ];
    const BODIES: [&[u8]; 8] = [
        b"Content-Length: 6\r\n\r\n{WORD}",
        b"Transfer-Encoding: chunked\r\n\r\n6\r\n{WORD}\r\n1\r\n\xff\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n6\r\n{WORD}\r\n1\r\n",
        b"Content-Length: 30\r\n\r\nconsole.debug('saw: {WORD}')//",
        b"Content-Length: 12\r\n\r\n{\"{WORD}\":1}\n",
        b"Content-Length: 63\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{WORD}\r\n--b--\r\n",
        b"Content-Length: 7\r\n\r\n{WORD}",
        b"\r\n{WORD}",
    ];
    let mut answer = Vec::new();
    let kind = chance.byte();
    if kind >= 224 {
        for _ in 0..chance.byte() % 12 {
            match chance.byte() {
                0..96 => answer.extend_from_slice(chance.pick(&LINES)),
                96..128 => answer.extend_from_slice(chance.pick(&STARTS)),
                128..160 => answer.extend_from_slice(chance.pick(&BODIES)),
                _ => answer.extend(chance.bytes()),
            }
        }
        return answer;
    }
    let start = if kind < 128 { 0 } else { chance.byte() };
    answer.extend_from_slice(STARTS[usize::from(start) % STARTS.len()]);
    if grants {
        answer.extend_from_slice(chance.pick(&GRANTS));
    }
    for _ in 0..chance.byte() % 4 {
        match grants && chance.flag() {
            true => answer.extend_from_slice(chance.pick(&GRANTS)),
            false => answer.extend_from_slice(chance.pick(&LINES)),
        }
    }
    answer.extend_from_slice(chance.pick(&BODIES));
    answer
}
