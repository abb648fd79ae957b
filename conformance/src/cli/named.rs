use std::path::Path;

use anyhow::Result;
use conformance::{
    cases::{Case, ends},
    judge::{differences, transcript},
};

use super::{Args, generated::Bench};

/// Runs named cases in each subject in turn, all that one does alike at once.
pub(super) async fn run(args: &Args, path: &Path) -> Result<bool> {
    let mut cases = Case::read(path)?;
    if let Some(only) = &args.only {
        cases.retain(|case| case.name.contains(only));
    }
    let scenarios: Vec<_> = cases.iter().map(Case::scenario).collect();
    let mut good = true;
    for name in &args.subjects {
        let mut bench = Bench::of(name).await?;
        let seen = bench.run(&scenarios).await?;
        let mut differ = 0;
        for ((case, scenario), seen) in cases.iter().zip(&scenarios).zip(&seen) {
            let profile = bench.expectations.profile;
            let ends = ends(scenario, profile);
            if ends != case.ends_under(profile) {
                println!("{name}: {}: ends {ends:?}", case.name);
                differ += 1;
            }
            let expected = bench.expectations.predict(scenario).observation;
            let found = differences(scenario, &expected, seen);
            if args.print || !found.is_empty() {
                let title = format!("{name}: {}", case.name);
                println!(
                    "\n{}",
                    transcript(&title, scenario, &expected, seen, &found)
                );
            }
            differ += usize::from(!found.is_empty());
        }
        println!("{name:<12} {:>5} cases {differ:>5} differ", cases.len());
        good &= differ == 0;
    }
    Ok(good)
}
