mod script;
mod site;

use std::{
    cell::RefCell,
    panic,
    rc::Rc,
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use corsac::fetch::Profile;
use corsac_js::{ErrorKind, Level, Page, PageConfig};

use crate::chance::Chance;
use script::Scope;
use site::Site;

const PRELUDE: &str = include_str!("prelude.js");

/// How long a page may take that ends by itself: far more than it takes.
const PATIENCE: Duration = Duration::from_secs(8);

/// Whatever script does and servers answer: nothing panics, the page comes to its end or is ended, what
/// was asked is answered, the events of requests are in order, and script gets to know nothing of
/// another origin's that its server did not grant.
pub fn page(data: &[u8]) {
    let before = panics();
    let mut chance = Chance::new(data);
    let plan = Plan::new(&mut chance);
    let site = Site::new(&mut chance);
    let mut config = PageConfig::new(site::PAGE.parse().unwrap(), Profile::FETCH);
    config.agent.profile = chance.pick(&Profile::ALL);
    limit(&mut config, &mut chance, plan);
    let text = text(&mut chance, plan);
    let grants = site.grants();
    let run = run(site, config, &text);
    assert_eq!(before, panics(), "the agent's thread panicked");
    let said = |start: &str| run.told.iter().find(|line| line.contains(start));
    let script = &text[1];
    if !grants {
        let leak = said(site::SECRET);
        assert_eq!(leak, None, "nobody granted that\n{script}");
    }
    assert!(run.took < PATIENCE, "{:?}\n{script}", run.took);
    let ends = !plan.scope.endless && !plan.scope.polluted;
    let is = |kind| run.errors.contains(&kind);
    assert!(
        !ends || !is(ErrorKind::Timeout),
        "it does not end\n{script}"
    );
    if ends && !plan.is_tight && !is(ErrorKind::OutOfMemory) {
        assert_eq!(said("broken: "), None, "{script}");
        assert_eq!(run.pending, 0, "{script}");
    }
}

/// What a page is like.
#[derive(Clone, Copy)]
struct Plan {
    scope: Scope,
    /// Whether it may have less of everything than it asks for.
    is_tight: bool,
    watches: bool,
    watches_uploads: bool,
}

impl Plan {
    fn new(chance: &mut Chance<'_>) -> Self {
        let rare = chance.byte();
        let flags = chance.byte();
        Self {
            scope: Scope {
                endless: rare >= 240,
                polluted: (192..248).contains(&rare),
            },
            is_tight: (160..200).contains(&rare),
            watches: flags & 1 == 0,
            watches_uploads: flags & 2 != 0,
        }
    }
}

/// What came of a page.
struct Run {
    /// What its script told.
    told: Vec<String>,
    errors: Vec<ErrorKind>,
    /// Requests that are not done.
    pending: usize,
    took: Duration,
}

fn run(site: Site, mut config: PageConfig, [prelude, script]: &[String; 2]) -> Run {
    site.serve(&mut config.agent);
    let told = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&told);
    let console = Box::new(move |level, line: &str| {
        if level == Level::Debug {
            sink.borrow_mut().push(line.to_owned());
        }
    });
    let begin = Instant::now();
    let mut page = Page::new(config, console).unwrap();
    // What goes wrong is told of, and is what is looked at.
    let _ = page.evaluate("prelude.js", prelude);
    let _ = page.evaluate("page.js", script);
    let _ = page.run_to_idle();
    let _ = page.fire_load();
    let _ = page.run_to_idle();
    let pending = page.pending();
    let _ = page.evaluate("check.js", "check()");
    let errors = page.errors().iter().map(|error| error.kind).collect();
    drop(page);
    Run {
        told: told.take(),
        errors,
        pending,
        took: begin.elapsed(),
    }
}

/// What comes before the script, and the script.
fn text(chance: &mut Chance<'_>, plan: Plan) -> [String; 2] {
    let prelude = format!(
        "{PRELUDE}\nconst watches = {}, watchesUploads = {};",
        plan.watches, plan.watches_uploads
    );
    let acts = script::acts(chance, plan.scope);
    let acts: Vec<_> = acts
        .iter()
        .map(|act| format!("() => {{ {act} }}"))
        .collect();
    let script = format!(
        "acts.push({});\nfor (const act of [...acts]) poke();",
        acts.join(",\n")
    );
    [prelude, script]
}

fn limit(config: &mut PageConfig, chance: &mut Chance<'_>, plan: Plan) {
    let limits = &mut config.limits;
    limits.memory_bytes = 32 << 20;
    limits.console_bytes = 1 << 20;
    limits.stack_bytes = 1 << 20;
    limits.total_time = Some(PATIENCE / 2);
    limits.run_time = Some(PATIENCE / 2);
    limits.open_requests = chance.pick(&[256, 1, 2]);
    if plan.scope.endless || plan.scope.polluted {
        limits.run_time = Some(Duration::from_millis(50));
        limits.total_time = Some(Duration::from_millis(100));
    }
    if plan.is_tight {
        limits.memory_bytes = chance.pick(&[3 << 20, 4 << 20, 8 << 20]);
        limits.console_bytes = chance.pick(&[1 << 20, 100, 0]);
        limits.stack_bytes = chance.pick(&[256 << 10, 64 << 10]);
        limits.requests = chance.pick(&[100, 0, 1]);
        limits.timers = chance.pick(&[100, 0, 1]);
    }
}

/// How often an agent's thread has panicked: tokio keeps to itself what happens to a task.
fn panics() -> u32 {
    static PANICS: AtomicU32 = AtomicU32::new(0);
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() == Some("corsac-agent") {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            before(info);
        }));
    });
    PANICS.load(Ordering::SeqCst)
}

#[cfg(test)]
mod tests;
