//! How it ended: the word, the code, the place in the Standard, and the browsers' own words.

use anstyle::Style;
use corsac::diagnosis::{Browser, Code};

use crate::{
    check::report::{Engine, Outcome, Report, StepKind, VerdictReport, Withheld},
    terminal::{ASIDE, BAD, BOLD, DIM, GOOD},
};

use super::page::{Page, Row};

/// A word for an outcome, with its sign and colour.
pub(crate) fn word(row: Row, outcome: Outcome) -> Row {
    let (style, word) = match outcome {
        Outcome::Readable => (GOOD, "✔ READABLE"),
        Outcome::Opaque => (GOOD, "✔ OPAQUE"),
        Outcome::OpaqueRedirect => (GOOD, "✔ OPAQUE REDIRECT"),
        Outcome::Blocked => (BAD, "✘ BLOCKED"),
        Outcome::Undecided => (ASIDE, "? UNDECIDED"),
        Outcome::NotCors => (ASIDE, "! NOT CORS"),
    };
    row.styled(style, word)
}

/// The verdict's line, its sentence, and where the rule stands.
pub(super) fn verdict(page: &mut Page, report: &Report) {
    let verdict = &report.verdict;
    let row = word(page.row().plain("  "), verdict.outcome).plain("   ");
    let row = match &verdict.code {
        Some(code) => row.styled(BOLD, code),
        None => row.plain(title(verdict.outcome)),
    };
    super::exchange::beside_heading(page, row, &place(report));
    if verdict.outcome == Outcome::Undecided {
        withheld(page, report);
    } else if verdict.code.is_some() || verdict.outcome == Outcome::NotCors {
        page.blank();
        page.paragraph(5, Style::new(), &sentences(verdict));
    }
    if let Some(spec) = verdict.spec.as_ref().filter(|_| verdict.code.is_some()) {
        page.paragraph(5, DIM, spec.anchor());
    }
    engines(page, verdict);
    also(page, report);
}

/// Why, in words.
fn sentences(verdict: &VerdictReport) -> String {
    let transport = verdict.transport.as_ref();
    let transport = transport.map(|transport| transport.message.as_str());
    let not_cors = verdict.outcome == Outcome::NotCors;
    let mut text = match (transport, not_cors) {
        (Some(transport), true) => format!("This is not CORS: {transport}"),
        (Some(transport), false) => format!("{} In full: {transport}", verdict.message),
        (None, _) => verdict.message.clone(),
    };
    if not_cors {
        if !text.ends_with(['.', '?']) {
            text.push('.');
        }
        text.push_str(
            " No CORS header would help. The script can't tell: it sees the same bare error as \
             when CORS blocks, a TypeError without a reason.",
        );
    }
    text
}

const fn title(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Readable => "the script can read this response",
        Outcome::Opaque => "the page can use it, and no script can read it",
        Outcome::OpaqueRedirect => "the script learns that there was a redirect, not where to",
        Outcome::Blocked => "the script gets an error",
        Outcome::Undecided => "nothing blocked it so far",
        Outcome::NotCors => "there was no response to judge",
    }
}

/// Which exchange failed, and for what.
fn place(report: &Report) -> String {
    let Some(n) = report.verdict.step else {
        return match report.verdict.outcome {
            Outcome::Blocked | Outcome::NotCors if report.steps.is_empty() => {
                "before anything was sent".to_owned()
            }
            _ => String::new(),
        };
    };
    if !matches!(report.verdict.outcome, Outcome::Blocked | Outcome::NotCors) {
        return String::new();
    }
    let step = report.steps.iter().find(|step| step.n == n);
    let what = match (step.map(|step| step.kind), report.verdict.hop) {
        (Some(StepKind::Preflight), Some(hop @ 1..)) => {
            format!(", the preflight after redirect {hop}")
        }
        (Some(StepKind::Preflight), _) => ", the preflight".to_owned(),
        (_, Some(hop @ 1..)) => format!(", after redirect {hop}"),
        _ => String::new(),
    };
    format!("at exchange {n}{what}")
}

