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

mod bench;
mod browsers;
mod ci;
mod cold;
mod deny;
mod fuzz;
mod load;
mod mutants;
mod oracle;
mod patch;
mod public_api;
mod servers;
mod spec;
mod tool;
mod wpt;

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
    /// Count what a fetch costs, in instructions and allocations
    Bench(bench::Args),
    /// Install the browsers that judge, and what drives them
    Browsers(browsers::Args),
    /// Run every check there is
    Ci(ci::Args),
    /// Build the command from nothing, and hold what that took against what it may
    Cold,
    /// Hold the crates that we depend on against `deny.toml`: licenses, sources, what is banned
    Deny(deny::Args),
    /// Hold what real proxies make of one policy against the page that tells of it
    Engines(servers::CompareArgs),
    /// Run a fuzz target, or list them
    Fuzz(fuzz::Args),
    /// Put `corsac serve` under load, and say what it took
    Load(load::Args),
    /// Change the core and see whether a test notices
    Mutants(mutants::Args),
    /// Run scenarios in real browsers and compare
    #[command(disable_help_flag = true)]
    Oracle(oracle::Args),
    /// Say which crates' types the core shows in its public interface
    PublicApi,
    /// Install real servers for `corsac check` to meet, on Debian
    Servers(servers::Args),
    /// Hold the code against the text of the Fetch Standard
    Spec(spec::Args),
    /// Run web-platform-tests of a checkout in pages without a browser
    #[command(disable_help_flag = true)]
    Wpt(wpt::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Bench(args) => bench::run(&args),
        Task::Browsers(args) => browsers::run(&args),
        Task::Ci(args) => ci::run(&args),
        Task::Cold => cold::run().map(|passed| passed.unwrap_or(true)),
        Task::Deny(args) => deny::run(&args),
        Task::Engines(args) => servers::compare(&args),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Load(args) => load::run(&args),
        Task::Mutants(args) => mutants::run(&args),
        Task::Oracle(args) => oracle::run(&args),
        Task::PublicApi => public_api::run(),
        Task::Servers(args) => servers::run(&args),
        Task::Spec(args) => spec::run(&args),
        Task::Wpt(args) => wpt::run(&args),
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
