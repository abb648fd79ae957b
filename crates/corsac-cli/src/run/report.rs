//! What a run came to: one plain tree of values, `corsac/run/1`.
//!
//! A request is told as `corsac check` tells it. A field that is not known is absent.

use std::time::{Duration, SystemTime};

use corsac::fetch::{CredentialsMode, Mode};
use corsac_js::{ErrorKind, Initiator, Level, PageFetch, ScriptError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    check::{
        FetchedReport, Reporter,
        mask::mask_url,
        report::{CookieReport, FixReport, ScriptReport, Step, Tool, VerdictReport},
    },
    json::isomorphic_decode,
};

/// What scripts of one page did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "corsac/run/1")]
pub(crate) struct RunReport {
    /// Which shape this is.
    pub(crate) schema: RunSchema,
    /// Who made it.
    pub(crate) tool: Tool,
    /// Who ran.
    pub(crate) page: PageReport,
    /// What was logged, in order.
    pub(crate) console: Vec<ConsoleLine>,
    /// Errors and rejections that nobody caught, in order.
    pub(crate) errors: Vec<ErrorReport>,
    /// Scripts that could not be loaded, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) not_loaded: Vec<String>,
    /// Requests, in the order in which they ended.
    pub(crate) requests: Vec<RequestReport>,
    /// How many requests were under way at the end.
    pub(crate) pending: usize,
    /// How it ended.
    pub(crate) ended: Ended,
    /// How long it took altogether, in milliseconds.
    pub(crate) ms: f64,
    /// The exit code.
    pub(crate) exit: u8,
}

/// The name of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum RunSchema {
    #[serde(rename = "corsac/run/1")]
    Run1,
}

/// The page that the scripts ran in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PageReport {
    /// Its origin, as a browser writes it.
    pub(crate) origin: String,
    /// Its URL.
    pub(crate) url: String,
    /// fetch, chromium, firefox or webkit.
    pub(crate) profile: String,
}

/// One line of the console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ConsoleLine {
    pub(crate) level: LevelReport,
    pub(crate) text: String,
}

/// The method of the console that wrote a line; what the page itself says is an error or a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LevelReport {
    Debug,
    Log,
    Info,
    Warn,
    Error,
}

/// An error that nobody caught.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ErrorReport {
    /// What it was: `exception`, `rejection`, `load`, `out-of-memory`, `timeout`.
    pub(crate) kind: String,
    /// `TypeError: x is not a function`.
    pub(crate) message: String,
    /// Where it was thrown, innermost first; absent if it has no stack.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) stack: String,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ended {
    /// There was nothing left to do.
    Idle,
    /// A limit of time or memory ended it.
    Limit,
}

/// One thing that the page asked for, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct RequestReport {
    /// What asked: fetch, xhr or script.
    #[serde(rename = "as")]
    pub(crate) api: String,
    pub(crate) method: String,
    pub(crate) url: String,
    /// cors, no-cors or same-origin.
    pub(crate) mode: String,
    /// omit, same-origin or include.
    pub(crate) credentials: String,
    /// Whether the script gave it up before its end.
    pub(crate) aborted: bool,
    /// Every exchange, in order.
    pub(crate) steps: Vec<Step>,
    /// How it ended; absent if it was aborted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) verdict: Option<VerdictReport>,
    /// What to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<FixReport>,
    /// What the script sees of the response; absent if it gets an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) script: Option<ScriptReport>,
    /// Cookies that could have gone along, and whether they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cookies: Vec<CookieReport>,
}

impl From<Level> for LevelReport {
    fn from(level: Level) -> Self {
        match level {
            Level::Debug => Self::Debug,
            Level::Log => Self::Log,
            Level::Info => Self::Info,
            Level::Warn => Self::Warn,
            Level::Error => Self::Error,
        }
    }
}

impl From<&ScriptError> for ErrorReport {
    fn from(error: &ScriptError) -> Self {
        Self {
            kind: match error.kind {
                ErrorKind::Exception => "exception",
                ErrorKind::Rejection => "rejection",
                ErrorKind::Load => "load",
                ErrorKind::OutOfMemory => "out-of-memory",
                ErrorKind::Timeout => "timeout",
                _ => "other",
            }
            .to_owned(),
            message: error.message.clone(),
            stack: error.stack.trim_end().to_owned(),
        }
    }
}

/// Tells of every request as a check would.
pub(super) fn requests(
    fetches: &[PageFetch],
    mut reporter: Reporter,
    shows_secrets: bool,
) -> Vec<RequestReport> {
    let began = fetches.iter().filter_map(began).min();
    let fetches = fetches.iter().map(|fetch| {
        let since = began.zip(self::began(fetch));
        let since = since.and_then(|(first, this)| this.duration_since(first).ok());
        request(
            fetch,
            &mut reporter,
            since.unwrap_or_default(),
            shows_secrets,
        )
    });
    fetches.collect()
}

fn began(fetch: &PageFetch) -> Option<SystemTime> {
    fetch.fetched.as_ref()?.exchanges.first()?.timings.started
}

fn request(
    fetch: &PageFetch,
    reporter: &mut Reporter,
    since: Duration,
    shows_secrets: bool,
) -> RequestReport {
    let request = &fetch.request;
    let report = fetch.fetched.as_ref();
    let mut report = report.map(|fetched| reporter.report(fetched, since));
    let mut url = request.url.to_string();
    if !shows_secrets {
        report = report.map(FetchedReport::masked);
        mask_url(&mut url);
    }
    let (steps, cookies, rest) = match report {
        None => (Vec::new(), Vec::new(), None),
        Some(report) => {
            let rest = (report.verdict, report.fix, report.script);
            (report.steps, report.cookies, Some(rest))
        }
    };
    // What became of it is nothing to whoever gave it up.
    let (verdict, fix, script) = match rest.filter(|_| !fetch.aborted) {
        None => (None, None, None),
        Some((verdict, fix, script)) => (Some(verdict), fix, script),
    };
    RequestReport {
        api: match fetch.initiator {
            Initiator::Fetch => "fetch",
            Initiator::Xhr => "xhr",
            Initiator::Script => "script",
        }
        .to_owned(),
        method: isomorphic_decode(request.method.as_str().as_bytes()),
        url,
        mode: match request.mode {
            Mode::Cors => "cors",
            Mode::NoCors => "no-cors",
            Mode::SameOrigin => "same-origin",
        }
        .to_owned(),
        credentials: match request.credentials_mode {
            CredentialsMode::Omit => "omit",
            CredentialsMode::SameOrigin => "same-origin",
            CredentialsMode::Include => "include",
        }
        .to_owned(),
        aborted: fetch.aborted,
        steps,
        verdict,
        fix,
        script,
        cookies,
    }
}

/// After a change: `SNAPSHOTS=overwrite cargo test -p corsac-cli schema`.
#[cfg(test)]
#[test]
fn the_schema_of_a_run_is_the_one_that_is_checked_in() {
    let schema = schemars::schema_for!(RunReport);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/run-1.json");
    snapbox::assert_data_eq!(
        format!("{:#}\n", schema.to_value()),
        snapbox::Data::read_from(std::path::Path::new(path), None).raw(),
    );
}
