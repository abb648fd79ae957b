//! What people type.

use std::{
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Both ends of cross-origin resource sharing (CORS).
#[derive(Debug, Parser)]
#[command(name = "corsac", version, max_term_width = 80)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(DemoArgs),
}

/// Show CORS in ten scenes, on this machine, between two sites.
///
/// Site A's user agent and Site B's server exchange real bytes over a loopback socket. The demo
/// needs no network and ends by itself.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 every scene ended as told, 1 one did not, 2 usage.")]
pub(crate) struct DemoArgs {
    /// Keep Site B running until standard input ends, and say where it is.
    #[arg(long)]
    pub(crate) keep: bool,
    /// How to answer: for people or for programs.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// How to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

/// Says what went wrong, and makes the exit code of usage and configuration.
pub(crate) fn fail(error: &dyn Display) -> ExitCode {
    // If even that can't be said, the exit code still says it.
    let _ = writeln!(io::stderr(), "error: {error}");
    ExitCode::from(2)
}
