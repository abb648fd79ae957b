//! The tables of what was measured.

use std::fmt::Write as _;

use anyhow::Result;

use super::{CASES, Measured};
use crate::bench::tables::{fill, head, row, when_and_where};

const PAGE: &str = "docs/serve-benchmarks.md";
const ENGINES: [&str; 3] = ["nginx", "HAProxy", "corsac serve"];

impl Measured {
    /// Microseconds on a processor for one request.
    fn each(&self) -> f64 {
        let (time, requests) = self.runs.iter().fold((0, 0), |(time, requests), run| {
            (time + run.time, requests + run.requests)
        });
        time as f64 / requests as f64 / 1e3
    }

    fn median(&self, of: impl Fn(&super::Run) -> f64) -> f64 {
        let mut all: Vec<_> = self.runs.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or_default()
    }
}

/// Fills the page in; whether everything is within its gate.
pub(super) fn write(measured: &[Measured], rounds: u32) -> Result<bool> {
    let mut when = when_and_where()?;
    // To a string, it never fails.
    let _ = writeln!(when, "{rounds} rounds.");
    let mut time = head("CPU time a request", &ENGINES);
    let mut rate = head("requests a second", &ENGINES);
    let mut latency = head("latency, median and 99 %", &ENGINES);
    let mut passed = true;
    for case in CASES {
        let of = |engine: &str| {
            let mut all = measured.iter();
            all.find(|it| it.case.name == case.name && it.engine == engine)
        };
        let cell = |of_engine: &dyn Fn(&Measured) -> String| {
            ENGINES.map(|engine| of(engine).map_or_else(|| "-".to_owned(), of_engine))
        };
        let nginx = of("nginx").map_or(f64::NAN, Measured::each);
        let each = |it: &Measured| format!("{:.1} µs ({:.2})", it.each(), it.each() / nginx);
        row(&mut time, case.name, cell(&each).into_iter());
        let per_second = |it: &Measured| format!("{:.0}", it.median(|run| run.per_second));
        row(&mut rate, case.name, cell(&per_second).into_iter());
        let both = |it: &Measured| {
            let (median, slowest) = (it.median(|run| run.median), it.median(|run| run.slowest));
            format!("{median:.2} ms, {slowest:.1} ms")
        };
        row(&mut latency, case.name, cell(&both).into_iter());
        let ratio = of("corsac serve").map_or(f64::NAN, Measured::each) / nginx;
        if let Some(gate) = case.gate
            && (ratio.is_nan() || ratio * 100.0 > gate as f64)
        {
            println!(
                "{}: {ratio:.2} of nginx's time, at most {:.2}",
                case.name,
                gate as f64 / 100.0
            );
            passed = false;
        }
    }
    fill(PAGE, "when", &when)?;
    fill(PAGE, "time", &time)?;
    fill(PAGE, "rate", &rate)?;
    fill(PAGE, "latency", &latency)?;
    Ok(passed)
}
