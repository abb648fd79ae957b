//! `cargo xtask oracle`: the same scenario in real browsers and in our own enforcer.

use std::ffi::OsString;

use anyhow::Result;

use crate::tool::Tool;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// `--help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// A program of its own, so that nobody who runs another task builds what drives browsers.
pub(crate) fn run(args: &Args) -> Result<bool> {
    Tool::cargo("run --locked --quiet --package conformance --")
        .args(&args.arguments)
        .run()
}
