//! `corsac policy diff`

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use corsac::policy::{Change, PathDiff};
use schemars::JsonSchema;
use serde::Serialize;

use super::load_or_complain;
use crate::{
    cli::Format,
    json,
    terminal::{BAD, BOLD, GOOD},
};

pub(super) fn run(old: &Path, new: &Path, format: Format) -> io::Result<ExitCode> {
    // Both, so that the mistakes of both are seen at once.
    let (old, new) = match (load_or_complain(old)?, load_or_complain(new)?) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(code), _) | (_, Err(code)) => return Ok(code),
    };
    let paths = old.policies.diff(&new.policies);
    let widens = paths.iter().any(|it| !it.diff.widens.is_empty());
    let mut out = anstream::stdout().lock();
    match format {
        Format::Json => json::write(&mut out, &Document::of(&paths, widens))?,
        Format::Text => text(&mut out, &paths, widens)?,
    }
    Ok(ExitCode::from(u8::from(widens)))
}

fn text(out: &mut impl Write, paths: &[PathDiff], widens: bool) -> io::Result<()> {
    for PathDiff { path, diff } in paths {
        writeln!(out, "{BOLD}{path}{BOLD:#}")?;
        for Change { field, value } in &diff.widens {
            writeln!(out, "  {BAD}+ widens{BAD:#}   {field}: {value}")?;
        }
        for Change { field, value } in &diff.narrows {
            writeln!(out, "  {GOOD}- narrows{GOOD:#}  {field}: {value}")?;
        }
        if !diff.held_for.is_zero() {
            let time = humantime::format_duration(diff.held_for);
            writeln!(
                out,
                "    browsers may hold preflights of the old file for {time} more"
            )?;
        }
        writeln!(out)?;
    }
    let narrows = paths.iter().any(|it| !it.diff.narrows.is_empty());
    let sum = match (widens, narrows) {
        (true, true) => "it widens and narrows what is granted",
        (true, false) => "it widens what is granted",
        (false, true) => "it narrows what is granted",
        (false, false) => "it grants the same as before",
    };
    writeln!(out, "{sum}")
}

/// What `corsac policy diff --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "corsac/policy-diff/1")]
pub(super) struct Document<'d> {
    /// Which shape this is.
    schema: Schema,
    /// Whether the new file grants anything that the old one didn't.
    widens: bool,
    /// The paths where the files differ.
    paths: Vec<PathJson<'d>>,
}

/// The name of the shape.
#[derive(Serialize, JsonSchema)]
enum Schema {
    #[serde(rename = "corsac/policy-diff/1")]
    PolicyDiff1,
}

/// What is granted otherwise at one path.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Path")]
struct PathJson<'d> {
    /// The pattern, or a path that both files have patterns for.
    path: &'d str,
    /// What the new file grants and the old one didn't.
    widens: Vec<ChangeJson<'d>>,
    /// What the old file granted and the new one doesn't.
    narrows: Vec<ChangeJson<'d>>,
    /// For how many seconds browsers may still go by the old file.
    held_for: u64,
}

/// One thing that is granted on one side only.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change")]
struct ChangeJson<'d> {
    /// The key of the file.
    key: String,
    /// What stands there.
    value: &'d str,
}

impl<'d> Document<'d> {
    fn of(paths: &'d [PathDiff], widens: bool) -> Self {
        let changes = |changes: &'d [Change]| {
            let change = |change: &'d Change| ChangeJson {
                key: change.field.to_string(),
                value: &change.value,
            };
            changes.iter().map(change).collect()
        };
        let path = |it: &'d PathDiff| PathJson {
            path: &it.path,
            widens: changes(&it.diff.widens),
            narrows: changes(&it.diff.narrows),
            held_for: Duration::as_secs(&it.diff.held_for),
        };
        Self {
            schema: Schema::PolicyDiff1,
            widens,
            paths: paths.iter().map(path).collect(),
        }
    }
}
