//! Which subtests count.

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// A page of tests, and what of it counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Page {
    /// Path and query.
    pub page: String,
    /// Which target it belongs to.
    pub group: Group,
    /// Where it is counted.
    pub folder: String,
    /// The names of its subtests, in no order.
    pub subtests: Vec<String>,
}

/// A target. `Core` is a part of the wider one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// What CORS is about.
    Core,
    /// What else fetch and XMLHttpRequest do.
    Wider,
}

/// All of them, as they are kept: one page a line.
///
/// # Errors
/// A line is none; which.
pub fn all() -> Result<Vec<Page>> {
    parse(include_str!("../../wpt/subtests.jsonl"))
}

fn parse(text: &str) -> Result<Vec<Page>> {
    let lines = text.lines().enumerate();
    lines
        .map(|(index, line)| {
            serde_json::from_str(line).with_context(|| format!("subtests.jsonl:{}", index + 1))
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_targets_are_what_they_are_called() {
        let pages = all().unwrap();
        let count = |group| {
            let of_it = pages.iter().filter(move |page| page.group == group);
            of_it.map(|page| page.subtests.len()).sum::<usize>()
        };
        assert_eq!(count(Group::Core), 1_070);
        assert_eq!(count(Group::Core) + count(Group::Wider), 2_057);
    }

    #[test]
    fn no_subtest_is_there_twice() {
        let mut seen = BTreeSet::new();
        for page in all().unwrap() {
            for name in &page.subtests {
                assert!(
                    seen.insert((page.page.clone(), name.clone())),
                    "{} {name}",
                    page.page
                );
            }
        }
    }

    #[test]
    fn a_broken_line_is_named() {
        let error =
            parse("{\"page\":\"/a\",\"group\":\"core\",\"folder\":\"b\",\"subtests\":[]}\n{")
                .unwrap_err();
        assert_eq!(error.to_string(), "subtests.jsonl:2");
    }
}
