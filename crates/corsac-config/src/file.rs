//! A file as a whole.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use corsac::policy::{PathFault, Policy, PolicyMap};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{Finding, Report, policy::Written, value::Findings};

/// A file may have so many bytes.
pub const SIZE_LIMIT: usize = 1024 * 1024;

/// A file without a mistake.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its policies, by path.
    pub policies: PolicyMap,
    /// What is valid in it, and perhaps not meant.
    pub lints: Report,
}

/// Reads a file from the disk.
///
/// # Errors
/// It cannot be read, or has mistakes: the [`Report`] is inside the [`io::Error`], of the kind
/// [`InvalidData`](io::ErrorKind::InvalidData).
pub fn load(path: &Path) -> io::Result<Checked> {
    let invalid = |error: Box<dyn std::error::Error + Send + Sync>| {
        io::Error::new(io::ErrorKind::InvalidData, error)
    };
    let mut bytes = Vec::new();
    let limit = u64::try_from(SIZE_LIMIT).unwrap_or(u64::MAX);
    File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() > SIZE_LIMIT {
        return Err(invalid("it has more than a mebibyte".into()));
    }
    let text = String::from_utf8(bytes).map_err(|error| invalid(error.into()))?;
    parse(&path.display().to_string(), &text).map_err(|report| invalid(report.into()))
}

/// Reads the text of a file; the name is for the report.
///
/// # Errors
/// All mistakes at once.
pub fn parse(name: &str, text: &str) -> Result<Checked, Report> {
    let report = |mut findings: Vec<Finding>| {
        findings.sort_by_key(|finding| finding.span.start);
        Report {
            name: name.to_owned(),
            source: text.to_owned(),
            findings,
        }
    };
    if text.len() > SIZE_LIMIT {
        let too_long = Finding::mistake(0..0, "the file has more than a mebibyte");
        return Err(report(vec![too_long]));
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let findings = errors
            .iter()
            .map(|error| Finding::mistake(error.span().unwrap_or(0..0), error.message()));
        return Err(report(findings.collect()));
    }
    let mut found = Findings::default();
    let written = policies(&table, &mut found);
    let mut lints = Vec::new();
    let judged = written
        .iter()
        .map(|policy| (policy.paths.clone(), judge(policy, &mut found, &mut lints)))
        .collect();
    match PolicyMap::new(judged) {
        Ok(policies) if found.0.is_empty() => Ok(Checked {
            policies,
            lints: report(lints),
        }),
        Ok(_) => Err(report(found.0)),
        Err(errors) => {
            for mistake in errors.mistakes() {
                let Some(policy) = written.get(mistake.policy) else {
                    continue;
                };
                let mut finding =
                    Finding::mistake(policy.place("paths", mistake.entry), mistake.to_string());
                if let PathFault::Duplicate { policy, entry } = mistake.fault {
                    let first = written.get(policy).map(|it| it.place("paths", Some(entry)));
                    let before = first.and_then(|first| text.get(..first.start));
                    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
                    finding.help = Some(format!("it stands first in line {line}"));
                }
                found.0.push(finding);
            }
            Err(report(found.0))
        }
    }
}

/// Walks through the file's own keys.
fn policies(file: &Spanned<DeTable<'_>>, found: &mut Findings) -> Vec<Written> {
    let mut written = Vec::new();
    let mut has_version = false;
    for (key, value) in file.get_ref() {
        match key.get_ref().as_ref() {
            "version" => {
                has_version = true;
                let version: Option<i64> = found.number("version", value, "1");
                if version.is_some_and(|version| version != 1) {
                    found.add(value.span(), "version holds 1: there is no other yet");
                }
            }
            "policy" => {
                let list = found.list("policy", value, "policies, each after `[[policy]]`");
                for entry in list.into_iter().flatten() {
                    match entry.get_ref() {
                        DeValue::Table(table) => {
                            written.push(Written::read(entry.span(), table, found));
                        }
                        _ => found.add(entry.span(), "a policy is a table"),
                    }
                }
            }
            other => found.unknown(key.span(), "key of the file", other, &["version", "policy"]),
        }
    }
    if !has_version {
        found.add(0..0, "the file begins with `version = 1`");
    }
    written
}

/// The policy, or one that grants nothing in place of one with mistakes.
fn judge(written: &Written, found: &mut Findings, lints: &mut Vec<Finding>) -> Policy {
    let policy = match Policy::new(written.config.clone()) {
        Ok(policy) => policy,
        Err(errors) => {
            for mistake in errors.mistakes() {
                let place = written.place(&mistake.field.to_string(), mistake.entry);
                found.add(place, mistake.to_string());
            }
            return Policy::default();
        }
    };
    for lint in policy.lints() {
        let place = written.place(&lint.field.to_string(), lint.entry);
        lints.push(Finding {
            is_lint: true,
            ..Finding::mistake(place, lint.to_string())
        });
    }
    policy
}
