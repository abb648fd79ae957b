//! The command line, and what it starts.

mod generated;
mod report;

use std::path::PathBuf;

use anyhow::Result;

/// Runs scenarios in several subjects and compares.
#[derive(Debug, clap::Parser)]
#[command(name = "cargo xtask oracle")]
pub(crate) struct Args {
    /// How many generated scenarios
    #[arg(long, default_value_t = 1_000)]
    pub(crate) scenarios: u64,
    /// The first scenario's seed; the others follow it one by one
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Who runs them, by commas
    #[arg(long, value_delimiter = ',', default_value = "core,chromium,firefox")]
    pub(crate) subjects: Vec<String>,
    /// Begin after the last seed of the log, and add to its counts
    #[arg(long)]
    pub(crate) resume: bool,
    /// How many differences to show and shrink
    #[arg(long, default_value_t = 10)]
    pub(crate) show: usize,
    /// Where logs and differences go
    #[arg(long, default_value = "target/oracle")]
    pub(crate) folder: PathBuf,
}

/// Whether nothing differed.
pub(crate) async fn run(args: Args) -> Result<bool> {
    generated::run(&args).await
}
