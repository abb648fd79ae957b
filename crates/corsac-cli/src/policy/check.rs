//! `corsac policy check`

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use corsac_config::Report;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Unusable, load};
use crate::{cli::Format, json};

pub(super) fn run(file: &Path, format: Format) -> io::Result<ExitCode> {
    let (report, code) = match load(file) {
        Ok(checked) => (checked.lints, ExitCode::SUCCESS),
        Err(Unusable::Mistakes(report)) => (report, ExitCode::from(2)),
        Err(Unusable::Unreadable(code)) => return Ok(code),
    };
    let mut out = anstream::stdout().lock();
    if format == Format::Json {
        json::write(&mut out, &Document::of(&report))?;
        return Ok(code);
    }
    if !report.findings().is_empty() {
        writeln!(out, "{}", report.coloured())?;
    }
    if code == ExitCode::SUCCESS {
        if !report.findings().is_empty() {
            writeln!(out)?;
        }
        let lints = report.findings().len();
        writeln!(out, "{}: no mistake, {lints} to consider", file.display())?;
    }
    Ok(code)
}

/// What `corsac policy check --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "corsac/policy-check/1")]
pub(super) struct Document<'r> {
    /// Which shape this is.
    schema: Schema,
    /// In the order of the file; if it has a mistake, only mistakes are told.
    findings: Vec<FindingJson<'r>>,
}

/// The name of the shape.
#[derive(Serialize, JsonSchema)]
enum Schema {
    #[serde(rename = "corsac/policy-check/1")]
    PolicyCheck1,
}

/// One thing that is wrong, or perhaps not meant.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct FindingJson<'r> {
    /// Whether the file is no policy for it.
    kind: Kind,
    /// The line that it begins in, from 1.
    #[schemars(range(min = 1))]
    line: usize,
    /// The character of the line that it begins with, from 1.
    #[schemars(range(min = 1))]
    column: usize,
    /// What it is.
    message: &'r str,
    /// What to do, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'r str>,
}

/// How bad a finding is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// It has to be mended.
    Mistake,
    /// It is valid, and perhaps not meant.
    Lint,
}

impl<'r> Document<'r> {
    fn of(report: &'r Report) -> Self {
        let findings = report.findings().iter().map(|finding| {
            let (line, column) = report.place(finding);
            FindingJson {
                kind: match finding.is_lint {
                    true => Kind::Lint,
                    false => Kind::Mistake,
                },
                line,
                column,
                message: &finding.message,
                help: finding.help.as_deref(),
            }
        });
        Self {
            schema: Schema::PolicyCheck1,
            findings: findings.collect(),
        }
    }
}
