//! What reasons say that no page's exchange ends in.

use corsac::{
    diagnosis::{Difference, Evidence, Reason, Side, Verdict},
    header::{GrammarError, Unsafe},
};

fn evidence(header: &'static str, byte: usize, length: usize) -> Evidence {
    Evidence {
        header,
        line: 0,
        byte,
        length,
    }
}

fn header_not_allowed(name: &str, because: Unsafe, granted: &[&str]) -> Reason {
    Reason::HeaderNotAllowed {
        name: name.to_owned(),
        because,
        granted: granted.iter().map(|&one| one.to_owned()).collect(),
    }
}

fn method_not_allowed(method: &str, granted: &[&str]) -> Reason {
    Reason::MethodNotAllowed {
        method: method.to_owned(),
        granted: granted.iter().map(|&one| one.to_owned()).collect(),
    }
}

#[test]
fn why_a_header_needs_a_grant_is_said() {
    for (because, said) in [
        (Unsafe::Name, "is absent or empty, and x has to be listed."),
        (Unsafe::ContentType, "none of the three types"),
        (Unsafe::TooLong, "over 128 bytes"),
        (Unsafe::Byte { at: 7 }, "byte 7 of its value"),
        (Unsafe::Range, "not one range with a start"),
        (Unsafe::Sum, "over 1024 bytes"),
    ] {
        let text = header_not_allowed("x", because, &[]).to_string();
        assert!(text.contains(said), "{text}");
    }
    let text = header_not_allowed("x", Unsafe::Name, &["*"]).to_string();
    assert!(text.contains("`*` is only a header of that name"), "{text}");
}

#[test]
fn a_slip_of_the_pen_is_pointed_out() {
    let said = |name, granted| header_not_allowed(name, Unsafe::Name, &[granted]).to_string();
    for (name, granted) in [("x-cart", "x-card"), ("x-cart", "X-Cat"), ("x-carts", "x-cart"), ("x-cart", "-cart")] {
        assert!(said(name, granted).contains("misspelt"), "{name} {granted}");
    }
    for (name, granted) in [("x-cart", "x-crat"), ("x-cart", "accept"), ("dnt", "dnd"), ("x-cart", "x-carts-2"), ("x-aaaa", "x-aaaaaa")] {
        assert!(!said(name, granted).contains("misspelt"), "{name} {granted}");
    }
}

#[test]
fn a_star_that_does_not_count_is_left_out_of_the_fix() {
    let line = |reason: Reason| reason.fix("https://a.example").header_lines[0].to_string();
    let method = method_not_allowed("PUT", &["*", "GET"]);
    assert!(method.to_string().ends_with("`*` is only a method of that name."));
    assert_eq!(line(method), "Access-Control-Allow-Methods: GET, PUT");
    let header = header_not_allowed("x-cart", Unsafe::Name, &["*"]);
    assert_eq!(line(header), "Access-Control-Allow-Headers: x-cart");
    let absent = method_not_allowed("PUT", &[]).to_string();
    assert!(absent.ends_with("is absent or empty, and PUT has to be listed."), "{absent}");
    let short = method_not_allowed("PUT", &["GET"]).to_string();
    assert_eq!(short, "Access-Control-Allow-Methods lists GET, not PUT.");
}

#[test]
fn one_fix_mends_all_that_is_wrong() {
    let mut verdict = Verdict::new(Reason::AllowOriginMissing, "https://b.example/", "https://a.example");
    verdict.also = vec![
        Reason::AllowCredentialsNotTrue {
            value: None,
            evidence: None,
        },
        method_not_allowed("PUT", &[]),
        header_not_allowed("x-a", Unsafe::Name, &["accept"]),
        header_not_allowed("x-b", Unsafe::Name, &["accept"]),
    ];
    let fix = verdict.fix();
    let lines: Vec<_> = fix.header_lines.iter().map(ToString::to_string).collect();
    assert_eq!(lines, [
        "Access-Control-Allow-Origin: https://a.example",
        "Vary: Origin",
        "Access-Control-Allow-Credentials: true",
        "Access-Control-Allow-Methods: PUT",
        "Access-Control-Allow-Headers: accept, x-a, x-b",
    ]);
    assert!(fix.to_string().ends_with("\nAccess-Control-Allow-Headers: accept, x-a, x-b"));
}

#[test]
fn what_stands_in_front_of_the_headers_is_mended_first() {
    let mut verdict = Verdict::new(Reason::AllowOriginMissing, "https://b.example/", "https://a.example");
    let alone = verdict.fix();
    for status in [
        Reason::PreflightStatusNotOk { status: 401 },
        Reason::PreflightRedirected {
            status: 301,
            location: None,
        },
    ] {
        let first = status.fix("https://a.example").text;
        verdict.also = vec![status];
        let fix = verdict.fix();
        assert_eq!(fix.text, first);
        assert_eq!(fix.header_lines, alone.header_lines);
        // A page that has no origin to grant has to mend that first.
        verdict.origin = "null".to_owned();
        assert_eq!(verdict.fix().side, Side::Page);
        assert!(verdict.fix().text.contains("Never grant `null`"));
        verdict.origin = "https://a.example".to_owned();
    }
}

