//! What a fetch allocates, as `docs/benchmarks.md` states it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

#[path = "../benches/cases/mod.rs"]
mod cases;

use cases::{CASES, run};

/// For each case. Fewer is better: then this table is to be changed, and the document with it.
const ALLOCATIONS: [u64; 4] = [50, 135, 59, 352];

#[test]
fn a_fetch_allocates_what_is_stated() {
    let counted = CASES.each_ref().map(|case| {
        case.check();
        let input = case.prepare();
        allocation_counter::measure(|| drop(run(input))).count_total
    });
    assert_eq!(counted, ALLOCATIONS);
}