/// What was held back, and the line that sends it.
fn withheld(page: &mut Page, report: &Report) {
    let Some(not_sent) = &report.not_sent else {
        return;
    };
    let method = &not_sent.method;
    let asked = report
        .steps
        .iter()
        .any(|step| step.kind == StepKind::Preflight);
    let so_far = match asked {
        true => "The preflight passed",
        false => "Nothing had to be asked first",
    };
    page.blank();
    let text = format!(
        "{so_far}: a browser would now send the {method}. It may change something at the server, \
         so this command does not, unless told to:"
    );
    page.paragraph(5, Style::new(), &text);
    if let (Some(line), Withheld::Withheld) = (&not_sent.repeat_with, not_sent.why) {
        page.blank();
        let row = page.row().plain("       ").styled(BOLD, line);
        page.unbroken(row);
    }
}

/// The words that people look for in their own console.
fn engines(page: &mut Page, verdict: &VerdictReport) {
    let lines: Vec<_> = verdict
        .engines
        .iter()
        .filter_map(|engine| Some((engine, says(engine, verdict)?)))
        .collect();
    if lines.is_empty() {
        return;
    }
    page.blank();
    for (engine, text) in lines {
        let text = match page.look.verbose {
            true => text,
            false => shortened(&text),
        };
        page.labelled(BOLD, name(engine), &text);
    }
}

fn name(engine: &Engine) -> &str {
    match engine.engine.as_str() {
        "chromium" => Browser::Chromium.name(),
        "firefox" => Browser::Firefox.name(),
        "webkit" => Browser::Safari.name(),
        "fetch" => "Standard",
        other => other,
    }
}

fn says(engine: &Engine, verdict: &VerdictReport) -> Option<String> {
    if let Some(reason) = &engine.not_judged {
        return Some(format!("not judged: {reason}"));
    }
    let same = engine.outcome == Some(verdict.outcome);
    match (&engine.wording, engine.outcome) {
        (Some(wording), _) => Some(match &engine.code {
            // What the others say nothing of, and `also` does not name.
            Some(code) if !(engine.code == verdict.code || verdict.also.contains(code)) => {
                format!("{wording} ({code})")
            }
            _ => wording.clone(),
        }),
        (None, Some(Outcome::Blocked)) if engine.engine == "fetch" => {
            (!same).then(|| format!("blocks: {}", engine.code.as_deref().unwrap_or_default()))
        }
        (None, Some(Outcome::Blocked)) => Some("blocks, and prints nothing of its own".to_owned()),
        (None, Some(Outcome::Readable)) if !same => Some("lets it pass".to_owned()),
        _ => None,
    }
}

/// A console's line without the URL and origin that stand above anyway.
fn shortened(line: &str) -> String {
    let reason = |line: &str| {
        let (_, reason) = line.split_once("has been blocked by CORS policy: ")?;
        Some(reason.to_owned())
    };
    let firefox = |line: &str| {
        let (_, reason) = line.split_once("(Reason: ")?;
        Some(format!("(Reason: {reason}"))
    };
    reason(line)
        .or_else(|| firefox(line))
        .unwrap_or_else(|| line.to_owned())
}

/// What else would have failed on the same response.
fn also(page: &mut Page, report: &Report) {
    let verdict = &report.verdict;
    if verdict.also.is_empty() {
        return;
    }
    let step = verdict
        .step
        .and_then(|n| report.steps.iter().find(|step| step.n == n));
    page.blank();
    let mut label = "also";
    for code in &verdict.also {
        let mut checks = step.iter().flat_map(|step| &step.checks);
        let of_code = checks.find(|check| check.code.as_ref() == Some(code));
        let message = of_code.and_then(|check| check.message.as_deref());
        let title = Code::from_name(code).map(Code::title);
        let text = match message.or(title) {
            Some(text) => format!("{code}: {text}"),
            None => code.clone(),
        };
        page.labelled(BOLD, label, &text);
        label = "";
    }
}
