//! One run of wrk against one engine.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};

use super::{
    Case,
    engines::{Engine, Folder, on_core},
};

/// How long one run takes.
const SECONDS: u32 = 2;
/// Connections, all of them kept.
const CONNECTIONS: u32 = 32;

/// What came of it.
pub(super) struct Run {
    pub(super) requests: u64,
    /// Nanoseconds on a processor, all of them.
    pub(super) time: u64,
    pub(super) per_second: f64,
    /// In milliseconds.
    pub(super) median: f64,
    pub(super) slowest: f64,
}

pub(super) fn run(engine: &Engine, case: &Case) -> Result<Run> {
    let folder = Folder::new("wrk")?;
    let script = folder.0.join("method.lua");
    fs::write(&script, format!("wrk.method = \"{}\"\n", case.method))?;
    let mut command = on_core(1, Path::new("wrk"));
    command.args(["-t1", "--latency"]);
    command.arg(format!("-c{CONNECTIONS}"));
    command.arg(format!("-d{SECONDS}s"));
    command.arg("-s").arg(&script);
    for line in case.lines {
        command.args(["-H", line]);
    }
    command.arg(format!("http://127.0.0.1:{}{}", engine.port, case.path));
    let before = engine.time()?;
    let output = command.output().context("wrk")?;
    let time = engine.time()? - before;
    let said = String::from_utf8(output.stdout)?;
    let clean = !said.contains("Non-2xx") && !said.contains("Socket errors");
    ensure!(output.status.success() && clean, "{said}");
    let word_before = |what: &str| {
        let (before, _) = said.split_once(what)?;
        before.split_whitespace().last()
    };
    let word_after = |what: &str| {
        let (_, after) = said.split_once(what)?;
        after.split_whitespace().next()
    };
    let requests = word_before(" requests in ").context("wrk counts requests")?;
    let per_second = word_after("Requests/sec:").context("wrk says a rate")?;
    let latency = |share| milliseconds(word_after(share).unwrap_or_default());
    Ok(Run {
        requests: requests.parse()?,
        time,
        per_second: per_second.parse()?,
        median: latency(" 50%").context("wrk says a median")?,
        slowest: latency(" 99%").context("wrk says a percentile")?,
    })
}

/// `812.00us`, `1.23ms`, `1.02s`
fn milliseconds(text: &str) -> Option<f64> {
    let digits = text.trim_end_matches(|last: char| last.is_ascii_alphabetic());
    let number: f64 = digits.parse().ok()?;
    match text.strip_prefix(digits)? {
        "us" => Some(number / 1e3),
        "ms" => Some(number),
        "s" => Some(number * 1e3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn times_of_wrk_are_read() {
        for (text, time) in [
            ("812.00us", Some(0.812)),
            ("1.23ms", Some(1.23)),
            ("1.50s", Some(1500.0)),
            ("", None),
            ("12", None),
        ] {
            assert_eq!(milliseconds(text), time, "{text}");
        }
    }
}
