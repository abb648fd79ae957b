//! The command line, and what it starts.

mod generated;
mod named;
mod recording;
mod report;

use std::path::PathBuf;

use anyhow::Result;
use conformance::{
    generate::{self, Feature},
    scenario::Scenario,
};

/// Runs scenarios in several subjects and compares.
#[derive(Debug, clap::Parser)]
#[command(name = "cargo xtask oracle")]
pub(crate) struct Args {
    /// How many generated scenarios
    #[arg(long, default_value_t = 1_000)]
    pub(crate) scenarios: u64,
    /// This many scenarios with generated policies on real servers, instead of scripted ones
    #[arg(long, conflicts_with_all = ["cases", "scenarios"])]
    pub(crate) policies: Option<u64>,
    /// The first scenario's seed; the others follow it one by one
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Who runs them, by commas
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "core,agent,chromium,firefox"
    )]
    pub(crate) subjects: Vec<String>,
    /// Begin after the last seed of the log, and add to its counts
    #[arg(long)]
    pub(crate) resume: bool,
    /// Keep what is seen in this folder, and run no scenario again that is kept there
    #[arg(long)]
    pub(crate) record: Option<PathBuf>,
    /// Judge what this folder keeps, and start no browser
    #[arg(long, conflicts_with = "record")]
    pub(crate) judge: Option<PathBuf>,
    /// How many differences to show and shrink
    #[arg(long, default_value_t = 10)]
    pub(crate) show: usize,
    /// The named cases of this file or folder, instead of generated scenarios
    #[arg(long, num_args = 0..=1, default_missing_value = "conformance/cases")]
    pub(crate) cases: Option<PathBuf>,
    /// Only cases whose names contain this
    #[arg(long, requires = "cases")]
    pub(crate) only: Option<String>,
    /// Only print the scenario of the seed, and what the core does with it; with named cases, print
    /// also those that do not differ
    #[arg(long)]
    pub(crate) print: bool,
    /// Where logs and differences go
    #[arg(long, default_value = "target/oracle")]
    pub(crate) folder: PathBuf,
}

impl Args {
    /// The scenario of a seed, of the kind that is asked for.
    fn generate(&self, seed: u64) -> (Feature, Scenario) {
        match self.policies {
            Some(_) => generate::policies(seed),
            None => generate::scenario(seed),
        }
    }

    /// How many.
    fn count(&self) -> u64 {
        self.policies.unwrap_or(self.scenarios)
    }

    /// What tells files of one kind from those of another.
    fn kind(&self) -> &'static str {
        match self.policies {
            Some(_) => "-policies",
            None => "",
        }
    }
}

/// Whether nothing differed.
pub(crate) async fn run(args: Args) -> Result<bool> {
    if let Some(path) = &args.cases {
        return named::run(&args, path).await;
    }
    if args.print {
        let (_, scenario) = args.generate(args.seed);
        println!("{}", toml::to_string(&scenario)?);
        let run = conformance::subject::core::run(&scenario, corsac::fetch::Profile::FETCH);
        println!("{}", serde_json::to_string_pretty(&run.observation)?);
        return Ok(true);
    }
    generated::run(&args).await
}
