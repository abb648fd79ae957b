use corsac::header::{
    Extracted, Grammar, GrammarError, HeaderList, extract_header_list_values,
    extract_header_values, is_token,
};

use super::byte_map::TOKEN;

const ACAM: &str = "Access-Control-Allow-Methods";
const ACAH: &str = "Access-Control-Allow-Headers";
const ACRH: &str = "Access-Control-Request-Headers";
const MAX_AGE: &str = "Access-Control-Max-Age";

/// One header of so many lines, and what is extracted.
#[track_caller]
fn lines<const LINES: usize>(name: &str, lines: [&str; LINES], expected: &Extracted<'_>) {
    let list = HeaderList::from(lines.map(|line| (name, line)));
    assert_eq!(extract_header_list_values(name, &list), *expected);
}

fn values<'a, const VALUES: usize>(values: [&'a str; VALUES]) -> Extracted<'a> {
    Extracted::List(values.map(str::as_bytes).to_vec())
}

fn failure(line: usize, at: usize) -> Extracted<'static> {
    let error = GrammarError::Byte { at };
    Extracted::Failure { line, error }
}

fn second_line_is_one_too_many() -> Extracted<'static> {
    let error = GrammarError::SeveralLines;
    Extracted::Failure { line: 1, error }
}

#[test]
fn two_max_age_lines_are_a_failure() {
    lines(MAX_AGE, ["5", "5"], &second_line_is_one_too_many());
}

#[test]
fn two_location_lines_are_a_failure() {
    lines("Location", ["/a", "/a"], &second_line_is_one_too_many());
    lines("Location", ["/a, /b"], &values(["/a, /b"]));
}

#[test]
fn a_grammar_of_one_value_allows_one_line() {
    for (name, value) in [
        ("Origin", "null"),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Request-Method", "PUT"),
        ("X-Unheard-Of", "anything, at \"all"),
    ] {
        lines(name, [value], &values([value]));
        lines(name, [value, value], &second_line_is_one_too_many());
    }
}

#[test]
fn one_bad_line_poisons_the_list() {
    lines(ACAH, ["x-a", "x b", "x-c"], &failure(1, 1));
    lines(ACAH, ["x-a, (), x-c"], &failure(0, 5));
}

#[test]
fn one_vertical_tab_poisons_the_list() {
    lines(ACAH, ["x-a", "\u{b}"], &failure(1, 0));
    lines(ACAH, ["x-a,\u{c}"], &failure(0, 4));
}

#[test]
fn an_empty_list_is_neither_absence_nor_failure() {
    lines(ACAH, [""], &Extracted::List(vec![]));
    lines(ACAH, [",, ,\t,"], &Extracted::List(vec![]));
    lines(ACAH, [], &Extracted::Absent);
}

#[test]
fn lists_may_come_in_many_lines() {
    lines(
        ACAM,
        ["PUT, DELETE", "", "GET"],
        &values(["PUT", "DELETE", "GET"]),
    );
}

#[test]
fn the_line_that_failed_is_counted_in_the_whole_list() {
    let list = HeaderList::from([
        ("A", "1"),
        (ACAH, "x"),
        ("B", "2"),
        ("access-control-ALLOW-headers", "?"),
    ]);
    assert_eq!(extract_header_list_values(ACAH, &list), failure(3, 0));
}

#[test]
fn a_list_may_begin_and_end_with_a_comma() {
    lines(ACAH, [",bb-8"], &values(["bb-8"]));
    lines(ACAH, ["bb-8,"], &values(["bb-8"]));
    lines(ACAH, ["a , ,\tb"], &values(["a", "b"]));
}

#[test]
fn single_quotes_are_a_token_and_double_quotes_are_not() {
    lines(ACAH, ["'bb-8'"], &values(["'bb-8'"]));
    lines(ACAH, ["\"bb-8\""], &failure(0, 0));
}

#[test]
fn items_with_a_blank_inside_are_no_tokens() {
    lines(ACAH, ["bb 8"], &failure(0, 2));
    lines(ACAH, ["a, \t b\tc"], &failure(0, 6));
}

#[test]
fn letters_beyond_ascii_are_no_tokens() {
    lines(ACAH, ["\u{e9}l\u{e8}ve"], &failure(0, 0));
    lines(ACAM, ["PUT, P\u{dc}T"], &failure(0, 6));
}

#[test]
fn a_wildcard_is_a_token_like_any_other() {
    lines(ACAH, ["*"], &values(["*"]));
    lines(
        ACAH,
        ["x-*, *, authorization"],
        &values(["x-*", "*", "authorization"]),
    );
}

#[test]
fn values_keep_case_order_and_duplicates() {
    lines(ACAM, ["put, PUT, put"], &values(["put", "PUT", "put"]));
}

#[test]
fn max_age_has_no_sign_no_decimals_and_no_unit() {
    for (value, expected) in [
        ("0", values(["0"])),
        ("0600", values(["0600"])),
        (
            "99999999999999999999999999",
            values(["99999999999999999999999999"]),
        ),
        ("-1", failure(0, 0)),
        ("+5", failure(0, 0)),
        ("5.0", failure(0, 1)),
        ("5s", failure(0, 1)),
        ("5, 5", failure(0, 1)),
        ("", failure(0, 0)),
    ] {
        lines(MAX_AGE, [value], &expected);
    }
}

