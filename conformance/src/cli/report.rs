use std::{collections::BTreeMap, fs, io::Write as _, path::Path};

use anyhow::Result;
use conformance::judge::{Clause, Tally};
use serde::{Deserialize, Serialize};

use super::generated::Found;

/// One line of the log of seed ranges.
#[derive(Debug, Serialize, Deserialize)]
struct Range {
    subject: String,
    first: u64,
    scenarios: u64,
    tally: Tally,
}

/// What a subject came to, by feature; then what explains where it leaves the Standard.
pub(super) fn table(name: &str, tally: &Tally, clauses: &[Clause]) {
    println!(
        "\n{name:<12} {:>9} {:>11} {:>9}",
        "scenarios", "differences", "recovered"
    );
    for (feature, row) in &tally.features {
        println!(
            "{:<12} {:>9} {:>11} {:>9}",
            feature.name(),
            row.scenarios,
            row.differences,
            row.recovered
        );
    }
    let sum = tally.sum();
    println!(
        "{:<12} {:>9} {:>11} {:>9}   {:.1} s",
        "all",
        sum.scenarios,
        sum.differences,
        sum.recovered,
        tally.took.as_secs_f64()
    );
    for (rule, count) in &tally.rules {
        println!("  profile {rule}: {count}");
    }
    let counts: BTreeMap<_, _> = clauses
        .iter()
        .map(|clause| {
            (
                clause.name,
                tally.clauses.get(clause.name).copied().unwrap_or_default(),
            )
        })
        .collect();
    for (clause, count) in counts {
        println!("  clause {clause}: {count}");
    }
    let unexplained = &tally.unexplained_against_fetch;
    if !unexplained.is_empty() {
        let some: Vec<_> = unexplained.iter().take(12).map(u64::to_string).collect();
        let (count, some) = (unexplained.len(), some.join(", "));
        println!("  against the Standard, unexplained: {count}, of seeds {some}");
    }
}

fn path(folder: &Path) -> std::path::PathBuf {
    folder.join("ranges.jsonl")
}

/// Remembers which seeds were run.
pub(super) fn log(
    folder: &Path,
    subject: &str,
    first: u64,
    scenarios: u64,
    tally: &Tally,
) -> Result<()> {
    fs::create_dir_all(folder)?;
    let range = Range {
        subject: subject.to_owned(),
        first,
        scenarios,
        tally: tally.clone(),
    };
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path(folder))?;
    writeln!(file, "{}", serde_json::to_string(&range)?)?;
    let all = ranges(folder, subject)?;
    let mut sum = Tally::default();
    all.iter().for_each(|range| sum.add(&range.tally));
    let row = sum.sum();
    println!(
        "  in all logged runs: {} scenarios, {} differences, {:.0} s",
        row.scenarios,
        row.differences,
        sum.took.as_secs_f64()
    );
    Ok(())
}

fn ranges(folder: &Path, subject: &str) -> Result<Vec<Range>> {
    let Ok(text) = fs::read_to_string(path(folder)) else {
        return Ok(Vec::new());
    };
    let ranges: Result<Vec<Range>, _> = text.lines().map(serde_json::from_str).collect();
    Ok(ranges?
        .into_iter()
        .filter(|range| range.subject == subject)
        .collect())
}

/// The seed after the last one that was run.
pub(super) fn next_seed(folder: &Path, subject: &str) -> Result<Option<u64>> {
    let ranges = ranges(folder, subject)?;
    Ok(ranges
        .iter()
        .map(|range| range.first + range.scenarios)
        .max())
}

/// Each difference, in JSON.
pub(super) fn write(folder: &Path, name: &str, found: &[Found]) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = fs::File::create(folder.join(format!("{name}.jsonl")))?;
    for found in found {
        let line = serde_json::json!({
            "name": found.name,
            "scenario": found.scenario,
            "expected": found.expected,
            "seen": found.seen,
            "differences": found.differences,
        });
        writeln!(file, "{line}")?;
    }
    Ok(())
}
