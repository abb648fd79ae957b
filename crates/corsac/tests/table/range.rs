use corsac::header::parse_a_single_range_header_value as parse;

type Range = Option<(Option<u128>, Option<u128>)>;

#[track_caller]
fn table(allow_whitespace: bool, rows: &[(&str, Range)]) {
    for (value, range) in rows {
        assert_eq!(parse(value.as_bytes(), allow_whitespace), *range, "{value}");
    }
}

#[test]
fn either_end_may_be_missing_but_not_both() {
    table(
        false,
        &[
            ("bytes=0-9", Some((Some(0), Some(9)))),
            ("bytes=7-", Some((Some(7), None))),
            ("bytes=-500", Some((None, Some(500)))),
            ("bytes=-", None),
            ("bytes=", None),
            ("bytes", None),
            ("bytes=7", None),
        ],
    );
}

#[test]
fn the_unit_is_case_sensitive() {
    table(
        true,
        &[
            ("Bytes=0-9", None),
            ("BYTES=0-9", None),
            ("byte=0-9", None),
            ("bytess=0-9", None),
            (" bytes=0-9", None),
            ("", None),
        ],
    );
}

#[test]
fn a_start_behind_the_end_fails() {
    table(
        false,
        &[
            ("bytes=9-9", Some((Some(9), Some(9)))),
            ("bytes=10-9", None),
            ("bytes=9-10", Some((Some(9), Some(10)))),
        ],
    );
}

#[test]
fn there_is_one_range_only() {
    table(
        true,
        &[
            ("bytes=0-1,2-3", None),
            ("bytes=0-1,", None),
            ("bytes=0-1-2", None),
        ],
    );
}

#[test]
fn white_space_is_allowed_in_four_places_or_nowhere() {
    let spaced = "bytes\t =\t 0\t -\t 9";
    table(true, &[(spaced, Some((Some(0), Some(9))))]);
    for value in ["bytes =0-9", "bytes= 0-9", "bytes=0 -9", "bytes=0- 9"] {
        table(true, &[(value, Some((Some(0), Some(9))))]);
        table(false, &[(value, None)]);
    }
    // Not at the end, and nothing but HTAB and SP.
    for value in ["bytes=0-9 ", "bytes=0-9\t", "bytes=\r0-9", "bytes=0\u{b}-9"] {
        table(true, &[(value, None)]);
    }
}

#[test]
fn leading_zeros_do_not_count() {
    table(
        false,
        &[
            ("bytes=007-09", Some((Some(7), Some(9)))),
            ("bytes=0010-9", None),
            ("bytes=000-0", Some((Some(0), Some(0)))),
        ],
    );
}

#[test]
fn numbers_beyond_any_type_still_compare() {
    let (nines, tens) = ("9".repeat(50), format!("1{}", "0".repeat(50)));
    let max = Some(u128::MAX);
    table(
        false,
        &[
            (&format!("bytes={nines}-{tens}"), Some((max, max))),
            (&format!("bytes={nines}-{nines}"), Some((max, max))),
            (&format!("bytes={tens}-{nines}"), None),
            (&format!("bytes={nines}9-{nines}8"), None),
            (&format!("bytes={nines}-1"), None),
            (&format!("bytes={}-", u128::MAX), Some((max, None))),
        ],
    );
}

/// The Standard's steps over a position, for values whose numbers are small.
fn step_by_step(value: &[u8], allow_whitespace: bool) -> Range {
    if !value.starts_with(b"bytes") {
        return None;
    }
    let mut position = 5;
    let blanks = |position: &mut usize| {
        while allow_whitespace && matches!(value.get(*position), Some(b'\t' | b' ')) {
            *position += 1;
        }
    };
    let digits = |position: &mut usize| {
        let start = *position;
        while value.get(*position).is_some_and(u8::is_ascii_digit) {
            *position += 1;
        }
        let digits = std::str::from_utf8(&value[start..*position]).unwrap();
        digits.parse::<u128>().ok()
    };
    blanks(&mut position);
    if value.get(position) != Some(&b'=') {
        return None;
    }
    position += 1;
    blanks(&mut position);
    let start = digits(&mut position);
    blanks(&mut position);
    if value.get(position) != Some(&b'-') {
        return None;
    }
    position += 1;
    blanks(&mut position);
    let end = digits(&mut position);
    if position != value.len() || (start, end) == (None, None) {
        return None;
    }
    if start.is_some() && end.is_some() && start > end {
        return None;
    }
    Some((start, end))
}

#[test]
fn every_short_value_parses_as_step_by_step() {
    const ALPHABET: [u8; 7] = *b"0 19=-,";
    for length in 0..=6 {
        for number in 0..7usize.pow(length) {
            let tail = (0..length).map(|place| ALPHABET[number / 7usize.pow(place) % 7]);
            let value: Vec<u8> = b"bytes".iter().copied().chain(tail).collect();
            for allow_whitespace in [false, true] {
                let expected = step_by_step(&value, allow_whitespace);
                assert_eq!(parse(&value, allow_whitespace), expected, "{value:?}");
            }
        }
    }
}
