//! `corsac`: cross-origin requests shown, explained and checked.

mod check;
mod cli;
mod demo;
mod explain;
mod json;
mod policy;
#[cfg(feature = "js")]
mod run;
#[cfg(feature = "serve")]
mod serve;
mod terminal;

use std::{io, process::ExitCode};

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(mistake) => return cli::fail(&mistake),
    };
    let done = match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Policy(args) => policy::run(&args),
        #[cfg(feature = "js")]
        Command::Run(args) => run::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&args),
    };
    match done {
        Ok(code) => code,
        // Whoever closed the pipe has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => cli::fail(&error),
    }
}
