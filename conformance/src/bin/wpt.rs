//! `cargo xtask wpt`: web-platform-tests in pages of ours.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{fs, io, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use conformance::wpt::{
    enforcement::{self, Enforcement},
    expected::Expected,
    page,
    run::{self, Plan},
    score::{Reports, Score, Surprise},
    server::Server,
    subtests,
};
use indicatif::{ProgressBar, ProgressStyle};

#[derive(Parser)]
#[command(subcommand_negates_reqs = true, disable_help_subcommand = true)]
struct Args {
    #[command(subcommand)]
    inner: Option<Inner>,
    /// A checkout of web-platform-tests
    #[arg(long, value_name = "PATH", required = true)]
    wpt: Option<PathBuf>,
    /// Only pages whose path has this in it
    filter: Vec<String>,
    /// Whose rules the pages go by
    #[arg(long, default_value = "chromium")]
    profile: String,
    /// How many pages run at once [default: one for each core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// How long a page has, in seconds
    #[arg(long, value_name = "N", default_value_t = 30)]
    timeout: u64,
    /// What is known to fail
    #[arg(
        long,
        value_name = "FILE",
        default_value = "conformance/wpt/expected.toml"
    )]
    expected: PathBuf,
    /// Write every report into this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only say how many pass
    #[arg(long)]
    quiet: bool,
    /// Reports of a core that enforces nothing: what failed in all of them, and passes now, is kept as
    /// what is sensitive to enforcement
    #[arg(long, value_name = "FILE", conflicts_with = "filter")]
    without_enforcement: Vec<PathBuf>,
}

#[derive(Subcommand)]
enum Inner {
    /// Runs the page that standard input names
    #[command(hide = true)]
    Page,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    if args.inner.is_some() {
        page::run(&mut io::stdout())?;
        return Ok(ExitCode::SUCCESS);
    }
    let checkout = args.wpt.context("--wpt PATH is needed")?;
    let expected = fs::read_to_string(&args.expected);
    let expected = expected.with_context(|| args.expected.display().to_string())?;
    let expected = Expected::parse(&expected)?;
    let is_asked =
        |page: &str| args.filter.is_empty() || args.filter.iter().any(|part| page.contains(part));
    let mut pages = subtests::all()?;
    pages.retain(|page| is_asked(&page.page));
    let server = Server::start(&checkout)?;
    let plan = Plan {
        profile: args.profile,
        jobs: args
            .jobs
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, Into::into)),
        seconds: args.timeout,
    };
    let bar = ProgressBar::new(pages.len().try_into()?);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")?);
    let reports = run::run(&pages, &server, &plan, |page| {
        bar.set_message(page.page.clone());
        bar.inc(1);
    })?;
    bar.finish_and_clear();
    if let Some(path) = args.json {
        fs::write(&path, serde_json::to_vec_pretty(&reports)?)?;
    }
    let enforcement = match args.without_enforcement.is_empty() {
        true => Enforcement::kept()?,
        false => keep(&args.without_enforcement, &pages, &reports)?,
    };
    let score = Score::of(&pages, &reports, &expected, &enforcement);
    println!("{score}");
    // Of a part of the pages, nothing can be said of the others.
    let is_part = !args.filter.is_empty();
    let surprises = score.surprises.iter();
    let surprises: Vec<_> = surprises
        .filter(|it| !is_part || !matches!(it, Surprise::NeverRan { .. }))
        .collect();
    match args.quiet {
        true => println!("and {} surprises", surprises.len()),
        false => surprises.iter().for_each(|it| println!("{it}")),
    }
    Ok(match surprises.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Finds what is sensitive to enforcement, and writes it where it is kept.
fn keep(paths: &[PathBuf], pages: &[subtests::Page], with: &Reports) -> Result<Enforcement> {
    let mut without = Vec::new();
    for path in paths {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        without.push(serde_json::from_str(&text)?);
    }
    let found = Enforcement::of(pages, with, &without);
    fs::write(enforcement::FILE, found.to_lines()?).context(enforcement::FILE)?;
    Ok(found)
}
