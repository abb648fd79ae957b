//! Chromium reads through the server exactly what its policy says.

use std::{
    env,
    error::Error,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A browser that does not say what it read by then says nothing.
const PATIENCE: Duration = Duration::from_secs(60);

const GRANTED: &str = "\
simple: 200 2  two of them
without cookies: 200   nobody
with cookies: 200   who=fox
preflighted: 200   replaced
preflighted, with cookies: 200   replaced
another method: TypeError
another header: TypeError
not found: 404   
not allowed: 405   
broken: 500   ";

#[test]
fn the_page_that_is_listed_reads_what_the_policy_says() -> Result<()> {
    let page = Page::serve()?;
    let server = Server::start(&page.origin)?;
    assert_eq!(page.open(&server.address)?, GRANTED);
    Ok(())
}

#[test]
fn another_page_reads_nothing() -> Result<()> {
    let page = Page::serve()?;
    let server = Server::start("http://127.0.0.1:49151")?;
    let said = page.open(&server.address)?;
    assert_eq!(said.lines().count(), GRANTED.lines().count());
    for line in said.lines() {
        assert!(line.ends_with(": TypeError"), "{line}");
    }
    Ok(())
}

/// Ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Only one that has ended can't be ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The server at hand.
struct Server {
    address: String,
    _running: Running,
}

impl Server {
    fn start(page: &str) -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_first-server"));
        let mut running = Running(command.arg(page).stdout(Stdio::piped()).spawn()?);
        let stdout = running.0.stdout.take().ok_or("it talks")?;
        let mut address = String::new();
        BufReader::new(stdout).read_line(&mut address)?;
        Ok(Self {
            address: address.trim().to_owned(),
            _running: running,
        })
    }
}

/// A page of an origin of its own, and what it says it read.
struct Page {
    origin: String,
    listener: TcpListener,
}

impl Page {
    fn serve() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://{}", listener.local_addr()?);
        Ok(Self { origin, listener })
    }

    fn open(self, api: &str) -> Result<String> {
        let html = include_str!("page.html").replace("API", api);
        let (said, hears): (Sender<String>, Receiver<String>) = mpsc::channel();
        thread::spawn(move || {
            for stream in self.listener.incoming().flatten() {
                let (html, said) = (html.clone(), said.clone());
                // A connection that the browser opens in advance must not hold up the others.
                thread::spawn(move || answer(stream, &html, &said));
            }
        });
        let profile = env::temp_dir().join(self.origin.replace(['/', ':', '.'], "-"));
        let browser = Running(
            Command::new("chromium")
                .args(["--headless", "--no-sandbox", "--disable-gpu"])
                .args(["--no-first-run", "--disable-background-networking"])
                .args(["--disable-component-update", "--disable-dev-shm-usage"])
                .arg(format!("--user-data-dir={}", profile.display()))
                .arg(format!("{}/", self.origin))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .map_err(|error| format!("chromium: {error}"))?,
        );
        let heard = hears.recv_timeout(PATIENCE);
        drop(browser);
        // What it leaves behind is of no use; where it left nothing, there is nothing to do.
        let _ = fs::remove_dir_all(profile);
        Ok(heard?)
    }
}

/// Serves the page, and takes what it says.
fn answer(stream: TcpStream, html: &str, said: &Sender<String>) -> Option<()> {
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let is_said = line.starts_with("POST /said ");
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok()?;
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    if is_said {
        said.send(String::from_utf8(body).ok()?).ok()?;
    }
    let text = if is_said { "" } else { html };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nset-cookie: who=fox\r\n";
    let length = text.len();
    write!(
        &stream,
        "{head}content-length: {length}\r\nconnection: close\r\n\r\n{text}"
    )
    .ok()
}
