use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use conformance::{
    browsers::{Engine, Session},
    expectations::{AGENT, CHROMIUM, FIREFOX, JS, WEBKIT},
    generate::{self, Feature},
    judge::{
        Difference, Expectations, Prediction, Tally, against_decisions, differences, profile_rules,
        transcript,
    },
    observation::Observation,
    scenario::Scenario,
    servers::Servers,
    subject::{Subject, agent, core, js},
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
    /// `seed 7`, or a case's own name.
    pub(super) name: String,
    pub(super) scenario: Scenario,
    pub(super) expected: Observation,
    pub(super) seen: Observation,
    pub(super) differences: Vec<Difference>,
}

/// What came of one scenario.
pub(super) struct Judged {
    pub(super) prediction: Prediction,
    /// In a fresh browser, if the first one was not what was predicted.
    pub(super) seen: Observation,
    pub(super) differences: Vec<Difference>,
    pub(super) has_recovered: bool,
}

/// One subject, and what it is held against.
pub(super) struct Bench {
    pub(super) subject: Subject,
    servers: Servers,
    pub(super) expectations: Expectations,
}

impl Bench {
    /// With scripted servers, or with those that policies are in front of.
    pub(super) async fn of(name: &str, is_policed: bool) -> Result<Self> {
        let (subject, expectations) = match name {
            "core" => {
                let expectations = Expectations {
                    subject: "core",
                    profile: Profile::FETCH,
                    clauses: &[],
                };
                (Subject::Core(Profile::FETCH), expectations)
            }
            "agent" => {
                let session = agent::Session::new(AGENT.profile);
                (Subject::Agent(session), AGENT)
            }
            "js" => (Subject::Js(js::Session::new(JS.profile)), JS),
            "chromium" => (browser(Engine::Chromium), CHROMIUM),
            "firefox" => (browser(Engine::Firefox), FIREFOX),
            "webkit" => (browser(Engine::Webkit), WEBKIT),
            other => bail!("there is no subject {other}"),
        };
        Ok(Self {
            subject,
            servers: match is_policed {
                true => Servers::start_policed().await?,
                false => Servers::start().await?,
            },
            expectations,
        })
    }

    /// What the subject does with each scenario.
    async fn run(&mut self, scenarios: &[Scenario]) -> Result<Vec<Observation>> {
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
        let can_run = |(_, _, it): &&(u64, Feature, Scenario)| self.subject.can_run(it);
        let scenarios: Vec<_> = scenarios.iter().filter(can_run).cloned().collect();
        let numbered = scenarios.iter().map(|(seed, _, it)| (*seed, it.clone()));
        let numbered: Vec<_> = numbered.collect();
        let seen = self.observe(&numbered, recording).await?;
        let mut found = Vec::new();
        for ((seed, feature, scenario), seen) in scenarios.iter().zip(seen) {
            let row = tally.features.entry(*feature).or_default();
            row.scenarios += 1;
            let Judged {
                prediction,
                seen,
                differences,
                has_recovered,
            } = self.compare(scenario, seen);
            row.recovered += u64::from(has_recovered);
            if differences.is_empty() {
                self.count(*seed, scenario, &prediction, &seen, tally);
                continue;
            }
            row.differences += 1;
            found.push(Found {
                name: format!("seed {seed}"),
                scenario: scenario.clone(),
                expected: prediction.observation,
                seen,
                differences,
            });
        }
        tally.took += begin.elapsed();
        Ok(found)
    }

    /// Holds what was seen against what was predicted. Nothing counts that a fresh profile does not
    /// show, too.
    pub(super) fn compare(&self, scenario: &Scenario, (first, again): Seen) -> Judged {
        let prediction = self.expectations.predict(scenario);
        let against = |seen: &Observation| all_differences(scenario, &prediction.observation, seen);
        let differs = against(&first);
        match again.filter(|_| !differs.is_empty()) {
            None => Judged {
                seen: first,
                differences: differs,
                has_recovered: false,
                prediction,
            },
            Some(again) => {
                let differences = against(&again);
                Judged {
                    seen: again,
                    has_recovered: differences.is_empty(),
                    differences,
                    prediction,
                }
            }
        }
    }

