//! The verdict on each request, one line each.

use crate::{
    check::text::{Look, Page, verdict::word},
    terminal::{ASIDE, BOLD, DIM},
};

use super::report::{Ended, RunReport};
use crate::check::report::Outcome;

/// What there is to say beside the console; nothing, if nothing was asked for.
pub(super) fn ending(report: &RunReport, look: Look) -> String {
    let mut page = Page::new(look);
    if !report.requests.is_empty() {
        let heading = format!("requests of {}", report.page.origin);
        let row = page.row().styled(DIM, &heading);
        page.unbroken(row);
    }
    for request in &report.requests {
        let row = page.row().plain("  ");
        let row = match &request.verdict {
            Some(verdict) => word(row, verdict.outcome),
            None => row.styled(ASIDE, "- ABORTED"),
        };
        let mut row = row.to(14, 1).plain(&request.method).plain(" ");
        row = row.plain(&request.url);
        if let Some(script) = &request.script
            && script.status != 0
        {
            row = row.plain(&format!("  {}", script.status));
        }
        if let Some(verdict) = &request.verdict
            && let Some(code) = &verdict.code
        {
            row = row.plain("  ").styled(BOLD, code);
            if verdict.phase.as_deref() == Some("preflight") {
                row = row.plain(" at the preflight");
            }
            row = row.plain(&format!("   more: corsac explain {code}"));
        }
        page.unbroken(row);
        if let Some(verdict) = &request.verdict
            && let (Outcome::NotCors, Some(transport)) = (verdict.outcome, &verdict.transport)
        {
            let row = page.row().to(14, 0).plain(&transport.message);
            page.unbroken(row);
        }
    }
    if report.pending > 0 {
        let s = if report.pending == 1 { "" } else { "s" };
        let text = format!("  {} request{s} had not ended", report.pending);
        let row = page.row().plain(&text);
        page.unbroken(row);
    }
    if report.ended == Ended::Limit {
        for error in report.errors.iter().filter(|error| is_limit(&error.kind)) {
            let row = page
                .row()
                .plain(&format!("ended by a limit: {}", error.message));
            page.unbroken(row);
        }
    }
    page.into_text()
}

/// Whether an error says that a limit was reached, and not what a script did.
pub(super) fn is_limit(kind: &str) -> bool {
    matches!(kind, "timeout" | "out-of-memory")
}
