//! Instructions, counted by callgrind in two runs of different length: their difference is what the
//! added iterations cost, start and end of the process aside. Other work on the machine does not
//! show in it.

use std::env;

use anyhow::{Context as _, Result};

use crate::tool::Tool;

/// Iterations of the shorter and the longer run.
const FEW: u64 = 100;
const MANY: u64 = 1100;

/// Whether valgrind is there; on a fresh machine, where nobody would install it, it is fetched.
pub(super) fn can_count() -> Result<bool> {
    let is_there = || Tool::new("valgrind").args(["--version"]).succeeds();
    if !is_there() && env::var_os("CI").is_some() {
        let apt = |words: &str| Tool::new("apt-get").args(words.split(' ')).run();
        let _ = apt("update --quiet")? && apt("install --yes --quiet valgrind")?;
    }
    Ok(is_there())
}

/// What a case costs, the making of its inputs taken off.
pub(super) fn count(executable: &str, case: &str) -> Result<u64> {
    let whole = an_iteration(executable, case, &[])?;
    let prepared = an_iteration(executable, case, &["--prepare-only"])?;
    Ok(whole.saturating_sub(prepared))
}

fn an_iteration(executable: &str, case: &str, options: &[&str]) -> Result<u64> {
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
