//! `corsac policy`: what stands in a file of policies.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Subcommand};
use corsac_config::Report;

use crate::cli::fail;

/// Check a file of policies.
#[derive(Debug, Args)]
pub(crate) struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Show every mistake of a file where it stands, or what is valid and perhaps not meant.
    #[command(after_help = "Exit codes: 0 no mistake, 2 mistakes, or usage.")]
    Check {
        /// A corsac.toml.
        file: PathBuf,
    },
}

/// Does what was asked for.
pub(crate) fn run(args: &PolicyArgs) -> io::Result<ExitCode> {
    let PolicyCommand::Check { file } = &args.command;
    let mut out = anstream::stdout().lock();
    match corsac_config::load(file) {
        Ok(checked) => {
            if !checked.lints.findings().is_empty() {
                writeln!(out, "{}\n", checked.lints.coloured())?;
            }
            let lints = checked.lints.findings().len();
            writeln!(out, "{}: no mistake, {lints} to consider", file.display())?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => match error.get_ref().and_then(|it| it.downcast_ref::<Report>()) {
            Some(report) => {
                writeln!(out, "{}", report.coloured())?;
                Ok(ExitCode::from(2))
            }
            None => Ok(fail(&format!("{}: {error}", file.display()))),
        },
    }
}
