//! What is known to fail, and why.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// The failures that are expected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// In the order of the file.
    #[serde(default)]
    pub failure: Vec<Failure>,
}

/// Subtests of a page that fail for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Path and query.
    pub page: String,
    /// Their names; none at all are all of the page's.
    #[serde(default)]
    pub subtests: Vec<String>,
    /// Why.
    pub reason: String,
}

impl Expected {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it isn't as it should be: the syntax, an empty reason, a subtest named twice.
    pub fn parse(text: &str) -> Result<Self> {
        let expected: Self = toml::from_str(text).context("expected failures")?;
        let mut seen = BTreeSet::new();
        for failure in &expected.failure {
            if failure.reason.trim().is_empty() {
                bail!("{}: a failure without a reason", failure.page);
            }
            let names = failure.subtests.iter().map(|name| Some(name.as_str()));
            let whole = failure.subtests.is_empty().then_some(None);
            for name in names.chain(whole) {
                if !seen.insert((failure.page.as_str(), name)) {
                    bail!(
                        "{}: expected twice, {}",
                        failure.page,
                        name.unwrap_or("as a whole")
                    );
                }
            }
        }
        Ok(expected)
    }

    /// Why a subtest may fail.
    pub fn reason(&self, page: &str, subtest: &str) -> Option<&str> {
        let mut failures = self.failure.iter();
        let found = failures.find(|it| {
            let is_named = it.subtests.is_empty() || it.subtests.iter().any(|name| name == subtest);
            it.page == page && is_named
        })?;
        Some(&found.reason)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [[failure]]
        page = "/a"
        subtests = ["one"]
        reason = "r1"
        [[failure]]
        page = "/b"
        reason = "r2"
    "#;

    #[test]
    fn a_subtest_or_a_whole_page_may_fail() {
        let expected = Expected::parse(FILE).unwrap();
        let cases = [
            ("/a", "one", Some("r1")),
            ("/a", "two", None),
            ("/b", "any", Some("r2")),
            ("/c", "one", None),
        ];
        for (page, subtest, reason) in cases {
            assert_eq!(expected.reason(page, subtest), reason, "{page} {subtest}");
        }
    }

    #[test]
    fn a_failure_has_one_reason() {
        let cases = [
            (
                "[[failure]]\npage='/a'\nreason=' '",
                "/a: a failure without a reason",
            ),
            (
                "[[failure]]\npage='/a'\nsubtests=['x']\nreason='r'\n[[failure]]\npage='/a'\nsubtests=['x']\nreason='s'",
                "/a: expected twice, x",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(Expected::parse(text).unwrap_err().to_string(), message);
        }
    }
}
