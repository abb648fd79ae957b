use super::Unsafe;

/// Whether a client hint is safe, as Chromium has it (measured); `None` if it is none.
///
/// A value is a number, whole or with digits behind a point, or one of the words that the hint knows. The
/// Standard had client hints in its own list once, and has them there no more.
///
/// Source: <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
pub(super) fn client_hint(name: &[u8], value: &[u8]) -> Option<Result<(), Unsafe>> {
    let is_safe: fn(&[u8]) -> bool = match name.to_ascii_lowercase().as_slice() {
        b"device-memory" | b"downlink" | b"dpr" => is_decimal,
        b"rtt" | b"viewport-width" | b"width" => is_whole,
        b"ect" => |value| matches!(value, b"slow-2g" | b"2g" | b"3g" | b"4g"),
        b"save-data" => |value| value.eq_ignore_ascii_case(b"on"),
        _ => return None,
    };
    Some(if value.len() > 128 {
        Err(Unsafe::TooLong)
    } else if !is_safe(value) {
        Err(Unsafe::Byte { at: 0 })
    } else {
        Ok(())
    })
}

fn is_whole(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

fn is_decimal(value: &[u8]) -> bool {
    let mut parts = value.splitn(2, |&byte| byte == b'.');
    parts.all(is_whole)
}
