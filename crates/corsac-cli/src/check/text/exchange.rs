//! One exchange: what was sent, what came back, and beside each line what it had to pass.

use std::ops::Range;

use crate::{
    check::report::{CheckReport, CheckState, Pair, Received, Report, Step, StepKind},
    terminal::{BAD, BOLD, DIM},
};

use super::{
    checks,
    page::{Page, Row, clipped},
    units::{duration, size},
    wire::header_line,
};

/// Lines of headers of one message that are shown; more is an attack.
const MOST: usize = 60;
/// Columns of `     > `.
const INDENT: usize = 7;

/// Prints a step; the checks stand at `column`.
pub(super) fn step(page: &mut Page, report: &Report, step: &Step, column: usize) {
    heading(page, report, step);
    sent(page, step);
    match (&step.response, &step.failure) {
        (Some(response), _) => received(page, step, response, column),
        (None, Some(failure)) => {
            let row = page.row().plain("     ").styled(BAD, "✘");
            page.line(&row.plain(&clipped(&format!(" no response: {failure}"), page.look)));
        }
        (None, None) => {}
    }
    if page.look.verbose {
        connection(page, step);
    }
}

/// Where the checks of a report stand: as far to the left as its lines allow.
pub(super) fn column(page: &Page, report: &Report) -> usize {
    let width = page.look.width;
    let checks = if width < 90 { 20 } else { 30 };
    let least = 38.min(width / 2);
    let most = width.saturating_sub(checks).max(least);
    let widths = report.steps.iter().flat_map(|step| {
        let headers = step.response.iter().flat_map(|response| &response.headers);
        let judged = headers.enumerate().filter_map(|(line, (name, value))| {
            of_line(step, line).next()?;
            let row = page.row().plain(name).plain(": ").plain(value);
            Some(row.width())
        });
        let absent = step.checks.iter().filter(|check| is_absent(check));
        let absent = absent.filter_map(|check| Some(checks::header(check)?.len() + 5));
        judged.chain(absent)
    });
    let columns = widths.map(|width| INDENT + width + 2);
    columns
        .filter(|column| *column <= most)
        .fold(least, usize::max)
}

fn heading(page: &mut Page, report: &Report, step: &Step) {
    let why = why(report, step);
    let what = format!("{} {}", step.request.method, target(step));
    let what = clipped(&what, page.look);
    let row = page
        .row()
        .plain("  ")
        .styled(BOLD, &format!("{}  {what}", step.n));
    beside_heading(page, row, &why);
}

/// Words to the right of a heading if they fit there, and under it if not.
pub(super) fn beside_heading(page: &mut Page, row: Row, words: &str) {
    const FROM: usize = 31;
    let words_width = page.row().plain(words).width();
    if row.width().max(FROM) + 3 + words_width <= page.look.width {
        page.line(&row.to(FROM, 3).styled(DIM, words));
    } else {
        page.line(&row);
        page.paragraph(INDENT, DIM, words);
    }
}

/// The path, as the request line has it; elsewhere than at the first URL, all of it.
fn target(step: &Step) -> String {
    let path = step.request.line.split(' ').nth(1);
    match (step.hop, path) {
        (0, Some(path)) if !path.is_empty() => path.to_owned(),
        _ => step.request.url.clone(),
    }
}

fn why(report: &Report, step: &Step) -> String {
    let mut why = match step.kind {
        StepKind::Preflight if report.request.preflight_because.is_empty() => {
            "preflight".to_owned()
        }
        StepKind::Preflight => {
            let because = report.request.preflight_because.join(" · ");
            format!("preflight, because: {because}")
        }
        StepKind::Redirect => format!("after redirect {}", step.hop),
        StepKind::Actual if !report.request.cross_origin => "same origin: no CORS".to_owned(),
        StepKind::Actual if report.request.mode != "cors" => String::new(),
        StepKind::Actual if report.request.preflight_because.is_empty() => {
            "no preflight needed".to_owned()
        }
        StepKind::Actual => {
            let asked = report
                .steps
                .iter()
                .any(|other| other.kind == StepKind::Preflight && other.round == step.round);
            match asked {
                true => String::new(),
                false => "no preflight: the last answer is remembered".to_owned(),
            }
        }
    };
    if step.kind == StepKind::Preflight && step.hop > 0 {
        why.push_str(&format!(" (after redirect {})", step.hop));
    }
    if let Some(round) = step.round {
        let gap = if why.is_empty() { "" } else { ", " };
        why = format!("time {round}{gap}{why}");
    }
    why
}

