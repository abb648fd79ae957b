//! Whatever a server sends, a terminal gets printable lines that fit.

use proptest::prelude::*;
use serde_json::Value;

use crate::check::{
    report::Report,
    text::{Glyphs, Look, page::printable, render},
};

use super::REPORTS;

/// Strings that would do harm, among some that would not.
fn string() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "(\u{1b}\\[2J|\u{9b}31m|\r|\n|\u{0}|\u{202e}|\u{7f}|\t|a|é|漢){0,30}",
        (0..9_000_usize).prop_map(|length| "x".repeat(length)),
        (0..900_usize).prop_map(|length| "\u{b}, ".repeat(length)),
    ]
}

/// Overwrites strings and numbers by turns, wherever the report stays one.
fn overwrite(value: &mut Value, next: &mut impl FnMut() -> Option<Value>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| overwrite(value, next)),
        Value::Object(map) => map.values_mut().for_each(|value| overwrite(value, next)),
        Value::String(_) | Value::Number(_) => {
            if let Some(new) = next() {
                *value = new;
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The places of the leaves whose overwriting leaves a report.
fn hostile(json: &str, strings: &[String], numbers: &[u16]) -> Report {
    let value: Value = serde_json::from_str(json).unwrap();
    let mut leaves = 0;
    overwrite(&mut value.clone(), &mut || {
        leaves += 1;
        None
    });
    let mut report: Report = serde_json::from_value(value.clone()).unwrap();
    let mut good = value;
    for leaf in 0..leaves {
        let replacement = |string: bool| match string {
            true => strings
                .get(leaf % strings.len())
                .map(|text| text.as_str().into()),
            false => numbers
                .get(leaf % numbers.len())
                .map(|&number| number.into()),
        };
        for string in [true, false] {
            let mut tried = good.clone();
            let mut at = 0;
            overwrite(&mut tried, &mut || {
                let hit = at == leaf;
                at += 1;
                if hit { replacement(string) } else { None }
            });
            if let Ok(read) = serde_json::from_value(tried.clone()) {
                report = read;
                good = tried;
                break;
            }
        }
    }
    report
}

fn look() -> impl Strategy<Value = Look> {
    let glyphs = prop_oneof![Just(Glyphs::Unicode), Just(Glyphs::Ascii)];
    (40..=100_usize, glyphs, any::<bool>()).prop_map(|(width, glyphs, verbose)| Look {
        width,
        glyphs,
        verbose,
    })
}

/// A line may be too long for one word that can't be broken, and what names it.
fn has_long_word(line: &str, width: usize) -> bool {
    line.split(' ')
        .any(|word| word.chars().count() + 30 > width)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_from_outside_moves_the_cursor(
        which in 0..REPORTS.len(),
        strings in proptest::collection::vec(string(), 1..12),
        numbers in proptest::collection::vec(any::<u16>(), 1..5),
        look in look(),
    ) {
        let (_, json) = REPORTS.get(which).unwrap();
        let report = hostile(json, &strings, &numbers);
        // The line that people copy stays whole.
        let copied = report.not_sent.as_ref().and_then(|not_sent| not_sent.repeat_with.clone());
        let copied = printable(&copied.unwrap_or_default(), look.glyphs);
        for reports in [vec![report.clone()], vec![report.clone(), report]] {
            let text = anstream::adapter::strip_str(&render(&reports, look)).to_string();
            for line in text.lines() {
                let is_printable = |char: char| match look.glyphs {
                    Glyphs::Ascii => matches!(char, ' '..='~'),
                    Glyphs::Unicode => look.glyphs.draw(char).is_some() || matches!(char, ' '..='~'),
                };
                prop_assert!(line.chars().all(is_printable), "{line:?}");
                prop_assert_eq!(line, line.trim_end());
                let width = line.chars().count();
                prop_assert!(
                    width <= look.width || has_long_word(line, look.width) || line.trim() == copied.trim(),
                    "{} > {}: {:?}", width, look.width, line
                );
            }
        }
    }
}
