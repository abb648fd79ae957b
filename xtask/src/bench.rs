//! `cargo xtask bench`: what a fetch costs.
//!
//! Instructions are counted by callgrind in two runs of different length: their difference is what
//! the added iterations cost, start and end of the process aside; and what it takes to make the
//! inputs is counted alone and taken off. Other work on the machine does not show in it.
#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value lacks reads as null"
)]

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::tool::Tool;

/// Iterations of the shorter and the longer run.
const FEW: u64 = 100;
const MANY: u64 = 1100;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this case
    case: Option<String>,
}

/// Prints times and allocations, then instructions if valgrind is there.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let mut bench = Tool::cargo("bench --locked --package corsac --bench fetch --");
    if let Some(case) = &args.case {
        bench = bench.args(["--case", case]);
    }
    if !bench.run()? || !allocations()? {
        return Ok(false);
    }
    if !Tool::new("valgrind").args(["--version"]).succeeds() {
        println!("no instructions: valgrind is not installed");
        return Ok(true);
    }
    let executable = executable()?;
    let cases = Tool::new(&executable).args(["--list"]).stdout()?;
    let asked = |case: &&str| args.case.as_deref().is_none_or(|only| only == *case);
    println!("\n{:<26} {:>12}", "case", "instructions");
    for case in cases.lines().filter(asked) {
        let whole = instructions(&executable, case, &[])?;
        let prepared = instructions(&executable, case, &["--prepare-only"])?;
        println!("{case:<26} {:>12}", whole - prepared);
    }
    Ok(true)
}

/// Whether every case still ends as it says, and allocates what is stated; not how long it takes.
pub(crate) fn assert_only() -> Result<bool> {
    let ends = Tool::cargo("test --locked --package corsac --bench fetch").run()?;
    Ok(ends && allocations()?)
}

fn allocations() -> Result<bool> {
    Tool::cargo("test --locked --package corsac --bench fetch_allocations").run()
}

/// The bench, built as `cargo bench` builds it.
fn executable() -> Result<String> {
    let built =
        Tool::cargo("bench --locked --package corsac --bench fetch --no-run --message-format=json")
            .stdout()?;
    let artifacts = built
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = artifacts
        .filter(|artifact| artifact["target"]["name"] == "fetch")
        .find_map(|artifact| artifact["executable"].as_str().map(str::to_owned));
    executable.context("cargo says where the bench is")
}

/// Instructions an iteration.
fn instructions(executable: &str, case: &str, options: &[&str]) -> Result<u64> {
    let few = collected(executable, case, FEW, options)?;
    let many = collected(executable, case, MANY, options)?;
    Ok(many.saturating_sub(few) / (MANY - FEW))
}

fn collected(executable: &str, case: &str, iterations: u64, options: &[&str]) -> Result<u64> {
    let iterations = iterations.to_string();
    let captured = Tool::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args([executable, "--case", case, "--iterations", &iterations])
        .args(options)
        .capture()?;
    anyhow::ensure!(captured.succeeded, "{}", captured.stderr);
    let collected = captured
        .stderr
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .context("callgrind says what it collected")?;
    Ok(collected.1.trim().parse()?)
}
