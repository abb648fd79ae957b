use std::path::Path;

use anyhow::Result;
use conformance::{
    cases::{Case, ends},
    judge::transcript,
    scenario::Scenario,
};

use super::{
    Args,
    generated::{Bench, Found, Judged},
    recording::{Recording, number_of},
    report,
};

/// Runs named cases in each subject in turn, all that one does alike at once.
pub(super) async fn run(args: &Args, path: &Path) -> Result<bool> {
    let mut cases = Case::read(path)?;
    if let Some(only) = &args.only {
        cases.retain(|case| case.name.contains(only));
    }
    let numbered = cases.iter();
    let numbered = numbered.map(|case| (number_of(&case.name), case.scenario()));
    let scenarios: Vec<_> = numbered.collect();
    let mut good = true;
    for name in &args.subjects {
        let mut bench = Bench::of(name, false).await?;
        let runs = |scenario: &Scenario| bench.subject.can_run(scenario);
        let (cases, scenarios): (Vec<_>, Vec<_>) = cases
            .iter()
            .zip(scenarios.clone())
            .filter(|(_, (_, scenario))| runs(scenario))
            .unzip();
        let mut recording = Recording::asked_for(args, name, "-cases")?;
        let seen = bench.observe(&scenarios, recording.as_mut()).await?;
        let mut found = Vec::new();
        let mut end_otherwise = 0;
        for ((case, (_, scenario)), seen) in cases.iter().zip(&scenarios).zip(seen) {
            let profile = bench.expectations.profile;
            let ends = ends(scenario, profile);
            if ends != case.ends_under(profile) {
                println!("{name}: {}: ends {ends:?}", case.name);
                end_otherwise += 1;
            }
            let Judged {
                prediction,
                seen,
                differences,
                ..
            } = bench.compare(scenario, seen);
            let expected = prediction.observation;
            if args.print || (!differences.is_empty() && found.len() < args.show) {
                let title = format!("{name}: {}", case.name);
                let text = transcript(&title, scenario, &expected, &seen, &differences);
                println!("\n{text}");
            }
            if !differences.is_empty() {
                found.push(Found {
                    name: case.name.clone(),
                    scenario: scenario.clone(),
                    expected,
                    seen,
                    differences,
                });
            }
        }
        println!(
            "{name:<12} {:>5} cases {:>5} differ",
            cases.len(),
            found.len() + end_otherwise
        );
        good &= found.is_empty() && end_otherwise == 0;
        report::write(&args.folder, &format!("{name}-cases"), &found)?;
    }
    Ok(good)
}