fn sent(page: &mut Page, step: &Step) {
    if page.look.verbose {
        let row = signed(page, '>').plain(&clipped(&step.request.line, page.look));
        page.line(&row);
    }
    let shown = |(name, _): &&Pair| page.look.verbose || is_sent_for_cors(name);
    let headers: Vec<_> = step.request.headers.iter().filter(shown).collect();
    for (name, value) in headers.iter().take(MOST) {
        let rows = signed_rows(page, '>', name, value, None);
        rows.iter().for_each(|row| page.line(row));
    }
    more(page, headers.len());
    if let Some(length) = step.request.body_length.filter(|length| *length > 0) {
        let row = signed(page, '>').styled(DIM, &format!("(body, {})", size(length)));
        page.line(&row);
    }
}

fn is_sent_for_cors(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("access-control-request-")
        || matches!(
            &*name,
            "origin" | "cookie" | "authorization" | "content-type"
        )
}

fn received(page: &mut Page, step: &Step, response: &Received, column: usize) {
    status(page, step, response, column);
    let headers = response.headers.iter().enumerate();
    let shown: Vec<_> = headers
        .filter(|(line, (name, _))| page.look.verbose || is_shown(step, response, *line, name))
        .collect();
    for (line, (name, value)) in shown.iter().take(MOST) {
        let on_line: Vec<_> = of_line(step, *line).collect();
        let failing = on_line.iter().find_map(|check| failing(check));
        let left = signed_rows(page, '<', name, value, failing);
        let right = checks::words(page, &on_line, page.look.width.saturating_sub(column));
        page.beside(left, right, column);
    }
    more(page, shown.len());
    absent(page, step, column);
    if let Some(error) = &response.body_error {
        let row = page.row().plain("     ").styled(BAD, "✘");
        let text = format!(" the body is not whole: {error}");
        page.line(&row.plain(&clipped(&text, page.look)));
    }
}

/// `204 No Content  application/json  61 B  12 ms  nginx`.
fn status(page: &mut Page, step: &Step, response: &Received, column: usize) {
    let mut row = signed(page, '<');
    if page.look.verbose {
        row = row.plain(&format!("HTTP/{} ", response.http));
    }
    let mut row = row.plain(&format!(
        "{} {}",
        response.status,
        clipped(&response.reason, page.look)
    ));
    let header = |wanted: &str| {
        let mut headers = response.headers.iter();
        let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.clone())
    };
    let media_type = header("content-type");
    let media_type = media_type.and_then(|value| value.split(';').next().map(ToOwned::to_owned));
    let body = response.body_length.filter(|length| *length > 0).map(size);
    let facts = [
        media_type,
        body,
        Some(duration(step.timings.total)),
        header("server"),
    ];
    let checks: Vec<_> = step
        .checks
        .iter()
        .filter(|check| is_of_status(check))
        .collect();
    let failed = checks.iter().any(|check| check.state == CheckState::Failed);
    // A failing status stands beside it, wherever the facts end.
    let room = if failed {
        column.saturating_sub(2)
    } else {
        page.look.width
    };
    for fact in facts.into_iter().flatten() {
        let fact = clipped(&fact, page.look);
        let longer = row.clone().plain("  ").styled(DIM, &fact);
        if longer.width() <= room {
            row = longer;
        }
    }
    let shown: Vec<_> = match failed {
        true => checks,
        false => Vec::new(),
    };
    let right = checks::words(page, &shown, page.look.width.saturating_sub(column));
    page.beside(vec![row], right, column);
}

fn is_of_status(check: &CheckReport) -> bool {
    check.line.is_none() && checks::header(check).is_none()
}

