//! Mistakes of files, each shown where it stands.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use corsac_config::parse;

/// Lines and messages of what is wrong with a policy of these lines, the first of which is line 4.
fn mistakes(lines: &str) -> Vec<(usize, String)> {
    let text = format!("version = 1\n[[policy]]\npaths = [\"/**\"]\n{lines}\n");
    let report = parse("corsac.toml", &text).unwrap_err();
    let place = |finding| report.place(finding).0;
    report
        .findings()
        .iter()
        .map(|finding| (place(finding), finding.message.clone()))
        .collect()
}

/// In which line the only mistake is, and a word of what is said.
#[track_caller]
fn has_one_mistake(lines: &str, line: usize, word: &str) {
    let found = mistakes(lines);
    let [(place, message)] = found.as_slice() else {
        unreachable!("{lines}: {found:?}");
    };
    assert_eq!(*place, line, "{lines}: {message}");
    assert!(message.contains(word), "{lines}: {message}");
}

#[test]
fn each_mistake_of_a_policy_is_in_its_line() {
    let credentials = "allow-credentials = true\nallow-origins =";
    for (lines, line, word) in [
        ("allow-origins = [\"null\"]", 4, "null"),
        ("allow-origins = [\"file:///x\"]", 4, "file:"),
        (
            "allow-origins = [\n\"https://a.example\",\n\"https://b.example/\"]",
            6,
            "slash",
        ),
        ("allow-origins = [\"https://a.example:443\"]", 4, "own port"),
        (
            "allow-origins = [\"https://\u{fc}.example\"]",
            4,
            "Punycode",
        ),
        (
            "allow-origins = [\"http://[::ffff:1.2.3.4]\"]",
            4,
            "never matches",
        ),
        (
            "allow-origins = [\"https://a.*.example\"]",
            4,
            "first label",
        ),
        (&format!("{credentials} \"*\""), 5, "every origin"),
        (
            &format!("{credentials} [\"http://a.example\"]"),
            5,
            "encryption",
        ),
        (
            &format!("{credentials} [\"https://*.github.io\"]"),
            5,
            "github.io",
        ),
        ("allow-methods = [\"PUT\",\n\"A B\"]", 5, "not a method"),
        ("allow-methods = [\"TRACE\"]", 4, "no script"),
        ("allow-headers = [\"a b\"]", 4, "header name"),
        ("allow-headers = [\"X-A\",\n\"Cookie\"]", 5, "Cookie"),
        (
            "allow-headers = [\"Access-Control-Allow-Origin\"]",
            4,
            "answers",
        ),
        ("max-age = 86401", 4, "86400"),
        ("max-age = -1", 4, "max-age"),
        ("expose-headers = [\"Set-Cookie\"]", 4, "read"),
        ("expose-headers = [\"Origin\"]", 4, "Origin"),
        (
            "allow-credentials = true\nexpose-headers = \"*\"",
            5,
            "no wildcard",
        ),
        (
            "allow-credentials = true\nallow-headers = \"*\"",
            5,
            "no wildcard",
        ),
        (
            "allow-credentials = true\nallow-methods = \"*\"",
            5,
            "no wildcard",
        ),
        ("allow-methods = [\"*\", \"PUT\"]", 4, "alone"),
        ("refusal-status = 99", 4, "99"),
    ] {
        has_one_mistake(lines, line, word);
    }
}

#[test]
fn each_mistake_of_the_file_is_in_its_line() {
    for (lines, line, word) in [
        ("allow-credential = true", 4, "no key"),
        ("allow-credentials = \"yes\"", 4, "true or false"),
        ("allow-methods = [1]", 4, "integer"),
        ("mode = \"debugging\"", 4, "no mode"),
        ("allow-origins = [{ depth = \"one\" }]", 4, "`origin`"),
        ("mode = \"debug\"\nmode = \"debug\"", 5, "duplicate"),
        ("[[policy]]\npaths = [\"/**\"]", 5, "already"),
        ("[[policy]]\npaths = [\"/a/../b\"]", 5, "resolve"),
        ("[policies]", 4, "no key of the file"),
    ] {
        has_one_mistake(lines, line, word);
    }
}

/// To show thousands of them took minutes.
#[test]
fn of_very_many_mistakes_the_first_are_shown_and_all_are_there() {
    let keys: String = (0..20_000)
        .map(|number| format!("key-{number} = 1\n"))
        .collect();
    let report = parse("corsac.toml", &format!("version = 1\n{keys}")).unwrap_err();
    assert_eq!(report.findings().len(), 20_000);
    let text = report.to_string();
    assert!(
        text.contains("\"key-99\"") && !text.contains("\"key-100\""),
        "{text}"
    );
    assert!(text.ends_with("\n\nand 19900 more"), "{text}");
}

#[test]
fn all_mistakes_come_at_once() {
    let found = mistakes("allow-origins = [\"null\"]\nmax-age = true\nallow-methods = [\"TRACE\"]");
    let lines: Vec<_> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [4, 5, 6]);
}

#[test]
fn a_report_points_at_the_mistake() {
    let report = parse("corsac.toml", "version = 1\n[[policy]]\npath = [\"/**\"]\n").unwrap_err();
    let text = report.to_string();
    assert!(text.contains("--> corsac.toml:3:1"), "{text}");
    assert!(text.contains("did you mean `paths`?"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(report.coloured().contains('\u{1b}'));
}

#[test]
fn a_version_is_due_and_is_1() {
    assert!(parse("x", "").is_err());
    assert!(parse("x", "version = 2").is_err());
    assert!(parse("x", "version = 1").is_ok());
}

#[test]
fn depth_is_bounded() {
    let deep = format!("version = 1\na = {}", "[".repeat(100_000));
    assert!(parse("x", &deep).is_err());
    let long = " ".repeat(corsac_config::SIZE_LIMIT + 1);
    assert!(parse("x", &long).is_err());
}
