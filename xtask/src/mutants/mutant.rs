//! One mutant, by a name that lasts.

use std::{fmt, fs, path::Path};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// A mutant as it is told apart from others. Line numbers rot, and a name without them can mean
/// several places of one function, so that the code at the place is a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Mutant {
    pub(crate) file: String,
    /// What is done to the code, in the words of `cargo mutants`.
    pub(crate) mutant: String,
    /// The first line of the code that it is done to, with that code between `«` and `»`.
    pub(crate) code: String,
}

impl Mutant {
    /// As it would stand in the list of equivalent mutants.
    pub(crate) fn as_entry(&self) -> String {
        let Self { file, mutant, code } = self;
        let quoted = |text: &str| toml_edit::Value::from(text).to_string();
        format!(
            "[[equivalent]]\nfile = {}\nmutant = {}\ncode = {}\nreason = \"\"\n",
            quoted(file),
            quoted(mutant),
            quoted(code),
        )
    }
}

impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, mutant, code } = self;
        write!(f, "{file}: {mutant}: {code}")
    }
}

/// A mutant as `cargo mutants` describes it.
#[derive(Debug, Deserialize)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Span {
    pub(crate) start: Place,
    pub(crate) end: Place,
}

/// Both count from 1.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Described {
    pub(crate) fn place(&self, root: &Path) -> Result<Mutant> {
        let source = fs::read_to_string(root.join(&self.file))
            .with_context(|| format!("the mutant {}", self.name))?;
        let Place { line, column } = self.span.start;
        let at = format!("{}:{line}:{column}: ", self.file);
        let mutant = self.name.strip_prefix(&at).unwrap_or(&self.name);
        let code = marked(&source, self.span)
            .with_context(|| format!("{} ends before the mutant {}", self.file, self.name))?;
        Ok(Mutant {
            file: self.file.clone(),
            mutant: mutant.to_owned(),
            code,
        })
    }
}

/// The line where a span begins, with `«` and `»` around what the line has of the span.
pub(crate) fn marked(source: &str, span: Span) -> Option<String> {
    let line = source.lines().nth(span.start.line.checked_sub(1)?)?;
    let (start, end) = (span.start.column, span.end.column);
    let mut marked = String::new();
    let mut is_open = false;
    for (column, letter) in (1..).zip(line.chars()) {
        if column == start {
            marked.push('«');
            is_open = true;
        }
        if column == end && span.end.line == span.start.line {
            marked.push('»');
            is_open = false;
        }
        marked.push(letter);
    }
    if is_open {
        marked.push('»');
    }
    Some(marked.trim().to_owned())
}
