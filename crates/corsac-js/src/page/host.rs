use std::{
    cell::{Cell, RefCell},
    fmt, io,
    time::{Duration, Instant},
};

use super::{
    Console, ErrorKind, Level, Now, PageConfig, PageFetch, ScriptError, Start, network::Network,
    timers::Timers, watch::Watch,
};

/// What stands behind a page's classes: everything but the engine. It holds nothing of the engine's,
/// so that functions of script may hold it.
pub(crate) struct Host {
    pub(crate) config: PageConfig,
    pub(crate) network: RefCell<Network>,
    pub(crate) watch: Watch,
    pub(super) timers: RefCell<Timers>,
    /// How many tasks wait.
    pub(super) tasks: Cell<usize>,
    pub(super) errors: RefCell<Vec<ScriptError>>,
    pub(super) fetches: RefCell<Vec<PageFetch>>,
    console: RefCell<Console>,
    /// How many bytes may be printed yet.
    console_left: Cell<usize>,
    /// Why a module of the script that runs could not be loaded.
    pub(super) not_loaded: RefCell<Option<ScriptError>>,
    pub(super) has_told_the_end: Cell<bool>,
    has_dropped_timers: Cell<bool>,
    /// Numbers of requests that no script knows are counted down, away from script's own.
    load_id: Cell<u32>,
}

impl Host {
    pub(super) fn new(config: PageConfig, console: Console) -> io::Result<Self> {
        let limits = &config.limits;
        let network = Network::new(config.agent.clone(), limits.open_requests, limits.requests)?;
        Ok(Self {
            network: RefCell::new(network),
            watch: Watch::new(limits.run_time, limits.total_time),
            timers: RefCell::default(),
            tasks: Cell::new(0),
            errors: RefCell::default(),
            fetches: RefCell::default(),
            console: RefCell::new(console),
            console_left: Cell::new(limits.console_bytes),
            not_loaded: RefCell::default(),
            has_told_the_end: Cell::new(false),
            has_dropped_timers: Cell::new(false),
            load_id: Cell::new(u32::MAX),
            config,
        })
    }

    pub(crate) fn print(&self, level: Level, text: &str) {
        let left = self.console_left.get();
        if left == 0 {
            return;
        }
        // Whoever printed from within the console's own function would come here twice.
        let Ok(mut console) = self.console.try_borrow_mut() else {
            return;
        };
        // A line feed is printed, too: empty lines are not free.
        match left.checked_sub(text.len() + 1) {
            Some(left) => {
                self.console_left.set(left);
                console(level, text);
            }
            None => {
                self.console_left.set(0);
                console(Level::Warn, "The console holds no more");
            }
        }
    }

    /// An error that nobody caught: printed and kept.
    pub(crate) fn report(&self, error: ScriptError) {
        let text = match error.stack.is_empty() {
            true => error.to_string(),
            false => format!("{error}\n{}", error.stack),
        };
        self.print(Level::Error, &text);
        // The console's limit is theirs, too: script may throw for ever.
        if self.console_left.get() > 0 || error.kind == ErrorKind::Timeout {
            self.errors.borrow_mut().push(error);
        }
    }

    pub(super) fn note_fetch(&self, fetch: PageFetch) {
        self.fetches.borrow_mut().push(fetch);
    }

    /// Makes a request and waits for its end, for `timeout` if there is one. What the console has to
    /// say of it is said.
    pub(crate) fn fetch_now(&self, start: Start, timeout: Option<Duration>) -> Now {
        let begin = Instant::now();
        let ends = [
            timeout.and_then(|time| begin.checked_add(time)),
            self.watch.end(),
        ];
        let until = ends.into_iter().flatten().min();
        let mut now = self.network.borrow_mut().fetch_now(start, until);
        self.watch.waited(begin.elapsed());
        if let Some(Some(line)) = &now.failed {
            self.print(Level::Error, line);
        }
        if let Some(fetch) = now.fetch.take() {
            self.note_fetch(*fetch);
        }
        now
    }

    pub(super) fn next_load_id(&self) -> u32 {
        let id = self.load_id.get();
        self.load_id.set(id.wrapping_sub(1));
        id
    }

    pub(crate) fn user_agent(&self) -> String {
        let bytes = self.config.agent.sent_user_agent();
        bytes.iter().copied().map(char::from).collect()
    }

    pub(crate) fn set_timer(&self, id: u32, delay: Duration) {
        let mut timers = self.timers.borrow_mut();
        if self.may_wait(timers.len()) {
            timers.set(id, Instant::now(), delay);
        }
    }

    pub(crate) fn clear_timer(&self, id: u32) {
        self.timers.borrow_mut().clear(id);
    }

    pub(crate) fn queue_task(&self) -> bool {
        let tasks = self.tasks.get();
        let may = self.may_wait(tasks);
        if may {
            self.tasks.set(tasks + 1);
        }
        may
    }

    fn may_wait(&self, waiting: usize) -> bool {
        let may = waiting < self.config.limits.timers;
        if !may && !self.has_dropped_timers.replace(true) {
            self.print(
                Level::Warn,
                "Too many timers or tasks wait; those beyond are dropped",
            );
        }
        may
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("url", &self.config.url.as_str())
            .finish_non_exhaustive()
    }
}
