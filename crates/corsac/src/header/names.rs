//! The Standard's small sets of header names. All of them are compared without regard to case.

fn is_one_of(name: &[u8], names: &[&str]) -> bool {
    names
        .iter()
        .any(|one| name.eq_ignore_ascii_case(one.as_bytes()))
}

/// Says whether a request header is one that `*` in Access-Control-Allow-Headers does not cover:
/// Authorization.
///
/// Source: <https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name>
pub fn is_cors_non_wildcard_request_header_name(name: &[u8]) -> bool {
    is_one_of(name, &["Authorization"])
}

/// Says whether a request header survives only as long as nobody but a privileged API touched the
/// request: Range.
///
/// Source: <https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name>
pub fn is_privileged_no_cors_request_header_name(name: &[u8]) -> bool {
    is_one_of(name, &["Range"])
}

/// Says whether a response header is readable across origins: one of seven, or one of `list` that
/// is not forbidden to be read.
///
/// Source: <https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name>
pub fn is_cors_safelisted_response_header_name(name: &[u8], list: &[impl AsRef<[u8]>]) -> bool {
    const SAFELISTED: [&str; 7] = [
        "Cache-Control",
        "Content-Language",
        "Content-Length",
        "Content-Type",
        "Expires",
        "Last-Modified",
        "Pragma",
    ];
    is_one_of(name, &SAFELISTED)
        || (!is_forbidden_response_header_name(name)
            && list
                .iter()
                .any(|item| name.eq_ignore_ascii_case(item.as_ref())))
}

/// Says whether a header's name may appear in a no-cors request.
///
/// Source: <https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name>
pub fn is_no_cors_safelisted_request_header_name(name: &[u8]) -> bool {
    is_one_of(
        name,
        &[
            "Accept",
            "Accept-Language",
            "Content-Language",
            "Content-Type",
        ],
    )
}

/// Says whether no script may read a response header, whatever the server exposes: Set-Cookie and
/// Set-Cookie2.
///
/// Source: <https://fetch.spec.whatwg.org/#forbidden-response-header-name>
pub fn is_forbidden_response_header_name(name: &[u8]) -> bool {
    is_one_of(name, &["Set-Cookie", "Set-Cookie2"])
}

/// The headers that describe a body, and go with it when a redirect drops it.
///
/// Source: <https://fetch.spec.whatwg.org/#request-body-header-name>
pub const REQUEST_BODY_HEADER_NAMES: [&str; 4] = [
    "Content-Encoding",
    "Content-Language",
    "Content-Location",
    "Content-Type",
];

/// Says whether a header describes a body. See [`REQUEST_BODY_HEADER_NAMES`].
///
/// Source: <https://fetch.spec.whatwg.org/#request-body-header-name>
pub fn is_request_body_header_name(name: &[u8]) -> bool {
    is_one_of(name, &REQUEST_BODY_HEADER_NAMES)
}
