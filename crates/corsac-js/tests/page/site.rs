//! A server on this machine that says what a case has it say, and keeps what it was told.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use corsac::fetch::Profile;
use corsac_js::PageConfig;

/// One request, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// `METHOD /path`.
    pub(crate) fn line(&self) -> &str {
        self.head
            .lines()
            .next()
            .unwrap()
            .trim_end_matches(" HTTP/1.1")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (it, value) = line.split_once(':')?;
            it.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Site {
    /// `answer` says all bytes that come back, in parts with 60 milliseconds between them; none hangs
    /// for ever.
    pub(crate) fn new(answer: impl Fn(&Asked) -> Vec<String> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let log = Arc::clone(&asked);
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    let mut head = String::new();
                    while !head.ends_with("\r\n\r\n") {
                        if reader.read_line(&mut head).unwrap_or(0) == 0 {
                            return;
                        }
                    }
                    let mut asked = Asked {
                        head,
                        body: Vec::new(),
                    };
                    let length = asked
                        .header("content-length")
                        .map_or(0, |it| it.parse().unwrap());
                    asked.body.resize(length, 0);
                    reader.read_exact(&mut asked.body).unwrap();
                    log.lock().unwrap().push(asked.clone());
                    let parts = answer(&asked);
                    if parts.is_empty() {
                        thread::sleep(Duration::from_secs(10));
                    }
                    for (at, part) in parts.iter().enumerate() {
                        if at > 0 {
                            thread::sleep(Duration::from_millis(60));
                        }
                        // A page may hang up.
                        let _sent = stream.write_all(part.as_bytes());
                    }
                });
            }
        });
        Self { address, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The method and path of each request.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked()
            .iter()
            .map(|asked| asked.line().to_owned())
            .collect()
    }

    /// A page of `http://sitea.localhost` that finds this site at both its own host and
    /// `http://siteb.localhost`.
    pub(crate) fn config(&self) -> PageConfig {
        let mut config = super::config();
        config.agent.profile = Profile::FETCH;
        for host in ["sitea.localhost", "siteb.localhost"] {
            config.agent.resolver.map(host, 80, self.address);
        }
        config
    }
}

/// A whole answer: status line, header lines and body, with its length.
pub(crate) fn whole(status: &str, headers: &[&str], body: &str) -> Vec<String> {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    vec![format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )]
}

/// What Site B of most cases does: grants by path.
///
/// | path | answer |
/// |---|---|
/// | `/open…` | Allow-Origin `*`, Expose-Headers `X-Shown` |
/// | `/a…` | Allow-Origin of Site A, with credentials |
/// | `/put` | a preflight that grants PUT and Content-Type, and what follows |
/// | `/slow` | two parts of a body, with a pause |
/// | `/cut` | half of its body |
/// | `/moved` | to `/open` |
/// | `/again` | to `/open`, by the same method |
/// | `/hang` | never |
/// | `/dropped` | hangs up |
/// | any other | nothing of CORS |
pub(crate) fn site_b(asked: &Asked) -> Vec<String> {
    const A: &str = "Access-Control-Allow-Origin: http://sitea.localhost";
    let path = asked.line().split(' ').nth(1).unwrap();
    if asked.line().starts_with("OPTIONS") && path != "/put" {
        return whole("403 Forbidden", &[], "");
    }
    match path.split('?').next().unwrap() {
        "/put" if asked.line().starts_with("OPTIONS") => whole(
            "204 No Content",
            &[
                A,
                "Access-Control-Allow-Methods: PUT",
                "Access-Control-Allow-Headers: content-type",
            ],
            "",
        ),
        "/put" => whole("200 OK", &[A], "put"),
        "/moved" => whole(
            "302 Found",
            &["Location: /open#there", "Access-Control-Allow-Origin: *"],
            "",
        ),
        "/again" => whole("307 Temporary Redirect", &["Location: /open"], ""),
        "/hang" => Vec::new(),
        "/dropped" => vec![String::new()],
        "/slow" => vec![
            format!("HTTP/1.1 200 OK\r\nConnection: close\r\n{A}\r\nContent-Length: 6\r\n\r\nabc"),
            "def".to_owned(),
        ],
        "/cut" => vec![format!(
            "HTTP/1.1 200 OK\r\n{A}\r\nContent-Length: 6\r\n\r\nabc"
        )],
        "/empty" => whole("204 No Content", &[A], ""),
        path if path.starts_with("/open") => whole(
            "200 Fine",
            &[
                "Access-Control-Allow-Origin: *",
                "Access-Control-Expose-Headers: X-Shown",
                "X-Shown: yes",
                "X-Hidden: no",
                "Content-Type: text/plain; charset=windows-1252",
                "Set-Cookie: a=b",
            ],
            "open",
        ),
        path if path.starts_with("/json") => whole(
            "200 OK",
            &["Access-Control-Allow-Origin: *"],
            r#"{"a":[1]}"#,
        ),
        path if path.starts_with("/a") => whole(
            "200 OK",
            &[A, "Access-Control-Allow-Credentials: true"],
            "a",
        ),
        _ => whole("200 OK", &[], "secret"),
    }
}
