use crate::method::is_forbidden_method;

use super::split;

/// Says whether no script may set a request header, because the browser keeps it for itself.
///
/// It is a test of name and value: the three method-override headers are forbidden only when one
/// of their values is a forbidden method.
///
/// Source: <https://fetch.spec.whatwg.org/#forbidden-request-header>
///
/// ```
/// use corsac::header::is_forbidden_request_header as forbidden;
/// assert!(forbidden(b"Origin", b"https://a.example"));
/// assert!(forbidden(b"Sec-Anything", b""));
/// assert!(!forbidden(b"User-Agent", b"mine"));
/// assert!(forbidden(b"X-HTTP-Method-Override", b"GET, trace"));
/// assert!(!forbidden(b"X-HTTP-Method-Override", b"DELETE"));
/// ```
pub fn is_forbidden_request_header(name: &[u8], value: &[u8]) -> bool {
    const FORBIDDEN: [&[u8]; 21] = [
        b"accept-charset",
        b"accept-encoding",
        b"access-control-request-headers",
        b"access-control-request-method",
        b"connection",
        b"content-length",
        b"cookie",
        b"cookie2",
        b"date",
        b"dnt",
        b"expect",
        b"host",
        b"keep-alive",
        b"origin",
        b"referer",
        b"set-cookie",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"via",
    ];
    let name = name.to_ascii_lowercase();
    if FORBIDDEN.contains(&name.as_slice()) {
        return true;
    }
    if name.starts_with(b"proxy-") || name.starts_with(b"sec-") {
        return true;
    }
    if matches!(
        name.as_slice(),
        b"x-http-method" | b"x-http-method-override" | b"x-method-override"
    ) {
        // Servers that honour these would run TRACE on a script's word.
        return split(value)
            .any(|method| std::str::from_utf8(method).is_ok_and(is_forbidden_method));
    }
    false
}