    /// What is seen of each scenario; what was seen once is not run again.
    pub(super) async fn observe(
        &mut self,
        scenarios: &[(u64, Scenario)],
        recording: Option<&mut Recording>,
    ) -> Result<Vec<Seen>> {
        let Some(recording) = recording else {
            return self.run_twice(scenarios).await;
        };
        let kept = scenarios.iter();
        let kept = kept.map(|(number, scenario)| recording.get(*number, scenario));
        let kept = kept.collect::<Result<Vec<_>>>()?;
        let missing = scenarios.iter().zip(&kept);
        let missing = missing.filter(|(_, kept)| kept.is_none());
        let missing: Vec<_> = missing.map(|(it, _)| it.clone()).collect();
        let seen = match missing.is_empty() {
            true => Vec::new(),
            false => self.run_twice(&missing).await?,
        };
        for ((number, scenario), seen) in missing.iter().zip(&seen) {
            recording.keep(*number, scenario, seen)?;
        }
        let mut seen = seen.into_iter();
        let all = kept.into_iter().map(|kept| kept.or_else(|| seen.next()));
        all.collect::<Option<Vec<_>>>().context("one for each")
    }

    /// What is seen of each scenario, and what a fresh browser shows of those that differ.
    async fn run_twice(&mut self, scenarios: &[(u64, Scenario)]) -> Result<Vec<Seen>> {
        let plain: Vec<_> = scenarios.iter().map(|(_, it)| it.clone()).collect();
        let first = self.run(&plain).await?;
        let differs = |(scenario, seen): (&Scenario, &Observation)| {
            let predicted = self.expectations.predict(scenario).observation;
            !all_differences(scenario, &predicted, seen).is_empty()
        };
        let suspects: Vec<_> = plain.iter().zip(&first).map(differs).collect();
        let again = plain.into_iter().zip(&suspects);
        let again = again.filter(|(_, suspect)| **suspect).map(|(it, _)| it);
        let again: Vec<_> = again.collect();
        let mut again = match again.is_empty() {
            true => Vec::new(),
            false => {
                self.subject.forget();
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
                    !all_differences(scenario, &predicted, &seen).is_empty()
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
            name: found.name.clone(),
            differences: all_differences(&scenario, &expected, &seen),
            scenario,
            expected,
            seen,
        })
    }
}

/// What was not predicted and, where that is all as it should be, what policies had decided otherwise.
fn all_differences(
    scenario: &Scenario,
    predicted: &Observation,
    seen: &Observation,
) -> Vec<Difference> {
    let found = differences(scenario, predicted, seen);
    match found.is_empty() {
        true => against_decisions(scenario, predicted, seen),
        false => found,
    }
}

fn browser(engine: Engine) -> Subject {
    Subject::Browser(Session::new(engine))
}

/// Runs generated scenarios in each subject in turn.
pub(super) async fn run(args: &Args) -> Result<bool> {
    let mut good = true;
    for name in &args.subjects {
        let mut bench = Bench::of(name, args.policies.is_some()).await?;
        let kind = args.kind();
        let logged = format!("{name}{kind}");
        let first = match args.resume {
            true => report::next_seed(&args.folder, &logged)?.unwrap_or(args.seed),
            false => args.seed,
        };
        let mut recording = Recording::asked_for(args, name, kind)?;
        let (tally, found) = run_one(&mut bench, args, first, recording.as_mut()).await?;
        good &= found.is_empty() && tally.unexplained_against_fetch.is_empty();
        report::table(name, &tally, bench.expectations.clauses);
        report::log(&args.folder, &logged, first, args.count(), &tally)?;
        for found in found.iter().take(args.show) {
            let small = bench.shrink(found).await?;
            let title = format!("{name}, {}", small.name);
            let text = transcript(
                &title,
                &small.scenario,
                &small.expected,
                &small.seen,
                &small.differences,
            );
            println!("\n{text}");
        }
        report::write(&args.folder, &logged, &found)?;
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
    let bar = ProgressBar::new(args.count()).with_style(style);
    bar.set_message(bench.expectations.subject);
    let mut tally = Tally::default();
    let mut all = Vec::new();
    let end = first + args.count();
    let mut seed = first;
    while seed < end {
        let next = end.min(seed + CHUNK);
        let scenarios: Vec<_> = (seed..next)
            .map(|seed| {
                let (feature, scenario) = args.generate(seed);
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
