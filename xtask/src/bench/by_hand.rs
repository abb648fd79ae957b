//! The layer against the one that is written where no middleware is at hand.

use super::{
    peers::Timed,
    tables::{head, row},
};

/// How much longer a request may take, the service included.
const GATE: f64 = 1.25;

/// The layer, that which is written by hand, and what is not held against it: of a preflight that one
/// reads nothing and compares nothing, and where there is no framework around it, this shows.
const PAIRS: [(&str, &str, Option<&str>); 2] = [
    ("corsac-tower", "by hand", Some("preflight, granted")),
    ("axum, corsac-tower", "axum, by hand", None),
];

/// Whether no request takes longer than it may.
pub(super) fn is_near(timed: &[Timed]) -> bool {
    let mut passed = true;
    for kind in kinds(timed) {
        for (ours, by_hand, except) in PAIRS {
            let ratio = ratio(timed, kind, ours, by_hand);
            if except != Some(kind) && ratio.is_none_or(|ratio| ratio > GATE) {
                println!("{ours}, {kind}: {ratio:?} of {by_hand}, but {GATE} at most");
                passed = false;
            }
        }
    }
    passed
}

/// The ratios, of all kinds of requests.
pub(super) fn table(timed: &[Timed]) -> String {
    let mut table = head("request", &["tower", "axum"]);
    for kind in kinds(timed) {
        let cells = PAIRS.map(|(ours, by_hand, except)| {
            let ratio = ratio(timed, kind, ours, by_hand);
            let ratio = ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}"));
            match except == Some(kind) {
                true => format!("{ratio} (no gate)"),
                false => ratio,
            }
        });
        row(&mut table, kind, cells.into_iter());
    }
    table
}

/// The kinds of requests, in their order.
pub(super) fn kinds(timed: &[Timed]) -> Vec<&str> {
    let mut kinds: Vec<&str> = Vec::new();
    for one in timed {
        if !kinds.contains(&&*one.kind) {
            kinds.push(&one.kind);
        }
    }
    kinds
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
