//! What a subject did, kept: clauses can be judged anew without a browser.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result, ensure};
use conformance::{observation::Observation, scenario::Scenario};
use serde::{Deserialize, Serialize};

use super::Args;

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

/// What a subject's observations are kept in: a file to append to, and where in it each scenario's
/// line is. Of several of a seed the last counts.
pub(super) struct Recording {
    file: File,
    places: BTreeMap<u64, (u64, u64)>,
    end: u64,
    /// Whether what is not kept is missing, rather than to be seen yet.
    is_complete: bool,
}

/// As much of a line as it takes to know whose it is.
#[derive(Deserialize)]
struct Head {
    seed: u64,
    scenario: u64,
}

/// What was seen the first time, and in a fresh browser.
pub(super) type Seen = (Observation, Option<Observation>);

impl Recording {
    fn open(folder: &Path, name: &str) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("{name}.jsonl"));
        let mut options = File::options();
        let file = options.create(true).append(true).read(true);
        let file = file
            .open(&path)
            .with_context(|| path.display().to_string())?;
        let mut places = BTreeMap::new();
        let mut end = 0;
        let mut reader = BufReader::new(&file);
        let mut line = String::new();
        while reader.read_line(&mut line)? > 0 {
            // A line that was cut off by the end of its writer is no line.
            if let Ok(head) = serde_json::from_str::<Head>(&line) {
                places.insert(head.seed, (head.scenario, end));
            }
            end += line.len() as u64;
            line.clear();
        }
        Ok(Self {
            file,
            places,
            end,
            is_complete: false,
        })
    }

    /// The recording that the command line asks for, of scenarios that are called by `kind`.
    pub(super) fn asked_for(args: &Args, subject: &str, kind: &str) -> Result<Option<Self>> {
        let Some(folder) = args.judge.as_ref().or(args.record.as_ref()) else {
            return Ok(None);
        };
        let mut recording = Self::open(folder, &format!("{subject}{kind}"))?;
        recording.is_complete = args.judge.is_some();
        Ok(Some(recording))
    }

    /// What was seen of a scenario, if it is kept.
    pub(super) fn get(&self, seed: u64, scenario: &Scenario) -> Result<Option<Seen>> {
        let Some(&(_, place)) = self.places.get(&seed).filter(|at| at.0 == digest(scenario)) else {
            ensure!(!self.is_complete, "scenario {seed} is not kept");
            return Ok(None);
        };
        let mut reader = BufReader::new(&self.file);
        reader.seek(SeekFrom::Start(place))?;
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line: Line = serde_json::from_str(&line)?;
        Ok(Some((line.seen, line.again)))
    }

    pub(super) fn keep(&mut self, seed: u64, scenario: &Scenario, seen: &Seen) -> Result<()> {
        let digest = digest(scenario);
        let line = Line {
            seed,
            scenario: digest,
            seen: seen.0.clone(),
            again: seen.1.clone(),
        };
        let mut line = serde_json::to_string(&line)?;
        line.push('\n');
        self.file.write_all(line.as_bytes())?;
        self.places.insert(seed, (digest, self.end));
        self.end += line.len() as u64;
        Ok(())
    }
}

fn digest(scenario: &Scenario) -> u64 {
    number_of(&serde_json::to_string(scenario).unwrap_or_default())
}

/// What stands for a named case where the others have their seeds.
pub(super) fn number_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
