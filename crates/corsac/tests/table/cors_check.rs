//! The CORS check (client.md 1.6).

use corsac::{
    diagnosis::{Code, Difference, Reason},
    fetch::{CredentialsMode, Profile, cors_check},
    header::HeaderList,
};

use crate::script::{A, OPEN, ask, lines};

const MODES: [CredentialsMode; 3] = [
    CredentialsMode::Omit,
    CredentialsMode::SameOrigin,
    CredentialsMode::Include,
];

/// The check of a page of `https://a.test`; the lines stand behind one that does not matter.
fn check(text: &[&str], mode: CredentialsMode) -> Result<(), Reason> {
    check_of(A, text, mode)
}

fn check_of(origin: &str, text: &[&str], mode: CredentialsMode) -> Result<(), Reason> {
    cors_check(origin, mode, &list(text), &Profile::FETCH)
}

fn list(text: &[&str]) -> HeaderList {
    let all = ["Content-Type: text/plain"].into_iter();
    lines(all.chain(text.iter().copied()))
}

fn is_ok(text: &[&str], mode: CredentialsMode) -> bool {
    check(text, mode).is_ok()
}

#[test]
fn no_allow_origin_fails() {
    for mode in MODES {
        assert_eq!(check(&[], mode), Err(Reason::AllowOriginMissing));
        assert_eq!(check(&["C: true"], mode), Err(Reason::AllowOriginMissing));
    }
}

#[test]
fn the_wildcard_passes_unless_the_mode_is_include() {
    for mode in MODES {
        let include = mode == CredentialsMode::Include;
        assert_eq!(is_ok(&["O: *"], mode), !include);
        assert_eq!(is_ok(&["O: *", "C: true"], mode), !include);
    }
    let reason = check(&["O: *"], CredentialsMode::Include).unwrap_err();
    assert_eq!(reason.code(), Code::WildcardWithCredentials);
}

#[test]
fn only_the_very_bytes_of_the_origin_pass() {
    let pass = [
        "O: https://a.test",
        "Access-Control-ALLOW-origin: https://a.test",
    ];
    // What both engines agree on, value by value.
    let fail = [
        "O: ",
        "O: **",
        "O: \"*\"",
        "O: '*'",
        "O: * ",
        "O:  *",
        "O: *\u{c}",
        "O: *\u{b}",
        "O: \t*",
        "O: *,",
        "O: ,*",
        "O: *, *",
        "O: * https://a.test",
        "O: *, https://a.test",
        "O: https://a.test, *",
        "O: https://*.test",
        "O: https://a.*",
        "O: https://*",
        "O: *://a.test",
        "O: https://a.test:*",
        "O: https://a.test/",
        "O: https://a.test//",
        "O: https://a.test/page",
        "O: https://a.test?",
        "O: https://a.test#",
        "O: https://a.test:",
        "O: https://a.test:443",
        "O: https://a.test:0443",
        "O: https://a.test:8443",
        "O: https://a.test.",
        "O: https://A.test",
        "O: HTTPS://a.test",
        "O: https://a.TEST",
        "O: http://a.test",
        "O: //a.test",
        "O: a.test",
        "O: https://user@a.test",
        "O: https://x.a.test",
        "O: https://%61.test",
        "O: https://a.test, https://b.test",
        "O: https://b.test, https://a.test",
        "O: https://a.test, https://a.test",
        "O: https://a.test https://b.test",
        "O: https://a.test,",
        "O: ,https://a.test",
        "O: \"https://a.test\"",
        "O: <https://a.test>",
        "O:  https://a.test",
        "O: https://a.test ",
        "O: https://a.test\t",
        "O: https://a.test\u{c}",
        "O: https://a.test\u{b}",
        "O: https://a.test\u{a0}",
        "O: https://a.test\u{1}",
        "O: null",
        "O: NULL",
        "O: undefined",
        "O: true",
        "O: 1",
    ];
    for mode in [CredentialsMode::Omit, CredentialsMode::SameOrigin] {
        for line in pass {
            assert!(is_ok(&[line], mode), "{line}");
        }
    }
    for mode in MODES {
        for line in fail {
            assert!(!is_ok(&[line, "C: true"], mode), "{line}");
        }
    }
}

#[test]
fn duplicate_lines_fail_even_if_they_agree() {
    let rows: [&[&str]; 7] = [
        &["O: https://a.test", "O: https://a.test"],
        &["O: https://a.test", "O: https://b.test"],
        &["O: https://b.test", "O: https://a.test"],
        &["O: *", "O: *"],
        &["O: *", "O: https://a.test"],
        &["O: ", "O: https://a.test"],
        &["O: https://a.test", "X: 1", "O: \u{b}"],
    ];
    for text in rows {
        for mode in MODES {
            let all: Vec<_> = text.iter().copied().chain(["C: true"]).collect();
            let code = check(&all, mode).unwrap_err().code();
            assert_eq!(code, Code::AllowOriginMultiple, "{text:?}");
        }
    }
}

