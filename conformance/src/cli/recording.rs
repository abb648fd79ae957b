//! What a subject did, kept: clauses can be judged anew without a browser.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result, bail};
use conformance::{observation::Observation, scenario::Scenario};
use serde::{Deserialize, Serialize};

/// One scenario's line.
#[derive(Serialize, Deserialize)]
struct Line {
    seed: u64,
    /// Tells whether the generator still makes the same of the seed.
    scenario: u64,
    seen: Observation,
    /// In a fresh browser, if the first one was not what was predicted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    again: Option<Observation>,
}

/// Where a subject's observations are written.
pub(super) struct Recorder(BufWriter<File>);

impl Recorder {
    pub(super) fn append(folder: &Path, subject: &str) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let mut options = File::options();
        let file = options.create(true).append(true);
        let file = file.open(folder.join(format!("{subject}.jsonl")))?;
        Ok(Self(BufWriter::new(file)))
    }

    pub(super) fn write(
        &mut self,
        seed: u64,
        scenario: &Scenario,
        seen: &Observation,
        again: Option<&Observation>,
    ) -> Result<()> {
        let line = Line {
            seed,
            scenario: digest(scenario),
            seen: seen.clone(),
            again: again.cloned(),
        };
        serde_json::to_writer(&mut self.0, &line)?;
        writeln!(self.0)?;
        Ok(())
    }

    pub(super) fn flush(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }
}

/// Observations that were written, read in the order of their seeds.
pub(super) struct Recording {
    lines: std::io::Lines<BufReader<File>>,
    /// Those of other seeds than were asked for so far.
    ahead: BTreeMap<u64, Line>,
}

impl Recording {
    pub(super) fn open(folder: &Path, subject: &str) -> Result<Self> {
        let path = folder.join(format!("{subject}.jsonl"));
        let file = File::open(&path).with_context(|| path.display().to_string())?;
        Ok(Self {
            lines: BufReader::new(file).lines(),
            ahead: BTreeMap::new(),
        })
    }

    /// What was seen of a seed's scenario: the first time, and in a fresh browser.
    pub(super) fn take(
        &mut self,
        seed: u64,
        scenario: &Scenario,
    ) -> Result<(Observation, Option<Observation>)> {
        while !self.ahead.contains_key(&seed) {
            let Some(line) = self.lines.next() else {
                bail!("seed {seed} was not recorded");
            };
            let line: Line = serde_json::from_str(&line?)?;
            self.ahead.insert(line.seed, line);
        }
        let line = self.ahead.remove(&seed).context("it is there")?;
        if line.scenario != digest(scenario) {
            bail!("of seed {seed} another scenario was recorded than is made of it now");
        }
        Ok((line.seen, line.again))
    }
}

fn digest(scenario: &Scenario) -> u64 {
    let mut hasher = DefaultHasher::new();
    let text = serde_json::to_string(scenario);
    text.unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}
