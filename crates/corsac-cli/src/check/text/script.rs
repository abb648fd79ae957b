//! What the script can read of a response, and what not.

use crate::{
    check::report::{Outcome, Report, ScriptReport},
    terminal::BOLD,
};

use super::{
    page::Page,
    units::{lifetime, size},
};

/// Response headers that no server can expose.
const NEVER: [&str; 2] = ["set-cookie", "set-cookie2"];

/// What is readable and hidden.
pub(super) fn script(page: &mut Page, report: &Report, script: &ScriptReport) {
    page.blank();
    if script.redirected && !script.url.is_empty() {
        page.labelled(BOLD, "from", &script.url);
    }
    if report.verdict.outcome != Outcome::Readable {
        let text = "status 0, no header, no body: the script only learns that something came";
        page.labelled(BOLD, "readable", text);
        return;
    }
    let body = match script.body_length {
        Some(length) => format!("body ({})", size(length)),
        None => "body".to_owned(),
    };
    let mut readable = vec!["status".to_owned(), body];
    readable.extend(distinct(script.headers.iter().map(|(name, _)| name)));
    page.labelled(BOLD, "readable", &readable.join(", "));
    let hidden = distinct(script.hidden.iter());
    if hidden.is_empty() {
        page.labelled(BOLD, "hidden", "nothing");
        return;
    }
    page.labelled(BOLD, "hidden", &hidden.join(", "));
    let exposable: Vec<_> = hidden
        .into_iter()
        .filter(|name| !NEVER.iter().any(|never| name.eq_ignore_ascii_case(never)))
        .collect();
    if !exposable.is_empty() {
        let text = format!(
            "to expose: Access-Control-Expose-Headers: {}",
            exposable.join(", ")
        );
        page.labelled(BOLD, "", &text);
    }
}

/// Which cookies went along, and why the others did not.
pub(super) fn cookies(page: &mut Page, report: &Report) {
    let mut label = "cookies";
    for cookie in &report.cookies {
        let text = match (&cookie.why, cookie.sent) {
            (_, true) => format!("✔ {} went along", cookie.name),
            (Some(why), false) => format!("✘ {} did not travel: {why}", cookie.name),
            (None, false) => format!("✘ {} did not travel", cookie.name),
        };
        if label == "cookies" {
            page.blank();
        }
        page.labelled(BOLD, label, &text);
        label = "";
    }
}

/// How long browsers go without asking again.
pub(super) fn cache(page: &mut Page, report: &Report) {
    if report.cache.is_empty() {
        return;
    }
    let lifetimes: Vec<_> = report
        .cache
        .iter()
        .map(|cache| {
            let engine = match cache.engine.as_str() {
                "chromium" => "Chrome",
                "firefox" => "Firefox",
                "webkit" => "Safari",
                "fetch" => "Standard",
                other => other,
            };
            format!("{engine} {}", lifetime(cache.max_age))
        })
        .collect();
    page.blank();
    let text = format!("the preflight's answer: {}", lifetimes.join(", "));
    page.labelled(BOLD, "cached", &text);
}

/// Each name once, in the order of the wire.
fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        if !distinct
            .iter()
            .any(|other| other.eq_ignore_ascii_case(name))
        {
            distinct.push(name.clone());
        }
    }
    distinct
}
