//! What came of testing, file by file.

use std::{fmt, fs, path::Path};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

const HEAD: &str = "\
# What came of testing the mutants of each file. Written by `cargo xtask mutants run`.
";

#[derive(Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Results {
    #[serde(default)]
    result: Vec<FileResult>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileResult {
    pub(crate) file: String,
    /// What Git calls the text that was tested.
    pub(crate) blob: String,
    /// Noticed by a test that failed.
    pub(crate) caught: usize,
    /// Noticed by tests that did not end.
    pub(crate) timeout: usize,
    /// Noticed by the compiler.
    pub(crate) unviable: usize,
    /// Survived, with a reason in the list.
    pub(crate) equivalent: usize,
    /// Survived without one.
    pub(crate) missed: usize,
}

impl FileResult {
    pub(crate) fn total(&self) -> usize {
        self.caught + self.timeout + self.unviable + self.equivalent + self.missed
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.caught += other.caught;
        self.timeout += other.timeout;
        self.unviable += other.unviable;
        self.equivalent += other.equivalent;
        self.missed += other.missed;
    }
}

impl fmt::Display for FileResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} caught, {} timed out, {} unviable, {} equivalent, {} missed",
            self.caught, self.timeout, self.unviable, self.equivalent, self.missed
        )
    }
}

impl Results {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        toml_edit::de::from_str(&text).with_context(|| path.display().to_string())
    }

    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = format!("{HEAD}\n{}", toml_edit::ser::to_string_pretty(self)?);
        fs::write(path, text).with_context(|| path.display().to_string())
    }

    pub(crate) fn of(&self, file: &str) -> Option<&FileResult> {
        self.result.iter().find(|result| result.file == file)
    }

    pub(crate) fn record(&mut self, new: FileResult) {
        self.result.retain(|result| result.file != new.file);
        self.result.push(new);
        self.result.sort_by(|one, other| one.file.cmp(&other.file));
    }

    /// Forgets the files that are no more.
    pub(crate) fn keep_only(&mut self, files: &[String]) {
        self.result.retain(|result| files.contains(&result.file));
    }
}
