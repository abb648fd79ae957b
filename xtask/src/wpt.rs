//! `cargo xtask wpt`: web-platform-tests in pages of ours, from a checkout that the person points at.

use anyhow::Result;

use crate::tool::Tool;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// `--wpt PATH`, and what else `--help` says
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    Tool::cargo("run --locked --quiet --release -p conformance --bin wpt --")
        .args(&args.rest)
        .run()
}
