use std::fmt::Write as _;

use crate::{observation::Observation, scenario::Scenario};

use super::{Difference, compare::line};

/// A difference, for people: the scenario, what happened on both sides, and the fields that differ.
pub fn transcript(
    title: &str,
    scenario: &Scenario,
    expected: &Observation,
    seen: &Observation,
    differences: &[Difference],
) -> String {
    let mut out = format!("== {title}\n");
    let _ = write!(out, "{}", toml::to_string(scenario).unwrap_or_default());
    let _ = writeln!(out, "\n{:<58} | seen", "predicted");
    let (left, right) = (side(expected), side(seen));
    for place in 0..left.len().max(right.len()) {
        let cell = |side: &[String]| side.get(place).cloned().unwrap_or_default();
        let _ = writeln!(out, "{:<58} | {}", cell(&left), cell(&right));
    }
    for difference in differences {
        let _ = writeln!(
            out,
            "! {}: predicted {}, seen {}",
            difference.field, difference.expected, difference.seen
        );
    }
    out
}

fn side(observation: &Observation) -> Vec<String> {
    let mut lines = Vec::new();
    for request in &observation.requests {
        lines.push(format!("> {}", line(request)));
        for name in [
            "origin",
            "access-control-request-method",
            "access-control-request-headers",
            "cookie",
        ] {
            if let Some(value) = request.get(name) {
                lines.push(format!("    {name}: {value}"));
            }
        }
    }
    for view in &observation.views {
        let kind = view.r#type.as_deref().unwrap_or_default();
        let status = view.status.unwrap_or_default();
        lines.push(format!("< {:?} {kind} {status}", view.end));
    }
    lines
}
