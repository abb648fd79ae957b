//! `corsac policy check`

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use corsac_config::Report;
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

#[derive(Serialize)]
struct Document<'r> {
    schema: &'static str,
    findings: Vec<FindingJson<'r>>,
}

#[derive(Serialize)]
struct FindingJson<'r> {
    /// `mistake` or `lint`.
    kind: &'static str,
    line: usize,
    column: usize,
    message: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'r str>,
}

impl<'r> Document<'r> {
    fn of(report: &'r Report) -> Self {
        let findings = report.findings().iter().map(|finding| {
            let (line, column) = report.place(finding);
            FindingJson {
                kind: match finding.is_lint {
                    true => "lint",
                    false => "mistake",
                },
                line,
                column,
                message: &finding.message,
                help: finding.help.as_deref(),
            }
        });
        Self {
            schema: "corsac/policy-check/1",
            findings: findings.collect(),
        }
    }
}
