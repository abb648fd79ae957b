//! What a request costs under the layer, bare, and under tower-http's. `cargo xtask bench` runs it
//! and counts instructions besides.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark talks and stops at the first surprise"
)]

mod cases;

use std::{env, hint::black_box, time::Instant};

use cases::{Case, Services, Wire, cases};

const ROUNDS: usize = 400;
const BATCH: usize = 32;

/// Without `--bench`, as a test runner calls it, every case only has to end as it says.
fn main() {
    let (mut services, wire) = (Services::new(), Wire::new());
    let cases = cases();
    for case in &cases {
        case.check(&mut services, &wire);
    }
    let args: Vec<_> = env::args().skip(1).collect();
    let value = |name: &str| {
        let place = args.iter().position(|arg| arg == name)?;
        args.get(place + 1).cloned()
    };
    let only = value("--case");
    let asked = |case: &&Case| only.as_ref().is_none_or(|only| only == case.name);
    let cases: Vec<_> = cases.iter().filter(asked).collect();
    assert!(!cases.is_empty(), "no such case");
    if args.iter().any(|arg| arg == "--list") {
        cases.iter().for_each(|case| println!("{}", case.name));
    } else if let Some(iterations) = value("--iterations") {
        let prepare_only = args.iter().any(|arg| arg == "--prepare-only");
        for _ in 0..iterations.parse().unwrap() {
            for case in &cases {
                let request = black_box(case.prepare(&wire));
                if !prepare_only {
                    drop(black_box(case.run(&mut services, request)));
                }
            }
        }
    } else if args.iter().any(|arg| arg == "--bench") {
        time(&cases, &mut services, &wire);
    } else {
        println!("{} passed, 0 failed", cases.len());
    }
}

/// Small batches, all cases in turn, so that whatever else the machine does hits them all.
fn time(cases: &[&Case], services: &mut Services, wire: &Wire) {
    let mut times = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for (case, times) in cases.iter().zip(&mut times) {
            let requests: Vec<_> = (0..BATCH).map(|_| case.prepare(wire)).collect();
            let begin = Instant::now();
            for request in requests {
                drop(black_box(case.run(services, request)));
            }
            times.push(begin.elapsed().as_nanos() / BATCH as u128);
        }
    }
    println!("{:<26} {:>9} {:>9}", "case", "min ns", "median ns");
    for (case, times) in cases.iter().zip(&mut times) {
        times.sort_unstable();
        println!("{:<26} {:>9} {:>9}", case.name, times[0], times[ROUNDS / 2]);
    }
}
