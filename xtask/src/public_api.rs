//! `cargo xtask public-api`: the core shows no types but its own and those of a few crates.
//!
//! Whoever shows another crate's type shares its releases: when that one breaks, so does this.
#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value lacks reads as null"
)]

use std::{collections::BTreeSet, fs};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::tool::{Tool, metadata, root};

/// Crates whose types may show.
const SHOWN: &[&str] = &["alloc", "core", "std", "corsac", "http", "url"];

/// Whether the core keeps to them.
pub(crate) fn run() -> Result<bool> {
    // The JSON is unstable, so stable compilers want to be told that we know.
    let rustdoc =
        Tool::cargo("rustdoc --locked -p corsac --lib -- -Zunstable-options --output-format=json")
            .env("RUSTC_BOOTSTRAP", "1");
    if !rustdoc.run()? {
        return Ok(false);
    }
    let metadata = metadata()?;
    let target = metadata["target_directory"]
        .as_str()
        .context("cargo names its target directory")?;
    let path = root().join(target).join("doc/corsac.json");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let shown = shown(&serde_json::from_str(&text)?)?;
    println!("the core shows types of");
    for (name, example) in &shown {
        println!("  {name}  ({example})");
    }
    let fits = |(name, _): &(String, String)| SHOWN.contains(&name.as_str());
    Ok(shown.iter().all(fits))
}

/// Each crate that shows, with one of its paths.
fn shown(doc: &Value) -> Result<BTreeSet<(String, String)>> {
    let mut ids = BTreeSet::new();
    let index = doc["index"].as_object().context("an index")?;
    anyhow::ensure!(index.len() > 100, "this is not the core: {}", index.len());
    for item in index.values() {
        let implementation = &item["inner"]["impl"];
        // Traits that are implemented for every type say nothing about this one.
        let of_all =
            !implementation["blanket_impl"].is_null() || implementation["is_synthetic"] == true;
        // Re-exports and items of other crates are in the index too.
        if of_all || item["crate_id"] != 0 {
            continue;
        }
        collect(&item["inner"], &mut ids);
    }
    let mut crates = BTreeSet::<(String, String)>::new();
    for id in ids {
        let summary = &doc["paths"][id.to_string()];
        let path: Vec<_> = summary["path"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        // What has no path is a private thing of our own.
        let Some(number) = summary["crate_id"].as_u64() else {
            continue;
        };
        let name = match number {
            0 => "corsac",
            _ => doc["external_crates"][number.to_string()]["name"]
                .as_str()
                .context("a crate has a name")?,
        };
        if !crates.iter().any(|(known, _)| known == name) {
            crates.insert((name.to_owned(), path.join("::")));
        }
    }
    Ok(crates)
}

/// The identities of all types, traits and re-exports named below a value.
fn collect(value: &Value, ids: &mut BTreeSet<u64>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, ids)),
        Value::Object(fields) => {
            let names_a_path = fields.contains_key("path") || fields.contains_key("source");
            if let (true, Some(id)) = (names_a_path, fields.get("id").and_then(Value::as_u64)) {
                ids.insert(id);
            }
            fields.values().for_each(|value| collect(value, ids));
        }
        _ => {}
    }
}
