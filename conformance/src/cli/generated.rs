use std::time::Instant;

use anyhow::{Context as _, Result, bail};
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

use super::{
    Args,
    recording::{Recording, Seen},
    report,
};

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
        recording: Option<&mut Recording>,
    ) -> Result<Vec<Found>> {
        let begin = Instant::now();
        let seen = match recording {
            None => self.observe(scenarios).await?,
            Some(recording) => self.observe_what_is_not_kept(scenarios, recording).await?,
        };
        let mut found = Vec::new();
        for ((seed, feature, scenario), (first, again)) in scenarios.iter().zip(seen) {
            let row = tally.features.entry(*feature).or_default();
            row.scenarios += 1;
            let prediction = self.expectations.predict(scenario);
            let mut differs = differences(scenario, &prediction.observation, &first);
            let mut seen = first;
            if let Some(again) = again
                && !differs.is_empty()
            {
                // Nothing counts that a fresh profile does not show, too.
                differs = differences(scenario, &prediction.observation, &again);
                row.recovered += u64::from(differs.is_empty());
                seen = again;
            }
            if differs.is_empty() {
                self.count(*seed, scenario, &prediction, &seen, tally);
                continue;
            }
            row.differences += 1;
            found.push(Found {
                seed: *seed,
                scenario: scenario.clone(),
                expected: prediction.observation,
                seen,
                differences: differs,
            });
        }
        tally.took += begin.elapsed();
        Ok(found)
    }

    /// What was seen once is not run again.
    async fn observe_what_is_not_kept(
        &mut self,
        scenarios: &[(u64, Feature, Scenario)],
        recording: &mut Recording,
    ) -> Result<Vec<Seen>> {
        let kept = scenarios.iter();
        let kept = kept.map(|(seed, _, scenario)| recording.get(*seed, scenario));
        let kept = kept.collect::<Result<Vec<_>>>()?;
        let missing = scenarios.iter().zip(&kept);
        let missing = missing.filter(|(_, kept)| kept.is_none());
        let missing: Vec<_> = missing.map(|(it, _)| it.clone()).collect();
        let seen = match missing.is_empty() {
            true => Vec::new(),
            false => self.observe(&missing).await?,
        };
        for ((seed, _, scenario), seen) in missing.iter().zip(&seen) {
            recording.keep(*seed, scenario, seen)?;
        }
        let mut seen = seen.into_iter();
        let all = kept.into_iter().map(|kept| kept.or_else(|| seen.next()));
        all.collect::<Option<Vec<_>>>().context("one for each")
    }

    /// What is seen of each scenario, and what a fresh browser shows of those that differ.
    async fn observe(&mut self, scenarios: &[(u64, Feature, Scenario)]) -> Result<Vec<Seen>> {
        let plain: Vec<_> = scenarios.iter().map(|(.., it)| it.clone()).collect();
        let first = self.run(&plain).await?;
        let differs = |(scenario, seen): (&Scenario, &Observation)| {
            let predicted = self.expectations.predict(scenario).observation;
            !differences(scenario, &predicted, seen).is_empty()
        };
        let suspects: Vec<_> = plain.iter().zip(&first).map(differs).collect();
        let again = plain.into_iter().zip(&suspects);
        let again = again.filter(|(_, suspect)| **suspect).map(|(it, _)| it);
        let again: Vec<_> = again.collect();
        let mut again = match again.is_empty() {
            true => Vec::new(),
            false => {
                if let Subject::Browser(session) = &mut self.subject {
                    session.forget();
                }
                self.run(&again).await?
            }
        }
        .into_iter();
        let seen = first.into_iter().zip(suspects);
        Ok(seen
            .map(|(first, suspect)| (first, if suspect { again.next() } else { None }))
            .collect())
    }

    /// Counts which clauses had a say, and what explains that the subject is not what the Standard
    /// says.
    fn count(
        &self,
        seed: u64,
        scenario: &Scenario,
        prediction: &Prediction,
        seen: &Observation,
        tally: &mut Tally,
    ) {
        for &place in &prediction.clauses {
            if let Some(clause) = self.expectations.clauses.get(place) {
                *tally.clauses.entry(clause.name.to_owned()).or_default() += 1;
            }
        }
        let standard = core::run(scenario, Profile::FETCH).observation;
        if differences(scenario, &standard, seen).is_empty() {
            return;
        }
        let rules = profile_rules(scenario, self.expectations.profile);
        if rules.is_empty() && prediction.clauses.is_empty() {
            tally.unexplained_against_fetch.push(seed);
        }
        for rule in rules {
            *tally.rules.entry(rule.to_owned()).or_default() += 1;
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
        let mut recording = match &args.record {
            Some(folder) => Some(Recording::open(folder, name)?),
            None => None,
        };
        let (tally, found) = run_one(&mut bench, args, first, recording.as_mut()).await?;
        good &= found.is_empty() && tally.unexplained_against_fetch.is_empty();
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

async fn run_one(
    bench: &mut Bench,
    args: &Args,
    first: u64,
    mut recording: Option<&mut Recording>,
) -> Result<(Tally, Vec<Found>)> {
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
        all.extend(
            bench
                .judge(&scenarios, &mut tally, recording.as_deref_mut())
                .await?,
        );
        bar.inc(next - seed);
        seed = next;
    }
    bar.finish_and_clear();
    Ok((tally, all))
}
