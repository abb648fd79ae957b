//! The pair: a server half and a browser half in one memory, on one virtual clock, asked anything.
//!
//! One case is three resources with policies and a sequence of fetches, waits and changes of
//! policy, in which servers also fail, lie and redirect. For each fetch an oracle that shares no
//! code with either half says what must go over the wire and how it must end: granted is readable,
//! to the last exposed header; refused is a network error with the right code, and an unsafe
//! request that nobody granted is never sent; no cached grant outlives its max-age or covers more
//! than the answer said. And a cache between the two that goes by Vary alone would never hand on the
//! wrong answer.
//!
//! `CORSAC_PAIR_CASES` sets the number of cases, default 100,000. `CORSAC_PAIR_SEED` runs the one
//! case of a seed, which is how a failure is named.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    reason = "a test that panics has failed, and its figures go to whoever runs it"
)]

/// Ends a run with a sentence unless something holds.
macro_rules! ensure {
    ($holds:expr, $($text:tt)*) => {
        if !$holds {
            return Err(format!($($text)*));
        }
    };
}

mod case;
mod generate;
mod grants;
mod oracle;
mod rng;
mod server;
mod shared_cache;
mod shrink;
mod wire;
mod world;

use std::{env, panic::AssertUnwindSafe, thread};

use case::Case;
use world::Tally;

const CASES: u64 = 100_000;

/// Where seeds begin: a run is the same run every time.
const FIRST_SEED: u64 = 0xc0_75ac;

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
}

/// A panic is a failure like any other, so that it gets a seed and shrinks.
fn outcome(case: &Case, tally: &mut Tally) -> Result<(), String> {
    let run = AssertUnwindSafe(|| world::run(case, tally));
    std::panic::catch_unwind(run).unwrap_or_else(|_| Err("it panicked".to_owned()))
}

/// Runs cases until one fails.
fn run(seeds: impl Iterator<Item = u64>) -> Tally {
    let mut tally = Tally::new();
    for seed in seeds {
        let case = Case::of_seed(seed);
        let Err(error) = outcome(&case, &mut tally) else {
            continue;
        };
        let fails = |case: &Case| outcome(case, &mut Tally::new()).is_err();
        let smallest = shrink::shrink(case, fails);
        let last = outcome(&smallest, &mut Tally::new());
        panic!("CORSAC_PAIR_SEED={seed}: {error}\nshrunk to: {last:?}\n{smallest}");
    }
    tally
}

#[test]
fn both_halves_agree() {
    let (first, cases) = match number("CORSAC_PAIR_SEED") {
        Some(seed) => (seed, 1),
        None => (FIRST_SEED, number("CORSAC_PAIR_CASES").unwrap_or(CASES)),
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut tally = Tally::new();
    thread::scope(|scope| {
        let seeds = |thread| (first..first + cases).skip(thread).step_by(threads);
        let runs: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || run(seeds(thread))))
            .collect();
        for finished in runs.into_iter().map(thread::ScopedJoinHandle::join) {
            // The thread has said it all.
            let finished = finished.unwrap_or_else(|_| panic!("the halves disagree"));
            for (what, times) in finished {
                *tally.entry(what).or_default() += times;
            }
        }
    });
    let fetches: u64 = tally.values().sum();
    println!("{cases} cases, {fetches} ends");
    for (what, times) in &tally {
        println!("{times:>9} {what}");
    }
    // A generator that no longer reaches something would let everything about it pass.
    if cases >= 20_000 {
        for what in EVERY_END {
            assert!(tally.contains_key(what), "no case met: {what}");
        }
    }
}

/// All that a run has to have met.
const EVERY_END: [&str; 23] = [
    "allow-credentials-not-true",
    "allow-headers-invalid",
    "allow-methods-invalid",
    "allow-origin-invalid",
    "allow-origin-mismatch",
    "allow-origin-missing",
    "allow-origin-multiple",
    "allow-origin-null",
    "authorization-not-covered",
    "header-not-allowed",
    "method-not-allowed",
    "network-failure",
    "opaque redirects",
    "policies that contradict themselves",
    "preflight-no-response",
    "preflight-redirected",
    "preflight-status-not-ok",
    "read across origins",
    "read across origins after a redirect",
    "read of its own origin",
    "redirect-mode",
    "requests sent on a cached grant",
    "wildcard-with-credentials",
];
