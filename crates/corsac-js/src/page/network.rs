//! The page's user agent, on a thread of its own: script may wait for it without it waiting for
//! script.

use std::{
    collections::{HashMap, VecDeque},
    io,
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
    time::Instant,
};

use bytes::Bytes;
use corsac::fetch::{Environment, Request, Response};
use corsac_agent::{Agent, AgentConfig};
use tokio::sync::{
    Semaphore,
    mpsc::{UnboundedSender, unbounded_channel},
};

use super::{
    agent::serve,
    fetched::{Initiator, PageFetch},
};

/// How many parts of one body may be under way to script.
const WINDOW: usize = 16;

/// A request to be made.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) id: u32,
    pub(crate) initiator: Initiator,
    pub(crate) page: Environment,
    pub(crate) request: Request,
    pub(crate) body: Bytes,
}

/// What a page asks the thread.
pub(super) enum Command {
    Start(Box<Start>, Arc<Semaphore>),
    Abort(u32),
}

/// What becomes of a request, in this order: `Uploaded`, `Response`, `Chunk`s and `End`, or `Failed`
/// at any time; `Done` is always last, and not for script.
#[derive(Debug)]
pub(crate) enum Event {
    /// The request's body was sent.
    Uploaded,
    /// The head that script sees.
    Response(Box<Response>),
    /// A part of the body.
    Chunk(Bytes),
    /// The body's end.
    End,
    /// A network error, and what the console says of it.
    Failed(Option<String>),
    /// All of it, for people.
    Done(Box<PageFetch>),
}

/// An event of the request of this number.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) id: u32,
    pub(crate) event: Event,
}

/// The page's end of its user agent.
#[derive(Debug)]
pub(crate) struct Network {
    commands: UnboundedSender<Command>,
    messages: Receiver<Message>,
    /// Messages that came while somebody waited for another request's; nobody has seen them yet, so
    /// that their bodies' windows stay as they are.
    inbox: VecDeque<Message>,
    /// Those that are not done, each with its window.
    open: HashMap<u32, Arc<Semaphore>>,
    /// Those that wait until fewer are open.
    waiting: VecDeque<Box<Start>>,
    max_open: usize,
    /// How many more the page may make.
    left: usize,
}

impl Network {
    /// Starts the thread. It ends when this is dropped, and so does all that is under way.
    pub(super) fn new(config: AgentConfig, max_open: usize, requests: usize) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let (commands, received) = unbounded_channel();
        let (sender, messages) = mpsc::channel();
        let thread = thread::Builder::new().name("corsac-agent".to_owned());
        thread.spawn(move || runtime.block_on(serve(Agent::new(config), received, sender)))?;
        Ok(Self {
            commands,
            messages,
            inbox: VecDeque::new(),
            open: HashMap::new(),
            waiting: VecDeque::new(),
            max_open: max_open.max(1),
            left: requests,
        })
    }

    /// Starts a request, now or once fewer are open; a page that made too many is told why not.
    pub(crate) fn start(&mut self, start: Start) -> Result<(), String> {
        let Some(left) = self.left.checked_sub(1) else {
            return Err("This page made as many requests as it may".to_owned());
        };
        self.left = left;
        self.waiting.push_back(Box::new(start));
        self.start_waiting(self.max_open);
        Ok(())
    }

    /// The same for one that somebody waits for, which others can't hold up.
    fn start_now(&mut self, start: Start) -> Result<(), String> {
        self.start(start)?;
        // It may still be behind others: it is the last of those that wait.
        if let Some(start) = self.waiting.pop_back() {
            self.send(start);
        }
        Ok(())
    }

    fn start_waiting(&mut self, max_open: usize) {
        while self.open.len() < max_open
            && let Some(start) = self.waiting.pop_front()
        {
            self.send(start);
        }
    }

    fn send(&mut self, start: Box<Start>) {
        let window = Arc::new(Semaphore::new(WINDOW));
        self.open.insert(start.id, Arc::clone(&window));
        // The thread lives as long as this.
        let _sent = self.commands.send(Command::Start(start, window));
    }

    /// Hangs up. Its `Done` still comes.
    pub(crate) fn abort(&mut self, id: u32) {
        if let Some(at) = self.waiting.iter().position(|start| start.id == id)
            && let Some(start) = self.waiting.remove(at)
        {
            let done = Event::Done(Box::new(PageFetch {
                initiator: start.initiator,
                request: start.request,
                fetched: None,
                aborted: true,
            }));
            self.inbox.push_back(Message { id, event: done });
            return;
        }
        let _sent = self.commands.send(Command::Abort(id));
    }

    /// How many requests are not done.
    pub(super) fn pending(&self) -> usize {
        let is_aborted = |message: &&Message| !self.open.contains_key(&message.id);
        let aborted = self.inbox.iter().filter(is_aborted).count();
        self.open.len() + self.waiting.len() + aborted
    }

    /// The next message; waits until `until` for it, or without end.
    pub(super) fn next(&mut self, until: Option<Instant>) -> Option<Message> {
        let kept = self.inbox.pop_front();
        let message = kept.or_else(|| self.receive(until))?;
        self.note(&message);
        Some(message)
    }

    fn receive(&self, until: Option<Instant>) -> Option<Message> {
        match until {
            None => self.messages.recv().ok(),
            Some(until) => {
                let time = until.saturating_duration_since(Instant::now());
                self.messages.recv_timeout(time).ok()
            }
        }
    }

    /// The next message, if it is there already.
    pub(super) fn try_next(&mut self) -> Option<Message> {
        let kept = self.inbox.pop_front();
        let message = kept.or_else(|| self.messages.try_recv().ok())?;
        self.note(&message);
        Some(message)
    }

    fn note(&mut self, message: &Message) {
        match &message.event {
            Event::Chunk(_) => {
                if let Some(window) = self.open.get(&message.id) {
                    window.add_permits(1);
                }
            }
            Event::Done(_) => {
                self.open.remove(&message.id);
                self.start_waiting(self.max_open);
            }
            _ => {}
        }
    }

    /// Makes a request and waits for its end, or until `until`; what comes of others meanwhile is
    /// kept for later.
    pub(crate) fn fetch_now(&mut self, start: Start, until: Option<Instant>) -> Now {
        let id = start.id;
        if let Err(why) = self.start_now(start) {
            return Now::failed(why);
        }
        let mut now = Now::default();
        loop {
            let Some(message) = self.receive(until) else {
                self.abort(id);
                now.is_late = true;
                return now;
            };
            if message.id != id {
                self.inbox.push_back(message);
                continue;
            }
            self.note(&message);
            match message.event {
                Event::Uploaded => now.is_uploaded = true,
                Event::Response(response) => now.response = Some(response),
                Event::Chunk(chunk) => now.body.extend_from_slice(&chunk),
                Event::End => {}
                Event::Failed(line) => now.failed = Some(line),
                Event::Done(fetch) => {
                    now.fetch = Some(fetch);
                    return now;
                }
            }
        }
    }
}

