//! A service that answers as fast as it can.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

const HELLO: &[u8] =
    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 6\r\n\r\nhello\n";

/// It serves until it is dropped, and then breaks what it has.
pub(crate) struct Upstream {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

impl Upstream {
    pub(crate) fn start() -> Self {
        Self::at("127.0.0.1:0".parse().unwrap())
    }

    /// At an address that another one may have had before.
    pub(crate) fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let (ends, streams) = <(Arc<AtomicBool>, Arc<Mutex<Vec<TcpStream>>>)>::default();
        let (over, all) = (Arc::clone(&ends), Arc::clone(&streams));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                stream.set_nodelay(true).unwrap();
                all.lock().unwrap().push(stream.try_clone().unwrap());
                thread::spawn(move || answer(&stream));
            }
        });
        Self {
            address,
            ends,
            streams,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // It waits for somebody to come, and then sees that it is over.
        drop(TcpStream::connect(self.address));
        for stream in self.streams.lock().unwrap().iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// `/endless` gets bytes for as long as they are taken, everything else a few; `/late` gets them late.
fn answer(mut stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    let (mut is_first, mut endless, mut is_late) = (true, false, false);
    loop {
        line.clear();
        match reader.read_line(&mut line) {
            Ok(1..) => {}
            _ => return,
        }
        if is_first {
            endless = line.contains("/endless");
            is_late = line.contains("/late");
        }
        is_first = line == "\r\n";
        if !is_first {
            continue;
        }
        if endless {
            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
            let mut sent = stream.write_all(head);
            let bytes = vec![b'a'; 64 << 10];
            while sent.is_ok() {
                sent = stream.write_all(&bytes);
            }
            return;
        }
        if is_late {
            thread::sleep(Duration::from_millis(200));
        }
        if stream.write_all(HELLO).is_err() {
            return;
        }
    }
}
