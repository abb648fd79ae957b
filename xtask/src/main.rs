//! What a person does twice: `cargo xtask COMMAND`.

// A task talks to the person who started it, on stdout and stderr; that is all it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]
// Tests may stop at the first thing that is not as they say.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod mutants;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Change the core and see whether a test notices
    Mutants(mutants::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Mutants(args) => mutants::run(&args),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
