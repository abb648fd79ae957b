//! `cargo xtask load`: `corsac serve` under as much load as is asked for, and what it took.

use anyhow::Result;

use crate::tool::Tool;

/// How much; CI runs the same tests with small counts.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only tests whose names have this in them
    only: Option<String>,
    /// Requests while reloads, drains and new binaries come
    #[arg(long, default_value_t = 200_000)]
    requests: usize,
    /// Requests after which nothing may have grown
    #[arg(long, default_value_t = 1_000_000)]
    growth: usize,
    /// Connections that ask nothing
    #[arg(long, default_value_t = 10_000)]
    idle: usize,
    /// Clients that take their time
    #[arg(long, default_value_t = 500)]
    slow: usize,
    /// Reloads of a policy that is right
    #[arg(long, default_value_t = 60)]
    valid: usize,
    /// And of one that is wrong
    #[arg(long, default_value_t = 30)]
    invalid: usize,
    /// How often the upstream is killed and started again
    #[arg(long, default_value_t = 10)]
    outages: usize,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let counts = [
        ("REQUESTS", args.requests),
        ("GROWTH", args.growth),
        ("IDLE", args.idle),
        ("SLOW", args.slow),
        ("VALID", args.valid),
        ("INVALID", args.invalid),
        ("OUTAGES", args.outages),
    ];
    // One at a time: what is measured is of one.
    let test = Tool::cargo("test --locked --release -p corsac-cli --test load --")
        .args(["--nocapture", "--test-threads=1"])
        .args(&args.only);
    let with = |tool: Tool, (name, count): (&str, usize)| {
        tool.env(&format!("CORSAC_LOAD_{name}"), count.to_string())
    };
    counts.into_iter().fold(test, with).run()
}
