//! A file as a whole.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read},
    path::Path,
};

use crate::{
    Finding, Place, Report, from_json, from_toml,
    policy::Written,
    report::line_of,
    tree::{Kind, Table},
    value::Findings,
};
use corsac::policy::{PathFault, Policy, PolicyConfig, PolicyMap};

/// A file may have so many bytes.
pub const SIZE_LIMIT: usize = 1024 * 1024;

/// What a file is written in. Both have the same shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `corsac.toml`.
    #[default]
    Toml,
    /// Its twin: strict JSON, without comments.
    Json,
}

impl Format {
    /// JSON if the name ends in `.json`, else TOML.
    pub fn of(path: &Path) -> Self {
        let is_json = |extension: &OsStr| extension.eq_ignore_ascii_case("json");
        match path.extension().is_some_and(is_json) {
            true => Self::Json,
            false => Self::Toml,
        }
    }
}

/// A file without a mistake.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its policies, by path.
    pub policies: PolicyMap,
    /// What is valid in it, and perhaps not meant.
    pub lints: Report,
    written: Vec<Written>,
}

impl Checked {
    /// What the file holds, policy after policy, each with its paths.
    pub fn written(&self) -> impl ExactSizeIterator<Item = (&[String], &PolicyConfig)> {
        self.written.iter().map(|it| (&*it.paths, &it.config))
    }

    /// Where something stands: which policy of the file, which key of it in kebab-case, and which
    /// entry of the key's list, both 0-based. A key that is not written has the place of its policy.
    ///
    /// ```
    /// let text = "version = 1\n[[policy]]\npaths = [\"/a\", \"/b\"]\n";
    /// let checked = corsac_config::parse("corsac.toml", text)?;
    /// let place = checked.place(0, "paths", Some(1)).ok_or("no such policy")?;
    /// assert_eq!((place.line, place.column, &*place.text), (3, 16, "\"/b\""));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn place(&self, policy: usize, key: &str, entry: Option<usize>) -> Option<Place> {
        let span = self.written.get(policy)?.place(key, entry);
        Some(Place::of(&self.lints.source, span))
    }
}

/// Reads a file from the disk, in the [`Format`] that its name says.
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
    let text = String::from_utf8(bytes).map_err(|error| {
        let (place, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        let before = bytes.get(..place).unwrap_or_default();
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        invalid(format!("it is not UTF-8: see byte {place}, in line {line}").into())
    })?;
    parse_as(Format::of(path), &path.display().to_string(), &text)
        .map_err(|report| invalid(report.into()))
}

/// Reads the text of a `corsac.toml`; the name is for the report.
///
/// # Errors
/// All mistakes at once.
pub fn parse(name: &str, text: &str) -> Result<Checked, Report> {
    parse_as(Format::Toml, name, text)
}

/// Reads the text of a file in one format or the other; the name is for the report.
///
/// ```
/// use corsac_config::{Format, parse_as};
/// let text = r#"{ "version": 1, "policy": [{ "paths": ["/**"], "max-age": 86401 }] }"#;
/// let report = parse_as(Format::Json, "corsac.json", text).unwrap_err();
/// assert!(report.to_string().contains("corsac.json:1:59"));
/// ```
///
/// # Errors
/// All mistakes at once.
pub fn parse_as(format: Format, name: &str, text: &str) -> Result<Checked, Report> {
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
    let table = match format {
        Format::Toml => from_toml::read(text),
        Format::Json => from_json::read(text),
    };
    let table = table.map_err(report)?;
    let mut found = Findings {
        format,
        all: Vec::new(),
    };
    let written = policies(&table, &mut found);
    let mut lints = Vec::new();
    let judged = written
        .iter()
        .map(|policy| (policy.paths.clone(), judge(policy, &mut found, &mut lints)))
        .collect();
    match PolicyMap::new(judged) {
        Ok(policies) if found.all.is_empty() => Ok(Checked {
            policies,
            lints: report(lints),
            written,
        }),
        Ok(_) => Err(report(found.all)),
        Err(errors) => {
            for mistake in errors.mistakes() {
                let Some(policy) = written.get(mistake.policy) else {
                    continue;
                };
                let mut finding =
                    Finding::mistake(policy.place("paths", mistake.entry), mistake.to_string());
                if let PathFault::Duplicate { policy, entry } = mistake.fault {
                    let first = written.get(policy).map(|it| it.place("paths", Some(entry)));
                    let line = first.map_or(1, |first| line_of(text, first.start));
                    finding.help = Some(format!("it stands first in line {line}"));
                }
                found.all.push(finding);
            }
            Err(report(found.all))
        }
    }
}

/// Walks through the file's own keys.
fn policies(file: &Table<'_>, found: &mut Findings) -> Vec<Written> {
    let mut written = Vec::new();
    let mut has_version = false;
    for (key, value) in file {
        match key.name.as_ref() {
            "version" => {
                has_version = true;
                let version: Option<i64> = found.number("version", value, "1");
                if version.is_some_and(|version| version != 1) {
                    found.add(value.span.clone(), "version holds 1: there is no other yet");
                }
            }
            "policy" => {
                let should = match found.format {
                    Format::Toml => "policies, each after `[[policy]]`",
                    Format::Json => "a list of policies",
                };
                let list = found.list("policy", value, should);
                for entry in list.into_iter().flatten() {
                    match &entry.kind {
                        Kind::Table(table) => {
                            written.push(Written::read(entry.span.clone(), table, found));
                        }
                        _ => found.wrong("policy", entry, should),
                    }
                }
            }
            other => found.unknown(
                key.span.clone(),
                "key of the file",
                other,
                &["version", "policy"],
            ),
        }
    }
    if !has_version {
        let begins = match found.format {
            Format::Toml => "the file begins with `version = 1`",
            Format::Json => "the file begins with `\"version\": 1`",
        };
        found.add(0..0, begins);
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