/// What became of a request that somebody waited for.
#[derive(Debug, Default)]
pub(crate) struct Now {
    pub(crate) is_uploaded: bool,
    pub(crate) is_late: bool,
    pub(crate) response: Option<Box<Response>>,
    pub(crate) body: Vec<u8>,
    /// A network error, and what the console says of it.
    pub(crate) failed: Option<Option<String>>,
    pub(crate) fetch: Option<Box<PageFetch>>,
}

impl Now {
    /// One that was not even sent.
    pub(crate) fn failed(why: String) -> Self {
        Self {
            failed: Some(Some(why)),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{io::Read as _, io::Write as _, net::TcpListener, time::Duration};

    use corsac::fetch::Profile;

    use super::*;

    fn start(id: u32, url: &str) -> Start {
        let url: url::Url = url.parse().unwrap();
        Start {
            id,
            initiator: Initiator::Fetch,
            page: Environment::of_page(url.clone()),
            request: Request::new(url),
            body: Bytes::new(),
        }
    }

    /// Answers everything with four mebibytes, but `/hang`.
    fn site() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                thread::spawn(move || {
                    let mut head = [0; 4096];
                    let length = stream.read(&mut head).unwrap();
                    if head[..length].starts_with(b"GET /hang") {
                        thread::sleep(Duration::from_secs(5));
                    }
                    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 4 << 20);
                    // Whoever asked may be gone.
                    let _sent = stream.write_all(head.as_bytes());
                    let _sent = stream.write_all(&vec![b'x'; 4 << 20]);
                });
            }
        });
        format!("http://{address}")
    }

    #[test]
    fn a_body_does_not_pile_up_while_somebody_waits_for_another() {
        let site = site();
        let mut network = Network::new(AgentConfig::new(Profile::FETCH), 8, 8).unwrap();
        network.start(start(1, &format!("{site}/large"))).unwrap();
        let until = Instant::now() + Duration::from_millis(500);
        let now = network.fetch_now(start(2, &format!("{site}/hang")), Some(until));
        assert!(now.is_late);
        // A head, and as many parts as the window takes.
        let kept = network
            .inbox
            .iter()
            .filter(|message| message.id == 1)
            .count();
        assert!((2..=WINDOW + 1).contains(&kept), "{kept}");
        assert_eq!(network.pending(), 2);
        let mut length = 0;
        while let Some(message) = network.next(None) {
            match message.event {
                Event::Chunk(bytes) => length += bytes.len(),
                Event::Done(_) if network.pending() == 0 => break,
                _ => {}
            }
        }
        assert_eq!(length, 4 << 20);
    }
}