#[test]
fn null_passes_for_null_alone() {
    let null = |text: &[&str], mode| check_of("null", text, mode).map_err(|it| it.code());
    assert_eq!(null(&["O: null"], CredentialsMode::SameOrigin), Ok(()));
    assert_eq!(
        null(&["O: null", "C: true"], CredentialsMode::Include),
        Ok(())
    );
    assert_eq!(null(&["O: *"], CredentialsMode::SameOrigin), Ok(()));
    for value in [
        "O: Null",
        "O: NULL",
        "O: \"null\"",
        "O: https://a.test",
        "O: ",
    ] {
        let code = null(&[value], CredentialsMode::SameOrigin);
        assert_eq!(code, Err(Code::AllowOriginNull), "{value}");
    }
    assert!(check_of("null", &["O: null", "O: null"], CredentialsMode::Omit).is_err());
}

#[test]
fn with_include_allow_credentials_is_true_and_nothing_else() {
    let include = |text: &[&str]| {
        let all: Vec<_> = ["O: https://a.test"].iter().chain(text).copied().collect();
        check(&all, CredentialsMode::Include)
    };
    assert_eq!(include(&["C: true"]), Ok(()));
    assert_eq!(include(&["access-control-allow-CREDENTIALS: true"]), Ok(()));
    let fail: [&[&str]; 18] = [
        &[],
        &["C: "],
        &["C: True"],
        &["C: TRUE"],
        &["C: tRue"],
        &["C: t"],
        &["C: tru"],
        &["C: trueish"],
        &["C: true "],
        &["C:  true"],
        &["C: true;"],
        &["C: \"true\""],
        &["C: 1"],
        &["C: false"],
        &["C: true, true"],
        &["C: true", "C: true"],
        &["C: true", "C: false"],
        &["C: true", "C: "],
    ];
    for text in fail {
        let code = include(text).unwrap_err().code();
        assert_eq!(code, Code::AllowCredentialsNotTrue, "{text:?}");
    }
    // Nobody else looks at it.
    for mode in [CredentialsMode::Omit, CredentialsMode::SameOrigin] {
        assert!(is_ok(&["O: https://a.test", "C: false"], mode));
        assert!(is_ok(&["O: *", "C: what"], mode));
    }
}

#[test]
fn it_is_the_mode_that_counts_and_not_whether_credentials_were_sent() {
    // No cookie, no authorization: `*` is refused all the same.
    let plain = ask("GET https://b.test/").include();
    plain
        .answered(&[OPEN])
        .ends("wildcard-with-credentials of actual 0");
    plain
        .answered(&["200 | O: https://a.test"])
        .ends("allow-credentials-not-true of actual 0");
    // The author's own Authorization is no credential.
    ask("GET https://b.test/")
        .with("Authorization", "Basic x")
        .answered(&["204 | O: * | H: authorization", OPEN])
        .ends("cors 200");
}

#[test]
fn the_status_does_not_matter() {
    for status in [
        199, 200, 299, 300, 304, 400, 401, 403, 404, 418, 500, 503, 599, 999,
    ] {
        let run = ask("GET https://b.test/").answered(&[&format!("{status} | O: *")]);
        run.ends(&format!("cors {status}"));
        let run = ask("GET https://b.test/").answered(&[&format!("{status}")]);
        run.ends("allow-origin-missing of actual 0");
    }
}

#[test]
fn a_response_of_the_own_origin_is_never_checked() {
    ask("GET https://a.test/")
        .include()
        .answered(&["200"])
        .ends("basic 200");
    ask("PUT https://a.test/")
        .with("X-Cart", "7")
        .answered(&["200 | O: https://b.test"])
        .sent(&["PUT https://a.test/ from https://a.test"])
        .ends("basic 200");
}

