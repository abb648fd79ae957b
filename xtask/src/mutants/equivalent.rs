//! The list of mutants that no test can notice.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::mutant::Mutant;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Equivalent {
    #[serde(default)]
    equivalent: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(flatten)]
    mutant: Mutant,
    reason: String,
}

impl Equivalent {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let list: Self = toml_edit::de::from_str(text)?;
        let mut seen = Vec::new();
        for Entry { mutant, reason } in &list.equivalent {
            ensure!(!reason.trim().is_empty(), "no reason is given for {mutant}");
            ensure!(!seen.contains(&mutant), "listed twice: {mutant}");
            seen.push(mutant);
        }
        Ok(list)
    }

    pub(crate) fn len(&self) -> usize {
        self.equivalent.len()
    }

    pub(crate) fn count_in(&self, file: &str) -> usize {
        let entries = self.equivalent.iter();
        entries.filter(|entry| entry.mutant.file == file).count()
    }

    pub(crate) fn contains(&self, mutant: &Mutant) -> bool {
        self.equivalent.iter().any(|entry| entry.mutant == *mutant)
    }

    /// The entries that stand for no mutant, or, since nobody knows which is meant, for several.
    pub(crate) fn gone(&self, mutants: &[Mutant]) -> Vec<&Mutant> {
        let entries = self.equivalent.iter().map(|entry| &entry.mutant);
        entries
            .filter(|entry| mutants.iter().filter(|mutant| mutant == entry).count() != 1)
            .collect()
    }
}
