use super::{grammar::is_token, is_http_tab_or_space};

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
    // HTTP whitespace here is HTAB, LF, CR and SP; a value holds no LF or CR, a script's may.
    let input = super::normalize(input);
    let (kind, rest) = split_once(input, b'/')?;
    let subtype = split_once(rest, b';').map_or(rest, |(subtype, _parameters)| subtype);
    let subtype = trim_end(subtype);
    if !is_token(kind) || !is_token(subtype) {
        return None;
    }
    let essence = [kind, b"/", subtype].concat().to_ascii_lowercase();
    String::from_utf8(essence).ok()
}

fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|&byte| byte == separator)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes
        .iter()
        .rposition(|&byte| !is_http_tab_or_space(byte) && !matches!(byte, b'\n' | b'\r'));
    bytes.split_at(end.map_or(0, |last| last + 1)).0
}
