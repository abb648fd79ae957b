//! A report for people: every byte of others escaped, no colour that a word does not say as well.
//!
//! The text holds styles as ANSI sequences; whoever writes it out strips them where there is no
//! terminal.

mod checks;
mod exchange;
mod fix;
mod frame;
mod look;
mod matrix;
mod page;
mod script;
mod units;
pub(crate) mod verdict;
mod wire;

#[cfg(test)]
mod tests;

use crate::terminal::{ASIDE, BOLD, DIM};

use super::report::{NoteKind, Report, Withheld};

#[cfg(test)]
pub(crate) use look::Glyphs;
pub(crate) use look::Look;
pub(crate) use page::Page;

/// Of a long chain of redirects, so many exchanges at its start and at its end.
const SHOWN_STEPS: usize = 4;

/// One report in full; several as a matrix, and in full if all is asked for.
pub(crate) fn render(reports: &[Report], look: Look) -> String {
    let mut page = Page::new(look);
    page.blank();
    if let [report] = reports {
        in_full(&mut page, report);
        return page.into_text();
    }
    matrix::matrix(&mut page, reports);
    if look.verbose {
        for report in reports {
            page.blank();
            page.blank();
            in_full(&mut page, report);
        }
    }
    page.into_text()
}

fn in_full(page: &mut Page, report: &Report) {
    frame::request(page, &report.request);
    page.blank();
    ladder(page, report);
    verdict::verdict(page, report);
    if let Some(script) = &report.script {
        script::script(page, report, script);
    }
    script::cookies(page, report);
    script::cache(page, report);
    if let Some(fix) = &report.fix {
        fix::fix(page, report, fix);
    }
    notes(page, report);
    page.blank();
    ending(page, report);
}

/// Every exchange, and what was not sent after the last.
fn ladder(page: &mut Page, report: &Report) {
    let column = exchange::column(page, report);
    let count = report.steps.len();
    for (at, step) in report.steps.iter().enumerate() {
        let is_left_out = count > 2 * SHOWN_STEPS && at >= SHOWN_STEPS && at + SHOWN_STEPS < count;
        if !is_left_out || page.look.verbose {
            exchange::step(page, report, step, column);
            page.blank();
        } else if at == SHOWN_STEPS {
            let left_out = count - 2 * SHOWN_STEPS;
            page.paragraph(
                2,
                DIM,
                &format!("… {left_out} more like these (-v shows them)"),
            );
            page.blank();
        }
    }
    let Some(not_sent) = &report.not_sent else {
        return;
    };
    let n = report
        .steps
        .last()
        .map_or(1, |step| step.n.saturating_add(1));
    let what = page::clipped(
        &format!("{} {}", not_sent.method, path(&not_sent.url)),
        page.look,
    );
    let why = match not_sent.why {
        Withheld::Blocked => "not sent: a browser stops here",
        Withheld::Withheld => "not sent: it may change something",
    };
    let row = page.row().plain("  ").styled(BOLD, &format!("{n}  {what}"));
    exchange::beside_heading(page, row, why);
    page.blank();
}

/// The path and query of a URL.
fn path(url: &str) -> &str {
    let after = url.split_once("://").map(|(_, after)| after);
    after
        .and_then(|after| after.find('/').and_then(|at| after.get(at..)))
        .unwrap_or(url)
}

fn notes(page: &mut Page, report: &Report) {
    for note in &report.notes {
        let (style, label) = match note.kind {
            NoteKind::Note => (BOLD, "note"),
            NoteKind::Warning => (ASIDE, "warning"),
        };
        page.blank();
        page.labelled(style, label, &note.text);
    }
}

/// What it took, and where to read on.
fn ending(page: &mut Page, report: &Report) {
    let requests = units::count(report.wire.len(), "request");
    let took = format!("  {requests}, {}", units::duration(report.ms));
    let row = page.row().styled(DIM, &took);
    let row = match &report.verdict.code {
        Some(code) => row.plain(&format!("   more: corsac explain {code}")),
        None => row,
    };
    page.line(&row);
}
