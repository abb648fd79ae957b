//! Comparing the three: the Standard, the surface file and the code.

use std::collections::BTreeMap;

use anyhow::Result;

use super::code::{Code, Link};
use super::standard::{Entry, Standard};
use super::surface::{Claim, Standing, Surface};

#[derive(Default)]
pub(super) struct Report<'a> {
    /// What is claimed, in the order of the text.
    pub(super) claimed: Vec<Claimed<'a>>,
    /// What is out, with the reason.
    pub(super) out: Vec<(&'a Entry, &'a str)>,
    /// Must be listed and is not, or is listed and nobody has decided.
    pub(super) unclaimed: Vec<&'a Entry>,
    /// Listed, but the Standard has it no more.
    pub(super) gone: Vec<&'a str>,
    /// Claimants and tests that do not exist, with the anchors that name them.
    pub(super) missing: BTreeMap<&'a str, Vec<&'a str>>,
    /// Functions that no test reaches, with what they claim.
    pub(super) untested: BTreeMap<&'a str, Vec<&'a str>>,
    /// Links in the code to what the Standard does not have.
    pub(super) dead: Vec<&'a Link>,
}

pub(super) struct Claimed<'a> {
    pub(super) entry: &'a Entry,
    pub(super) claim: &'a Claim,
    pub(super) functions: Vec<Function<'a>>,
    /// The text is not the one that was read.
    pub(super) is_changed: bool,
}

/// Something that claims, and where it is.
pub(super) struct Function<'a> {
    pub(super) path: &'a str,
    /// `None` if there is no such thing.
    pub(super) place: Option<String>,
    pub(super) tests: Vec<&'a str>,
}

pub(super) fn compare<'a>(
    standard: &'a Standard,
    surface: &'a Surface,
    code: &'a Code,
) -> Result<Report<'a>> {
    let mut report = Report::default();
    let sections = surface.sections.iter();
    let sections: Vec<_> = sections
        .map(|section| standard.range(section))
        .collect::<Result<_>>()?;
    for entry in &standard.entries {
        let row = surface.rows.iter().find(|row| row.id == entry.id);
        match row.map(|row| &row.standing) {
            Some(Standing::Claimed(claim)) => report.claim(entry, claim, code),
            Some(Standing::Out(reason)) => report.out.push((entry, reason)),
            Some(Standing::Unclaimed) => report.unclaimed.push(entry),
            None => {
                let here = sections
                    .iter()
                    .any(|section| section.contains(&entry.span.start));
                if entry.is_algorithm || here {
                    report.unclaimed.push(entry);
                }
            }
        }
    }
    for row in &surface.rows {
        if !standard.entries.iter().any(|entry| entry.id == row.id) {
            report.gone.push(&row.id);
        }
    }
    report.dead = code
        .links()
        .filter(|link| !standard.has_anchor(&link.anchor))
        .collect();
    Ok(report)
}

/// What needs no text to be seen: whether claimants and tests exist. `entries` are the surface's own.
pub(super) fn compare_claims<'a>(
    entries: &'a [Entry],
    surface: &'a Surface,
    code: &'a Code,
) -> Report<'a> {
    let mut report = Report::default();
    for (entry, row) in entries.iter().zip(&surface.rows) {
        match &row.standing {
            Standing::Claimed(claim) => report.claim(entry, claim, code),
            Standing::Out(reason) => report.out.push((entry, reason)),
            Standing::Unclaimed => report.unclaimed.push(entry),
        }
    }
    report
}

impl<'a> Report<'a> {
    fn claim(&mut self, entry: &'a Entry, claim: &'a Claim, code: &'a Code) {
        let mut functions = Vec::new();
        for path in &claim.by {
            let (mut place, mut tests) = (None, Vec::new());
            if let Some((definition, item)) = code.find(path) {
                place = Some(format!("{}:{}", item.file.display(), item.line));
                tests = code.tests_of(&definition);
                if item.is_function && tests.is_empty() && claim.tests.is_empty() {
                    self.untested.entry(path).or_default().push(&entry.id);
                }
            } else {
                self.missing.entry(path).or_default().push(&entry.id);
            }
            functions.push(Function { path, place, tests });
        }
        for test in claim.tests.iter().filter(|test| !code.has_test(test)) {
            self.missing.entry(test).or_default().push(&entry.id);
        }
        let is_changed = claim.digest.as_ref() != Some(&entry.digest);
        self.claimed.push(Claimed {
            entry,
            claim,
            functions,
            is_changed,
        });
    }

    /// What to read again.
    pub(super) fn changed(&self) -> impl Iterator<Item = &Claimed<'a>> {
        self.claimed.iter().filter(|claimed| claimed.is_changed)
    }

    pub(super) fn is_current(&self) -> bool {
        self.changed().next().is_none()
            && self.unclaimed.is_empty()
            && self.gone.is_empty()
            && self.missing.is_empty()
            && self.untested.is_empty()
            && self.dead.is_empty()
    }
}
