//! The tables of what was timed, written into the pages that show them: whatever stands between
//! `<!-- bench: NAME -->` and `<!-- /bench -->` is made here.

use std::{fmt::Write as _, fs};

use anyhow::{Context as _, Result};

use super::{by_hand, peers::Timed};
use crate::tool::{Tool, root};

const TOWER: [&str; 6] = [
    "corsac-tower",
    "by hand",
    "tower-http",
    "actix-cors",
    "poem",
    "salvo-cors",
];
const AXUM: [&str; 2] = ["axum, corsac-tower", "axum, tower-http"];

pub(super) fn write(timed: &[Timed]) -> Result<()> {
    let when = when_and_where()?;
    fill("docs/benchmarks.md", "when", &when)?;
    fill("docs/benchmarks.md", "kinds", &kinds(timed, &TOWER))?;
    fill("docs/benchmarks.md", "axum", &kinds(timed, &AXUM))?;
    fill("docs/benchmarks.md", "lists", &lists(timed))?;
    fill("docs/benchmarks.md", "by hand", &by_hand::table(timed))?;
    fill("README.md", "felt", &format!("{}\n{when}", felt(timed)))
}

/// The date, the machine and the compiler.
pub(super) fn when_and_where() -> Result<String> {
    let date = Tool::new("date").args(["-u", "+%Y-%m-%d"]).stdout()?;
    let rustc = Tool::new("rustc").args(["--version"]).stdout()?;
    let rustc: Vec<_> = rustc.split_whitespace().take(2).collect();
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = |name: &str| {
        let mut lines = cpu.lines().filter(|line| line.starts_with(name));
        let value = lines.next().and_then(|line| line.split_once(": "));
        value.map_or("an unnamed processor", |(_, value)| value.trim())
    };
    let cores = cpu.lines().filter(|line| line.starts_with("processor"));
    let (model, cores) = (named("model name"), cores.count());
    let (date, rustc) = (date.trim(), rustc.join(" "));
    Ok(format!("{date}, {model}, {cores} cores, {rustc}.\n"))
}

/// What each kind of request costs more than bare, under each subject.
fn kinds(timed: &[Timed], subjects: &[&str]) -> String {
    let mut table = head("request", subjects);
    for kind in by_hand::kinds(timed) {
        let cells = subjects
            .iter()
            .map(|subject| added(timed, subject, kind, (1, false)));
        row(&mut table, kind, cells);
    }
    table
}

/// What an allowed request costs more than bare, under each list of origins.
fn lists(timed: &[Timed]) -> String {
    let subjects: Vec<_> = AXUM.iter().chain(&TOWER).copied().collect();
    let subjects: Vec<_> = subjects.into_iter().filter(|it| *it != "by hand").collect();
    let mut table = head("origins", &subjects);
    let mut seen: Vec<(u64, bool)> = Vec::new();
    for one in timed {
        if !seen.contains(&(one.origins, one.wildcards)) {
            seen.push((one.origins, one.wildcards));
        }
    }
    for list in seen {
        let what = if list.1 { "wildcards" } else { "exact" };
        let cells = subjects
            .iter()
            .map(|subject| added(timed, subject, "allowed", list));
        row(&mut table, &format!("{}, {what}", grouped(list.0)), cells);
    }
    table
}

/// The three that people feel.
fn felt(timed: &[Timed]) -> String {
    let cell =
        |subject: &str, kind: &str, origins: u64| added(timed, subject, kind, (origins, false));
    let flood = "preflight, 64 KiB of `a,`";
    let mut table = head("what CORS adds to a request", &["corsac-tower", "others"]);
    let others = [
        format!("tower-http {}", cell("axum, tower-http", "allowed", 10_000)),
        format!(
            "actix-cors {}, poem {}",
            cell("actix-cors", flood, 1),
            cell("poem", flood, 1)
        ),
        format!("tower-http {}", cell("tower-http", "no Origin", 1)),
    ];
    let ours = [
        cell("axum, corsac-tower", "allowed", 10_000),
        cell("corsac-tower", flood, 1),
        cell("corsac-tower", "no Origin", 1),
    ];
    let names = [
        "axum, the last of 10,000 origins",
        "a preflight with 64 KiB of hostile header names",
        "a request without an Origin",
    ];
    for ((name, ours), others) in names.into_iter().zip(ours).zip(others) {
        row(&mut table, name, [ours, others].into_iter());
    }
    table
}

pub(super) fn head(first: &str, columns: &[&str]) -> String {
    let rule = "---:|".repeat(columns.len());
    format!("| {first} | {} |\n|---|{rule}\n", columns.join(" | "))
}

pub(super) fn row(table: &mut String, name: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<_> = cells.collect();
    // To a string, it never fails.
    let _ = writeln!(table, "| {name} | {} |", cells.join(" | "));
}

/// The least time of a subject above the least time of its bare service.
fn added(timed: &[Timed], subject: &str, kind: &str, list: (u64, bool)) -> String {
    let find = |subject: &str| {
        timed.iter().find(|it| {
            it.subject == subject && it.kind == kind && (it.origins, it.wildcards) == list
        })
    };
    let bare = |of: &Timed| find(&of.bare).map(|bare| of.min - bare.min);
    match find(subject).and_then(bare) {
        Some(nanoseconds) => nanoseconds_of(nanoseconds),
        None => "-".to_owned(),
    }
}

fn nanoseconds_of(time: f64) -> String {
    match time {
        ..1e3 => format!("{:.0} ns", time.max(0.0)),
        ..1e4 => format!("{:.1} µs", time / 1e3),
        ..1e6 => format!("{:.0} µs", time / 1e3),
        _ => format!("{:.1} ms", time / 1e6),
    }
}

/// 1,000,000
fn grouped(number: u64) -> String {
    match number {
        ..1_000 => number.to_string(),
        _ => format!("{},{:03}", grouped(number / 1_000), number % 1_000),
    }
}

/// Writes what belongs between two marks of a page.
pub(super) fn fill(page: &str, name: &str, text: &str) -> Result<()> {
    let path = root().join(page);
    let old = fs::read_to_string(&path)?;
    let (begin, end) = (format!("<!-- bench: {name} -->\n"), "<!-- /bench -->");
    let (before, rest) = old
        .split_once(&begin)
        .with_context(|| format!("{page} has no {begin}"))?;
    let (_, after) = rest.split_once(end).context("a mark has an end")?;
    println!("\n{page}, {name}:\n\n{text}");
    fs::write(&path, format!("{before}{begin}\n{text}\n{end}{after}"))?;
    Ok(())
}
