use corsac::header::{
    Unsafe, cors_safelisted_request_header, is_cors_unsafe_request_header_byte,
    no_cors_safelisted_request_header,
};

use super::byte_map::{ALL, ByteMap, NONE};

/// Accept and Content-Type: everything but the delimiters and the controls.
const SAFE: ByteMap = ByteMap([
    "xxxxxxxxx.xxxxxx",
    NONE,
    "..x.....xx......",
    "..........x.x.xx",
    "x...............",
    "...........xxx..",
    ALL,
    "...........x.x.x",
    ALL,
    ALL,
    ALL,
    ALL,
    ALL,
    ALL,
    ALL,
    ALL,
]);

/// Accept-Language and Content-Language: letters, digits and seven more.
const LANGUAGE: ByteMap = ByteMap([
    NONE,
    NONE,
    ".xxxxxxxxx.x...x",
    "..........x.x.xx",
    "x...............",
    "...........xxxxx",
    "x...............",
    "...........xxxxx",
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
]);

fn is_safe(name: &str, value: &[u8]) -> bool {
    cors_safelisted_request_header(name.as_bytes(), value).is_ok()
}

#[track_caller]
fn table(name: &str, rows: &[(&str, Result<(), Unsafe>)]) {
    for (value, expected) in rows {
        let safelisted = cors_safelisted_request_header(name.as_bytes(), value.as_bytes());
        assert_eq!(safelisted, *expected, "{name}: {value}");
    }
}

#[test]
fn five_names_can_be_safelisted_in_any_case() {
    for (name, value) in [
        ("Accept", "*/*"),
        ("ACCEPT-LANGUAGE", "en"),
        ("content-language", "en"),
        ("Content-type", "text/plain"),
        ("rAnGe", "bytes=0-"),
    ] {
        assert!(is_safe(name, value.as_bytes()), "{name}");
    }
    for name in [
        "Authorization",
        "Cache-Control",
        "If-None-Match",
        "User-Agent",
        "X-Requested-With",
        "Accept-Encoding",
        "Accept ",
        "",
    ] {
        table(name, &[("", Err(Unsafe::Name))]);
    }
}

#[test]
fn client_hints_are_no_longer_safelisted() {
    for name in [
        "DPR",
        "Save-Data",
        "Viewport-Width",
        "Width",
        "Device-Memory",
        "Downlink",
        "RTT",
        "ECT",
        "Sec-CH-UA",
    ] {
        assert!(!is_safe(name, b"1"), "{name}");
    }
}

#[test]
fn bytes_129_are_too_long_and_128_are_not() {
    for name in ["Accept", "Accept-Language", "Content-Language"] {
        assert!(is_safe(name, &[b'a'; 128]), "{name}");
        table(name, &[(&"a".repeat(129), Err(Unsafe::TooLong))]);
    }
    let content_type = |length| format!("{:a<length$}", "text/plain;");
    table("Content-Type", &[(&content_type(128), Ok(()))]);
    table(
        "Content-Type",
        &[(&content_type(129), Err(Unsafe::TooLong))],
    );
    let range = |length| format!("{:0<length$}-", "bytes=");
    table("Range", &[(&range(127), Ok(()))]);
    table("Range", &[(&range(128), Err(Unsafe::TooLong))]);
}

#[test]
fn a_name_that_no_value_makes_safe_is_not_blamed_on_its_length() {
    table("X-A", &[(&"a".repeat(129), Err(Unsafe::Name))]);
}

#[test]
fn empty_values_are_safe_except_for_content_type_and_range() {
    for name in ["Accept", "Accept-Language", "Content-Language"] {
        table(name, &[("", Ok(()))]);
    }
    table("Content-Type", &[("", Err(Unsafe::ContentType))]);
    table("Range", &[("", Err(Unsafe::Range))]);
}

#[test]
fn three_content_types_are_safe_with_any_safe_parameter() {
    table(
        "Content-Type",
        &[
            ("application/x-www-form-urlencoded", Ok(())),
            ("multipart/form-data; boundary=----x", Ok(())),
            ("text/plain", Ok(())),
            ("TEXT/Plain;charset=utf-8", Ok(())),
            ("text/plain ; a ; b=c,d", Ok(())),
            ("\ttext/plain ", Ok(())),
            ("application/json", Err(Unsafe::ContentType)),
            ("text/html", Err(Unsafe::ContentType)),
            ("text/plain+json", Err(Unsafe::ContentType)),
            ("text/plai", Err(Unsafe::ContentType)),
            ("*/*", Err(Unsafe::ContentType)),
            ("text", Err(Unsafe::ContentType)),
            ("text /plain", Err(Unsafe::ContentType)),
            ("text/ plain", Err(Unsafe::ContentType)),
        ],
    );
}

#[test]
fn a_content_type_is_parsed_whole_and_not_extracted() {
    table(
        "Content-Type",
        &[
            ("text/plain, application/json", Err(Unsafe::ContentType)),
            ("application/json, text/plain", Err(Unsafe::ContentType)),
            ("text/plain,text/plain", Err(Unsafe::ContentType)),
            (",text/plain", Err(Unsafe::ContentType)),
            ("text/plain;,application/json", Ok(())),
        ],
    );
}

