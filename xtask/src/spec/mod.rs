//! `cargo xtask spec`: which function answers for which part of the Fetch Standard.
//!
//! The Standard's text is not part of this repository; `--fetch-bs` points at a copy of the file
//! of that name in <https://github.com/whatwg/fetch>. What is kept, in `xtask/spec/surface.toml`,
//! is the anchor of every algorithm and of every definition that concerns us, who claims it, and a
//! digest of the text as it was when somebody last read it. When the Standard moves, the functions
//! to read again fall out.

mod anchor;
mod blocks;
mod code;
mod examples;
mod print;
mod report;
mod scan;
mod standard;
mod surface;
mod tags;
#[cfg(test)]
mod tests;
mod text;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use self::code::Code;
use self::print::Table;
use self::report::{compare, compare_claims};
use self::standard::Standard;
use self::surface::Surface;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The source of the Fetch Standard; without it, only the claims are held against the code
    #[arg(long, value_name = "PATH")]
    fetch_bs: Option<PathBuf>,
    /// The surface file, if not the workspace's own
    #[arg(long, value_name = "PATH")]
    surface: Option<PathBuf>,
    /// Record the text as read: write the digests, and list what is new as unclaimed
    #[arg(long, requires = "fetch_bs")]
    update: bool,
    /// The commit of the Standard that was read
    #[arg(long, value_name = "ID", requires = "update")]
    commit: Option<String>,
}

/// Whether everything is claimed or out, every digest is current, every claim exists and is tested.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let root = root()?;
    let path = args
        .surface
        .clone()
        .unwrap_or_else(|| root.join("xtask/spec/surface.toml"));
    let mut surface = Surface::parse(&read(&path)?).with_context(|| path.display().to_string())?;
    let code = Code::load(root)?;
    let Some(fetch_bs) = &args.fetch_bs else {
        let entries = surface.entries();
        let report = compare_claims(&entries, &surface, &code);
        write!(io::stdout(), "{report}")?;
        return Ok(report.is_current());
    };
    let standard =
        Standard::parse(&read(fetch_bs)?).with_context(|| fetch_bs.display().to_string())?;

    let report = compare(&standard, &surface, &code)?;
    // Not `print!`, which panics if the reader of a pipe has seen enough.
    write!(io::stdout(), "{}{report}", Table(&report))?;
    if !args.update {
        return Ok(report.is_current());
    }

    // What changed has just been told; from here on it counts as read.
    let new: Vec<_> = report.unclaimed.iter().copied().cloned().collect();
    let read: Vec<_> = report
        .changed()
        .map(|claimed| claimed.entry.clone())
        .collect();
    for entry in &new {
        surface.add(&entry.section, &entry.id)?;
    }
    for entry in &read {
        surface.set_digest(&entry.id, &entry.digest);
    }
    if let Some(commit) = &args.commit {
        surface.set_commit(commit);
    }
    fs::write(&path, surface.to_string()).with_context(|| path.display().to_string())?;
    Ok(compare(&standard, &surface, &code)?.is_current())
}

/// The workspace.
fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask is not inside a workspace")
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}
