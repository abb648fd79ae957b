//! Header lines that a lenient parser would mend, and a browser does not.

use crate::{
    command::check,
    raw::{Raw, response},
};

const GOOD: &str = "Access-Control-Allow-Origin: http://sitea.com";

fn saying(lines: &[&str]) -> Raw {
    Raw::saying(response("200 OK", lines))
}

#[test]
fn two_lines_are_refused_by_all() {
    let server = saying(&[GOOD, "Vary: Origin", GOOD]);
    let ran = check(&[&server.url("/")]);
    ran.is_blocked("allow-origin-multiple", "actual", 0);
    assert_eq!(ran.evidence(), ("Access-Control-Allow-Origin", 2, 0, 16));
    assert_eq!(
        ran.engines(),
        ["chromium blocked", "firefox blocked", "webkit blocked"]
    );
    // Both lines go, and one comes.
    let changes = ran.json["fix"]["changes"].as_array().unwrap();
    let kinds: Vec<_> = changes
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["remove", "remove", "add"]);
}

#[test]
fn an_empty_line_and_a_good_one_are_refused_by_all() {
    let server = saying(&["Access-Control-Allow-Origin: ", GOOD]);
    let ran = check(&[&server.url("/")]);
    ran.is_blocked("allow-origin-multiple", "actual", 0);
    assert_eq!(ran.evidence(), ("Access-Control-Allow-Origin", 1, 0, 16));
    assert_eq!(
        ran.engines(),
        ["chromium blocked", "firefox blocked", "webkit blocked"]
    );
}

/// A parser that drops the second line would grant.
#[test]
fn a_good_line_and_one_of_a_control_byte_are_refused_by_all() {
    let server = saying(&[GOOD, "Access-Control-Allow-Origin: \x0b"]);
    let ran = check(&[&server.url("/")]);
    ran.is_blocked("allow-origin-multiple", "actual", 0);
    assert_eq!(ran.evidence(), ("Access-Control-Allow-Origin", 1, 0, 1));
    assert_eq!(
        ran.engines(),
        ["chromium blocked", "firefox blocked", "webkit blocked"]
    );
    // Nothing is lost on the way into the report.
    assert_eq!(ran.json["steps"][0]["response"]["headers"][1][1], "\u{b}");
}

#[test]
fn one_bad_line_of_expose_headers_exposes_nothing() {
    let good = "Access-Control-Expose-Headers: x-a";
    let server = saying(&[GOOD, "X-A: 1", good, "Access-Control-Expose-Headers: \x0b"]);
    let ran = check(&[&server.url("/")]);
    ran.is_readable();
    let hidden = ran.json["script"]["hidden"].as_array().unwrap();
    assert!(hidden.contains(&"X-A".into()), "{hidden:?}");

    let ran = check(&[&saying(&[GOOD, "X-A: 1", good]).url("/")]);
    let readable = ran.json["script"]["headers"].to_string();
    assert!(readable.contains("X-A"), "{readable}");
}

#[test]
fn a_value_is_told_by_the_byte_where_it_goes_wrong() {
    for (value, code, byte, length) in [
        ("http://sitea.com/", "allow-origin-mismatch", 0, 17),
        (
            "http://sitea.com, http://b.example",
            "allow-origin-multiple",
            16,
            18,
        ),
        ("http://siteb.com/x", "allow-origin-invalid", 16, 2),
        ("[\"http://sitea.com\"]", "allow-origin-invalid", 0, 20),
        ("HTTP://SITEA.COM", "allow-origin-mismatch", 0, 16),
    ] {
        let server = saying(&[&format!("Access-Control-Allow-Origin: {value}")]);
        let ran = check(&[&server.url("/")]);
        ran.is_blocked(code, "actual", 0);
        assert_eq!(
            ran.evidence(),
            ("Access-Control-Allow-Origin", 0, byte, length),
            "{value}"
        );
    }
}

#[test]
fn lines_keep_their_order_their_case_and_their_duplicates() {
    let server = saying(&["X-b: 1", GOOD, "x-B: 2", "X-b: 1"]);
    let ran = check(&[&server.url("/")]);
    let headers = &ran.json["steps"][0]["response"]["headers"];
    assert_eq!(headers[0], serde_json::json!(["X-b", "1"]));
    assert_eq!(headers[2], serde_json::json!(["x-B", "2"]));
    assert_eq!(headers[3], serde_json::json!(["X-b", "1"]));
}

#[test]
fn a_head_that_is_too_long_or_broken_is_no_response() {
    let long = format!("X-Long: {}", "a".repeat(300 * 1024));
    let ran = check(&[&saying(&[GOOD, &long]).url("/")]);
    assert_eq!(ran.json["verdict"]["transport"]["error"], "too-large");
    // 100 KB is nothing to a browser.
    let long = format!("X-Long: {}", "a".repeat(100 * 1024));
    check(&[&saying(&[GOOD, &long]).url("/")]).is_readable();
    let ran = check(&[&Raw::saying("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n").url("/")]);
    assert_eq!((ran.outcome(), ran.exit), ("not-cors", 3));
}
