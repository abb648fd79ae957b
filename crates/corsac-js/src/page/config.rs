use std::{fmt, time::Duration};

use corsac::fetch::{Environment, Profile};
use corsac_agent::AgentConfig;
use url::Url;

/// Everything that can be chosen about a [`Page`](super::Page).
///
/// ```
/// use corsac::fetch::Profile;
/// use corsac_js::PageConfig;
/// let mut config = PageConfig::new("http://sitea.com/".parse().unwrap(), Profile::CHROMIUM);
/// config.agent.resolver.map("siteb.com", 80, "127.0.0.1:8080".parse().unwrap());
/// config.limits.memory_bytes = 16 << 20;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PageConfig {
    /// Where the page is: what script finds in `location`, and what relative URLs are relative to.
    pub url: Url,
    /// The page as the protocol sees it: its origin, which may be opaque, and what else counts.
    pub environment: Environment,
    /// Its user agent: profile, resolver, trust, deadlines, cookies.
    pub agent: AgentConfig,
    /// What script can't exceed.
    pub limits: Limits,
    /// Whether a module whose URL is a file's may import files. Default no; a page's own scripts never
    /// do.
    pub imports_files: bool,
}

impl PageConfig {
    /// A page at a URL, in a browser of that profile, with defaults for all else.
    pub fn new(url: Url, profile: Profile) -> Self {
        Self {
            environment: Environment::of_page(url.clone()),
            url,
            agent: AgentConfig::new(profile),
            limits: Limits::default(),
            imports_files: false,
        }
    }
}

/// What script can't exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Memory of the engine, in bytes. Default 256 MiB. Beyond, script gets an exception.
    pub memory_bytes: usize,
    /// Stack of the engine, in bytes. Default 512 KiB; the thread's own stack must be larger.
    /// Beyond, script gets a RangeError.
    pub stack_bytes: usize,
    /// How long one script, event or job may run, waiting apart. Default ten seconds; `None` is no
    /// limit. Beyond, the page ends. The engine asks between its instructions: one call of a function of
    /// its own over something huge (sorting an array of length 2^32) is not ended before it returns.
    pub run_time: Option<Duration>,
    /// How long all may take, waiting included, from the page's making. Default `None`, no limit.
    /// Beyond, the page ends.
    pub total_time: Option<Duration>,
    /// How many requests are open at once. Default 256; more wait.
    pub open_requests: usize,
    /// How many requests there may be in all. Default 100,000; more fail.
    pub requests: usize,
    /// How many timers and tasks may wait at once. Default 100,000; more are dropped, and the console
    /// says so.
    pub timers: usize,
    /// How much is printed on the console, in bytes. Default 16 MiB; then no more.
    pub console_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 256 << 20,
            stack_bytes: 512 << 10,
            run_time: Some(Duration::from_secs(10)),
            total_time: None,
            open_requests: 256,
            requests: 100_000,
            timers: 100_000,
            console_bytes: 16 << 20,
        }
    }
}

/// How loud a line of the console is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// `console.debug`.
    Debug,
    /// `console.log` and what prints like it.
    Log,
    /// `console.info` and what prints like it.
    Info,
    /// `console.warn`, and what the page itself has to say.
    Warn,
    /// `console.error`, uncaught errors, blocked requests.
    Error,
}

impl Level {
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "debug" => Self::Debug,
            "info" => Self::Info,
            "warn" => Self::Warn,
            "error" => Self::Error,
            _ => Self::Log,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debug => "debug",
            Self::Log => "log",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        })
    }
}

/// Where the console's lines go, as they come. A line may hold line feeds, and no other line's text.
pub type Console = Box<dyn FnMut(Level, &str)>;