fn of_line(step: &Step, line: usize) -> impl Iterator<Item = &CheckReport> {
    step.checks
        .iter()
        .filter(move |check| check.line == Some(line))
}

fn failing(check: &CheckReport) -> Option<Range<usize>> {
    let start = check.byte?;
    (check.state == CheckState::Failed)
        .then(|| start..start.saturating_add(check.length.unwrap_or(1)))
}

/// Lines that a check is about, and those that people look for.
fn is_shown(step: &Step, response: &Received, line: usize, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let of_cors = name.starts_with("access-control-")
        && (step.kind == StepKind::Preflight || !is_of_preflight(&name));
    of_cors
        || of_line(step, line).any(|check| check.state != CheckState::NotReached)
        || match &*name {
            "vary" => true,
            "location" => matches!(response.status, 300..=399),
            "www-authenticate" => response.status == 401,
            "set-cookie" => step.kind != StepKind::Preflight,
            _ => false,
        }
}

/// Headers that mean something in a preflight's answer only.
fn is_of_preflight(name: &str) -> bool {
    matches!(
        name,
        "access-control-allow-methods" | "access-control-allow-headers" | "access-control-max-age"
    )
}

fn is_absent(check: &CheckReport) -> bool {
    check.state == CheckState::Failed && check.line.is_none() && checks::header(check).is_some()
}

/// Headers that had to come and did not.
fn absent(page: &mut Page, step: &Step, column: usize) {
    let mut headers: Vec<(&str, Vec<&CheckReport>)> = Vec::new();
    for check in step.checks.iter().filter(|check| is_absent(check)) {
        let Some(name) = checks::header(check) else {
            continue;
        };
        match headers.iter_mut().find(|(other, _)| *other == name) {
            Some((_, checks)) => checks.push(check),
            None => headers.push((name, vec![check])),
        }
    }
    for (name, missing) in headers {
        let row = signed(page, '<').plain(&format!("(no {name})"));
        let right = checks::words(page, &missing, page.look.width.saturating_sub(column));
        page.beside(vec![row], right, column);
    }
}

fn more(page: &mut Page, count: usize) {
    if count > MOST {
        let row = page.row().to(INDENT, 0);
        let row = row.styled(DIM, &format!("… {} more lines", count - MOST));
        page.line(&row);
    }
}

fn signed(page: &Page, sign: char) -> Row {
    let row = page.row().plain("     ");
    row.styled(DIM, sign.encode_utf8(&mut [0; 4])).plain(" ")
}

fn signed_rows(
    page: &Page,
    sign: char,
    name: &str,
    value: &str,
    failing: Option<Range<usize>>,
) -> Vec<Row> {
    let width = page.look.width.saturating_sub(INDENT);
    let mut rows = Vec::new();
    for line in header_line(name, value, failing, width, page.look) {
        rows.push(match rows.is_empty() {
            true => signed(page, sign).plain(&line.text),
            false => page.row().to(INDENT, 0).plain(&line.text),
        });
        if let Some(carets) = line.carets {
            let sign = carets.trim_start();
            let row = page.row().to(INDENT + carets.len() - sign.len(), 0);
            rows.push(row.styled(BAD, sign));
        }
    }
    rows
}

/// Who answered, over what, and how long each part took.
fn connection(page: &mut Page, step: &Step) {
    let mut facts: Vec<String> = step.peer.iter().cloned().collect();
    if let Some(tls) = &step.tls {
        facts.extend(
            [&tls.version, &tls.cipher, &tls.alpn]
                .into_iter()
                .flatten()
                .cloned(),
        );
    }
    let timings = &step.timings;
    let phases = [
        ("dns", timings.dns),
        ("connect", timings.connect),
        ("tls", timings.tls),
        ("send", timings.send),
        ("wait", timings.wait),
        ("receive", timings.receive),
    ];
    let phases = phases
        .into_iter()
        .filter_map(|(name, took)| Some((name, took?)));
    facts.extend(phases.map(|(name, took)| format!("{name} {}", duration(took))));
    if !facts.is_empty() {
        page.paragraph(INDENT, DIM, &facts.join(" · "));
    }
}
