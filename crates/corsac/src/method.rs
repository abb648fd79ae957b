//! Methods: which ones a page may use, which ones need no preflight, which ones change case.
//!
//! Methods are case-sensitive bytes. Six of them are forgiven their case, and `PATCH` is not one
//! of those: `patch` stays `patch`, and a server that grants `PATCH` does not grant it.
//!
//! ```
//! use corsac::method;
//! assert_eq!(method::normalize("put"), "PUT");
//! assert_eq!(method::normalize("patch"), "patch");
//! assert!(method::is_cors_safelisted_method("HEAD"));
//! assert!(method::is_forbidden_method("Trace"));
//! ```

use std::borrow::Cow;

/// Says whether a method goes out across origins without a preflight: GET, HEAD or POST, in
/// exactly these bytes.
///
/// Source: <https://fetch.spec.whatwg.org/#cors-safelisted-method>
pub fn is_cors_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// Says whether a method is one that no script may use: CONNECT, TRACE or TRACK, in any case.
///
/// Source: <https://fetch.spec.whatwg.org/#forbidden-method>
pub fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"]
        .iter()
        .any(|forbidden| method.eq_ignore_ascii_case(forbidden))
}

/// Upper-cases DELETE, GET, HEAD, OPTIONS, POST and PUT, and leaves every other method alone.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-method-normalize>
pub fn normalize(method: &str) -> Cow<'_, str> {
    const NORMALIZED: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    NORMALIZED
        .iter()
        .find(|upper| method.eq_ignore_ascii_case(upper))
        .map_or(Cow::Borrowed(method), |upper| Cow::Borrowed(*upper))
}
