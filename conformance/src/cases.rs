//! Named cases: scenarios that people wrote, each with what must come of it.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use corsac::fetch::Profile;
use serde::{Deserialize, Serialize};

use crate::{
    observation::End,
    scenario::{Call, Cookie, Page, Resource, Scenario},
    subject::core,
};

/// A scenario with a name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Case {
    /// What it shows, in kebab-case.
    pub name: String,
    /// Why anybody should care, in one sentence.
    pub why: String,
    /// What becomes of each call: `resolved`, `refused`, `timed-out` or the code of what blocked it. Under `fetch`
    /// for the Standard; under an engine's name if it does something else.
    pub ends: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    page: Page,
    #[serde(default)]
    cookies: Vec<Cookie>,
    #[serde(rename = "call")]
    calls: Vec<Call>,
    #[serde(rename = "resource")]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

impl Case {
    /// Those of a file, or of all files of a folder.
    ///
    /// # Errors
    /// A file that cannot be read or is not well formed, or two cases of one name.
    pub fn read(path: &Path) -> Result<Vec<Self>> {
        let mut files = vec![path.to_owned()];
        if path.is_dir() {
            let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
            files = entries.collect::<Result<_, _>>()?;
            files.sort();
        }
        let mut cases: Vec<Self> = Vec::new();
        for file in files {
            let shown = file.display();
            let text = fs::read_to_string(&file).with_context(|| shown.to_string())?;
            let of_file: File = toml::from_str(&text).with_context(|| shown.to_string())?;
            cases.extend(of_file.case);
        }
        for (place, case) in cases.iter().enumerate() {
            let again = cases.iter().skip(place + 1).any(|it| it.name == case.name);
            ensure!(!again, "two cases are called {}", case.name);
        }
        Ok(cases)
    }

    /// What happens in it.
    pub fn scenario(&self) -> Scenario {
        Scenario {
            page: self.page,
            cookies: self.cookies.clone(),
            calls: self.calls.clone(),
            resources: self.resources.clone(),
            ..Scenario::default()
        }
    }

    /// What must become of each call under a profile.
    pub fn ends_under(&self, profile: Profile) -> &[String] {
        let ends = self.ends.get(profile.name).or(self.ends.get("fetch"));
        ends.map_or(&[], Vec::as_slice)
    }
}

/// What becomes of each call of a scenario, in the words of [`Case::ends`].
pub fn ends(scenario: &Scenario, profile: Profile) -> Vec<String> {
    let run = core::run(scenario, profile);
    let pairs = run.observation.views.iter().zip(&run.codes);
    let words = pairs.map(|(view, code)| match (code, view.end) {
        (Some(code), _) => code.name(),
        (None, End::Resolved) => "resolved",
        (None, End::Rejected) => "rejected",
        (None, End::Refused) => "refused",
        (None, End::TimedOut) => "timed-out",
        (None, End::Unsupported) => "undecided",
    });
    words.map(str::to_owned).collect()
}
