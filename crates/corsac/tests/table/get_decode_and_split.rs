use corsac::header::{HeaderList, get_decode_and_split, split};

fn items(value: &[u8]) -> Vec<&[u8]> {
    split(value).collect()
}

#[test]
fn quotes_protect_commas() {
    assert_eq!(items(br#""1,2", 3"#), [&br#""1,2""#[..], b"3"]);
    assert_eq!(
        items(br#"x/x;t="a,b",y/y"#),
        [&br#"x/x;t="a,b""#[..], b"y/y"]
    );
    assert_eq!(items(br#""a"b,"c"d"#), [&br#""a"b"#[..], br#""c"d"#]);
}

#[test]
fn quotes_stay_in_the_item() {
    assert_eq!(items(br#""TRACE""#), [br#""TRACE""#]);
}

#[test]
fn a_quote_that_nobody_closes_runs_to_the_end() {
    assert_eq!(items(br#"text/html;", x/x"#), [br#"text/html;", x/x"#]);
    assert_eq!(items(br#"a,"b,c"#), [&b"a"[..], br#""b,c"#]);
}

#[test]
fn a_backslash_escapes_inside_quotes_only() {
    assert_eq!(items(br#""a\",b",c"#), [&br#""a\",b""#[..], b"c"]);
    assert_eq!(items(br#""a\\",b"#), [&br#""a\\""#[..], b"b"]);
    assert_eq!(items(br"a\,b"), [&br"a\"[..], b"b"]);
    assert_eq!(items(br#"\",","#), [&br#"\",""#[..], b""]);
    assert_eq!(items(br#""\"#), [br#""\"#]);
}

#[test]
fn empty_items_stay() {
    assert_eq!(items(b""), [b""]);
    assert_eq!(items(b"nosniff,"), [&b"nosniff"[..], b""]);
    assert_eq!(items(b"x / x,,,1"), [&b"x / x"[..], b"", b"", b"1"]);
    assert_eq!(items(b","), [b"", b""]);
}

#[test]
fn only_tab_and_space_are_trimmed() {
    assert_eq!(items(b"\t a \t,\x0bb\x0c"), [&b"a"[..], b"\x0bb\x0c"]);
    assert_eq!(items(b"\ra\n"), [b"\ra\n"]);
    assert_eq!(items(b" \t , \t "), [b"", b""]);
}

#[test]
fn a_quote_spans_two_lines_of_one_header() {
    let list = HeaderList::from([("A", "text/html;\""), ("B", "sniff"), ("a", "x/x")]);
    let split = get_decode_and_split("A", &list).unwrap();
    assert_eq!(split, [br#"text/html;", x/x"#]);
}

#[test]
fn lines_of_other_names_do_not_matter() {
    let list = HeaderList::from([("A", "\"1,2\""), ("D", "4"), ("A", "3")]);
    let split = get_decode_and_split("a", &list).unwrap();
    assert_eq!(split, [&b"\"1,2\""[..], b"3"]);
}

#[test]
fn an_absent_header_is_no_list_and_an_empty_one_is_one_empty_item() {
    let list = HeaderList::from([("A", ""), ("B", "sniff")]);
    assert_eq!(get_decode_and_split("A", &list).unwrap(), [b""]);
    assert_eq!(get_decode_and_split("C", &list), None);
}

/// The Standard's algorithm, one step after the other, with its position variable.
fn step_by_step(input: &[u8]) -> Vec<Vec<u8>> {
    let (mut position, mut values, mut temporary) = (0, Vec::new(), Vec::new());
    loop {
        while position < input.len() && !b"\",".contains(&input[position]) {
            temporary.push(input[position]);
            position += 1;
        }
        if position < input.len() && input[position] == b'"' {
            let start = position;
            position += 1;
            while position < input.len() {
                position += 1;
                match input[position - 1] {
                    b'\\' if position < input.len() => position += 1,
                    b'"' => break,
                    _ => {}
                }
            }
            temporary.extend_from_slice(&input[start..position]);
            if position < input.len() {
                continue;
            }
        }
        while matches!(temporary.last(), Some(b'\t' | b' ')) {
            temporary.pop();
        }
        while matches!(temporary.first(), Some(b'\t' | b' ')) {
            temporary.remove(0);
        }
        values.push(std::mem::take(&mut temporary));
        if position >= input.len() {
            return values;
        }
        assert_eq!(input[position], b',');
        position += 1;
    }
}

#[test]
fn every_short_value_splits_as_step_by_step() {
    const ALPHABET: [u8; 6] = *b"a,\"\\ \t";
    for length in 0..=6 {
        for number in 0..6usize.pow(length) {
            let value: Vec<u8> = (0..length)
                .map(|place| ALPHABET[number / 6usize.pow(place) % 6])
                .collect();
            assert_eq!(items(&value), step_by_step(&value), "{value:?}");
        }
    }
}
