/// Strips HTTP whitespace (HTAB, LF, CR, SP) from both ends of what a script gave as a value.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-header-value-normalize>
///
/// ```
/// assert_eq!(corsac::header::normalize(b"\t a b\r\n "), b"a b");
/// ```
pub fn normalize(potential_value: &[u8]) -> &[u8] {
    super::trim(potential_value, super::is_http_whitespace)
}
