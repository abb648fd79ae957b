use std::time::Instant;

use anyhow::{Result, bail};
use conformance::{
    browsers::{Engine, Session},
    expectations::{CHROMIUM, FIREFOX, WEBKIT},
    generate::{self, Feature},
    judge::{Difference, Expectations, Prediction, Tally, differences, profile_rules, transcript},
    observation::Observation,
    scenario::Scenario,
    servers::Servers,
    subject::{Subject, core},
};
use corsac::fetch::Profile;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Args, report};

/// How many scenarios are judged at a time.
const CHUNK: u64 = 400;

/// A scenario in which a subject did not do what was predicted.
pub(super) struct Found {
    pub(super) seed: u64,
    pub(super) scenario: Scenario,
    pub(super) expected: Observation,
    pub(super) seen: Observation,
    pub(super) differences: Vec<Difference>,
}

/// One subject, and what it is held against.
pub(super) struct Bench {
    subject: Subject,
    servers: Servers,
    pub(super) expectations: Expectations,
}

impl Bench {
    pub(super) async fn of(name: &str) -> Result<Self> {
        let (subject, expectations) = match name {
            "core" => {
                let expectations = Expectations {
                    subject: "core",
                    profile: Profile::FETCH,
                    clauses: &[],
                };
                (Subject::Core(Profile::FETCH), expectations)
            }
            "chromium" => (browser(Engine::Chromium), CHROMIUM),
            "firefox" => (browser(Engine::Firefox), FIREFOX),
            "webkit" => (browser(Engine::Webkit), WEBKIT),
            other => bail!("there is no subject {other}"),
        };
        Ok(Self {
            subject,
            servers: Servers::start().await?,
            expectations,
        })
    }

