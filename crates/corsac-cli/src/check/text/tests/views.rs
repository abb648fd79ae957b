//! What stands in a text now and then only.

use crate::check::{
    report::{Outcome, Report},
    text::{Glyphs, Look, render},
};

use super::report;

const PREFLIGHTED: &str = include_str!("reports/preflighted.json");
const BLOCKED: &str = include_str!("reports/header-not-allowed.json");

fn text(report: &Report, verbose: bool) -> String {
    let look = Look {
        width: 100,
        glyphs: Glyphs::Unicode,
        verbose,
    };
    anstream::adapter::strip_str(&render(std::slice::from_ref(report), look)).to_string()
}

#[test]
fn a_long_chain_shows_its_two_ends() {
    let mut report = report(PREFLIGHTED);
    let step = report.steps.pop().unwrap();
    report.steps = (1..=12)
        .map(|n| {
            let mut step = step.clone();
            step.n = n;
            step
        })
        .collect();
    let short = text(&report, false);
    assert!(short.contains("\n  4  PUT ") && short.contains("\n  9  PUT "));
    assert!(!short.contains("\n  5  PUT ") && !short.contains("\n  8  PUT "));
    assert!(short.contains("\n  … 4 more like these (-v shows them)\n"));
    assert!(text(&report, true).contains("\n  8  PUT "));
}

#[test]
fn an_opaque_response_is_no_script_s_to_read() {
    let mut report = report(PREFLIGHTED);
    report.verdict.outcome = Outcome::Opaque;
    let text = text(&report, false);
    assert!(text.contains("✔ OPAQUE   the page can use it, and no script can read it\n"));
    assert!(text.contains("readable  status 0, no header, no body"));
    assert!(!text.contains("hidden"));
}

#[test]
fn set_cookie_can_not_be_exposed() {
    let mut report = report(PREFLIGHTED);
    let script = report.script.as_mut().unwrap();
    script.hidden = [
        "Set-Cookie",
        "ETag",
        "etag",
        "Date",
        "Access-Control-Allow-Origin",
    ]
    .map(ToOwned::to_owned)
    .into();
    let short = text(&report, false);
    assert!(short.contains("hidden    Set-Cookie, ETag\n"));
    assert!(short.contains("to expose: Access-Control-Expose-Headers: ETag\n"));
    let all = "hidden    Set-Cookie, ETag, Date, Access-Control-Allow-Origin\n";
    assert!(text(&report, true).contains(all));
    report.script.as_mut().unwrap().hidden = vec!["Date".to_owned()];
    let nothing = "hidden    nothing that scripts ask for (-v names all)\n";
    assert!(text(&report, false).contains(nothing));
}

#[test]
fn engines_that_do_otherwise_say_so() {
    let mut report = report(BLOCKED);
    let [chromium, firefox, webkit] = report.verdict.engines.as_mut_slice() else {
        panic!("three engines");
    };
    chromium.outcome = Some(Outcome::Readable);
    chromium.wording = None;
    firefox.outcome = None;
    firefox.wording = None;
    firefox.not_judged = Some("it would have sent a preflight first".to_owned());
    webkit.code = Some("method-not-allowed".to_owned());
    webkit.wording = Some("Method PUT is not allowed.".to_owned());
    let text = text(&report, false);
    assert!(text.contains("Chrome    lets it pass\n"));
    assert!(text.contains("Firefox   not judged: it would have sent a preflight first\n"));
    assert!(text.contains("Safari    Method PUT is not allowed. (method-not-allowed)\n"));
}

#[test]
fn a_preflight_remembered_is_not_sent_again() {
    let mut report = report(PREFLIGHTED);
    let mut again = report.steps.last().unwrap().clone();
    for step in &mut report.steps {
        step.round = Some(1);
    }
    (again.n, again.round) = (3, Some(2));
    report.steps.push(again);
    let text = text(&report, false);
    assert!(text.contains("time 1, preflight, because: PUT"));
    assert!(text.contains("3  PUT /v1/orders/7          time 2, no preflight: the last answer"));
}
