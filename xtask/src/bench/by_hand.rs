//! The layer against the one that is written where no middleware is at hand.

use super::{
    peers::Timed,
    tables::{head, row},
};

/// How much longer a request may take, the service included. Both decide, and say, the same of these;
/// of a preflight the other checks nothing, and has no list to look into.
const GATE: f64 = 1.25;
const GATED: [&str; 3] = ["no Origin", "allowed", "denied"];

/// Each with the layer and without: what is timed, and what is written by hand.
const PAIRS: [(&str, &str); 2] = [
    ("corsac-tower", "by hand"),
    ("axum, corsac-tower", "axum, by hand"),
];

/// Whether no gated request takes longer than it may. In axum as in tower: it is one layer.
pub(super) fn is_near(timed: &[Timed]) -> bool {
    let mut passed = true;
    for kind in GATED {
        for (ours, by_hand) in PAIRS {
            let ratio = ratio(timed, kind, ours, by_hand);
            if ratio.is_none_or(|ratio| ratio > GATE) {
                println!("{ours}, {kind}: {ratio:?} of {by_hand}, but {GATE} at most");
                passed = false;
            }
        }
    }
    passed
}

/// The ratios, of all kinds of requests.
pub(super) fn table(timed: &[Timed]) -> String {
    let mut table = head("request", &["tower", "axum", "gate"]);
    let mut seen: Vec<&str> = Vec::new();
    for one in timed {
        if seen.contains(&&*one.kind) {
            continue;
        }
        seen.push(&one.kind);
        let ratios = PAIRS.map(|(ours, by_hand)| ratio(timed, &one.kind, ours, by_hand));
        let gate = GATED.contains(&&*one.kind).then_some(GATE);
        let cells = ratios.into_iter().chain([gate]);
        let cells = cells.map(|cell| cell.map_or("-".to_owned(), |cell| format!("{cell:.2}")));
        row(&mut table, &one.kind, cells);
    }
    table
}

/// The least time of the one, of the least time of the other, for one origin.
fn ratio(timed: &[Timed], kind: &str, ours: &str, by_hand: &str) -> Option<f64> {
    let least = |subject: &str| {
        let mut found = timed.iter().filter(|it| {
            it.subject == subject && it.kind == kind && (it.origins, it.wildcards) == (1, false)
        });
        found.next().map(|it| it.min)
    };
    Some(least(ours)? / least(by_hand)?)
}
