//! What a fetch allocates, as `docs/benchmarks.md` states it. Apart from `fetch`, since an allocator
//! that counts takes its time; and no test, since changed code that allocates otherwise need not be
//! wrong.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark talks, and stops at the first surprise"
)]

mod cases;

use cases::{CASES, run};

/// For each case. Fewer is better: then this table is to be changed, and the document with it.
const STATED: [u64; 4] = [49, 132, 56, 346];

fn main() {
    let counted = CASES.each_ref().map(|case| {
        case.check();
        let input = case.prepare();
        let counted = allocation_counter::measure(|| drop(run(input))).count_total;
        println!("{:<26} {counted:>4} allocations", case.name);
        counted
    });
    assert_eq!(counted, STATED);
}
