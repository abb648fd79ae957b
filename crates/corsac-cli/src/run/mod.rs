//! `corsac run`: scripts as a page of an origin, without a browser.

pub(crate) mod args;
mod console;
mod page;
mod report;
mod scripts;
mod text;

use std::{
    cell::RefCell,
    io::{self, Write},
    process::{self, ExitCode},
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

use corsac_js::{ErrorKind, Page, ScriptError};
use url::Url;

use crate::{
    check::{Reporter, args::name, report::Tool, steps::ms, text::Look},
    cli::{Format, fail},
    json,
};
use args::RunArgs;
use console::Log;
use report::{Ended, ErrorReport, PageReport, RunReport, RunSchema};
use scripts::{Script, Source};

/// A script could not be loaded, or a limit ended it.
const NOT_RUN: u8 = 3;

/// So much later than it should have, a page is ended that did not end itself.
const GRACE: Duration = Duration::from_secs(2);

/// Runs the scripts, and says what became of their requests.
pub(crate) fn run(args: &RunArgs) -> io::Result<ExitCode> {
    let began = Instant::now();
    let config = match page::config(args) {
        Ok(config) => config,
        Err(mistake) => return Ok(fail(&mistake)),
    };
    let loaded = match scripts::load(args, &config.url) {
        Ok(loaded) => loaded,
        Err(mistakes) => {
            for mistake in mistakes {
                fail(&mistake);
            }
            return Ok(ExitCode::from(NOT_RUN));
        }
    };
    let of_page = PageReport {
        origin: config.environment.origin.to_string(),
        url: config.url.to_string(),
        profile: name(args.profile),
    };
    let log = Log::default();
    let console = match args.format {
        Format::Text => console::printed(),
        Format::Json => console::kept(&log),
    };
    let url = config.url.clone();
    if let Some(timeout) = args.timeout {
        end_after(timeout);
    }
    let mut page = match Page::new(config, console) {
        Ok(page) => page,
        Err(error) => return Ok(fail(&error)),
    };
    let mut not_loaded = loaded.missing;
    let limit = play(&mut page, &url, &loaded.scripts, &mut not_loaded).err();
    let mut report = RunReport {
        schema: RunSchema::Run1,
        tool: Tool {
            name: "corsac".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        page: of_page,
        console: Vec::new(),
        errors: page.errors().iter().map(ErrorReport::from).collect(),
        not_loaded,
        requests: report::requests(
            &page.fetches(),
            Reporter::new(args.profile.into()),
            args.show_secrets,
        ),
        pending: page.pending(),
        ended: match limit {
            Some(_) => Ended::Limit,
            None => Ended::Idle,
        },
        ms: ms(began.elapsed()),
        exit: 0,
    };
    // It is told once, whether the page has it among its errors or not.
    if let Some(error) = limit.as_ref().map(ErrorReport::from)
        && !report.errors.contains(&error)
    {
        report.errors.push(error);
    }
    report.exit = exit(&report);
    drop(page);
    report.console = Rc::try_unwrap(log).map_or_else(|_| Vec::new(), RefCell::into_inner);
    write(&report, args.format)?;
    Ok(ExitCode::from(report.exit))
}

/// The engine notices a limit between its instructions, and some of them take for ever.
fn end_after(timeout: Duration) {
    thread::spawn(move || {
        thread::sleep(timeout + GRACE);
        fail(&"one call of the engine took all the time there is, and was ended");
        process::exit(NOT_RUN.into());
    });
}

/// Runs each script, then whatever they left to do; fails where a limit ends it.
fn play(
    page: &mut Page,
    url: &Url,
    scripts: &[Script],
    not_loaded: &mut Vec<String>,
) -> Result<(), ScriptError> {
    for script in scripts {
        let done = match (&script.source, script.is_module) {
            (Source::Text(text), false) => page.evaluate(&script.name, text),
            (Source::Text(text), true) => {
                page.evaluate_module(&page::module_url(script, url), text)
            }
            // By way of an import, since a module is asked for by CORS and a script is not.
            (Source::At(at), true) => {
                let source = format!("import {:?};", at.as_str());
                page.evaluate_module(url, &source)
            }
            (Source::At(at), false) => match page.load_script(at) {
                Ok(text) => page.evaluate(&script.name, &text),
                Err(error) if ends(&error) => return Err(error),
                Err(error) => {
                    not_loaded.push(format!("{}: {}", script.name, error.message));
                    continue;
                }
            },
        };
        if let Err(error) = &done
            && error.kind == ErrorKind::Load
        {
            not_loaded.push(format!("{}: {}", script.name, error.message));
        }
        // An error of one script is told, and the next one runs, as in a browser.
        if let Err(error) = done
            && ends(&error)
        {
            return Err(error);
        }
    }
    match page.fire_load().and_then(|()| page.run_to_idle()) {
        Err(error) if ends(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Whether nothing more can run after it.
const fn ends(error: &ScriptError) -> bool {
    matches!(error.kind, ErrorKind::Timeout | ErrorKind::OutOfMemory)
}

fn exit(report: &RunReport) -> u8 {
    match (report.ended, report.not_loaded.is_empty()) {
        (Ended::Limit, _) | (_, false) => NOT_RUN,
        _ => u8::from(!report.errors.is_empty()),
    }
}

fn write(report: &RunReport, format: Format) -> io::Result<()> {
    let mut err = anstream::stderr().lock();
    for why in &report.not_loaded {
        writeln!(err, "error: {}", console::tamed(why))?;
    }
    match format {
        Format::Json => {
            let mut out = io::stdout().lock();
            json::write(&mut out, report)?;
            out.flush()
        }
        Format::Text => {
            let look = Look::of_stdout(false);
            err.write_all(text::ending(report, look).as_bytes())
        }
    }
}
