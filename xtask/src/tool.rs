//! Running cargo and what goes with it.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// A command in the workspace's root, shown to the person before it runs.
pub(crate) struct Tool(Command);

impl Tool {
    pub(crate) fn new(program: &str) -> Self {
        let mut command = Command::new(program);
        // Cargo told this process about itself; another cargo is to find out anew.
        for (key, _) in std::env::vars_os() {
            let inherited =
                |key: &str| key.starts_with("CARGO_PKG_") || key.starts_with("CARGO_MANIFEST_");
            if key.to_str().is_some_and(inherited) {
                command.env_remove(&key);
            }
        }
        command.current_dir(root()).stdin(Stdio::null());
        Self(command)
    }

    /// Cargo with words of a command line.
    pub(crate) fn cargo(words: &str) -> Self {
        Self::new("cargo").args(words.split_whitespace())
    }

    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.0.args(args);
        self
    }

    /// In another folder than the workspace's root.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.0.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(key, value);
        self
    }

    /// Runs with the person's own stdout and stderr; says whether it went well.
    pub(crate) fn run(self) -> Result<bool> {
        Ok(self.code()? == Some(0))
    }

    /// Runs with the person's own stdout and stderr; hands back what it ended with.
    pub(crate) fn code(mut self) -> Result<Option<i32>> {
        println!("$ {self}");
        let status = self.0.status().with_context(|| self.to_string())?;
        Ok(status.code())
    }

    /// Runs, and hands back what it wrote to stdout and to stderr.
    pub(crate) fn capture(mut self) -> Result<Captured> {
        let output = self.0.output().with_context(|| self.to_string())?;
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Ok(Captured {
            succeeded: output.status.success(),
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        })
    }

    /// Runs, and hands back its stdout, or its stderr as the error.
    pub(crate) fn stdout(self) -> Result<String> {
        let shown = self.to_string();
        let captured = self.capture()?;
        anyhow::ensure!(captured.succeeded, "{shown}:\n{}", captured.stderr);
        Ok(captured.stdout)
    }

    /// Runs without a word; says whether it was there and went well.
    pub(crate) fn succeeds(self) -> bool {
        self.capture().is_ok_and(|captured| captured.succeeded)
    }
}

pub(crate) struct Captured {
    pub(crate) succeeded: bool,
    /// What it ended with, unless a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl std::fmt::Display for Tool {
    /// As one would type it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (key, value) in self.0.get_envs() {
            if let Some(value) = value {
                write!(f, "{}='{}' ", key.display(), value.display())?;
            }
        }
        write!(f, "{}", self.0.get_program().display())?;
        for arg in self.0.get_args() {
            write!(f, " {}", arg.display())?;
        }
        Ok(())
    }
}

/// The workspace.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// What cargo knows of the workspace's own packages.
pub(crate) fn metadata() -> Result<Value> {
    let metadata = Tool::cargo("metadata --format-version=1 --no-deps --locked").stdout()?;
    Ok(serde_json::from_str(&metadata)?)
}
