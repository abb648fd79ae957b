use corsac::{
    header::{
        Extracted, Grammar, GrammarError, HeaderList, extract_header_list_values,
        extract_header_values,
    },
    origin::Origin,
};

const NAMES: [&str; 10] = [
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Location",
    "Origin",
];

/// Each header of the protocol, in any number of lines, is read as its grammar says.
pub fn grammar(data: &[u8]) {
    let Some((selector, data)) = data.split_first() else {
        return;
    };
    let name = NAMES[usize::from(*selector) % NAMES.len()];
    let grammar = Grammar::of(name).expect("each of them has one");
    // Other headers between the lines change nothing but the places.
    let mut list = HeaderList::from([("X-Other", "a,b")]);
    let lines: Vec<_> = super::lines(data).take(4).collect();
    for (number, line) in lines.iter().enumerate() {
        match number % 2 {
            0 => list.push(name, line),
            _ => list.push(name.to_ascii_uppercase(), line),
        }
    }
    let expected = expected(name, &lines);
    match extract_header_list_values(name, &list) {
        Extracted::Absent => assert!(lines.is_empty()),
        Extracted::List(values) => assert_eq!(Some(values), expected),
        Extracted::Failure { line, error } => {
            assert_eq!(expected, None);
            let bad = list.iter().nth(line).expect("a line of the list");
            assert!(bad.is_named(name));
            match error {
                GrammarError::SeveralLines => assert_eq!(line, 2),
                GrammarError::Byte { at } => assert!(at <= bad.value().len()),
                other => panic!("{other:?}"),
            }
        }
    }
    for line in lines {
        let one = extract_header_values(grammar, line).ok();
        assert_eq!(one, self::expected(name, &[line]));
    }
}

/// The same by hand: `None` for what cannot be read.
fn expected<'a>(name: &str, lines: &[&'a [u8]]) -> Option<Vec<&'a [u8]>> {
    let single = match lines {
        [line] => Some(*line),
        _ => None,
    };
    match name {
        "Access-Control-Allow-Headers"
        | "Access-Control-Allow-Methods"
        | "Access-Control-Expose-Headers" => tokens(lines),
        "Access-Control-Request-Headers" => {
            let full = |line: &&[u8]| tokens(&[line]).is_some_and(|items| !items.is_empty());
            tokens(lines).filter(|_| lines.iter().all(full))
        }
        "Access-Control-Request-Method" => single
            .filter(|line| !line.is_empty() && line.iter().all(|&byte| is_token_byte(byte)))
            .map(|line| vec![line]),
        "Access-Control-Max-Age" => single
            .filter(|line| !line.is_empty() && line.iter().all(u8::is_ascii_digit))
            .map(|line| vec![line]),
        "Access-Control-Allow-Credentials" => single
            .filter(|line| *line == b"true")
            .map(|line| vec![line]),
        "Location" => single.map(|line| vec![line]),
        "Access-Control-Allow-Origin" => single
            .filter(|line| *line == b"*" || *line == b"null" || Origin::parse(line).is_ok())
            .map(|line| vec![line]),
        _ => single
            .filter(|line| *line == b"null" || Origin::parse(line).is_ok())
            .map(|line| vec![line]),
    }
}

/// `#token`, byte by byte: before an item, in it, or after it.
fn tokens<'a>(lines: &[&'a [u8]]) -> Option<Vec<&'a [u8]>> {
    let mut tokens = Vec::new();
    for line in lines {
        let mut item: Option<(usize, usize)> = None;
        let mut is_over = false;
        for (place, &byte) in line.iter().enumerate() {
            match byte {
                b',' => {
                    tokens.extend(item.take().map(|(start, end)| &line[start..end]));
                    is_over = false;
                }
                b' ' | b'\t' => is_over = item.is_some(),
                _ if is_over || !is_token_byte(byte) => return None,
                _ => item = Some((item.map_or(place, |(start, _)| start), place + 1)),
            }
        }
        tokens.extend(item.map(|(start, end)| &line[start..end]));
    }
    Some(tokens)
}

/// RFC 9110: any visible character but the delimiters.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !br#""(),/:;<=>?@[\]{}"#.contains(&byte)
}
