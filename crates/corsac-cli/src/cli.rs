//! What people type.

use std::{
    fmt::Display,
    io::{self, Write},
    process::ExitCode,
};

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::{
    check::{self, args::CheckArgs},
    policy::PolicyArgs,
};

#[cfg(feature = "js")]
use crate::run::args::RunArgs;
#[cfg(feature = "serve")]
use crate::serve::ServeArgs;

/// Both ends of cross-origin resource sharing (CORS).
#[derive(Debug, Parser)]
#[command(name = "corsac", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// Reads the command line, and what it says to read instead; or says what is wrong with it.
    pub(crate) fn read() -> Result<Self, String> {
        let cli = Self::of(Self::command().get_matches());
        let Command::Check(args) = &cli.command else {
            return Ok(cli);
        };
        let Some(line) = &args.curl else {
            return Ok(cli);
        };
        let pasted = check::pasted(line)?;
        // What was typed comes last, and so counts.
        let mut typed = std::env::args();
        let command: Vec<_> = typed.by_ref().take(2).collect();
        let all = command.into_iter().chain(pasted).chain(typed);
        Ok(Self::of(Self::command().get_matches_from(all)))
    }

    fn of(matches: ArgMatches) -> Self {
        let mut cli = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        match (&mut cli.command, matches.subcommand()) {
            (Command::Check(args), Some((_, matches))) => args.order_parts(matches),
            #[cfg(feature = "js")]
            (Command::Run(args), Some((_, matches))) => args.order_scripts(matches),
            _ => {}
        }
        cli
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Box<CheckArgs>),
    Demo(DemoArgs),
    Explain(ExplainArgs),
    Policy(PolicyArgs),
    #[cfg(feature = "js")]
    Run(Box<RunArgs>),
    #[cfg(feature = "serve")]
    Serve(Box<ServeArgs>),
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

/// Explain a code, or what a browser's console says.
///
/// Takes a code such as allow-origin-missing, or a line pasted from the console of Chrome, Firefox
/// or Safari; `-` reads the line from standard input.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Exit codes: 0 explained, 2 not known, or usage."
)]
pub(crate) struct ExplainArgs {
    /// A code, or a line of the console.
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    pub(crate) what: Vec<String>,
    /// List every code.
    #[arg(long)]
    pub(crate) list: bool,
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
