//! What the layer may cost at most, in instructions.

use anyhow::Result;

use super::{
    executable,
    instructions::{count, count_own},
};

/// A kind of request, and how many instructions the layer may add to the service alone. The same
/// written by hand, for one origin and nothing else, is printed beside it: that is what `http`'s
/// header map takes.
const ADDED: [(&str, u64); 3] = [("no origin", 375), ("allowed", 1_195), ("denied", 400)];

/// The same for a preflight, the allocator's included: the service alone would allocate for its
/// answer, and is not asked.
const ADDED_TO_PREFLIGHT: u64 = 2_650;

/// Two cases, and how many hundredths of the second the first may cost. One origin is compared, many
/// are hashed, and then one of them is compared.
const AGAINST: [(&str, &str, u64); 2] = [
    ("10,000 origins, corsac", "allowed, corsac", 118),
    ("64 KiB of names, corsac", "denied preflight, corsac", 200),
];

/// Counts, prints, and says whether all of it is within its bounds. The layer allocates nothing, which
/// is a test of its own.
pub(super) fn check() -> Result<bool> {
    let layer = executable("corsac-tower", "layer")?;
    println!(
        "\n{:<44} {:>12} {:>8}",
        "the layer adds", "instructions", "gate"
    );
    let added = |kind: &str, gate, count: fn(&str, &str) -> Result<u64>| {
        let count = |by: &str| count(&layer, &format!("{kind}, {by}"));
        let without = count("bare")?;
        let by_hand = count("by hand")?.saturating_sub(without);
        let name = format!("{kind} (by hand {by_hand})");
        anyhow::Ok(line(&name, count("corsac")?.saturating_sub(without), gate))
    };
    let mut passed = true;
    for (kind, gate) in ADDED {
        passed &= added(kind, gate, count_own)?;
    }
    passed &= added("preflight", ADDED_TO_PREFLIGHT, count)?;
    for (case, other, hundredths) in AGAINST {
        let gate = count_own(&layer, other)? * hundredths / 100;
        passed &= line(case, count_own(&layer, case)?, gate);
    }
    Ok(passed)
}

fn line(name: &str, counted: u64, gate: u64) -> bool {
    let passed = counted <= gate;
    let word = if passed { "" } else { " TOO MUCH" };
    println!("{name:<44} {counted:>12} {gate:>8}{word}");
    passed
}
