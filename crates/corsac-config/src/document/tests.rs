#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use super::File;
use crate::policy::{KEYS, ORIGIN_KEYS};

fn schema() -> Value {
    let mut schema = schemars::schema_for!(File).to_value();
    schema["$id"] = "corsac-toml-1.json".into();
    schema
}

/// After a change: `SNAPSHOTS=overwrite cargo test -p corsac-config schema`.
#[test]
fn the_schema_is_the_one_that_is_checked_in() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/schema/corsac-toml-1.json"
    );
    let text = format!("{:#}\n", schema());
    if std::env::var_os("SNAPSHOTS").is_some_and(|it| it == "overwrite") {
        fs::write(path, &text).unwrap();
    }
    assert!(
        fs::read_to_string(path).unwrap_or_default() == text,
        "SNAPSHOTS=overwrite writes docs/schema/corsac-toml-1.json anew"
    );
}

#[test]
fn the_schema_and_the_walk_know_the_same_keys() {
    let schema = schema();
    let keys = |of: &Value| -> BTreeSet<String> {
        of["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    let known = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect();
    assert_eq!(keys(&schema), known(&["version", "policy"]));
    assert_eq!(keys(&schema["$defs"]["Policy"]), known(KEYS));
    assert_eq!(keys(&schema["$defs"]["OriginParts"]), known(ORIGIN_KEYS));
}

/// Mistakes that no schema can see: what a key means, and what keys mean together.
const ONLY_THE_WALK: &[&str] = &[
    "credentials-any-header",
    "credentials-any-method",
    "credentials-any-origin",
    "credentials-expose-all",
    "credentials-insecure",
    "credentials-public-suffix",
    "expose-forbidden",
    "expose-of-requests",
    "header-forbidden",
    "header-of-answers",
    "header-syntax",
    "method-forbidden",
    "method-lower-case",
    "method-syntax",
    "methods-star-of-several",
    "origin-bad-port",
    "origin-file",
    "origin-inner-star",
    "origin-mapped-ipv6",
    "origin-no-scheme",
    "origin-null",
    "origin-own-port",
    "origin-slash",
    "origin-star-of-several",
    "origin-unicode",
    "origin-upper-case",
    "path-dots",
    "path-empty-segment",
    "path-encoded-slash",
    "path-inner-stars",
    "path-partial-star",
    "path-percent",
    "path-query",
    "path-twice",
];

#[test]
fn what_the_schema_refuses_the_walk_refuses_and_what_passes_passes() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    let (mut passed, mut checked) = (BTreeSet::new(), 0);
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap_or_default();
        let document: Value = match path.extension().and_then(|it| it.to_str()) {
            Some("toml") => match toml::from_str::<toml::Table>(&text) {
                Ok(table) => serde_json::to_value(table).unwrap(),
                Err(_) => continue,
            },
            _ => continue,
        };
        checked += 1;
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_valid = validator.is_valid(&document);
        match crate::parse("x", &text) {
            Ok(_) => assert!(is_valid, "{name}"),
            Err(_) if is_valid => drop(passed.insert(name)),
            Err(_) => {}
        }
    }
    assert!(checked > 30);
    let expected: BTreeSet<_> = ONLY_THE_WALK.iter().map(|&it| it.to_owned()).collect();
    assert_eq!(passed, expected);
}
