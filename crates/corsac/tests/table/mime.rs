use corsac::header::parse_a_mime_type_essence as essence;

use super::byte_map::TOKEN;

#[track_caller]
fn table(rows: &[(&[u8], Option<&str>)]) {
    for (input, expected) in rows {
        assert_eq!(
            essence(input).as_deref(),
            *expected,
            "{}",
            input.escape_ascii()
        );
    }
}

#[test]
fn the_essence_is_lower_case_and_has_no_parameters() {
    table(&[
        (b"text/plain", Some("text/plain")),
        (b"TEXT/X-Y+Z", Some("text/x-y+z")),
        (b"text/plain;charset=UTF-8", Some("text/plain")),
        (b"*/*", Some("*/*")),
        (b"!#$%&'*+-.^_`|~/0", Some("!#$%&'*+-.^_`|~/0")),
    ]);
}

#[test]
fn a_bad_parameter_never_makes_a_mime_type_fail() {
    table(&[
        (b"a/b;", Some("a/b")),
        (b"a/b;;;", Some("a/b")),
        (b"a/b;\"", Some("a/b")),
        (b"a/b;x=\xff\x00/", Some("a/b")),
        (b"a/b;a/b", Some("a/b")),
    ]);
}

#[test]
fn white_space_is_stripped_around_all_and_before_the_parameters_only() {
    table(&[
        (b"\t\r\n a/b \n\r\t", Some("a/b")),
        (b"a/b \t\r\n;c", Some("a/b")),
        (b"a /b", None),
        (b"a/ b", None),
        (b"a/b c", None),
        (b"a/ ;b", None),
        // Form feed and vertical tab are no white space of HTTP.
        (b"\x0ca/b", None),
        (b"a/b\x0b", None),
    ]);
}

#[test]
fn both_halves_must_be_there() {
    table(&[
        (b"", None),
        (b" ", None),
        (b"/", None),
        (b"a", None),
        (b"a/", None),
        (b"/b", None),
        (b"a;/b", None),
        (b"a/;b", None),
    ]);
}

#[test]
fn a_second_slash_is_no_part_of_a_subtype() {
    table(&[(b"a/b/c", None), (b"a//b", None)]);
}

#[test]
fn every_byte_is_in_a_type_or_not() {
    TOKEN.agrees(|byte| essence(&[b'a', byte, b'b', b'/', b'c']).is_some() && byte != b'/');
    for byte in 0..=u8::MAX {
        let subtype = essence(&[b'a', b'/', b'b', byte, b'c']).is_some();
        assert_eq!(subtype, TOKEN.allows(byte) || byte == b';', "{byte:#04x}");
    }
}
