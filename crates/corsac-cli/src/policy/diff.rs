//! `corsac policy diff`

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use corsac::policy::{Change, PathDiff};
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

#[derive(Serialize)]
struct Document<'d> {
    schema: &'static str,
    widens: bool,
    paths: Vec<PathJson<'d>>,
}

#[derive(Serialize)]
struct PathJson<'d> {
    path: &'d str,
    widens: Vec<ChangeJson<'d>>,
    narrows: Vec<ChangeJson<'d>>,
    /// Seconds.
    held_for: u64,
}

#[derive(Serialize)]
struct ChangeJson<'d> {
    key: String,
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
            schema: "corsac/policy-diff/1",
            widens,
            paths: paths.iter().map(path).collect(),
        }
    }
}
