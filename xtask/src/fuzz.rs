//! `cargo xtask fuzz`: the properties of the crate `fuzz`, over arbitrary bytes.

use std::fs;

use anyhow::{Context as _, Result};

use crate::tool::{Tool, root};

/// How many random inputs each target gets where nothing is installed for more.
const SMOKE_CASES: &str = "30000";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The target; without one, all of them are named
    target: Option<String>,
    /// For how long
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// What watches memory: `none` is several times faster, and there is no unsafe code of ours
    #[arg(long, default_value = "none")]
    sanitizer: String,
}

/// Runs libFuzzer by `cargo fuzz`. Whether it found nothing.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let Some(target) = &args.target else {
        targets()?.iter().for_each(|name| println!("{name}"));
        return Ok(true);
    };
    anyhow::ensure!(targets()?.contains(target), "no target is called {target}");
    anyhow::ensure!(
        Tool::cargo("fuzz --version").succeeds(),
        "this needs `cargo install --locked cargo-fuzz`"
    );
    let seconds = format!("-max_total_time={}", args.seconds);
    let dictionary = format!("-dict={}", root().join("fuzz/words.dict").display());
    Tool::cargo("fuzz run --features libfuzzer --sanitizer")
        .args([&args.sanitizer, target])
        .args(["--", &seconds, &dictionary, "-timeout=10"])
        // A script or a conversation is long from the start.
        .args(["-len_control=0"])
        // Optimizing across crates takes longer than a short run.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        // Coverage is instrumented by flags that a stable compiler wants to be told we know.
        .env("RUSTC_BOOTSTRAP", "1")
        .run()
}

/// Gives every target some thousand random inputs, without libFuzzer.
pub(crate) fn smoke() -> Result<bool> {
    Tool::cargo("test --locked --package corsac-fuzz")
        .env("CORSAC_FUZZ_CASES", SMOKE_CASES)
        .run()
}

fn targets() -> Result<Vec<String>> {
    let directory = root().join("fuzz/fuzz_targets");
    let files = fs::read_dir(&directory).with_context(|| directory.display().to_string())?;
    let mut names = Vec::new();
    for file in files {
        let path = file?.path();
        let name = path.file_stem().context("a file has a name")?;
        names.push(name.display().to_string());
    }
    names.sort();
    Ok(names)
}
