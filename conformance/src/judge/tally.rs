use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::generate::Feature;

/// What a run of one subject came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    /// By feature.
    pub features: BTreeMap<Feature, Row>,
    /// How often each clause had a say, by its name.
    pub clauses: BTreeMap<String, u64>,
    /// How often each rule of the profile showed against the Standard, by its name.
    pub rules: BTreeMap<String, u64>,
    /// The seeds of scenarios that differ from the Standard without a clause or rule that says why.
    pub unexplained_against_fetch: Vec<u64>,
    /// How long it took.
    pub took: Duration,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Row {
    /// Scenarios.
    pub scenarios: u64,
    /// Those that differed and did so again in a fresh profile.
    pub differences: u64,
    /// Those that differed once.
    pub recovered: u64,
}

impl Tally {
    /// Adds another run.
    pub fn add(&mut self, other: &Self) {
        for (feature, row) in &other.features {
            let sum = self.features.entry(*feature).or_default();
            sum.scenarios += row.scenarios;
            sum.differences += row.differences;
            sum.recovered += row.recovered;
        }
        for (sums, counts) in [
            (&mut self.clauses, &other.clauses),
            (&mut self.rules, &other.rules),
        ] {
            for (name, count) in counts {
                *sums.entry(name.clone()).or_default() += count;
            }
        }
        let unexplained = &other.unexplained_against_fetch;
        self.unexplained_against_fetch.extend(unexplained);
        self.took += other.took;
    }

    /// All features together.
    pub fn sum(&self) -> Row {
        let mut sum = Row::default();
        for row in self.features.values() {
            sum.scenarios += row.scenarios;
            sum.differences += row.differences;
            sum.recovered += row.recovered;
        }
        sum
    }
}
