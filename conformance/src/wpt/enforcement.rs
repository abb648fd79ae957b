//! Which subtests only pass because something is enforced.
//!
//! A page without any CORS passes many tests of it: all that say that something must succeed. So those
//! are counted apart that fail in a core without CORS check, preflight and filtered responses.
//! `cargo xtask wpt --enforcement` finds them and keeps their names in `conformance/wpt/enforcement.jsonl`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::{
    score::{Report, Reports},
    subtests::Page,
};

/// The file, from the root of the workspace.
pub const FILE: &str = "conformance/wpt/enforcement.jsonl";

/// The subtests, by page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enforcement(BTreeMap<String, BTreeSet<String>>);

#[derive(Serialize, Deserialize)]
struct Line {
    page: String,
    subtests: BTreeSet<String>,
}

impl Enforcement {
    /// Those that are kept.
    ///
    /// # Errors
    /// A line is none; which.
    pub fn kept() -> Result<Self> {
        Self::parse(include_str!("../../wpt/enforcement.jsonl"))
    }

    fn parse(text: &str) -> Result<Self> {
        let mut pages = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line: Line = serde_json::from_str(line)
                .with_context(|| format!("enforcement.jsonl:{}", index + 1))?;
            pages.insert(line.page, line.subtests);
        }
        Ok(Self(pages))
    }

    /// What passes with enforcement, and in no run without it.
    pub fn of(pages: &[Page], with: &Reports, without: &[Reports]) -> Self {
        let mut found = BTreeMap::new();
        for page in pages {
            let passes = |reports: &Reports, name: &str| {
                let report = reports.get(&page.page);
                report.is_some_and(|report| report.status(name) == Report::PASS)
            };
            let names = page.subtests.iter().filter(|name| {
                passes(with, name) && !without.iter().any(|reports| passes(reports, name))
            });
            let names: BTreeSet<_> = names.cloned().collect();
            if !names.is_empty() {
                found.insert(page.page.clone(), names);
            }
        }
        Self(found)
    }

    /// Whether a subtest is one of them.
    pub fn has(&self, page: &str, subtest: &str) -> bool {
        self.0
            .get(page)
            .is_some_and(|names| names.contains(subtest))
    }

    /// As the file has them.
    pub fn to_lines(&self) -> Result<String> {
        let mut text = String::new();
        for (page, subtests) in &self.0 {
            let line = Line {
                page: page.clone(),
                subtests: subtests.clone(),
            };
            writeln!(text, "{}", serde_json::to_string(&line)?)?;
        }
        Ok(text)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::wpt::{
        score::Subtest,
        subtests::{self, Group},
    };

    fn reports(statuses: &[(&str, &str)]) -> Reports {
        let subtests = statuses.iter().map(|(name, status)| Subtest {
            name: (*name).to_owned(),
            status: (*status).to_owned(),
            message: None,
        });
        let report = Report {
            subtests: subtests.collect(),
            trouble: None,
        };
        Reports::from([("/a".to_owned(), report)])
    }

    #[test]
    fn what_fails_in_every_run_without_enforcement_counts() {
        let names = [
            "passes anyhow",
            "sensitive",
            "unlucky",
            "fails anyhow",
            "gone",
        ];
        let page = Page {
            page: "/a".to_owned(),
            group: Group::Core,
            folder: "f".to_owned(),
            subtests: names.map(str::to_owned).into(),
        };
        let statuses = |statuses: [&'static str; 5]| {
            let all: Vec<_> = names.into_iter().zip(statuses).collect();
            reports(&all)
        };
        let with = statuses(["PASS", "PASS", "PASS", "FAIL", "PASS"]);
        let without = [
            statuses(["PASS", "FAIL", "FAIL", "FAIL", "MISSING"]),
            statuses(["PASS", "TIMEOUT", "PASS", "FAIL", "MISSING"]),
        ];
        let found = Enforcement::of(&[page], &with, &without);
        let lines = "{\"page\":\"/a\",\"subtests\":[\"gone\",\"sensitive\"]}\n";
        assert_eq!(found.to_lines().unwrap(), lines);
        assert_eq!(Enforcement::parse(lines).unwrap(), found);
    }

    #[test]
    fn those_that_are_kept_are_among_those_that_count() {
        let pages = subtests::all().unwrap();
        let kept = Enforcement::kept().unwrap();
        let mut known = 0;
        for page in &pages {
            let names = page.subtests.iter();
            known += names.filter(|name| kept.has(&page.page, name)).count();
        }
        assert_eq!(known, kept.0.values().map(BTreeSet::len).sum::<usize>());
    }
}
