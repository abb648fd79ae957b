//! Several origins, one line each.

use crate::{
    check::report::Report,
    terminal::{BOLD, DIM},
};

use super::{
    frame,
    page::{Page, Row, clipped},
    units::count,
    verdict,
};

/// Columns of the widest word of an outcome, and a gap.
const OUTCOME: usize = 20;

/// Which origin gets what.
pub(super) fn matrix(page: &mut Page, reports: &[Report]) {
    if let Some(first) = reports.first() {
        frame::target(page, &first.request);
        page.blank();
    }
    let origins: Vec<Row> = reports
        .iter()
        .map(|report| {
            page.row()
                .plain("  ")
                .plain(&clipped(&report.request.origin, page.look))
        })
        .collect();
    let widest = origins.iter().map(Row::width).max().unwrap_or_default();
    let column = (widest + 3).min(page.look.width.saturating_sub(2 * OUTCOME));
    for (origin, report) in origins.into_iter().zip(reports) {
        let row = if origin.width() + 2 > column {
            page.line(&origin);
            page.row()
        } else {
            origin
        };
        let row = verdict::word(row.to(column, 0), report.verdict.outcome);
        let code = report.verdict.code.as_deref().unwrap_or_default();
        page.line(&row.to(column + OUTCOME, 1).styled(BOLD, code));
    }
    page.blank();
    let row = page
        .row()
        .plain(&format!("  {}", count(reports.len(), "origin")));
    let row = match page.look.verbose {
        true => row,
        false => row.plain("   ").styled(DIM, "each in full: -v"),
    };
    page.line(&row);
}