#[test]
fn evidence_points_at_the_byte() {
    use Code::*;
    let include = CredentialsMode::Include;
    let same = CredentialsMode::SameOrigin;
    // Line, byte and length; line 0 is Content-Type.
    let rows: [(&[&str], _, Code, [usize; 3]); 17] = [
        (&["O: *"], include, WildcardWithCredentials, [1, 0, 1]),
        (
            &["X: 1", "O: https://b.test"],
            same,
            AllowOriginMismatch,
            [2, 0, 14],
        ),
        (
            &["O: https://a.test/"],
            same,
            AllowOriginMismatch,
            [1, 0, 15],
        ),
        (
            &["O: https://a.test/x"],
            same,
            AllowOriginInvalid,
            [1, 14, 2],
        ),
        (&["O: https://a_.test"], same, AllowOriginInvalid, [1, 8, 7]),
        (
            &["O: https://a.test:x"],
            same,
            AllowOriginInvalid,
            [1, 15, 1],
        ),
        (&["O: a.test"], same, AllowOriginInvalid, [1, 0, 6]),
        (&["O: "], same, AllowOriginInvalid, [1, 0, 0]),
        (
            &["O: https://a.test, *"],
            same,
            AllowOriginMultiple,
            [1, 14, 3],
        ),
        (
            &["O: https://a.test", "X: 1", "O: *"],
            same,
            AllowOriginMultiple,
            [3, 0, 1],
        ),
        (&["O: a, b", "O: c"], same, AllowOriginMultiple, [1, 1, 3]),
        (&["O: ", "O: *"], same, AllowOriginMultiple, [2, 0, 1]),
        (&["O: ,"], same, AllowOriginMultiple, [1, 0, 1]),
        (
            &["O: https://a.test", "C: True"],
            include,
            AllowCredentialsNotTrue,
            [2, 0, 4],
        ),
        (
            &["C: true", "O: https://a.test", "C: x"],
            include,
            AllowCredentialsNotTrue,
            [1, 0, 4],
        ),
        (
            &["O: https://a.test", "C: "],
            include,
            AllowCredentialsNotTrue,
            [2, 0, 0],
        ),
        (&["O: *, *"], include, AllowOriginMultiple, [1, 1, 3]),
    ];
    for (text, mode, code, place) in rows {
        let reason = check(text, mode).unwrap_err();
        let evidence = reason.evidence().unwrap();
        assert_eq!(reason.code(), code, "{text:?}");
        assert_eq!(
            [evidence.line, evidence.byte, evidence.length],
            place,
            "{text:?}"
        );
        let lines = list(text);
        let line = lines.iter().nth(evidence.line).unwrap();
        assert!(line.is_named(evidence.header));
        assert!(evidence.byte + evidence.length <= line.value().len());
    }
    let absent = check(&["O: https://a.test"], include).unwrap_err();
    assert_eq!(
        (absent.code(), absent.evidence()),
        (AllowCredentialsNotTrue, None)
    );
}

#[test]
fn a_mismatch_says_how_the_origins_differ() {
    let rows = [
        ("https://A.test", Difference::Case),
        ("HTTPS://a.test", Difference::Case),
        ("https://a.test/", Difference::TrailingSlash),
        ("https://A.test//", Difference::TrailingSlash),
        ("http://a.test", Difference::Scheme),
        ("http://a.test:8080", Difference::Scheme),
        ("https://a.test:8443", Difference::Port),
        ("https://a.test:443", Difference::Port),
        ("https://b.test", Difference::Host),
        ("http://b.test:8080", Difference::Host),
        ("https://[::1]", Difference::Host),
        ("null", Difference::Host),
    ];
    for (value, difference) in rows {
        let reason = check(&[&format!("O: {value}")], CredentialsMode::Omit).unwrap_err();
        match reason {
            Reason::AllowOriginMismatch {
                difference: found,
                value: bytes,
                ..
            } => {
                assert_eq!((found, &*bytes), (difference, value.as_bytes()), "{value}");
            }
            other => panic!("{value}: {other:?}"),
        }
    }
}

#[test]
fn credentials_that_would_fail_too_are_told() {
    let codes = |head: &str| {
        ask("GET https://b.test/")
            .include()
            .answered(&[head])
            .codes()
    };
    assert_eq!(
        codes("200"),
        ["allow-origin-missing", "allow-credentials-not-true"]
    );
    assert_eq!(codes("200 | C: true"), ["allow-origin-missing"]);
    assert_eq!(
        codes("200 | O: *"),
        ["wildcard-with-credentials", "allow-credentials-not-true"]
    );
    assert_eq!(
        codes("200 | O: https://a.test"),
        ["allow-credentials-not-true"]
    );
    let omit = ask("GET https://b.test/").answered(&["200"]).codes();
    assert_eq!(omit, ["allow-origin-missing"]);
}

#[test]
fn many_lines_cost_one_look_each() {
    // Joined one after the other they would be tens of gigabytes to copy.
    let mut list = HeaderList::new();
    for _ in 0..50_000 {
        list.push("Access-Control-Allow-Origin", "https://b.test");
    }
    for profile in Profile::ALL {
        let reason = cors_check(A, CredentialsMode::Include, &list, &profile).unwrap_err();
        assert_eq!(reason.code(), Code::AllowOriginMultiple);
    }
}
