//! The named cases show all that `coverage.toml` lists, and it lists all that they are there for.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{collections::BTreeSet, path::Path};

use conformance::{
    cases::{Case, ends},
    console,
};
use corsac::{diagnosis::Code, fetch::Profile};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    trap: Vec<Entry>,
    difference: Vec<Entry>,
    unreachable: Vec<Unreachable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    /// Where the Standard says it.
    of: Option<String>,
    #[serde(default)]
    cases: Vec<String>,
    /// Why there is no case.
    unseen: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unreachable {
    code: String,
    why: String,
}

fn coverage() -> Coverage {
    toml::from_str(include_str!("../coverage.toml")).unwrap()
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    Case::read(&folder).unwrap()
}

#[test]
fn every_trap_and_difference_has_a_case_or_a_reason() {
    let coverage = coverage();
    let cases = cases();
    let mut ids = BTreeSet::new();
    let entries = coverage.trap.iter().chain(&coverage.difference);
    for entry in entries {
        assert!(ids.insert(&entry.id), "{} twice", entry.id);
        let has_cases = !entry.cases.is_empty();
        assert_ne!(has_cases, entry.unseen.is_some(), "{}", entry.id);
        for name in &entry.cases {
            let is_there = cases.iter().any(|case| case.name == *name);
            assert!(is_there, "{}: there is no case {name}", entry.id);
        }
    }
    let is_placed = |entry: &Entry| entry.of.as_ref().is_some_and(|of| of.contains('#'));
    assert!(coverage.trap.iter().all(is_placed));
}

#[test]
fn every_case_is_there_for_something() {
    let coverage = coverage();
    let entries = coverage.trap.iter().chain(&coverage.difference);
    let named: BTreeSet<_> = entries.flat_map(|entry| &entry.cases).collect();
    let cases = cases();
    let idle: Vec<_> = cases
        .iter()
        .map(|case| &case.name)
        .filter(|name| !named.contains(name))
        .collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_code_is_what_some_case_ends_in() {
    let mut reached = BTreeSet::new();
    for case in cases() {
        reached.extend(
            Profile::ALL
                .iter()
                .flat_map(|profile| ends(&case.scenario(), *profile)),
        );
    }
    let unreachable = coverage().unreachable;
    for code in Code::ALL {
        let mut excused = unreachable.iter();
        let excuse = excused.find(|it| it.code == code.name());
        assert_ne!(reached.contains(code.name()), excuse.is_some(), "{code}");
    }
    for excuse in unreachable {
        assert!(Code::from_name(&excuse.code).is_some(), "{}", excuse.code);
        assert!(!excuse.why.is_empty());
    }
}

#[test]
fn every_code_that_a_page_can_come_to_is_asked_of_the_consoles() {
    // Every page here is on the loopback, and no cache answers for a service worker.
    let excused = [
        "local-network-insecure",
        "local-network-denied",
        "opaque-range",
    ];
    let asked: BTreeSet<_> = console::Case::all()
        .unwrap()
        .into_iter()
        .map(|it| it.code)
        .collect();
    for code in Code::ALL {
        let is_excused = excused.contains(&code.name());
        assert_ne!(asked.contains(code.name()), is_excused, "{code}");
    }
}
