//! What ran, held against what was to be expected.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::{Deserialize, Serialize};

use super::{
    enforcement::Enforcement,
    expected::Expected,
    subtests::{Group, Page},
};

/// By page.
pub type Reports = BTreeMap<String, Report>;

/// What a page of tests reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its subtests; those that it has begun, if it did not come to its end.
    pub subtests: Vec<Subtest>,
    /// Why it did not come to its end.
    #[serde(default)]
    pub trouble: Option<String>,
}

impl Report {
    /// The status of a subtest that is as it should be.
    pub const PASS: &str = "PASS";

    fn subtest(&self, name: &str) -> Option<&Subtest> {
        let mut subtests = self.subtests.iter();
        subtests.find(|it| it.name.trim() == name.trim())
    }

    /// The status of a subtest, `MISSING` of one that the page does not have.
    pub fn status(&self, name: &str) -> &str {
        self.subtest(name).map_or("MISSING", |it| &it.status)
    }
}

/// One subtest, as the harness reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subtest {
    /// Its name.
    pub name: String,
    /// `PASS`, `FAIL`, `TIMEOUT`, `NOTRUN` or `PRECONDITION_FAILED`.
    pub status: String,
    /// What went wrong.
    #[serde(default)]
    pub message: Option<String>,
}

/// The outcome of a run.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// Passed and all, by target and folder.
    pub folders: BTreeMap<(Group, String), (usize, usize)>,
    /// Passed and all, of those that only pass because something is enforced.
    pub enforcement: (usize, usize),
    /// What nobody expected.
    pub surprises: Vec<Surprise>,
}

/// Something that the file of expected failures does not tell of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Surprise {
    /// It fails, and has no reason to.
    Failed {
        /// The page.
        page: String,
        /// The name of the subtest.
        subtest: String,
        /// What became of it.
        status: String,
        /// What the harness says, or why it was not run.
        message: String,
    },
    /// It passes, though a reason says that it can't.
    Passed {
        /// The page.
        page: String,
        /// The name of the subtest.
        subtest: String,
        /// Why it was to fail.
        reason: String,
    },
    /// An expected failure that belongs to no subtest of a page that ran.
    NeverRan {
        /// The page.
        page: String,
        /// The name of the subtest; none is the whole page.
        subtest: Option<String>,
    },
}

impl Score {
    /// Counts the subtests of these pages. A page without a report fails as a whole.
    pub fn of(
        pages: &[Page],
        reports: &Reports,
        expected: &Expected,
        enforcement: &Enforcement,
    ) -> Self {
        let mut score = Self::default();
        let empty = Report::default();
        for page in pages {
            let report = reports.get(&page.page).unwrap_or(&empty);
            for name in &page.subtests {
                score.count(page, name, report, expected);
                if enforcement.has(&page.page, name) {
                    let (passed, total) = &mut score.enforcement;
                    *total += 1;
                    *passed += usize::from(report.status(name) == Report::PASS);
                }
            }
        }
        score.never_ran(pages, expected);
        score
    }

    fn count(&mut self, page: &Page, name: &str, report: &Report, expected: &Expected) {
        let subtest = report.subtest(name);
        let status = report.status(name);
        let is_passed = status == Report::PASS;
        let key = (page.group, page.folder.clone());
        let (passed, total) = self.folders.entry(key).or_default();
        *total += 1;
        *passed += usize::from(is_passed);
        let reason = expected.reason(&page.page, name);
        let (page, name) = (page.page.clone(), name.to_owned());
        match (is_passed, reason) {
            (true, Some(reason)) => self.surprises.push(Surprise::Passed {
                page,
                subtest: name,
                reason: reason.to_owned(),
            }),
            (false, None) => self.surprises.push(Surprise::Failed {
                page,
                subtest: name,
                status: status.to_owned(),
                message: subtest
                    .and_then(|it| it.message.clone())
                    .or_else(|| report.trouble.clone())
                    .unwrap_or_default(),
            }),
            _ => {}
        }
    }

    fn never_ran(&mut self, pages: &[Page], expected: &Expected) {
        let known = pages.iter().flat_map(|page| {
            let names = page.subtests.iter().map(|name| Some(name.as_str()));
            names.chain([None]).map(|name| (page.page.as_str(), name))
        });
        let known: BTreeSet<_> = known.collect();
        for failure in &expected.failure {
            let names = failure.subtests.iter().map(|name| Some(name.as_str()));
            let whole = failure.subtests.is_empty().then_some(None);
            for name in names.chain(whole) {
                if !known.contains(&(failure.page.as_str(), name)) {
                    self.surprises.push(Surprise::NeverRan {
                        page: failure.page.clone(),
                        subtest: name.map(str::to_owned),
                    });
                }
            }
        }
    }

