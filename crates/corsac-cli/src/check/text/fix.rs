//! What to change, as a difference of header lines.

use crate::{
    check::report::{ChangeKind, FixReport, Report},
    terminal::{BAD, BOLD, GOOD},
};

use super::{page::Page, wire::header_line};

/// Who has to act, what to do, and which lines go and come.
pub(super) fn fix(page: &mut Page, report: &Report, fix: &FixReport) {
    page.blank();
    page.labelled(BOLD, "fix", &format!("{}: {}", fix.side, fix.text));
    if fix.changes.is_empty() {
        return;
    }
    let step = fix
        .step
        .and_then(|n| report.steps.iter().find(|step| step.n == n));
    if let Some(step) = step {
        let text = format!("In the answer to {} ({}):", step.n, step.request.method);
        page.labelled(BOLD, "", &text);
    }
    for change in &fix.changes {
        let (style, sign) = match change.kind {
            ChangeKind::Remove => (BAD, "-"),
            ChangeKind::Add => (GOOD, "+"),
        };
        let width = page.look.width.saturating_sub(17);
        let mut sign = sign;
        for line in header_line(&change.name, &change.value, None, width, page.look) {
            page.below(|row| row.styled(style, sign).plain(" ").styled(style, &line.text));
            sign = " ";
        }
    }
}
