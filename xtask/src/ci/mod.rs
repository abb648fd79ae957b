//! `cargo xtask ci`: every check there is, in an order that fails early.

mod stages;

use std::time::{Duration, Instant};

use anyhow::Result;

use self::stages::STAGES;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only these stages
    #[arg(value_name = "STAGE")]
    only: Vec<String>,
    /// Name the stages and stop
    #[arg(long)]
    list: bool,
}

/// What became of a stage.
enum Outcome {
    Passed,
    Failed,
    /// Why it cannot run here.
    NotRun(String),
}

impl From<bool> for Outcome {
    fn from(passed: bool) -> Self {
        match passed {
            true => Self::Passed,
            false => Self::Failed,
        }
    }
}

struct Stage {
    name: &'static str,
    run: fn() -> Result<Outcome>,
}

/// Whether no stage failed. All of them run, so that one look shows all there is to do.
pub(crate) fn run(args: &Args) -> Result<bool> {
    for name in &args.only {
        let known = STAGES.iter().any(|stage| stage.name == name);
        anyhow::ensure!(known, "no stage is called {name}");
    }
    let asked =
        |stage: &&Stage| args.only.is_empty() || args.only.iter().any(|name| name == stage.name);
    let stages = STAGES.iter().filter(asked);
    if args.list {
        stages.for_each(|stage| println!("{}", stage.name));
        return Ok(true);
    }
    let begin = Instant::now();
    let ran: Vec<_> = stages.map(run_stage).collect();
    Ok(sum_up(&ran, begin.elapsed()))
}

fn run_stage(stage: &Stage) -> (&'static str, Duration, Outcome) {
    println!("\n== {}", stage.name);
    let begin = Instant::now();
    let outcome = (stage.run)().unwrap_or_else(|error| {
        println!("error: {error:#}");
        Outcome::Failed
    });
    if let Outcome::NotRun(why) = &outcome {
        println!("not run: {why}");
    }
    (stage.name, begin.elapsed(), outcome)
}

/// The table of stages, and the line that whoever runs this looks for.
fn sum_up(ran: &[(&str, Duration, Outcome)], whole: Duration) -> bool {
    println!("\n{:<12} {:>7}", "stage", "seconds");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (name, took, outcome) in ran {
        let (count, word) = match outcome {
            Outcome::Passed => (&mut passed, "ok".to_owned()),
            Outcome::Failed => (&mut failed, "FAILED".to_owned()),
            Outcome::NotRun(why) => (&mut skipped, format!("not run: {why}")),
        };
        *count += 1;
        println!("{name:<12} {:>7.1} {word}", took.as_secs_f64());
    }
    println!("{:<12} {:>7.1}\n", "all", whole.as_secs_f64());
    match skipped {
        0 => println!("{passed} passed, {failed} failed"),
        _ => println!("{passed} passed, {failed} failed, {skipped} skipped"),
    }
    failed == 0
}
