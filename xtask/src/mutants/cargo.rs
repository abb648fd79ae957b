//! What is asked of `cargo mutants` and of Git.

use std::{env, ffi::OsStr, fs, path::PathBuf};

use anyhow::{Result, ensure};
use serde::Deserialize;
use toml_edit::{Array, DocumentMut};

use super::mutant::{Described, Mutant};
use crate::tool::{Tool, root};

pub(crate) struct Cargo {
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
    pub(crate) fn new() -> Self {
        let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        Self {
            scratch: target
                .unwrap_or_else(|| root().join("target"))
                .join("mutants"),
        }
    }

    /// Whether it is installed.
    pub(crate) fn is_there() -> bool {
        Tool::cargo("mutants --version").succeeds()
    }

    fn mutants(&self, arguments: &[&OsStr]) -> Tool {
        Tool::cargo("mutants --package=corsac")
            .args(arguments)
            // Otherwise each run would build the dependencies again.
            .env("CARGO_TARGET_DIR", self.scratch.join("target"))
    }

    pub(crate) fn list(&self, arguments: &[&OsStr]) -> Result<Vec<Mutant>> {
        let listed = self
            .mutants(arguments)
            .args(["--list", "--json"])
            .stdout()?;
        // Nothing at all, instead of an empty list, is the answer to a diff without mutants.
        if listed.trim().is_empty() {
            return Ok(Vec::new());
        }
        let described: Vec<Described> = serde_json::from_str(&listed)?;
        described.iter().map(|one| one.place(root())).collect()
    }

    pub(crate) fn test(&self, file: &str, arguments: &[&OsStr]) -> Result<Tested> {
        fs::create_dir_all(&self.scratch)?;
        let code = self
            .mutants(arguments)
            .args(["--config".as_ref(), self.config_for(file)?.as_os_str()])
            .args(["--output".as_ref(), self.scratch.as_os_str()])
            .code()?;
        // 2 and 3 are survivors and timeouts; anything else means that not all were tested.
        ensure!(
            matches!(code, Some(0 | 2 | 3)),
            "cargo mutants did not come to its end in {file}"
        );
        let outcomes = fs::read(self.scratch.join("mutants.out/outcomes.json"))?;
        let outcomes: Outcomes = serde_json::from_slice(&outcomes)?;
        let mut tested = Tested::default();
        for outcome in outcomes.outcomes {
            let Scenario::Mutant(mutant) = outcome.scenario else {
                continue;
            };
            ensure!(mutant.file == file, "{} is not in {file}", mutant.name);
            match outcome.summary {
                Summary::CaughtMutant => tested.caught += 1,
                Summary::Timeout => tested.timeout += 1,
                Summary::Unviable => tested.unviable += 1,
                Summary::MissedMutant | Summary::Success | Summary::Failure => {
                    tested.survivors.push(mutant.place(root())?);
                }
            }
        }
        Ok(tested)
    }

    /// The workspace's configuration, for one file. `--file` would only add to the files that are
    /// configured, and `--re` lets some kinds of mutants through whatever their names are.
    fn config_for(&self, file: &str) -> Result<PathBuf> {
        let config = fs::read_to_string(root().join(".cargo/mutants.toml"))?;
        let mut config: DocumentMut = config.parse()?;
        config.insert("examine_globs", toml_edit::value(Array::from_iter([file])));
        let path = self.scratch.join("mutants.toml");
        fs::write(&path, config.to_string())?;
        Ok(path)
    }

    /// Writes what changed since `base`, committed or not but known to Git, to a file.
    pub(crate) fn diff(&self, base: &str) -> Result<PathBuf> {
        let diff = git(&["diff", "--no-ext-diff", base, "--", "*.rs"])?;
        fs::create_dir_all(&self.scratch)?;
        let path = self.scratch.join("change.diff");
        fs::write(&path, diff)?;
        Ok(path)
    }
}

/// Where the change at hand begins: where its branch left the main one, and on that one itself,
/// before the last commit.
pub(crate) fn base_of_the_change() -> Result<String> {
    let head = git(&["rev-parse", "HEAD"])?;
    let left = ["main", "origin/main"]
        .into_iter()
        .find_map(|main| git(&["merge-base", main, "HEAD"]).ok());
    Ok(match left {
        Some(left) if left != head => left.trim().to_owned(),
        _ => "HEAD~1".to_owned(),
    })
}

/// What Git calls the text of a file as it stands.
pub(crate) fn blob(file: &str) -> Result<String> {
    Ok(git(&["hash-object", "--", file])?.trim().to_owned())
}

fn git(arguments: &[&str]) -> Result<String> {
    Tool::new("git").args(arguments).stdout()
}
