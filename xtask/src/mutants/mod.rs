//! `cargo xtask mutants`: changes the core in small ways and sees whether a test notices.
//!
//! `cargo mutants` does the work; `.cargo/mutants.toml` says where. What is kept, in
//! `crates/corsac/mutants`, is `equivalent.toml`, the mutants that no test can notice, each with the
//! reason why; and `results.toml`, which file was tested with which outcome. A result holds for one
//! text of its file, so that runs of some files now and others later add up, and a changed file
//! falls out of the sum. It does not follow the tests: whoever takes one away runs with `--again`.

mod cargo;
mod equivalent;
mod mutant;
mod results;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    path::PathBuf,
    str::FromStr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use self::{
    cargo::{Cargo, Tested, base_of_the_change, blob},
    equivalent::Equivalent,
    mutant::Mutant,
    results::{FileResult, Results},
};
use crate::tool::root;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(clap::Subcommand)]
enum Task {
    /// Say which listed equivalent mutants no longer exist
    Check,
    /// Test the mutants of what changed since a commit
    Diff {
        /// The commit, if not the one where the branch left main
        #[arg(long, value_name = "REV")]
        base: Option<String>,
        /// Begin no other file after so many seconds
        #[arg(long, value_name = "SECONDS")]
        budget_seconds: Option<u64>,
    },
    /// Test the files that have no result as they stand, and record what comes out
    Run {
        /// Only files whose path contains one of these
        paths: Vec<String>,
        /// Of them only every Nth, beginning with the Kth
        #[arg(long, value_name = "K/N", default_value = "1/1")]
        shard: Shard,
        /// Also the files that have a result
        #[arg(long)]
        again: bool,
        /// Begin no other file after so many seconds
        #[arg(long, value_name = "SECONDS")]
        budget_seconds: Option<u64>,
    },
    /// Sum up the results that hold
    Status,
}

/// Whether all is well: no listed mutant is gone, and none that is not listed survived.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let mutants = Mutants::open()?;
    match &args.task {
        Task::Check => mutants.check(),
        Task::Diff {
            base,
            budget_seconds,
        } => mutants.diff(base.as_deref(), Budget::new(*budget_seconds)),
        Task::Run {
            paths,
            shard,
            again,
            budget_seconds,
        } => mutants.run(paths, *shard, *again, Budget::new(*budget_seconds)),
        Task::Status => mutants.status(),
    }
}

/// Whether `cargo mutants` is installed.
pub(crate) fn is_there() -> bool {
    Cargo::is_there()
}

/// What every change has to pass: `check`, and `diff` for some minutes. `None` if `cargo mutants` is
/// not installed.
pub(crate) fn of_the_change() -> Result<Option<bool>> {
    if !is_there() {
        return Ok(None);
    }
    let mutants = Mutants::open()?;
    let budget = Budget::new(Some(600));
    Ok(Some(mutants.check()? & mutants.diff(None, budget)?))
}

struct Mutants {
    cargo: Cargo,
    equivalent: Equivalent,
    results: PathBuf,
}

impl Mutants {
    fn open() -> Result<Self> {
        let kept = root().join("crates/corsac/mutants");
        Ok(Self {
            cargo: Cargo::new(),
            equivalent: Equivalent::read(&kept.join("equivalent.toml"))?,
            results: kept.join("results.toml"),
        })
    }

    fn check(&self) -> Result<bool> {
        let gone = self.equivalent.gone(&self.cargo.list(&[])?);
        for entry in &gone {
            println!("no such mutant: {entry}");
        }
        println!("{} listed, {} gone", self.equivalent.len(), gone.len());
        Ok(gone.is_empty())
    }

    fn diff(&self, base: Option<&str>, budget: Budget) -> Result<bool> {
        let base = base.map_or_else(base_of_the_change, |base| Ok(base.to_owned()))?;
        let diff = self.cargo.diff(&base)?;
        let arguments = ["--in-diff".as_ref(), diff.as_os_str()];
        let files = files(&self.cargo.list(&arguments)?);
        self.test(&files, &arguments, budget, |_, _| Ok(()))
    }

