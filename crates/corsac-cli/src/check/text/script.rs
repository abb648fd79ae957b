//! What the script can read of a response, and what not.

use crate::{
    check::report::{Outcome, Report, ScriptReport},
    terminal::BOLD,
};

use super::{
    page::Page,
    units::{lifetime, size},
};

/// Headers that no server can expose.
const NEVER: [&str; 2] = ["set-cookie", "set-cookie2"];
/// Headers of the transport's, of caches' and of CORS's own that no script asks for.
const PLUMBING: [&str; 11] = [
    "connection",
    "keep-alive",
    "transfer-encoding",
    "content-encoding",
    "accept-ranges",
    "date",
    "server",
    "via",
    "alt-svc",
    "vary",
    "strict-transport-security",
];

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
    hidden(page, script);
}

fn hidden(page: &mut Page, script: &ScriptReport) {
    let all = distinct(script.hidden.iter());
    let is_shown = |name: &&String| page.look.verbose || !is_plumbing(name);
    let shown: Vec<_> = all.iter().filter(is_shown).cloned().collect();
    let text = match (all.is_empty(), shown.is_empty()) {
        (true, _) => "nothing".to_owned(),
        (false, true) => "nothing that scripts ask for (-v names all)".to_owned(),
        (false, false) => shown.join(", "),
    };
    page.labelled(BOLD, "hidden", &text);
    let is_never = |name: &String| NEVER.iter().any(|never| name.eq_ignore_ascii_case(never));
    let exposable = shown
        .into_iter()
        .filter(|name| !is_never(name) && !is_plumbing(name));
    let exposable: Vec<_> = exposable.collect();
    if !exposable.is_empty() {
        let names = exposable.join(", ");
        let text = format!("to expose: Access-Control-Expose-Headers: {names}");
        page.labelled(BOLD, "", &text);
    }
}

fn is_plumbing(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("access-control-") || PLUMBING.contains(&&*name)
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
    let stops = matches!(report.verdict.outcome, Outcome::Blocked | Outcome::NotCors);
    if stops || report.cache.is_empty() {
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
