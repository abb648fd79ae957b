#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that panics has failed"
)]

mod hostile;
mod snapshots;
mod views;

use crate::check::report::Report;

const REPORTS: &[(&str, &str)] = &[
    ("simple", include_str!("reports/simple.json")),
    ("preflighted", include_str!("reports/preflighted.json")),
    (
        "header-not-allowed",
        include_str!("reports/header-not-allowed.json"),
    ),
    ("preflight-401", include_str!("reports/preflight-401.json")),
    ("control-byte", include_str!("reports/control-byte.json")),
    ("not-cors", include_str!("reports/not-cors.json")),
    ("undecided", include_str!("reports/undecided.json")),
];

fn report(json: &str) -> Report {
    serde_json::from_str(json).unwrap()
}