#[test]
fn a_quoted_parameter_makes_a_content_type_unsafe() {
    table(
        "Content-Type",
        &[
            ("text/plain;charset=\"utf-8\"", Err(Unsafe::Byte { at: 19 })),
            ("application/json;a=\"\"", Err(Unsafe::Byte { at: 19 })),
        ],
    );
}

#[test]
fn a_range_without_start_is_not_safelisted() {
    table(
        "Range",
        &[
            ("bytes=0-", Ok(())),
            ("bytes=0-0", Ok(())),
            ("bytes=100-200", Ok(())),
            ("bytes=-5", Err(Unsafe::Range)),
            ("bytes=-", Err(Unsafe::Range)),
        ],
    );
}

#[test]
fn a_range_is_one_and_spelled_without_blanks() {
    for value in [
        "bytes=0-1,3-4",
        "bytes=5-3",
        "bytes =0-1",
        "bytes= 0-1",
        "bytes=0 -1",
        "bytes=0- 1",
        "bytes=0-1 ",
        "Bytes=0-1",
        "BYTES=0-1",
        "seconds=0-1",
    ] {
        table("Range", &[(value, Err(Unsafe::Range))]);
    }
}

#[test]
fn every_byte_from_0x80_is_safe_in_accept() {
    assert!(is_safe("Accept", &[0x80, 0xFF]));
    assert!(!is_safe("Accept-Language", &[0x80]));
}

#[test]
fn tab_is_safe_in_accept_and_unsafe_in_languages() {
    assert!(is_safe("Accept", b"\t"));
    assert!(!is_safe("Accept-Language", b"\t"));
    assert!(!is_safe("Content-Language", b"\t"));
}

#[test]
fn every_byte_is_unsafe_or_not() {
    SAFE.agrees(|byte| !is_cors_unsafe_request_header_byte(byte));
}

#[test]
fn every_byte_in_accept_is_safe_or_not() {
    SAFE.agrees(|byte| is_safe("Accept", &[byte]));
    SAFE.agrees(|byte| is_safe("Accept", &[b'a', byte, b'b']));
}

#[test]
fn every_byte_in_a_language_is_safe_or_not() {
    for name in ["Accept-Language", "Content-Language"] {
        LANGUAGE.agrees(|byte| is_safe(name, &[byte]));
        LANGUAGE.agrees(|byte| is_safe(name, &[b'a', byte, b'b']));
    }
}

#[test]
fn every_byte_in_a_content_type_is_safe_or_not() {
    let with = |before: &[u8], byte, after: &[u8]| {
        is_safe("Content-Type", &[before, &[byte], after].concat())
    };
    // In a parameter all that is safe is safe; elsewhere the MIME type must stay what it was.
    SAFE.agrees(|byte| with(b"text/plain;a=", byte, b"b"));
    for byte in 0..=u8::MAX {
        let blank = matches!(byte, b'\t' | b' ');
        assert_eq!(with(b"", byte, b"text/plain"), blank, "{byte:#04x}");
        let ends = blank || byte == b';';
        assert_eq!(with(b"text/plain", byte, b""), ends, "{byte:#04x}");
        assert_eq!(with(b"text/pl", byte, b"in"), matches!(byte, b'a' | b'A'));
        assert_eq!(with(b"text", byte, b"plain"), byte == b'/', "{byte:#04x}");
    }
}

#[test]
fn every_byte_at_every_place_of_a_range_is_safe_or_not() {
    let range = *b"bytes=5-7";
    for place in 0..range.len() {
        for byte in 0..=u8::MAX {
            let mut value = range;
            value[place] = byte;
            let expected = match place {
                6 => matches!(byte, b'0'..=b'7'),
                8 => matches!(byte, b'5'..=b'9'),
                _ => byte == range[place],
            };
            assert_eq!(is_safe("Range", &value), expected, "{value:?}");
        }
    }
}

#[test]
fn the_first_unsafe_byte_is_named() {
    table(
        "Accept",
        &[
            ("a(b)", Err(Unsafe::Byte { at: 1 })),
            (":", Err(Unsafe::Byte { at: 0 })),
        ],
    );
    table("Accept-Language", &[("en_US", Err(Unsafe::Byte { at: 2 }))]);
}

#[test]
fn no_cors_takes_four_names_and_range_is_not_one() {
    for (name, value, safelisted) in [
        ("Accept", "*/*", true),
        ("accept-language", "en", true),
        ("CONTENT-LANGUAGE", "en", true),
        ("Content-Type", "text/plain", true),
        ("Range", "bytes=0-", false),
        ("Accept", "(", false),
        ("Content-Type", "application/json", false),
        ("X-A", "", false),
    ] {
        let judged = no_cors_safelisted_request_header(name.as_bytes(), value.as_bytes());
        assert_eq!(judged, safelisted, "{name}: {value}");
    }
}

#[test]
fn no_cors_judges_the_joined_value() {
    // Headers.append() in a no-cors request asks about what the lines would be together.
    let joined = format!("{}, {}", "a".repeat(64), "b".repeat(63));
    assert_eq!(joined.len(), 129);
    assert!(!no_cors_safelisted_request_header(
        b"Accept",
        joined.as_bytes()
    ));
    assert!(!no_cors_safelisted_request_header(
        b"Content-Type",
        b"text/plain, text/plain"
    ));
}
