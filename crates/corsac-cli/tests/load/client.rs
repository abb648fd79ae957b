//! Clients that keep their connections, as browsers do, and forgive nothing.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use crate::serving::ORIGIN;

/// What one can wait for here.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An answer, as far as it matters.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) is_granted: bool,
    pub(crate) ends: bool,
}

/// A connection that is kept until the server says that it ends.
pub(crate) struct Client {
    port: u16,
    stream: Option<BufReader<TcpStream>>,
    line: String,
}

impl Client {
    pub(crate) fn new(port: u16) -> Self {
        Self {
            port,
            stream: None,
            line: String::new(),
        }
    }

    /// Over a connection that is there.
    pub(crate) fn with(stream: TcpStream) -> io::Result<Self> {
        let mut this = Self::new(stream.peer_addr()?.port());
        this.keep(stream)?;
        Ok(this)
    }

    fn keep(&mut self, stream: TcpStream) -> io::Result<&mut BufReader<TcpStream>> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(self.stream.insert(BufReader::with_capacity(1024, stream)))
    }

    pub(crate) fn connect(&mut self) -> io::Result<&mut BufReader<TcpStream>> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(("127.0.0.1", self.port))?;
            self.keep(stream)?;
        }
        Ok(self.stream.as_mut().unwrap())
    }

    /// One request, sent once.
    pub(crate) fn ask(&mut self) -> io::Result<Answer> {
        self.ask_for("/x")
    }

    pub(crate) fn ask_for(&mut self, path: &str) -> io::Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: {ORIGIN}\r\n\r\n");
        self.connect()?.get_mut().write_all(request.as_bytes())?;
        let answer = self.read();
        if !answer.as_ref().is_ok_and(|answer| !answer.ends) {
            self.stream = None;
        }
        answer
    }

    fn read(&mut self) -> io::Result<Answer> {
        let mut answer = Answer {
            status: 0,
            is_granted: false,
            ends: false,
        };
        let mut length = 0;
        let mut line = std::mem::take(&mut self.line);
        let stream = self.connect()?;
        loop {
            line.clear();
            if stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line == "\r\n" {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.trim();
            match name {
                "access-control-allow-origin" => answer.is_granted = value == ORIGIN,
                "content-length" => length = value.parse().unwrap(),
                "connection" => answer.ends = value == "close",
                first if first.starts_with("HTTP/1.1 ") => {
                    answer.status = first[9..12].parse().unwrap();
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        self.line = line;
        Ok(answer)
    }
}

/// What became of many requests.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) granted: AtomicUsize,
    pub(crate) failed: AtomicUsize,
    pub(crate) over: AtomicBool,
}

impl Outcome {
    fn asked(&self) -> usize {
        self.granted.load(Ordering::Relaxed) + self.failed.load(Ordering::Relaxed)
    }

    fn count(&self, answer: &io::Result<Answer>) {
        let is_good = |answer: &Answer| answer.status == 200 && answer.is_granted;
        match answer.as_ref().is_ok_and(is_good) {
            true => self.granted.fetch_add(1, Ordering::Relaxed),
            false => {
                if let Err(error) = answer {
                    println!("failed: {error}");
                }
                self.failed.fetch_add(1, Ordering::Relaxed)
            }
        };
    }

    pub(crate) fn wait_for(&self, requests: usize) {
        while self.asked() < requests {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// All that were asked were answered and granted; how many they were.
    pub(crate) fn assert(&self) -> usize {
        assert_eq!(self.failed.load(Ordering::Relaxed), 0, "failed");
        self.granted.load(Ordering::Relaxed)
    }
}

/// Sixteen clients ask at least so often, and until something else is done.
pub(crate) fn while_asking(
    port: u16,
    requests: usize,
    something: impl FnOnce(&Outcome),
) -> Outcome {
    let outcome = Outcome::default();
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let mut client = Client::new(port);
                while !outcome.over.load(Ordering::Relaxed) || outcome.asked() < requests {
                    outcome.count(&client.ask());
                }
            });
        }
        // If it panics, the clients must not go on for ever.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| something(&outcome)));
        outcome.over.store(true, Ordering::Relaxed);
        if let Err(why) = done {
            outcome.granted.fetch_add(requests, Ordering::Relaxed);
            std::panic::resume_unwind(why);
        }
    });
    outcome
}
