//! One page of tests, in a page of ours. It runs in a process of its own: whatever becomes of it, the
//! others go on.

use std::{
    cell::RefCell,
    io,
    net::{Ipv4Addr, SocketAddr},
    rc::Rc,
    time::Duration,
};

use anyhow::{Context as _, Result};
use corsac::fetch::Profile;
use corsac_js::{
    ErrorKind, Page, PageConfig, ScriptError,
    html::{Html, Source},
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::score::Report;

/// What the process of a page is told on its standard input.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// Where the page is.
    pub url: String,
    /// Every name and port of the server, which is on this machine.
    pub names: Vec<(String, u16)>,
    /// The authority of its certificates.
    pub ca_pem: String,
    /// Whose rules it goes by.
    pub profile: String,
    /// How long the page has, in seconds.
    pub seconds: u64,
}

/// Takes the place of a script of the checkout that draws a table.
const REPORT: &str = include_str!("report.js");
const DOCUMENT: &str = include_str!("document.js");

/// Runs the task on standard input, and prints its report.
///
/// # Errors
/// The task is none, or the page can't be made. A page that can't be loaded is a report.
pub fn run(output: &mut impl io::Write) -> Result<()> {
    let task: Task = serde_json::from_reader(io::stdin()).context("the task")?;
    let report = report(&task)?;
    serde_json::to_writer(&mut *output, &report)?;
    output.write_all(b"\n")?;
    Ok(())
}

fn report(task: &Task) -> Result<Report> {
    let url: Url = task.url.parse()?;
    let lines = Rc::new(RefCell::new(Lines::default()));
    let sink = Rc::clone(&lines);
    let console = Box::new(move |_level, text: &str| sink.borrow_mut().push(text));
    let mut page = Page::new(config(task, &url)?, console)?;
    let ended = load(&mut page, &url).and_then(|()| page.run_to_idle());
    let mut lines = lines.borrow_mut();
    let mut report = lines.report();
    if let (false, Err(error)) = (lines.is_whole, ended) {
        report.trouble = Some(error.to_string());
    }
    Ok(report)
}

fn config(task: &Task, url: &Url) -> Result<PageConfig> {
    let profiles = [
        Profile::FETCH,
        Profile::CHROMIUM,
        Profile::FIREFOX,
        Profile::WEBKIT,
    ];
    let profile = profiles.into_iter().find(|it| it.name == task.profile);
    let profile = profile.with_context(|| format!("no profile is called {}", task.profile))?;
    let mut config = PageConfig::new(url.clone(), profile);
    // The tests are of one machine as if it were the Internet.
    config.environment.address_space = corsac::fetch::AddressSpace::Loopback;
    for (name, port) in &task.names {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, *port));
        config.agent.resolver.map(name, *port, address);
    }
    config.agent.trust.add_pem(task.ca_pem.as_bytes())?;
    config.limits.total_time = Some(Duration::from_secs(task.seconds));
    Ok(config)
}

/// Loads the page and runs its scripts, as a browser does with a file that is only script.
fn load(page: &mut Page, url: &Url) -> Result<(), ScriptError> {
    let text = page.load_script(url)?;
    let html = Html::parse(&text);
    let base = html.base.as_deref().and_then(|base| url.join(base).ok());
    let base = base.unwrap_or_else(|| url.clone());
    page.evaluate("document.js", DOCUMENT)?;
    let title = serde_json::Value::from(html.title.as_str());
    page.evaluate("title.js", &format!("document.title = {title}"))?;
    for script in html.scripts {
        let (name, text) = match script.source {
            Source::Here(text) => (url.to_string(), text),
            Source::At(src) if src.ends_with("/resources/testharnessreport.js") => {
                ("report.js".to_owned(), REPORT.to_owned())
            }
            Source::At(src) => {
                let Ok(src) = base.join(&src) else { continue };
                // A script that is not there is an error of its element's only.
                match page.load_script(&src) {
                    Ok(text) => (src.to_string(), text),
                    Err(error) if error.kind == ErrorKind::Timeout => return Err(error),
                    Err(_) => continue,
                }
            }
        };
        // What it throws is the harness's to hear.
        let ended = match script.is_module {
            true => page.evaluate_module(&base, &text),
            false => page.evaluate(&name, &text),
        };
        if let Err(error) = ended
            && error.kind == ErrorKind::Timeout
        {
            return Err(error);
        }
    }
    page.fire_load()
}

/// What the page printed, as far as the harness did.
#[derive(Default)]
struct Lines {
    subtests: Vec<super::score::Subtest>,
    trouble: Option<String>,
    is_whole: bool,
    others: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    report: Report,
    #[serde(default)]
    is_whole: bool,
}

impl Lines {
    fn push(&mut self, text: &str) {
        let line = text.strip_prefix("wpt: ").map(serde_json::from_str::<Line>);
        match line {
            Some(Ok(line)) if line.is_whole => {
                self.subtests = line.report.subtests;
                self.trouble = line.report.trouble;
                self.is_whole = true;
            }
            Some(Ok(line)) => self.subtests.extend(line.report.subtests),
            _ if self.others.len() < 5 => self.others.push(text.to_owned()),
            _ => {}
        }
    }

    /// A page that did not come to its end says what else it said.
    fn report(&mut self) -> Report {
        let others = self.others.join("\n");
        let trouble = match self.is_whole {
            true => self.trouble.take(),
            false => Some(match others.is_empty() {
                true => "it did not come to its end".to_owned(),
                false => others,
            }),
        };
        Report {
            subtests: std::mem::take(&mut self.subtests),
            trouble,
        }
    }
}
