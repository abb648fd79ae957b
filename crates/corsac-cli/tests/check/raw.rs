//! A server that says exactly the bytes it is told to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// What came in: the request line and the header lines.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
}

/// Answers one request a connection, until it is dropped.
pub(crate) struct Raw {
    address: SocketAddr,
    over: Arc<AtomicBool>,
}

impl Raw {
    /// Says to each request what this says; an empty answer just hangs up.
    pub(crate) fn start(answer: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start_on("127.0.0.1:0", answer)
    }

    pub(crate) fn start_on(
        address: &str,
        answer: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let (ends, answer) = (Arc::clone(&over), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ends.load(Ordering::Relaxed) {
                    break;
                }
                let (Ok(stream), answer) = (stream, Arc::clone(&answer)) else {
                    continue;
                };
                thread::spawn(move || serve(stream, &*answer));
            }
        });
        Self { address, over }
    }

    /// The same answer to everything.
    pub(crate) fn saying(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref().to_vec();
        Self::start(move |_| bytes.clone())
    }

    /// One answer to preflights, another to everything else.
    pub(crate) fn preflighted(preflight: impl AsRef<[u8]>, actual: impl AsRef<[u8]>) -> Self {
        let (preflight, actual) = (preflight.as_ref().to_vec(), actual.as_ref().to_vec());
        Self::start(move |asked| match asked.method.as_str() {
            "OPTIONS" => preflight.clone(),
            _ => actual.clone(),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(stream: TcpStream, answer: &dyn Fn(&Asked) -> Vec<u8>) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let mut reader = BufReader::new(&stream);
    let Some((asked, length)) = head(&mut reader) else {
        let _ = (&stream).write_all(&response("400 Bad Request", &[]));
        return;
    };
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let _ = (&stream).write_all(&answer(&asked));
    let _ = stream.shutdown(Shutdown::Write);
    // Whoever closes with bytes unread resets, and takes the answer with it.
    let _ = std::io::copy(&mut reader, &mut std::io::sink());
}

fn head(reader: &mut impl BufRead) -> Option<(Asked, usize)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let asked = Asked {
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
    };
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(':') {
            None => return Some((asked, length)),
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok()?;
            }
            Some(_) => {}
        }
    }
}

/// A response of a status and header lines, with a body of two bytes.
pub(crate) fn response(status: &str, lines: &[&str]) -> Vec<u8> {
    let mut response = format!("HTTP/1.1 {status}\r\n");
    for line in lines {
        response.push_str(line);
        response.push_str("\r\n");
    }
    let body = match status.starts_with("204") || status.starts_with("304") {
        true => "\r\n",
        false => "Content-Length: 2\r\n\r\nhi",
    };
    response.push_str("Connection: close\r\n");
    response.push_str(body);
    response.into_bytes()
}