    /// What the subject does with each scenario.
    pub(super) async fn run(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>> {
        self.subject.run(&self.servers, scenarios).await
    }

    /// Runs scenarios; those that differ once more in a fresh browser.
    async fn judge(
        &mut self,
        scenarios: &[(u64, Feature, Scenario)],
        tally: &mut Tally,
    ) -> Result<Vec<Found>> {
        let begin = Instant::now();
        let plain: Vec<_> = scenarios.iter().map(|(.., it)| it.clone()).collect();
        let observations = self.subject.run(&self.servers, &plain).await?;
        let mut suspects = Vec::new();
        for ((seed, feature, scenario), seen) in scenarios.iter().zip(observations) {
            tally.features.entry(*feature).or_default().scenarios += 1;
            let prediction = self.expectations.predict(scenario);
            let found = differences(scenario, &prediction.observation, &seen);
            match found.is_empty() {
                true => self.count(scenario, &prediction, &seen, tally),
                false => suspects.push((*seed, *feature, scenario.clone(), prediction)),
            }
        }
        let found = self.again(suspects, tally).await?;
        tally.took += begin.elapsed();
        Ok(found)
    }

    /// Nothing counts that a fresh profile does not show, too.
    async fn again(
        &mut self,
        suspects: Vec<(u64, Feature, Scenario, Prediction)>,
        tally: &mut Tally,
    ) -> Result<Vec<Found>> {
        if suspects.is_empty() {
            return Ok(Vec::new());
        }
        if let Subject::Browser(session) = &mut self.subject {
            session.forget();
        }
        let plain: Vec<_> = suspects.iter().map(|(_, _, it, _)| it.clone()).collect();
        let observations = self.subject.run(&self.servers, &plain).await?;
        let mut found = Vec::new();
        for ((seed, feature, scenario, prediction), seen) in suspects.into_iter().zip(observations)
        {
            let row = tally.features.entry(feature).or_default();
            let differences = differences(&scenario, &prediction.observation, &seen);
            if differences.is_empty() {
                row.recovered += 1;
                self.count(&scenario, &prediction, &seen, tally);
                continue;
            }
            row.differences += 1;
            found.push(Found {
                seed,
                scenario,
                expected: prediction.observation,
                seen,
                differences,
            });
        }
        Ok(found)
    }

    /// Counts what explains that the subject is not what the Standard says.
    fn count(
        &self,
        scenario: &Scenario,
        prediction: &Prediction,
        seen: &Observation,
        tally: &mut Tally,
    ) {
        let standard = core::run(scenario, Profile::FETCH).observation;
        if differences(scenario, &standard, seen).is_empty() {
            return;
        }
        let rules = profile_rules(scenario, self.expectations.profile);
        if rules.is_empty() && prediction.clauses.is_empty() {
            tally.unexplained_against_fetch += 1;
        }
        for rule in rules {
            *tally.rules.entry(rule.to_owned()).or_default() += 1;
        }
        for &place in &prediction.clauses {
            if let Some(clause) = self.expectations.clauses.get(place) {
                *tally.clauses.entry(clause.name.to_owned()).or_default() += 1;
            }
        }
    }

    /// Makes a scenario as small as it can be and still differ in the same field.
    async fn shrink(&mut self, found: &Found) -> Result<Found> {
        let expectations = self.expectations;
        let scenario =
            generate::shrink(found.scenario.clone(), async |candidates: &[Scenario]| {
                let seen = self.subject.run(&self.servers, candidates).await?;
                let pairs = candidates.iter().zip(seen);
                let differs = pairs.map(|(scenario, seen)| {
                    let predicted = expectations.predict(scenario).observation;
                    !differences(scenario, &predicted, &seen).is_empty()
                });
                anyhow::Ok(differs.collect())
            })
            .await?;
        let mut seen = self
            .subject
            .run(&self.servers, std::slice::from_ref(&scenario))
            .await?;
        let expected = expectations.predict(&scenario).observation;
        let seen = seen.pop().unwrap_or_default();
        Ok(Found {
            seed: found.seed,
            differences: differences(&scenario, &expected, &seen),
            scenario,
            expected,
            seen,
        })
    }
}

fn browser(engine: Engine) -> Subject {
    Subject::Browser(Session::new(engine))
}

/// Runs generated scenarios in each subject in turn.
pub(super) async fn run(args: &Args) -> Result<bool> {
    let mut good = true;
    for name in &args.subjects {
        let mut bench = Bench::of(name).await?;
        let first = match args.resume {
            true => report::next_seed(&args.folder, name)?.unwrap_or(args.seed),
            false => args.seed,
        };
        let (tally, found) = run_one(&mut bench, args, first).await?;
        good &= found.is_empty() && tally.unexplained_against_fetch == 0;
        report::table(name, &tally, bench.expectations.clauses);
        report::log(&args.folder, name, first, args.scenarios, &tally)?;
        for found in found.iter().take(args.show) {
            let small = bench.shrink(found).await?;
            let title = format!("{name}, seed {}", small.seed);
            let text = transcript(
                &title,
                &small.scenario,
                &small.expected,
                &small.seen,
                &small.differences,
            );
            println!("\n{text}");
        }
        report::write(&args.folder, name, &found)?;
    }
    Ok(good)
}

async fn run_one(bench: &mut Bench, args: &Args, first: u64) -> Result<(Tally, Vec<Found>)> {
    let style = ProgressStyle::with_template("{msg:>9} {wide_bar} {pos}/{len} {eta} {per_sec}")?;
    let bar = ProgressBar::new(args.scenarios).with_style(style);
    bar.set_message(bench.expectations.subject);
    let mut tally = Tally::default();
    let mut all = Vec::new();
    let end = first + args.scenarios;
    let mut seed = first;
    while seed < end {
        let next = end.min(seed + CHUNK);
        let scenarios: Vec<_> = (seed..next)
            .map(|seed| {
                let (feature, scenario) = generate::scenario(seed);
                (seed, feature, scenario)
            })
            .collect();
        all.extend(bench.judge(&scenarios, &mut tally).await?);
        bar.inc(next - seed);
        seed = next;
    }
    bar.finish_and_clear();
    Ok((tally, all))
}