    fn run(&self, paths: &[String], shard: Shard, again: bool, budget: Budget) -> Result<bool> {
        let listed = self.cargo.list(&[])?;
        let mut files = files(&listed);
        files.retain(|file| paths.is_empty() || paths.iter().any(|path| file.contains(path)));
        let mut files = shard.of(files);
        if !again {
            let results = Results::read(&self.results)?;
            let mut open = Vec::new();
            for file in files {
                let current = self.current(&results, &listed, &file)?;
                if current.is_none_or(|result| result.missed > 0) {
                    open.push(file);
                }
            }
            files = open;
        }
        self.test(&files, &[], budget, |file, result| {
            // Read anew each time: another shard may have written meanwhile.
            let mut results = Results::read(&self.results)?;
            results.record(result);
            results.keep_only(&self::files(&listed));
            results
                .write(&self.results)
                .with_context(|| format!("recording {file}"))
        })
    }

    fn status(&self) -> Result<bool> {
        let listed = self.cargo.list(&[])?;
        let results = Results::read(&self.results)?;
        let mut sum = FileResult::default();
        let mut open = 0;
        for file in files(&listed) {
            match self.current(&results, &listed, &file)? {
                Some(result) => {
                    println!("{file}: {result}");
                    sum.add(result);
                }
                None => {
                    let count = listed.iter().filter(|one| one.file == file).count();
                    println!("{file}: {count} not tested as it stands");
                    open += count;
                }
            }
        }
        println!("all: {sum}, {open} not tested");
        Ok(true)
    }

    /// The result of a file, if it is one of the file as it stands.
    fn current<'a>(
        &self,
        results: &'a Results,
        listed: &[Mutant],
        file: &str,
    ) -> Result<Option<&'a FileResult>> {
        let Some(result) = results.of(file) else {
            return Ok(None);
        };
        let count = listed.iter().filter(|one| one.file == file).count();
        let holds = result.blob == blob(file)?
            && result.total() == count
            && result.equivalent == self.equivalent.count_in(file);
        Ok(holds.then_some(result))
    }

    /// Tests file by file, so that whatever ends the run costs one file's work at most.
    fn test(
        &self,
        files: &[String],
        arguments: &[&OsStr],
        budget: Budget,
        mut record: impl FnMut(&str, FileResult) -> Result<()>,
    ) -> Result<bool> {
        let mut sum = FileResult::default();
        for (done, file) in files.iter().enumerate() {
            if budget.is_spent() {
                let left = files.get(done..).unwrap_or_default();
                println!("out of time, not tested: {}", left.join(", "));
                break;
            }
            let tested = self.cargo.test(file, arguments)?;
            let result = self.judge(file, &tested)?;
            sum.add(&result);
            record(file, result)?;
        }
        println!("{sum}");
        Ok(sum.missed == 0)
    }

    /// Counts, and prints every survivor that is not listed in the form of the list.
    fn judge(&self, file: &str, tested: &Tested) -> Result<FileResult> {
        let (equivalent, missed): (Vec<_>, Vec<_>) = tested
            .survivors
            .iter()
            .partition(|mutant| self.equivalent.contains(mutant));
        for mutant in &missed {
            println!("survived, and no reason is listed:\n{}", mutant.as_entry());
        }
        Ok(FileResult {
            file: file.to_owned(),
            blob: blob(file)?,
            caught: tested.caught,
            timeout: tested.timeout,
            unviable: tested.unviable,
            equivalent: equivalent.len(),
            missed: missed.len(),
        })
    }
}

/// The files that mutants stand in, in order.
fn files(mutants: &[Mutant]) -> Vec<String> {
    let files: BTreeSet<_> = mutants.iter().map(|mutant| mutant.file.clone()).collect();
    files.into_iter().collect()
}

struct Budget {
    end: Option<Instant>,
}

impl Budget {
    fn new(seconds: Option<u64>) -> Self {
        let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
        Self { end }
    }

    fn is_spent(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }
}

/// `K/N`: every Nth file, from the Kth on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shard {
    first: usize,
    step: usize,
}

impl Shard {
    fn of(self, files: Vec<String>) -> Vec<String> {
        let files = files.into_iter().skip(self.first - 1);
        files.step_by(self.step).collect()
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_once('/')
            .and_then(|(first, step)| Some((first.parse().ok()?, step.parse().ok()?)))
            .filter(|(first, step)| (1..=*step).contains(first))
            .map(|(first, step)| Self { first, step })
            .ok_or("a shard is K/N, with K from 1 to N")
    }
}
