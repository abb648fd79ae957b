//! The checks beside the lines that they are about.

use corsac::{diagnosis::Code, method::is_cors_safelisted_method};

use crate::{
    check::report::{CheckReport, CheckState},
    terminal::{BAD, DIM, GOOD},
};

use super::page::{Page, Row, wrap_to_fit};

/// More header names than anybody sends.
const MOST: usize = 12;

/// The header that a check looks at, if it looks at one.
pub(super) fn header(check: &CheckReport) -> Option<&'static str> {
    Some(match check.check.as_str() {
        "allow-origin" => "Access-Control-Allow-Origin",
        "allow-credentials" => "Access-Control-Allow-Credentials",
        "allow-methods" => "Access-Control-Allow-Methods",
        "allow-headers" => "Access-Control-Allow-Headers",
        "resource-policy" => "Cross-Origin-Resource-Policy",
        _ => return None,
    })
}

/// What is printed to the right of a line.
pub(super) fn words(page: &Page, checks: &[&CheckReport], width: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for check in checks.iter().take(MOST) {
        let Some((style, sign, words)) = verdict(check) else {
            continue;
        };
        let sign_width = page.row().plain(sign).width() + 1;
        let lines = wrap_to_fit(&words, width.saturating_sub(sign_width), page.look);
        // `✔ PUT ✔ DELETE`, as long as there is room.
        if let ([line], Some(row)) = (lines.as_slice(), rows.last_mut())
            && row.width() + 1 + sign_width + line.chars().count() <= width
        {
            let longer = row.clone().plain(" ").styled(style, sign).plain(" ");
            *row = longer.plain(line);
            continue;
        }
        for (at, line) in lines.iter().enumerate() {
            let row = match at {
                0 => page.row().styled(style, sign).plain(" "),
                _ => page.row().to(sign_width, 0),
            };
            rows.push(row.plain(line));
        }
    }
    if let Some(more) = checks.len().checked_sub(MOST).filter(|more| *more > 0) {
        rows.push(page.row().styled(DIM, &format!("… {more} more")));
    }
    rows
}

fn verdict(check: &CheckReport) -> Option<(anstyle::Style, &'static str, String)> {
    match check.state {
        CheckState::Ok => Some((GOOD, "✔", passed(check)?)),
        CheckState::Failed => Some((BAD, "✘", failed(check))),
        CheckState::NotReached => None,
    }
}

fn passed(check: &CheckReport) -> Option<String> {
    let words = match (check.check.as_str(), check.found.as_deref()) {
        ("allow-origin", Some("*")) => "any origin",
        ("allow-origin", _) => "equals Origin",
        ("allow-credentials", _) => "as it must be",
        ("status", _) => "200 to 299",
        ("allow-methods", found) if needs_none(check, found) => {
            return check
                .subject
                .as_ref()
                .map(|method| format!("{method} needs none"));
        }
        ("allow-methods" | "allow-headers", _) => {
            return Some(check.subject.clone().unwrap_or_else(|| "a list".to_owned()));
        }
        ("resource-policy", _) => "lets this page in",
        ("redirect", _) => "may be followed",
        _ => return None,
    };
    Some(words.to_owned())
}

/// Whether a method passes that the list does not name.
fn needs_none(check: &CheckReport, found: Option<&str>) -> bool {
    let method = check.subject.as_deref().unwrap_or_default();
    let mut listed = found.unwrap_or_default().split(',').map(str::trim);
    is_cors_safelisted_method(method) && !listed.any(|one| one == method || one == "*")
}

/// In a few words: the sentence comes with the verdict.
fn failed(check: &CheckReport) -> String {
    let code = check.code.as_deref().and_then(Code::from_name);
    let words = match code {
        Some(Code::AllowOriginMissing) => "required",
        Some(Code::AllowOriginMultiple) => "one value only",
        Some(Code::WildcardWithCredentials) => "not with credentials",
        Some(Code::AllowOriginInvalid) => "not an origin",
        Some(Code::AllowOriginNull | Code::AllowOriginMismatch) => "is another origin",
        Some(Code::AllowCredentialsNotTrue) => "must be `true`",
        Some(Code::PreflightStatusNotOk) => "must be 200 to 299",
        Some(Code::PreflightRedirected) => "must not redirect",
        Some(Code::AllowMethodsInvalid) => "not a list of methods",
        Some(Code::AllowHeadersInvalid) => "not a list of names",
        Some(Code::MethodNotAllowed | Code::HeaderNotAllowed | Code::AuthorizationNotCovered) => {
            let subject = check.subject.as_deref().unwrap_or("a grant");
            return match check.line {
                Some(_) => format!("no {subject}"),
                None => format!("{subject} needs it"),
            };
        }
        Some(Code::ResourcePolicy) => "keeps this page out",
        Some(Code::RedirectMode) => "no redirect wanted",
        Some(Code::RedirectLimit) => "one too many",
        Some(
            Code::RedirectLocation
            | Code::RedirectScheme
            | Code::RedirectUserinfo
            | Code::RedirectBody,
        ) => "can't be followed",
        Some(Code::PreflightNoResponse | Code::NetworkFailure) => "no usable response",
        _ => {
            return match (&check.expected, &check.code) {
                (Some(expected), _) => format!("must be {expected}"),
                (None, Some(code)) => code.clone(),
                (None, None) => "failed".to_owned(),
            };
        }
    };
    words.to_owned()
}
