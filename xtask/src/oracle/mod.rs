//! `cargo xtask oracle`: the same scenario in real browsers and in our own enforcer.

mod planted;

use std::ffi::OsString;

use anyhow::Result;

use crate::tool::Tool;

/// The slice of generated scenarios that every change is held against.
pub(crate) const SLICE: &str = "--scenarios 5000 --seed 190001";

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    task: Option<Task>,
    /// `--help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

#[derive(clap::Subcommand)]
enum Task {
    /// Plant wrong rules in a copy of the core, and see whether browsers tell
    Mutants(planted::Args),
}

/// A program of its own, so that nobody who runs another task builds what drives browsers.
pub(crate) fn run(args: &Args) -> Result<bool> {
    match &args.task {
        Some(Task::Mutants(args)) => planted::run(args),
        None => Tool::cargo("run --locked --quiet --package conformance --")
            .args(&args.arguments)
            .run(),
    }
}