#[test]
fn allow_credentials_is_exactly_true() {
    for (value, at) in [
        ("True", 0),
        ("TRUE", 0),
        ("tru", 3),
        ("trUe", 2),
        ("true, true", 4),
        ("trues", 4),
        ("1", 0),
        ("", 0),
    ] {
        lines("Access-Control-Allow-Credentials", [value], &failure(0, at));
    }
}

#[test]
fn allow_origin_is_one_origin_or_null_or_a_star() {
    let name = "Access-Control-Allow-Origin";
    for value in ["*", "null", "https://a.example", "http://[::1]:8080"] {
        lines(name, [value], &values([value]));
    }
    for (value, at) in [
        ("https://a.example/", 17),
        ("https://a.example, https://b.example", 8),
        ("https://a.example:x", 18),
        ("HTTPS://a.example", 0),
        ("Null", 0),
        ("**", 0),
        ("a.example", 0),
        ("", 0),
    ] {
        lines(name, [value], &failure(0, at));
    }
}

#[test]
fn a_request_has_an_origin_but_never_a_star() {
    lines("Origin", ["*"], &failure(0, 0));
    lines("Origin", ["null"], &values(["null"]));
    lines(
        "Origin",
        ["https://a.example"],
        &values(["https://a.example"]),
    );
    lines(
        "Origin",
        ["https://a.example https://b.example"],
        &failure(0, 8),
    );
}

#[test]
fn a_preflight_asks_for_at_least_one_header_in_each_line() {
    lines(ACRH, ["a,b", "c"], &values(["a", "b", "c"]));
    lines(ACRH, [""], &failure(0, 0));
    lines(ACRH, [", ,"], &failure(0, 3));
    lines(ACRH, ["a", ","], &failure(1, 1));
    lines(ACRH, ["a, b c"], &failure(0, 4));
}

#[test]
fn a_preflight_asks_for_one_method() {
    let name = "Access-Control-Request-Method";
    lines(name, ["patch"], &values(["patch"]));
    lines(name, ["PUT, GET"], &failure(0, 3));
    lines(name, [""], &failure(0, 0));
}

#[test]
fn every_name_of_the_protocol_has_its_grammar() {
    for (name, grammar) in [
        ("access-control-allow-headers", Grammar::Tokens),
        ("access-control-allow-methods", Grammar::Tokens),
        ("access-control-expose-headers", Grammar::Tokens),
        ("access-control-request-headers", Grammar::TokensNotEmpty),
        ("access-control-request-method", Grammar::Token),
        ("access-control-max-age", Grammar::DeltaSeconds),
        ("origin", Grammar::OriginOrNull),
        (
            "access-control-allow-origin",
            Grammar::OriginOrNullOrWildcard,
        ),
        ("access-control-allow-credentials", Grammar::True),
        ("location", Grammar::AnyBytes),
    ] {
        assert_eq!(Grammar::of(name), Some(grammar), "{name}");
        assert_eq!(Grammar::of(&name.to_uppercase()), Some(grammar), "{name}");
    }
    assert_eq!(Grammar::of("timing-allow-origin"), None);
    assert_eq!(Grammar::of(""), None);
}

#[test]
fn absence_and_failure_hold_no_values() {
    assert_eq!(values(["a"]).list(), [b"a"]);
    assert!(Extracted::Absent.list().is_empty());
    assert!(failure(0, 0).list().is_empty());
}

#[test]
fn every_byte_is_in_a_token_or_not() {
    TOKEN.agrees(|byte| is_token(&[byte]));
    TOKEN.agrees(|byte| is_token(&[b'a', byte, b'z']));
    assert!(!is_token(b""));
}

#[test]
fn every_byte_is_an_item_or_skipped_or_a_failure() {
    for byte in 0..=u8::MAX {
        let value = [b'a', byte, b'b'];
        let expected = match byte {
            b',' => Ok(vec![&b"a"[..], b"b"]),
            _ if TOKEN.allows(byte) => Ok(vec![&value[..]]),
            _ => Err(GrammarError::Byte { at: 1 }),
        };
        assert_eq!(extract_header_values(Grammar::Tokens, &value), expected);

        // At the edge of an item, HTAB and SP are white space.
        let value = [b'a', b',', byte];
        let expected = match byte {
            b',' | b'\t' | b' ' => Ok(vec![&b"a"[..]]),
            _ if TOKEN.allows(byte) => Ok(vec![&b"a"[..], &value[2..]]),
            _ => Err(GrammarError::Byte { at: 2 }),
        };
        assert_eq!(extract_header_values(Grammar::Tokens, &value), expected);
    }
}

#[test]
fn every_byte_is_a_digit_of_a_max_age_or_a_failure() {
    for byte in 0..=u8::MAX {
        let value = [b'1', byte];
        let expected = match "0123456789".bytes().any(|digit| digit == byte) {
            true => Ok(vec![&value[..]]),
            false => Err(GrammarError::Byte { at: 1 }),
        };
        assert_eq!(
            extract_header_values(Grammar::DeltaSeconds, &value),
            expected
        );
    }
}
