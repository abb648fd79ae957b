//! What the layer may cost at most, in instructions.

use anyhow::Result;

use super::{executable, instructions::count};

/// A kind of request, and how many instructions the layer may add to the service alone. The same
/// written by hand, for one origin and nothing else, is printed beside it: that is what `http`'s
/// header map takes.
const ADDED: [(&str, u64); 4] = [
    ("no origin", 375),
    ("allowed", 1_195),
    ("denied", 400),
    ("preflight", 2_620),
];

/// Two cases, and how many hundredths of the second the first may cost. One origin is compared, many
/// are hashed, and then one of them is compared.
const AGAINST: [(&str, &str, u64); 2] = [
    ("10,000 origins, corsac", "allowed, corsac", 115),
    ("64 KiB of names, corsac", "denied preflight, corsac", 200),
];

/// Counts, prints, and says whether all of it is within its bounds.
pub(super) fn check() -> Result<bool> {
    let layer = executable("corsac-tower", "layer")?;
    let mut passed = true;
    println!(
        "\n{:<44} {:>12} {:>8}",
        "the layer adds", "instructions", "gate"
    );
    for (kind, gate) in ADDED {
        let without = count(&layer, &format!("{kind}, bare"))?;
        let added = |by: &str| {
            let with = count(&layer, &format!("{kind}, {by}"))?;
            anyhow::Ok(with.saturating_sub(without))
        };
        let name = format!("{kind} (by hand {})", added("by hand")?);
        passed &= line(&name, added("corsac")?, gate);
    }
    for (case, other, hundredths) in AGAINST {
        let gate = count(&layer, other)? * hundredths / 100;
        passed &= line(case, count(&layer, case)?, gate);
    }
    Ok(passed)
}

fn line(name: &str, counted: u64, gate: u64) -> bool {
    let passed = counted <= gate;
    let word = if passed { "" } else { " TOO MUCH" };
    println!("{name:<44} {counted:>12} {gate:>8}{word}");
    passed
}
