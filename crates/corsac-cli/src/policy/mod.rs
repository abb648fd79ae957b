//! `corsac policy`: what stands in a file of policies.

mod check;
mod diff;
mod explain;
#[cfg(test)]
mod schema;
mod walk;

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use corsac_config::{Checked, Report};

use crate::cli::{Format, fail};

/// Check files of policies, and say what they decide and how they differ.
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
        /// A corsac.toml, or its twin in JSON if it ends in .json.
        file: PathBuf,
        /// How to answer: for people or for programs.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    Explain(explain::ExplainArgs),
    /// Show what a new file grants that an old one didn't, and the other way round.
    #[command(after_help = "Exit codes: 0 it widens nothing, 1 it widens, 2 mistakes, or usage.")]
    Diff {
        /// The file as it was.
        old: PathBuf,
        /// The file as it is to be.
        new: PathBuf,
        /// How to answer: for people or for programs.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// Does what was asked for.
pub(crate) fn run(args: &PolicyArgs) -> io::Result<ExitCode> {
    match &args.command {
        PolicyCommand::Check { file, format } => check::run(file, *format),
        PolicyCommand::Explain(args) => explain::run(args),
        PolicyCommand::Diff { old, new, format } => diff::run(old, new, *format),
    }
}

/// Why there is nothing to work with.
enum Unusable {
    /// It has mistakes.
    Mistakes(Report),
    /// It cannot be read, which was said.
    Unreadable(ExitCode),
}

fn load(file: &Path) -> Result<Checked, Unusable> {
    corsac_config::load(file).map_err(|error| {
        let text = format!("{}: {error}", file.display());
        match error.into_inner().map(|inner| inner.downcast::<Report>()) {
            Some(Ok(report)) => Unusable::Mistakes(*report),
            _ => Unusable::Unreadable(fail(&text)),
        }
    })
}

/// A file without mistakes, or an exit code after they were said: to standard error, as they are
/// not what was asked for.
fn load_or_complain(file: &Path) -> io::Result<Result<Checked, ExitCode>> {
    match load(file) {
        Ok(checked) => Ok(Ok(checked)),
        Err(Unusable::Unreadable(code)) => Ok(Err(code)),
        Err(Unusable::Mistakes(report)) => {
            writeln!(anstream::stderr().lock(), "{}", report.coloured())?;
            Ok(Err(ExitCode::from(2)))
        }
    }
}
