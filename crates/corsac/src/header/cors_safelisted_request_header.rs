use super::{
    is_no_cors_safelisted_request_header_name, parse_a_mime_type_essence,
    parse_a_single_range_header_value,
};

/// Why a request header is not CORS-safelisted, so that its presence makes a request non-simple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unsafe {
    /// The value is longer than 128 bytes.
    TooLong,
    /// The value holds a byte that this header may not hold, first seen here.
    Byte {
        /// Its place in the value, 0-based.
        at: usize,
    },
    /// A Content-Type that is no MIME type, or not one of the three that HTML forms send.
    ContentType,
    /// A Range that is not one simple range with a start.
    Range,
    /// Only five names can be safelisted, and this is none of them.
    Name,
    /// This header is safelisted, but all safelisted values together are longer than 1024 bytes.
    Sum,
}

/// Says whether a request header needs no preflight: its name is one of five, and its value is of
/// the narrow form that requests had before there was CORS. An error says why it is not safelisted.
///
/// Source: <https://fetch.spec.whatwg.org/#cors-safelisted-request-header>
///
/// ```
/// use corsac::header::{Unsafe, cors_safelisted_request_header as safelisted};
/// assert_eq!(safelisted(b"Content-Type", b"text/plain; charset=utf-8"), Ok(()));
/// assert_eq!(safelisted(b"Content-Type", b"application/json"), Err(Unsafe::ContentType));
/// assert_eq!(safelisted(b"Accept", b"a(b"), Err(Unsafe::Byte { at: 1 }));
/// assert_eq!(safelisted(b"X-Custom", b""), Err(Unsafe::Name));
/// ```
pub fn cors_safelisted_request_header(name: &[u8], value: &[u8]) -> Result<(), Unsafe> {
    let judge: fn(&[u8]) -> Result<(), Unsafe> = match name.to_ascii_lowercase().as_slice() {
        b"accept" => |value| no_byte(value, is_cors_unsafe_request_header_byte),
        b"accept-language" | b"content-language" => {
            |value| no_byte(value, |byte| !is_language_byte(byte))
        }
        b"content-type" => content_type,
        b"range" => range,
        // Said before the length is looked at: under this name, no shorter value would do.
        _ => return Err(Unsafe::Name),
    };
    if value.len() > 128 {
        return Err(Unsafe::TooLong);
    }
    judge(value)
}

fn content_type(value: &[u8]) -> Result<(), Unsafe> {
    no_byte(value, is_cors_unsafe_request_header_byte)?;
    // The MIME type of this one line, not of all lines together: a server that reads only the first
    // of two lines would be handed JSON without having been asked.
    match parse_a_mime_type_essence(value).as_deref() {
        Some("application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain") => Ok(()),
        _ => Err(Unsafe::ContentType),
    }
}

fn range(value: &[u8]) -> Result<(), Unsafe> {
    match parse_a_single_range_header_value(value, false) {
        // Without a start it is a suffix range, which browsers never sent.
        Some((Some(_), _)) => Ok(()),
        _ => Err(Unsafe::Range),
    }
}

/// Says whether a byte makes an Accept or Content-Type value unsafe: a control (HTAB aside), a
/// delimiter, or DEL. Bytes from 0x80 on are safe here.
///
/// Source: <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte>
pub fn is_cors_unsafe_request_header_byte(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0A..=0x1F)
        || matches!(
            byte,
            b'"' | b'('
                | b')'
                | b':'
                | b'<'
                | b'>'
                | b'?'
                | b'@'
                | b'['
                | b'\\'
                | b']'
                | b'{'
                | b'}'
                | 0x7F
        )
}

/// The only bytes that Accept-Language and Content-Language may hold.
fn is_language_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'*' | b',' | b'-' | b'.' | b';' | b'=')
}

fn no_byte(value: &[u8], is_unsafe: impl Fn(u8) -> bool) -> Result<(), Unsafe> {
    match value.iter().position(|&byte| is_unsafe(byte)) {
        Some(at) => Err(Unsafe::Byte { at }),
        None => Ok(()),
    }
}

/// Says whether a header may stand in a request of mode `no-cors`: only the names that are
/// safelisted, and only with a safelisted value.
///
/// Source: <https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header>
pub fn no_cors_safelisted_request_header(name: &[u8], value: &[u8]) -> bool {
    is_no_cors_safelisted_request_header_name(name)
        && cors_safelisted_request_header(name, value).is_ok()
}
