use super::is_token;

/// Parses a MIME type and gives its essence (`type/subtype`, lower-case), or `None` for failure.
///
/// Parameters are not looked at: a bad one never makes a MIME type fail, and the essence is all
/// that the safelist asks for.
///
/// Source: <https://mimesniff.spec.whatwg.org/#parse-a-mime-type>
///
/// ```
/// use corsac::header::parse_a_mime_type_essence as essence;
/// assert_eq!(essence(b" Text/PLAIN ; charset=x").as_deref(), Some("text/plain"));
/// assert_eq!(essence(b"text"), None);
/// ```
pub fn parse_a_mime_type_essence(input: &[u8]) -> Option<String> {
    // HTTP whitespace is HTAB, LF, CR and SP here; what came over the wire holds no LF or CR.
    let input = super::normalize(input);
    let mut parts = input.splitn(2, |&byte| byte == b'/');
    let (kind, rest) = (parts.next()?, parts.next()?);
    let subtype = rest.split(|&byte| byte == b';').next()?;
    let subtype = super::trim_end(subtype, super::is_http_whitespace);
    if !is_token(kind) || !is_token(subtype) {
        return None;
    }
    let essence = [kind, b"/", subtype].concat().to_ascii_lowercase();
    String::from_utf8(essence).ok()
}
