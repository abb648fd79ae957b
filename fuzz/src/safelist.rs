use std::collections::BTreeSet;

use corsac::header::{
    HeaderList, Safelist, Unsafe, cors_safelisted_request_header, cors_unsafe_request_header_names,
    no_cors_safelisted_request_header, parse_a_single_range_header_value,
};

const NAMES: [&str; 7] = [
    "Accept",
    "Accept-Language",
    "Content-Language",
    "Content-Type",
    "Range",
    "X-Custom",
    "content-TYPE",
];

/// What is safelisted is what a form could always send, and a list's unsafe names follow from its
/// headers one by one.
pub fn safelist(data: &[u8]) {
    let mut list = HeaderList::new();
    for line in super::lines(data).take(20) {
        let (selector, value) = line.split_first().unwrap_or((&0, &[]));
        let name = NAMES[usize::from(*selector) % NAMES.len()];
        let judged = cors_safelisted_request_header(name.as_bytes(), value);
        assert_eq!(
            judged.is_ok(),
            is_safelisted(name, value),
            "{name}: {}",
            value.escape_ascii()
        );
        if let Err(Unsafe::Byte { at }) = judged {
            assert!(at < value.len());
        }
        let no_cors = no_cors_safelisted_request_header(name.as_bytes(), value);
        assert_eq!(no_cors, judged.is_ok() && name != "Range");
        list.push(name, value);
    }

    let is_safe = |name: &str, value: &[u8]| is_safelisted(name, value);
    let named = |header: &corsac::header::Header| {
        String::from_utf8(header.name().to_ascii_lowercase()).expect("one of ours")
    };
    let sum: usize = list
        .iter()
        .filter(|header| is_safe(&named(header), header.value()))
        .map(|header| header.value().len())
        .sum();
    let expected: BTreeSet<_> = list
        .iter()
        .filter(|header| sum > 1024 || !is_safe(&named(header), header.value()))
        .map(|header| header.name().to_ascii_lowercase())
        .collect();
    let found = cors_unsafe_request_header_names(&list, Safelist::FETCH);
    assert!(found.iter().map(|one| &one.name).eq(expected.iter()));
}

fn is_safelisted(name: &str, value: &[u8]) -> bool {
    let fits = |bytes: &[u8]| value.iter().all(|byte| bytes.contains(byte));
    value.len() <= 128
        && match name.to_ascii_lowercase().as_str() {
            "accept" => has_no_unsafe_byte(value),
            "accept-language" | "content-language" => {
                fits(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz *,-.;=")
            }
            "content-type" => has_no_unsafe_byte(value) && is_of_a_form(value),
            "range" => is_simple_range(value),
            _ => false,
        }
}

fn has_no_unsafe_byte(value: &[u8]) -> bool {
    !value.iter().any(|&byte| {
        (byte < 0x20 && byte != b'\t') || byte == 0x7f || br#""():<>?@[\]{}"#.contains(&byte)
    })
}

/// One of the three types, whatever its parameters. Latin-1 keeps every byte one character.
fn is_of_a_form(value: &[u8]) -> bool {
    let text: String = value.iter().map(|&byte| char::from(byte)).collect();
    let white_space = ['\t', '\n', '\r', ' '];
    let essence = text.split(';').next().unwrap_or_default();
    let essence = essence.trim_matches(white_space).to_ascii_lowercase();
    matches!(
        essence.as_str(),
        "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain"
    )
}

fn is_simple_range(value: &[u8]) -> bool {
    let range = std::str::from_utf8(value).ok().and_then(|text| {
        let (start, end) = text.strip_prefix("bytes=")?.split_once('-')?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(start) || !digits(end) || start.is_empty() {
            return None;
        }
        let significant = |part: &str| part.trim_start_matches('0').to_owned();
        let (low, high) = (significant(start), significant(end));
        let in_order = (low.len(), &low) <= (high.len(), &high);
        (end.is_empty() || in_order).then_some(())
    });
    let parsed = parse_a_single_range_header_value(value, false);
    let has_start = parsed.is_some_and(|(start, _)| start.is_some());
    assert_eq!(has_start, range.is_some(), "{}", value.escape_ascii());
    range.is_some()
}
