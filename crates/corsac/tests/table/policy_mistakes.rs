//! What people get wrong in a policy, mistake by mistake, and the sentence that each is told.

use corsac::policy::{Field, LintKind, Policy, PolicyConfig};

fn of<const ENTRIES: usize>(entries: [&str; ENTRIES]) -> PolicyConfig {
    PolicyConfig {
        allow_origins: entries.into(),
        ..PolicyConfig::default()
    }
}

fn with_credentials<const ENTRIES: usize>(entries: [&str; ENTRIES]) -> PolicyConfig {
    PolicyConfig {
        allow_credentials: true,
        ..of(entries)
    }
}

/// All that is wrong with it, a line each; none of it valid.
#[track_caller]
fn told(config: PolicyConfig) -> String {
    Policy::new(config).expect_err("a mistake").to_string()
}

/// That this entry can never match, for this reason, and what to write instead if that is clear.
#[track_caller]
fn never(entry: &str, because: &str, instead: Option<&str>) {
    let told = told(of([entry]));
    let begin = format!("allow-origins: {entry:?} never matches: ");
    let reason = told
        .strip_prefix(&begin)
        .unwrap_or_else(|| panic!("{told}"));
    assert!(reason.contains(because), "{told}");
    let hint = instead.map(|instead| format!("; write {instead:?}"));
    match hint {
        Some(hint) => assert!(reason.ends_with(&hint), "{told}"),
        None => assert!(!reason.contains("; write "), "{told}"),
    }
}

/// 1. Useless, but safe, and what a list that is loaded later begins with: a lint.
#[test]
fn no_origin_at_all() {
    for config in [of([]), with_credentials([])] {
        let policy = Policy::new(config).unwrap();
        let [lint] = policy.lints().try_into().unwrap();
        assert_eq!(
            (lint.field, lint.kind),
            (Field::AllowOrigins, LintKind::NoOrigin)
        );
    }
}

/// 2.
#[test]
fn null() {
    let told_of_null = "allow-origins: `null` is the origin of every sandboxed frame and local \
                        file, anybody's included";
    assert_eq!(told(of(["null"])), told_of_null);
    assert_eq!(told(with_credentials(["null"])), told_of_null);
    never("NULL", "lower case", None);
}

/// 3.
#[test]
fn local_files() {
    for entry in ["file://", "file:///", "file:///home/me/x.html", "FILE://x"] {
        never(entry, "pages of file: send the origin `null`", None);
    }
}

/// 4.
#[test]
fn what_is_no_origin_in_a_browsers_spelling() {
    let example = Some("https://a.example");
    for entry in ["a.example", "//a.example", "https:a.example"] {
        let said = told(of([entry]));
        assert!(said.contains("begins with its scheme"), "{said}");
    }
    for entry in [
        "https://a.example/",
        "https://a.example/x",
        "https://a.example?q",
        "https://a.example#f",
    ] {
        never(entry, "ends after its host or port", example);
    }
    for entry in ["https://me@a.example", "https://me:pw@a.example"] {
        never(entry, "names no user", example);
    }
    for entry in [
        "https://A.example",
        "HTTPS://a.example",
        "https://a.Example/",
    ] {
        never(entry, "in lower case", example);
    }
    for entry in [
        " https://a.example",
        "https://a.example ",
        "https://a .example",
        "https://a..example",
        "https://.a.example",
        "https://",
        "https://a_b%20.example",
        "https://a.example:",
        "https://a.example:65536",
        "https://a.example:8o",
        "https://a.example:-1",
        "",
    ] {
        told(of([entry]));
    }
    never("https://a.example:0443", "spell it otherwise", example);
    let long = |length: usize| "a.".repeat(length / 2) + "aa";
    never(
        &format!("https://{}", long(254)),
        "is longer than 64 bytes",
        None,
    );
    let scheme = format!("{}://a", "s".repeat(65));
    never(&scheme, "is longer than 64 bytes", None);
    assert!(Policy::new(of([&*format!("https://{}", long(250))])).is_ok());
}

/// 5.
#[test]
fn the_schemes_own_port_spelled_out() {
    let told = "browsers leave out the scheme's own port";
    never("http://a.example:80", told, Some("http://a.example"));
    never("https://a.example:443", told, Some("https://a.example"));
    assert!(Policy::new(of(["http://a.example:443", "https://a.example:80"])).is_ok());
}

/// 6.
#[test]
fn names_that_are_not_ascii() {
    never("https://b\u{fc}cher.example", "in Punycode", None);
    never("https://\u{4f8b}.example", "in Punycode", None);
    assert!(Policy::new(of(["https://xn--bcher-kva.example"])).is_ok());
}

/// 7.
#[test]
fn addresses_in_a_spelling_of_their_own() {
    for entry in [
        "http://127.1",
        "http://0x7f.0.0.1",
        "http://127.0.0.01",
        "http://2130706433",
        "http://1.2.3.0x4",
        "http://1.2.3.256",
        "http://[0:0:0:0:0:0:0:1]",
        "http://[::0001]:9090",
        "http://[::ffff:1.2.3.4]",
        "http://[fe80::1%25eth0]",
        "http://[::1",
    ] {
        let said = told(of([entry]));
        assert!(said.contains(entry), "{said}");
    }
    let right = of([
        "http://127.0.0.1",
        "http://[::1]",
        "http://1.example",
        "http://0x.y1",
    ]);
    assert!(Policy::new(right).is_ok());
}
