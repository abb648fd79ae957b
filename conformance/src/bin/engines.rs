//! `cargo xtask engines`: what real proxies make of one policy.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, Result};
use clap::Parser;
use conformance::engines;

#[derive(Parser)]
struct Args {
    /// The program to run as Envoy
    #[arg(long, value_name = "PATH")]
    envoy: Option<PathBuf>,
    /// The page whose table this is
    #[arg(
        long,
        value_name = "FILE",
        default_value = "conformance/engines/README.md"
    )]
    page: PathBuf,
    /// Keep what comes out, instead of holding it against what is kept
    #[arg(long)]
    write: bool,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let table = engines::run(args.envoy.as_deref())?;
    for (column, count) in table.counts() {
        println!(
            "{column:<24} {count:>3} of {} otherwise",
            engines::CASES.len()
        );
    }
    let page = fs::read_to_string(&args.page).with_context(|| args.page.display().to_string())?;
    if args.write {
        fs::write(&args.page, table.written_into(&page)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut passed = true;
    for difference in table.differences(&page)? {
        println!("{difference}");
        passed = false;
    }
    for engine in table.missing() {
        println!("not run: {} is not installed", engine.name());
        // Whoever judges by them must have them.
        passed &= std::env::var_os("CI").is_none();
    }
    Ok(match passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
