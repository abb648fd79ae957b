//! A million origins looked up, beside std's `HashSet` of the same.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "a benchmark talks, stops at the first surprise, and times what others use"
)]

use std::{collections::HashSet, env, hint::black_box, time::Instant};

use corsac::policy::{Policy, PolicyConfig};

const ROUNDS: usize = 9;

/// Without `--bench`, as a test runner calls it, it only asserts what it would time.
fn main() {
    let is_timed = env::args().any(|arg| arg == "--bench");
    let count: usize = if is_timed { 1_000_000 } else { 1000 };
    let origins: Vec<String> = (0..count)
        .map(|tenant| format!("https://tenant-{tenant:07}.apps.example"))
        .collect();
    let policy = Policy::new(PolicyConfig {
        allow_origins: origins.iter().map(String::as_str).collect(),
        ..PolicyConfig::default()
    })
    .unwrap();
    let set: HashSet<Vec<u8>> = origins.iter().map(|origin| origin.clone().into()).collect();
    // A stride prime to the count visits all of them, and none near the one before.
    let asked: Vec<&[u8]> = (0..count)
        .map(|step| origins[step * 618_033 % count].as_bytes())
        .collect();
    assert!(asked.iter().all(|origin| policy.origins().allows(origin)));
    assert!(
        !policy
            .origins()
            .allows(b"https://tenant-x000000.apps.example")
    );
    if !is_timed {
        println!("1 passed, 0 failed");
        return;
    }
    let (mut ours, mut std) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        ours = ours.min(time(&asked, |origin| policy.origins().allows(origin)));
        std = std.min(time(&asked, |origin| set.contains(origin)));
    }
    println!("{count} origins, ns a look-up: corsac {ours:.0}, std HashSet {std:.0}");
}

fn time(asked: &[&[u8]], is_in: impl Fn(&[u8]) -> bool) -> f64 {
    let begin = Instant::now();
    for origin in asked {
        assert!(is_in(black_box(origin)));
    }
    begin.elapsed().as_nanos() as f64 / asked.len() as f64
}
