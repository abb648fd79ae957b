//! Many pages, several at once.

use std::{
    env,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use super::{
    page::Task,
    score::{Report, Reports},
    server::{HOST, Server},
    subtests::Page,
};

/// How a run goes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whose rules pages go by.
    pub profile: String,
    /// How many pages run at once.
    pub jobs: usize,
    /// How long a page has, in seconds.
    pub seconds: u64,
}

/// The process of a page is this program with this argument.
pub const PAGE: &str = "page";

/// Runs pages; `told` is called as each of them ends.
///
/// # Errors
/// A process can't be started. A page that ends badly is a report.
pub fn run(
    pages: &[Page],
    server: &Server,
    plan: &Plan,
    told: impl Fn(&Page) + Sync,
) -> Result<Reports> {
    let next = AtomicUsize::new(0);
    let reports = Mutex::new(Ok(Reports::new()));
    let names = Vec::from_iter(server.names());
    thread::scope(|scope| {
        for _ in 0..plan.jobs.max(1) {
            scope.spawn(|| {
                while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let report = one(page, server, &names, plan);
                    told(page);
                    let mut reports = reports.lock().unwrap_or_else(PoisonError::into_inner);
                    match (report, &mut *reports) {
                        (Ok(report), Ok(all)) => {
                            all.insert(page.page.clone(), report);
                        }
                        (Err(error), _) => *reports = Err(error),
                        (Ok(_), Err(_)) => {}
                    }
                }
            });
        }
    });
    reports.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn one(page: &Page, server: &Server, names: &[(String, u16)], plan: &Plan) -> Result<Report> {
    let is_secure = page.page.contains(".https.");
    let (scheme, port) = match (page.page.contains(".h2."), is_secure) {
        (true, _) => ("https", server.h2),
        (false, true) => ("https", server.https[0]),
        (false, false) => ("http", server.http[0]),
    };
    let task = Task {
        url: format!("{scheme}://{HOST}:{port}{}", page.page),
        names: names.to_vec(),
        ca_pem: server.ca_pem.clone(),
        profile: plan.profile.clone(),
        seconds: plan.seconds,
    };
    let mut process = Command::new(env::current_exe()?)
        .arg(PAGE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("the process of a page")?;
    // Both pipes are small, and what is written first is read first.
    if let Some(mut input) = process.stdin.take() {
        input.write_all(serde_json::to_string(&task)?.as_bytes())?;
    }
    let mut output = process.stdout.take().context("no output")?;
    let reader = thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).map(|_| text)
    });
    // The page ends itself; one that doesn't is ended.
    let end = Instant::now() + Duration::from_secs(plan.seconds + 5);
    let status = loop {
        if let Some(status) = process.try_wait()? {
            break status;
        }
        if Instant::now() > end {
            process.kill()?;
            break process.wait()?;
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text = reader.join().ok().context("the reader of a page")??;
    let text = server.with_usual_ports(text);
    Ok(serde_json::from_str(&text).unwrap_or_else(|_| Report {
        subtests: Vec::new(),
        trouble: Some(format!("its process ended, {status}")),
    }))
}
