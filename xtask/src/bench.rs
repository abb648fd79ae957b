//! `cargo xtask bench`: what a fetch costs, what a layer adds to a service, and an
//! agent to a bare client.
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

/// Each package with its bench.
const BENCHES: [(&str, &str); 3] = [
    ("corsac", "fetch"),
    ("corsac-tower", "layer"),
    ("corsac-agent", "request"),
];

/// Prints times, then instructions if valgrind is there.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let counts = Tool::new("valgrind").args(["--version"]).succeeds();
    let mut found = false;
    for (package, bench) in BENCHES {
        let executable = executable(package, bench)?;
        let cases = Tool::new(&executable).args(["--list"]).stdout()?;
        let asked = |case: &&str| args.case.as_deref().is_none_or(|only| only == *case);
        let cases: Vec<_> = cases.lines().filter(asked).collect();
        if cases.is_empty() {
            continue;
        }
        found = true;
        let mut times = Tool::new(&executable).args(["--bench"]);
        if let Some(case) = &args.case {
            times = times.args(["--case", case]);
        }
        if !times.run()? {
            return Ok(false);
        }
        if counts {
            print_instructions(&executable, &cases)?;
        }
    }
    anyhow::ensure!(found, "no such case");
    if !allocations()? {
        return Ok(false);
    }
    if !counts {
        println!("no instructions: valgrind is not installed");
    }
    Ok(true)
}

fn print_instructions(executable: &str, cases: &[&str]) -> Result<()> {
    println!("\n{:<26} {:>12}", "case", "instructions");
    for case in cases {
        let whole = instructions(executable, case, &[])?;
        let prepared = instructions(executable, case, &["--prepare-only"])?;
        println!("{case:<26} {:>12}", whole - prepared);
    }
    println!();
    Ok(())
}

/// Whether every case still ends as it says, and allocates what is stated; not how long it takes.
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
    allocations()
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
    let artifacts = built
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executable = artifacts
        .filter(|artifact| artifact["target"]["name"] == bench)
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
