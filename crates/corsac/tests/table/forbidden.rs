use corsac::header::is_forbidden_request_header;

fn is_forbidden(name: &str, value: &str) -> bool {
    is_forbidden_request_header(name.as_bytes(), value.as_bytes())
}

#[test]
fn twenty_one_names_are_forbidden_in_any_case_and_with_any_value() {
    const NAMES: [&str; 21] = [
        "Accept-Charset",
        "Accept-Encoding",
        "Access-Control-Request-Headers",
        "Access-Control-Request-Method",
        "Connection",
        "Content-Length",
        "Cookie",
        "Cookie2",
        "Date",
        "DNT",
        "Expect",
        "Host",
        "Keep-Alive",
        "Origin",
        "Referer",
        "Set-Cookie",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Via",
    ];
    for name in NAMES {
        for name in [name, &name.to_lowercase(), &name.to_uppercase()] {
            assert!(is_forbidden(name, ""), "{name}");
            assert!(is_forbidden(name, "GET"), "{name}");
        }
        assert!(!is_forbidden(&format!("{name}x"), ""), "{name}x");
        assert!(!is_forbidden(&format!("x{name}"), ""), "x{name}");
    }
}

#[test]
fn whatever_begins_with_proxy_or_sec_is_forbidden() {
    for (name, forbidden) in [
        ("Proxy-Authorization", true),
        ("PROXY-x", true),
        ("proxy-", true),
        ("Sec-Fetch-Mode", true),
        ("sEc-", true),
        ("Proxy", false),
        ("Sec", false),
        ("Secret", false),
        ("Proxyx", false),
        ("X-Sec-", false),
    ] {
        assert_eq!(is_forbidden(name, ""), forbidden, "{name}");
    }
}

#[test]
fn names_once_forbidden_or_thought_to_be_are_free() {
    for name in [
        "User-Agent",
        "Content-Transfer-Encoding",
        "Authorization",
        "Access-Control-Allow-Origin",
        "Set-Cookie2",
        "Access-Control-Request-Private-Network",
        "If-None-Match",
        "Range",
        "",
    ] {
        assert!(!is_forbidden(name, "TRACE"), "{name}");
    }
}

#[test]
fn a_method_override_is_forbidden_by_its_value() {
    for name in [
        "X-HTTP-Method",
        "X-HTTP-Method-Override",
        "X-Method-Override",
        "x-http-METHOD",
    ] {
        for (value, forbidden) in [
            ("TRACE", true),
            ("track", true),
            ("Connect", true),
            ("GET, trace", true),
            (",TRACK,", true),
            (" \ttrace\t ", true),
            ("GET", false),
            ("DELETE", false),
            ("", false),
            ("TRACES", false),
            ("T\u{211}ACE", false),
        ] {
            assert_eq!(is_forbidden(name, value), forbidden, "{name}: {value}");
        }
    }
    assert!(!is_forbidden("X-HTTP-Methods", "TRACE"));
    assert!(!is_forbidden("X-Method", "TRACE"));
}

#[test]
fn a_quoted_method_override_is_not_the_method() {
    for value in ["\"TRACE\"", "\"GET, TRACE\"", "\"GET,TRACE"] {
        assert!(!is_forbidden("X-HTTP-Method-Override", value), "{value}");
    }
    assert!(is_forbidden("X-HTTP-Method-Override", "\"GET,\",TRACE"));
}

#[test]
fn a_method_override_of_odd_bytes_hides_no_other() {
    let name = b"X-HTTP-Method-Override";
    assert!(is_forbidden_request_header(name, b"\xff,TRACE"));
    assert!(!is_forbidden_request_header(name, b"\xffTRACE"));
}
