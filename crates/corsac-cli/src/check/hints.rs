//! What a server is known for, where the verdict and its own name point to it.

use corsac::diagnosis::Code;

use super::report::{Note, Report, Step, StepKind};

/// The statuses that nginx's `add_header` counts in without `always`.
const NGINX_COUNTS_IN: [u16; 10] = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308];

/// What to look at first.
pub(super) fn hint(report: &Report) -> Option<Note> {
    let code = Code::from_name(report.verdict.code.as_deref()?)?;
    let n = report.verdict.step?;
    let step = report.steps.iter().find(|step| step.n == n)?;
    let status = step.response.as_ref()?.status;
    // A preflight that is refused has more to mend than its headers.
    let is_actual = step.kind != StepKind::Preflight;
    let is_left_out = code == Code::AllowOriginMissing && !NGINX_COUNTS_IN.contains(&status);
    (is_actual && is_left_out && server_is(step, "nginx")).then(|| {
        super::plan::note(format!(
            "the answer came by way of nginx, whose add_header leaves out a {status} unless its \
             line ends in `always`"
        ))
    })
}

/// Whether the Server header begins with a product's name.
fn server_is(step: &Step, product: &str) -> bool {
    let headers = step.response.iter().flat_map(|response| &response.headers);
    headers
        .filter(|(name, _)| name.eq_ignore_ascii_case("server"))
        .any(|(_, value)| value.to_ascii_lowercase().starts_with(product))
}
