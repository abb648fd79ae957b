use corsac::method::{is_cors_safelisted_method, is_forbidden_method, normalize};

#[test]
fn patch_is_not_normalised() {
    assert_eq!(normalize("patch"), "patch");
    assert_eq!(normalize("Patch"), "Patch");
    assert_eq!(normalize("PATCH"), "PATCH");
}

#[test]
fn six_methods_are_upper_cased_and_no_other() {
    for (method, normalized) in [
        ("delete", "DELETE"),
        ("gEt", "GET"),
        ("Head", "HEAD"),
        ("options", "OPTIONS"),
        ("post", "POST"),
        ("pUT", "PUT"),
        ("GET", "GET"),
        ("connect", "connect"),
        ("trace", "trace"),
        ("Egg", "Egg"),
        ("gets", "gets"),
        ("ge", "ge"),
        ("", ""),
        ("*", "*"),
    ] {
        assert_eq!(normalize(method), normalized);
    }
}

#[test]
fn normalising_costs_no_allocation() {
    for method in ["put", "PUT", "patch"] {
        assert!(matches!(normalize(method), std::borrow::Cow::Borrowed(_)));
    }
}

#[test]
fn only_get_head_and_post_are_safelisted_and_only_in_upper_case() {
    for (method, safelisted) in [
        ("GET", true),
        ("HEAD", true),
        ("POST", true),
        ("get", false),
        ("Post", false),
        ("OPTIONS", false),
        ("PUT", false),
        ("DELETE", false),
        ("PATCH", false),
        ("GETS", false),
        ("", false),
        ("*", false),
    ] {
        assert_eq!(is_cors_safelisted_method(method), safelisted, "{method}");
    }
}

#[test]
fn connect_trace_and_track_are_forbidden_in_any_case() {
    for (method, forbidden) in [
        ("CONNECT", true),
        ("TRACE", true),
        ("TRACK", true),
        ("connect", true),
        ("tRaCe", true),
        ("Track", true),
        ("TRACES", false),
        ("TRAC", false),
        ("OPTIONS", false),
        ("", false),
    ] {
        assert_eq!(is_forbidden_method(method), forbidden, "{method}");
    }
}
