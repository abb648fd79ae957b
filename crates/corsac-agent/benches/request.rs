//! What a request costs its client, by the agent and by a bare hyper client: each over one
//! connection that stays, to the same server on another thread. `cargo xtask bench` runs it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark talks and stops at the first surprise"
)]

mod cases;

use std::{env, time::Instant};

use cases::{Case, Clients, NAMES};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 100;
const BATCH: usize = 100;

/// How much more than a bare hyper client the agent may cost.
const GATE: f64 = 1.25;

/// Without `--bench`, as a test runner calls it, every case only has to end as it says.
fn main() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut clients = runtime.block_on(Clients::new(cases::server()));
    for case in NAMES {
        runtime.block_on(clients.check(case));
    }
    let args: Vec<_> = env::args().skip(1).collect();
    let value = |name: &str| {
        let place = args.iter().position(|arg| arg == name)?;
        args.get(place + 1).cloned()
    };
    let only = value("--case");
    let asked = |case: &Case| only.as_ref().is_none_or(|only| only == case.name());
    let cases: Vec<_> = NAMES.into_iter().filter(asked).collect();
    assert!(!cases.is_empty(), "no such case");
    if args.iter().any(|arg| arg == "--list") {
        cases.iter().for_each(|case| println!("{}", case.name()));
    } else if let Some(iterations) = value("--iterations") {
        if !args.iter().any(|arg| arg == "--prepare-only") {
            for case in cases {
                runtime.block_on(clients.repeat(case, iterations.parse().unwrap()));
            }
        }
    } else if args.iter().any(|arg| arg == "--bench") {
        time(&runtime, &mut clients, &cases);
    } else {
        println!("{} passed, 0 failed", cases.len());
    }
}

/// Small batches, all cases in turn, so that whatever else the machine does hits them all.
fn time(runtime: &Runtime, clients: &mut Clients, cases: &[Case]) {
    let mut costs = vec![Vec::new(); cases.len()];
    let mut times = vec![Vec::new(); cases.len()];
    for _ in 0..ROUNDS {
        for (place, case) in cases.iter().enumerate() {
            let (begin, cost) = (Instant::now(), cpu_time());
            runtime.block_on(clients.repeat(*case, BATCH));
            costs[place].push((cpu_time() - cost) / BATCH as u128);
            times[place].push(begin.elapsed().as_nanos() / BATCH as u128);
        }
    }
    println!(
        "{:<26} {:>10} {:>13} {:>9}",
        "case", "min cpu ns", "median cpu ns", "median ns"
    );
    for (place, case) in cases.iter().enumerate() {
        costs[place].sort_unstable();
        times[place].sort_unstable();
        let (min, cpu) = (costs[place][0], costs[place][ROUNDS / 2]);
        let median = times[place][ROUNDS / 2];
        println!("{:<26} {min:>10} {cpu:>13} {median:>9}", case.name());
    }
    if let [agent, hyper] = &costs[..] {
        // Whatever else runs on the machine only adds to the least.
        let ratio = agent[0] as f64 / hyper[0] as f64;
        println!("the agent's CPU time by a bare hyper client's: {ratio:.2}, at most {GATE}");
        assert!(ratio <= GATE, "the agent costs too much");
    }
}

/// What this thread has cost, the kernel's part for it included.
fn cpu_time() -> u128 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec);
    u128::try_from(seconds).unwrap() * 1_000_000_000 + u128::try_from(nanoseconds).unwrap()
}
