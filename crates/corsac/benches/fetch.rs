//! What a fetch costs the core. `cargo xtask bench` runs it and counts instructions besides.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a benchmark talks, looks at the clock and stops at the first surprise"
)]

mod cases;

use std::{env, hint::black_box, time::Instant};

use cases::{CASES, Case, run};

const ROUNDS: usize = 400;
const BATCH: usize = 32;

/// Without `--bench`, as a test runner calls it, every case only has to end as it says.
fn main() {
    CASES.iter().for_each(Case::check);
    let args: Vec<_> = env::args().skip(1).collect();
    let value = |name: &str| {
        let place = args.iter().position(|arg| arg == name)?;
        args.get(place + 1).cloned()
    };
    let only = value("--case");
    let asked = |case: &&Case| only.as_ref().is_none_or(|only| only == case.name);
    let cases: Vec<_> = CASES.iter().filter(asked).collect();
    assert!(!cases.is_empty(), "no such case");
    if args.iter().any(|arg| arg == "--list") {
        cases.iter().for_each(|case| println!("{}", case.name));
    } else if let Some(iterations) = value("--iterations") {
        let prepare_only = args.iter().any(|arg| arg == "--prepare-only");
        repeat(&cases, iterations.parse().unwrap(), prepare_only);
    } else if args.iter().any(|arg| arg == "--bench") {
        time(&cases);
    } else {
        println!("{} passed, 0 failed", cases.len());
    }
}

/// For whoever counts from outside.
fn repeat(cases: &[&Case], iterations: usize, prepare_only: bool) {
    for case in cases {
        for _ in 0..iterations {
            let input = black_box(case.prepare());
            if !prepare_only {
                drop(black_box(run(input)));
            }
        }
    }
}

/// Small batches, all cases in turn, so that whatever else the machine does hits them all.
fn time(cases: &[&Case]) {
    let mut times = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for (case, times) in cases.iter().zip(&mut times) {
            let inputs: Vec<_> = (0..BATCH).map(|_| case.prepare()).collect();
            let begin = Instant::now();
            for input in inputs {
                drop(black_box(run(input)));
            }
            times.push(begin.elapsed().as_nanos() / BATCH as u128);
        }
    }
    println!("{:<26} {:>9} {:>9}", "case", "min ns", "median ns");
    for (case, times) in cases.iter().zip(&mut times) {
        times.sort_unstable();
        let (min, median) = (times.first(), times.get(ROUNDS / 2));
        println!(
            "{:<26} {:>9} {:>9}",
            case.name,
            min.unwrap(),
            median.unwrap()
        );
    }
}
