//! What is asked of `cargo mutants` and of Git.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::mutant::{Described, Mutant};

pub(crate) struct Cargo {
    root: PathBuf,
    scratch: PathBuf,
}

/// What came of one run.
#[derive(Debug, Default)]
pub(crate) struct Tested {
    pub(crate) caught: usize,
    pub(crate) timeout: usize,
    pub(crate) unviable: usize,
    pub(crate) survivors: Vec<Mutant>,
}

#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    scenario: Scenario,
    summary: Summary,
}

#[derive(Deserialize)]
enum Scenario {
    Baseline,
    Mutant(Described),
}

#[derive(Deserialize)]
enum Summary {
    Success,
    CaughtMutant,
    MissedMutant,
    Unviable,
    Failure,
    Timeout,
}

impl Cargo {
    pub(crate) fn new(root: &Path) -> Self {
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        Self {
            root: root.to_owned(),
            scratch: target.join("mutants"),
        }
    }

    fn mutants(&self, arguments: &[&OsStr]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(["mutants", "--package=corsac"])
            .args(arguments)
            .current_dir(&self.root)
            // Otherwise each run would build the dependencies again.
            .env("CARGO_TARGET_DIR", self.scratch.join("target"))
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        command
    }

    pub(crate) fn list(&self, arguments: &[&OsStr]) -> Result<Vec<Mutant>> {
        let listed = output(self.mutants(arguments).args(["--list", "--json"]))?;
        // Nothing at all, instead of an empty list, is the answer to a diff without mutants.
        if listed.trim_ascii().is_empty() {
            return Ok(Vec::new());
        }
        let described: Vec<Described> = serde_json::from_slice(&listed)?;
        described.iter().map(|one| one.place(&self.root)).collect()
    }

    pub(crate) fn test(&self, file: &str, arguments: &[&OsStr]) -> Result<Tested> {
        fs::create_dir_all(&self.scratch)?;
        let status = self
            .mutants(arguments)
            .arg(format!("--file={file}"))
            .arg("--output")
            .arg(&self.scratch)
            .status()
            .context("cargo mutants")?;
        // 2 and 3 are survivors and timeouts; anything else means that not all were tested.
        ensure!(
            matches!(status.code(), Some(0 | 2 | 3)),
            "cargo mutants ended with {status} in {file}"
        );
        let outcomes = fs::read(self.scratch.join("mutants.out/outcomes.json"))?;
        let outcomes: Outcomes = serde_json::from_slice(&outcomes)?;
        let mut tested = Tested::default();
        for outcome in outcomes.outcomes {
            let Scenario::Mutant(mutant) = outcome.scenario else {
                continue;
            };
            match outcome.summary {
                Summary::CaughtMutant => tested.caught += 1,
                Summary::Timeout => tested.timeout += 1,
                Summary::Unviable => tested.unviable += 1,
                Summary::MissedMutant | Summary::Success | Summary::Failure => {
                    tested.survivors.push(mutant.place(&self.root)?);
                }
            }
        }
        Ok(tested)
    }

    /// Writes what changed since the branch left `base`, committed or not, to a file.
    pub(crate) fn diff(&self, base: &str) -> Result<PathBuf> {
        let merge_base = output(self.git().args(["merge-base", base, "HEAD"]))?;
        let merge_base = String::from_utf8(merge_base)?;
        let diff =
            output(
                self.git()
                    .args(["diff", "--no-ext-diff", merge_base.trim(), "--", "*.rs"]),
            )?;
        fs::create_dir_all(&self.scratch)?;
        let path = self.scratch.join("change.diff");
        fs::write(&path, diff)?;
        Ok(path)
    }

    /// What Git calls the text of a file as it stands.
    pub(crate) fn blob(&self, file: &str) -> Result<String> {
        let blob = output(self.git().args(["hash-object", "--", file]))?;
        Ok(String::from_utf8(blob)?.trim().to_owned())
    }

    fn git(&self) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.root).stderr(Stdio::inherit());
        command
    }
}

fn output(command: &mut Command) -> Result<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| name.clone())?;
    ensure!(
        output.status.success(),
        "{name} ended with {}",
        output.status
    );
    Ok(output.stdout)
}