#[test]
fn null_is_never_granted() {
    for reason in [
        Reason::AllowOriginMissing,
        Reason::WildcardWithCredentials {
            evidence: evidence("Access-Control-Allow-Origin", 0, 1),
        },
    ] {
        let fix = reason.fix("null");
        let lines = fix.header_lines.iter().map(ToString::to_string);
        assert!(lines.into_iter().all(|line| !line.contains("null")));
        assert!(fix.text.contains("Never grant `null`"));
    }
}

#[test]
fn some_headers_have_no_business_there() {
    let name = "access-control-allow-origin";
    let fix = header_not_allowed(name, Unsafe::Name, &[]).fix("https://a.example");
    assert_eq!(fix.side, Side::Page);
    for (name, because, said) in [
        ("traceparent", Unsafe::Name, "tracing"),
        ("pragma", Unsafe::Name, "leave it out"),
        ("accept", Unsafe::TooLong, "shorter or plainer"),
    ] {
        let fix = header_not_allowed(name, because, &[]).fix("https://a.example");
        assert!(fix.text.contains(said), "{}", fix.text);
    }
}

#[test]
fn what_differs_is_said() {
    for (difference, said) in [
        (Difference::Case, "only upper and lower case"),
        (Difference::TrailingSlash, "only a slash"),
        (Difference::Scheme, "only the scheme"),
        (Difference::Port, "only the port"),
        (Difference::Host, "the host differs"),
    ] {
        let text = mismatch(b"x", difference);
        assert!(text.contains(said), "{text}");
    }
    assert!(mismatch(b"null", Difference::Host).contains("without an origin of their own"));
}

fn mismatch(value: &[u8], difference: Difference) -> String {
    let reason = Reason::AllowOriginMismatch {
        value: value.to_vec(),
        difference,
        evidence: evidence("Access-Control-Allow-Origin", 0, value.len()),
    };
    reason.to_string()
}

fn invalid(value: &[u8], byte: usize) -> String {
    let reason = Reason::AllowOriginInvalid {
        value: value.to_vec(),
        evidence: evidence("Access-Control-Allow-Origin", byte, value.len() - byte),
    };
    reason.to_string()
}

#[test]
fn what_keeps_a_value_from_being_an_origin_is_said() {
    assert!(invalid(b"", 0).ends_with("is there and empty."));
    assert!(invalid(b"https://*.a.example", 8).contains("(from byte 8 on): `*` stands alone"));
    assert!(invalid(b"https://a.example/x", 17).ends_with("without a slash."));
    assert!(invalid(b"https://A.example/x", 17).ends_with("without a slash."));
}

/// What a peer sends reaches a terminal as text only, and not at any length.
#[test]
fn values_from_the_wire_are_harmless() {
    let text = invalid(b"\x1b[2Jx\r\n\xff", 0);
    assert!(text.is_ascii() && !text.contains(|one: char| one.is_control()), "{text}");
    assert!(invalid(&[b'a'; 100_000], 0).len() < 1_000);
    assert!(!invalid(&[b'a'; 300], 0).contains('…'));
    assert!(invalid(&[b'a'; 301], 0).contains("a…`"));
}

#[test]
fn a_location_is_shown_without_what_may_be_secret() {
    let shown = |location: &[u8]| {
        let reason = Reason::PreflightRedirected {
            status: 302,
            location: Some(location.to_vec()),
        };
        reason.to_string()
    };
    let text = shown(b"https://ann:pass@login.example/in?token=t0k#frag");
    assert!(text.ends_with("to `https://login.example/in…`."), "{text}");
    assert!(shown(b"/in@home").ends_with("to `/in@home`."));
    assert!(shown(b"//ann@b/c").ends_with("to `//b/c`."));
    let none = Reason::PreflightRedirected {
        status: 302,
        location: None,
    };
    assert!(none.to_string().ends_with("with a redirect (302)."));
}

#[test]
fn lists_that_do_not_parse_say_where() {
    let said = |value: &[u8], error| {
        let reason = Reason::AllowMethodsInvalid {
            value: value.to_vec(),
            error,
            evidence: evidence("Access-Control-Allow-Methods", 0, 1),
        };
        reason.to_string()
    };
    assert!(said(b"GET;", GrammarError::Byte { at: 3 }).ends_with(": byte 3 is `;`."));
    assert!(said(b"", GrammarError::Byte { at: 0 }).ends_with(": something is missing at its end."));
    assert!(said(b"GET", GrammarError::SeveralLines).ends_with(": it comes twice."));
}

#[test]
fn failures_of_the_network_say_which() {
    let error = corsac::diagnosis::TransportError::Refused;
    let text = Reason::NetworkFailure { error }.to_string();
    assert!(text.contains("the connection was refused"), "{text}");
    let browsers = corsac::diagnosis::Browser::ALL.map(|browser| browser.to_string());
    assert_eq!(browsers, ["Chrome", "Firefox", "Safari"]);
}

#[test]
fn two_values_are_told_from_two_lines() {
    let said = |value: &[u8], byte| {
        let reason = Reason::AllowOriginMultiple {
            value: value.to_vec(),
            evidence: evidence("Access-Control-Allow-Origin", byte, 1),
        };
        reason.to_string()
    };
    assert!(said(b"http://a, http://b", 8).contains("a comma begins a second value"));
    assert!(said(b"http://a, *", 0).contains("the header comes twice"));
}
