use corsac::header::{
    REQUEST_BODY_HEADER_NAMES, is_cors_non_wildcard_request_header_name,
    is_cors_safelisted_response_header_name, is_forbidden_response_header_name,
    is_no_cors_safelisted_request_header_name, is_privileged_no_cors_request_header_name,
    is_request_body_header_name,
};

const NOTHING: [&str; 0] = [];

/// A predicate holds for these names in any case, and for nothing that is nearly one.
#[track_caller]
fn exactly(names: &[&str], holds: impl Fn(&[u8]) -> bool) {
    for name in names {
        for name in [name, &*name.to_lowercase(), &*name.to_uppercase()] {
            assert!(holds(name.as_bytes()), "{name}");
        }
        assert!(!holds(format!("{name}x").as_bytes()), "{name}x");
        assert!(!holds(&name.as_bytes()[1..]), "{name} without its first");
    }
    for name in ["", "*", "X-A", "Accept-Encoding"] {
        assert!(!holds(name.as_bytes()), "{name}");
    }
}

#[test]
fn seven_response_headers_are_readable_without_being_exposed() {
    let names = [
        "Cache-Control",
        "Content-Language",
        "Content-Length",
        "Content-Type",
        "Expires",
        "Last-Modified",
        "Pragma",
    ];
    exactly(&names, |name| {
        is_cors_safelisted_response_header_name(name, &NOTHING)
    });
}

#[test]
fn an_exposed_header_is_readable_in_any_case() {
    let list = ["X-Total", "etag"];
    for (name, readable) in [
        ("x-total", true),
        ("ETag", true),
        ("X-Tota", false),
        ("Server", false),
    ] {
        let judged = is_cors_safelisted_response_header_name(name.as_bytes(), &list);
        assert_eq!(judged, readable, "{name}");
    }
}

#[test]
fn set_cookie_stays_hidden_even_if_exposed() {
    let list = ["Set-Cookie", "set-cookie2", "*"];
    for name in ["Set-Cookie", "set-cookie", "SET-COOKIE2"] {
        let judged = is_cors_safelisted_response_header_name(name.as_bytes(), &list);
        assert!(!judged, "{name}");
    }
}

#[test]
fn a_star_in_the_list_of_exposed_names_is_only_a_name() {
    // Whether it is a wildcard depends on credentials, which whoever makes the list knows.
    assert!(!is_cors_safelisted_response_header_name(b"X-A", &["*"]));
    assert!(is_cors_safelisted_response_header_name(b"*", &["*"]));
}

#[test]
fn authorization_alone_is_not_covered_by_a_wildcard() {
    exactly(&["Authorization"], is_cors_non_wildcard_request_header_name);
    assert!(!is_cors_non_wildcard_request_header_name(
        b"Proxy-Authorization"
    ));
}

#[test]
fn range_alone_is_privileged() {
    exactly(&["Range"], is_privileged_no_cors_request_header_name);
}

#[test]
fn four_names_may_stand_in_a_no_cors_request() {
    let names = [
        "Accept",
        "Accept-Language",
        "Content-Language",
        "Content-Type",
    ];
    exactly(&names, is_no_cors_safelisted_request_header_name);
    assert!(!is_no_cors_safelisted_request_header_name(b"Range"));
}

#[test]
fn two_response_headers_are_forbidden_to_be_read() {
    exactly(
        &["Set-Cookie", "Set-Cookie2"],
        is_forbidden_response_header_name,
    );
    assert!(!is_forbidden_response_header_name(b"Set-Cookie3"));
    assert!(!is_forbidden_response_header_name(b"Cookie"));
}

#[test]
fn four_headers_go_with_the_body() {
    let names = [
        "Content-Encoding",
        "Content-Language",
        "Content-Location",
        "Content-Type",
    ];
    assert_eq!(REQUEST_BODY_HEADER_NAMES, names);
    exactly(&names, is_request_body_header_name);
    assert!(!is_request_body_header_name(b"Content-Length"));
}
