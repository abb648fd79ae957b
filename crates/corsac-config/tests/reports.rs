//! What is said of every file in `tests/reports`: the text beside it, character for character.
//! `SNAPSHOTS=overwrite` writes the texts anew.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::{fs, path::PathBuf};

use corsac_config::{Checked, Format, Report, parse_as};

/// The files, each with its name and its text.
fn files() -> Vec<(PathBuf, String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reports");
    let paths = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|it| it != "txt"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = fs::read_to_string(&path).unwrap();
            (path, name, text)
        })
        .collect();
    files.sort();
    files
}

fn messages(result: Result<Checked, Report>) -> Vec<String> {
    let report = result.map_or_else(|report| report, |checked| checked.lints);
    let all = report.findings().iter();
    let mut all: Vec<_> = all.map(|finding| finding.message.clone()).collect();
    all.sort();
    all
}

#[test]
fn every_file_has_its_report() {
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|it| it == "overwrite");
    let files = files();
    assert!(files.len() > 70);
    for (path, name, text) in files {
        let report = match parse_as(Format::of(&path), &name, &text) {
            Ok(checked) => format!("no mistake\n{}\n", checked.lints),
            Err(report) => format!("{report}\n"),
        };
        let beside = path.with_extension("txt");
        if overwrite {
            fs::write(&beside, &report).unwrap();
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        assert_eq!(report, expected, "{name}");
        let is_good = name.starts_with("good") || name.starts_with("lint");
        assert_eq!(is_good, report.starts_with("no mistake"), "{name}");
    }
}

/// But for what the formats call a value.
#[test]
fn the_json_of_a_toml_is_told_the_same() {
    let mut compared = 0;
    for (path, name, text) in files() {
        let Ok(table) = toml::from_str::<toml::Table>(&text) else {
            continue;
        };
        if Format::of(&path) == Format::Json || text.contains("2026-01-01") {
            continue;
        }
        compared += 1;
        let json = serde_json::to_string_pretty(&table).unwrap();
        let of_json = messages(parse_as(Format::Json, &name, &json));
        let of_toml = messages(parse_as(Format::Toml, &name, &text));
        let alike = |message: &String| {
            message
                .replace("a number with a fraction or an exponent", "a float")
                .replace("an object", "a table")
                .replace("a list of policies", "policies, each after `[[policy]]`")
                .replace("\"version\": 1", "version = 1")
        };
        assert_eq!(
            of_json.iter().map(alike).collect::<Vec<_>>(),
            of_toml.iter().map(alike).collect::<Vec<_>>(),
            "{name}"
        );
    }
    assert!(compared > 60);
}

#[test]
fn deep_json_is_refused_and_not_followed() {
    for open in ["[", "{\"a\":"] {
        let deep = format!("{{ \"version\": {}", open.repeat(100_000));
        assert!(parse_as(Format::Json, "x", &deep).is_err());
    }
}