    /// Passed and all, of one target or of both.
    pub fn total(&self, group: Option<Group>) -> (usize, usize) {
        let folders = self.folders.iter();
        let counted = folders.filter(|((of, _), _)| group.is_none_or(|group| group == *of));
        counted.fold((0, 0), |(passed, total), (_, (p, t))| {
            (passed + p, total + t)
        })
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((_, folder), (passed, total)) in &self.folders {
            writeln!(f, "{folder:<36} {passed:>5} of {total:>5}")?;
        }
        let (passed, total) = self.total(Some(Group::Core));
        writeln!(f, "{:<36} {passed:>5} of {total:>5}", "what CORS is about")?;
        let (passed, total) = self.total(None);
        writeln!(f, "{:<36} {passed:>5} of {total:>5}", "all")?;
        let (passed, total) = self.enforcement;
        write!(
            f,
            "{:<36} {passed:>5} of {total:>5}",
            "sensitive to enforcement"
        )
    }
}

impl fmt::Display for Surprise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed {
                page,
                subtest,
                status,
                message,
            } => {
                write!(f, "{status} {page}: {subtest}")?;
                match message.is_empty() {
                    true => Ok(()),
                    false => write!(f, "\n     {}", message.replace('\n', "\n     ")),
                }
            }
            Self::Passed {
                page,
                subtest,
                reason,
            } => {
                write!(
                    f,
                    "PASS {page}: {subtest}\n     was expected to fail: {reason}"
                )
            }
            Self::NeverRan { page, subtest } => {
                let subtest = subtest.as_deref().unwrap_or("the whole page");
                write!(f, "no such test, but expected to fail: {page}: {subtest}")
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn page(name: &str, group: Group, subtests: &[&str]) -> Page {
        Page {
            page: name.to_owned(),
            group,
            folder: "f".to_owned(),
            subtests: subtests.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    fn report(subtests: &[(&str, &str)]) -> Report {
        let subtests = subtests.iter().map(|(name, status)| Subtest {
            name: (*name).to_owned(),
            status: (*status).to_owned(),
            message: None,
        });
        Report {
            subtests: subtests.collect(),
            trouble: Some("trouble".to_owned()),
        }
    }

    #[test]
    fn what_nobody_expected_is_named() {
        let pages = [
            page(
                "/a",
                Group::Core,
                &[
                    "passes",
                    "fails",
                    "fails for a reason",
                    "passes against reason",
                    "missing",
                ],
            ),
            page("/b", Group::Wider, &["x"]),
        ];
        let reports = BTreeMap::from([(
            "/a".to_owned(),
            report(&[
                ("passes", "PASS"),
                ("fails", "FAIL"),
                ("fails for a reason", "TIMEOUT"),
                ("passes against reason", "PASS"),
                ("not counted", "FAIL"),
            ]),
        )]);
        let expected = Expected::parse(
            "[[failure]]\npage='/a'\nsubtests=['fails for a reason','passes against reason','gone']\nreason='r'\n\
             [[failure]]\npage='/c'\nreason='r'",
        )
        .unwrap();
        let enforced = Reports::from([(
            "/a".to_owned(),
            report(&[("passes", "PASS"), ("fails", "PASS")]),
        )]);
        let enforcement = Enforcement::of(&pages, &enforced, &[]);
        let score = Score::of(&pages, &reports, &expected, &enforcement);
        assert_eq!(score.enforcement, (1, 2));
        assert_eq!(score.total(Some(Group::Core)), (2, 5));
        assert_eq!(score.total(None), (2, 6));
        let surprises: Vec<_> = score.surprises.iter().map(ToString::to_string).collect();
        assert_eq!(
            surprises,
            [
                "FAIL /a: fails\n     trouble",
                "PASS /a: passes against reason\n     was expected to fail: r",
                "MISSING /a: missing\n     trouble",
                "MISSING /b: x",
                "no such test, but expected to fail: /a: gone",
                "no such test, but expected to fail: /c: the whole page",
            ]
        );
    }
}
