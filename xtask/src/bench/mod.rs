//! `cargo xtask bench`: what a fetch costs, what a layer adds to a service, beside its peers, and an
//! agent to a bare client.
#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value lacks reads as null"
)]

mod against_curl;
mod by_hand;
mod gates;
mod instructions;
mod js;
mod peers;
mod serve;
mod tables;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::tool::Tool;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this case of ours, without the peers; `check` is the whole command, beside curl, and `serve`
    /// is the whole gateway, beside nginx and HAProxy; `js` is `corsac run`, beside jsdom and happy-dom
    case: Option<String>,
    /// Only count the layer's instructions, and fail if they are too many
    #[arg(long, conflicts_with = "case")]
    gates: bool,
    /// How often each peer is asked each thing; 300 times, or for `serve` 7 runs
    #[arg(long)]
    rounds: Option<u32>,
}

/// Each package with its bench.
const BENCHES: [(&str, &str); 3] = [
    ("corsac", "fetch"),
    ("corsac-tower", "layer"),
    ("corsac-agent", "request"),
];

/// Prints times, then instructions if valgrind is there; then times the peers, writes the tables into
/// the pages that show them, and fails if the layer is too far from one written by hand.
pub(crate) fn run(args: &Args) -> Result<bool> {
    if args.case.as_deref() == Some("check") {
        return against_curl::run();
    }
    if args.case.as_deref() == Some("js") {
        return js::run(args.rounds.unwrap_or(5));
    }
    if args.case.as_deref() == Some("serve") {
        return serve::run(args.rounds.unwrap_or(7));
    }
    let counts = instructions::can_count()?;
    if args.gates {
        anyhow::ensure!(
            counts,
            "instructions are counted by valgrind, which is not here"
        );
        return gates::check();
    }
    if !ours(args.case.as_deref(), counts)? || !allocations()? {
        return Ok(false);
    }
    if !counts {
        println!("no instructions: valgrind is not installed");
    }
    if args.case.is_none() {
        let timed = peers::time(args.rounds.unwrap_or(300))?;
        tables::write(&timed)?;
        return Ok(by_hand::is_near(&timed));
    }
    Ok(true)
}

fn ours(only: Option<&str>, counts: bool) -> Result<bool> {
    let mut found = false;
    for (package, bench) in BENCHES {
        let executable = executable(package, bench)?;
        let cases = Tool::new(&executable).args(["--list"]).stdout()?;
        let asked = |case: &&str| only.is_none_or(|only| only == *case);
        let cases: Vec<_> = cases.lines().filter(asked).collect();
        if cases.is_empty() {
            continue;
        }
        found = true;
        let mut times = Tool::new(&executable).args(["--bench"]);
        if let Some(case) = only {
            times = times.args(["--case", case]);
        }
        if !times.run()? {
            return Ok(false);
        }
        if counts {
            println!("\n{:<26} {:>12}", "case", "instructions");
            for case in cases {
                println!("{case:<26} {:>12}", instructions::count(&executable, case)?);
            }
            println!();
        }
    }
    anyhow::ensure!(found, "no such case");
    Ok(true)
}

/// Whether every case still ends as it says, and costs what is stated; not how long it takes.
pub(crate) fn assert_only() -> Result<bool> {
    for (package, bench) in BENCHES {
        if !Tool::cargo(&format!(
            "test --locked --package {package} --bench {bench}"
        ))
        .run()?
        {
            return Ok(false);
        }
    }
    if !allocations()? {
        return Ok(false);
    }
    match instructions::can_count()? {
        true => gates::check(),
        false => {
            println!("no instructions: valgrind is not installed");
            Ok(true)
        }
    }
}

/// The layer's are among its other tests.
fn allocations() -> Result<bool> {
    Tool::cargo("test --locked --package corsac --bench fetch_allocations").run()
}

/// The bench, built as `cargo bench` builds it.
fn executable(package: &str, bench: &str) -> Result<String> {
    let built = Tool::cargo(&format!(
        "bench --locked --package {package} --bench {bench} --no-run --message-format=json"
    ))
    .stdout()?;
    of_artifacts(&built, bench)
}

/// The executable that cargo says it built under this name.
fn of_artifacts(messages: &str, name: &str) -> Result<String> {
    let artifacts = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = artifacts
        .filter(|artifact| artifact["target"]["name"] == name)
        .find_map(|artifact| artifact["executable"].as_str().map(str::to_owned));
    executable.context("cargo says where it built it")
}
