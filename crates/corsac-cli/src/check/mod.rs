//! `corsac check`: what a page of an origin would get from a URL.

pub(crate) mod args;
mod body;
mod build;
mod curl;
mod decide;
#[cfg(feature = "js")]
mod fetched;
mod har;
mod hints;
pub(crate) mod mask;
pub(crate) mod network;
pub(crate) mod origin;
mod plan;
mod progress;
pub(crate) mod report;
mod run;
pub(crate) mod steps;
pub(crate) mod text;

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use crate::{
    cli::{Format, fail},
    json,
};
use args::CheckArgs;
#[cfg(feature = "js")]
pub(crate) use fetched::{FetchedReport, Reporter};
use report::Report;

/// More than anybody copies from a browser.
const PASTE_LIMIT: u64 = 4 * 1024 * 1024;

/// Checks a URL for every origin.
pub(crate) fn run(args: &CheckArgs) -> io::Result<ExitCode> {
    let plan = match plan::plan(args) {
        Ok(plan) => plan,
        Err(mistake) => return Ok(fail(&mistake)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut reports = Vec::with_capacity(plan.pages.len());
    for page in &plan.pages {
        let check = run::check(args, &plan, page);
        reports.push(runtime.block_on(progress::shown(&plan.url, check)));
    }
    // A name that is still being looked up is nobody's any more.
    runtime.shutdown_background();
    let mut out = anstream::stdout().lock();
    match (args.format, reports.as_slice()) {
        (Format::Json, [report]) => json::write(&mut out, report)?,
        (Format::Json, reports) => json::write(&mut out, &reports)?,
        (Format::Text, reports) => {
            let look = text::Look::of_stdout(args.verbose);
            out.write_all(text::render(reports, look).as_bytes())?;
        }
    }
    out.flush()?;
    if let Some(path) = &args.har
        && let Err(error) = har::write(path, &reports)
    {
        return Ok(fail(&format!("{}: {error}", path.display())));
    }
    Ok(ExitCode::from(exit(&reports)))
}

/// Of several exit codes the one that matters most.
fn exit(reports: &[Report]) -> u8 {
    let precedence = [2, 1, 3, 4, 0];
    let occurs = |code: &u8| reports.iter().any(|report| report.exit == *code);
    precedence.into_iter().find(occurs).unwrap_or_default()
}

/// The arguments of a line that was pasted; the rest of the command line goes before them.
pub(crate) fn pasted(line: &str) -> Result<Vec<String>, String> {
    if line != "-" {
        return curl::arguments(line);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().take(PASTE_LIMIT).read_to_end(&mut bytes);
    read.map_err(|error| format!("--curl -: {error}"))?;
    curl::arguments(&String::from_utf8_lossy(&bytes))
}
