use url::Url;

use crate::origin::is_bad_port;

/// Names the port of an http(s) URL if browsers never connect to it: mail, shells, databases and
/// other services that might take a request for their own protocol.
///
/// Source: <https://fetch.spec.whatwg.org/#block-bad-port>
///
/// ```
/// use corsac::fetch::should_request_be_blocked_due_to_a_bad_port as bad_port;
/// assert_eq!(bad_port(&"http://a.example:25/".parse().unwrap()), Some(25));
/// assert_eq!(bad_port(&"http://a.example:8080/".parse().unwrap()), None);
/// ```
pub fn should_request_be_blocked_due_to_a_bad_port(url: &Url) -> Option<u16> {
    let port = url.port()?;
    let is_http = matches!(url.scheme(), "http" | "https");
    (is_http && is_bad_port(port)).then_some(port)
}
