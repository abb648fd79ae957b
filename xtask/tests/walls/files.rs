//! What a file looks like.

use crate::workspace::{PACKAGES, directory, root, rust_files};

#[test]
fn files_are_short_and_have_names() {
    for package in PACKAGES.iter() {
        for (path, text) in rust_files(&directory(package).join("src")) {
            let path = path.display();
            let name = path.to_string();
            let lines = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let lines = lines.lines().count();
            let tests = name.ends_with("tests.rs") || name.contains("tests/");
            assert!(tests || lines < 400, "{path}: {lines} lines");
            for empty in ["utils", "util", "common", "helpers"] {
                let is_empty = |part: &str| part.trim_end_matches(".rs") == empty;
                assert!(!name.split('/').any(is_empty), "{path}: what is it?");
            }
        }
    }
}

/// Files of the protocol's modules that hold no algorithm or noun of a standard.
const OURS: &[&str] = &[
    "fetch/interface.rs",
    "fetch/mod.rs",
    "fetch/name_set.rs",
    "fetch/profile.rs",
    "fetch/state.rs",
    "header/mod.rs",
];

#[test]
fn an_algorithm_names_its_source() {
    for (path, text) in rust_files(&root().join("crates/corsac/src")) {
        let name = path.to_str().unwrap();
        let of_the_protocol = ["fetch/", "header/", "origin/", "method.rs"]
            .iter()
            .any(|module| name.starts_with(module));
        if !of_the_protocol || OURS.contains(&name) {
            continue;
        }
        let has_anchor = text
            .split("<https://")
            .skip(1)
            .any(|rest| rest.split('>').next().is_some_and(|url| url.contains('#')));
        assert!(has_anchor, "{name}: no link to what it is made of");
    }
}
