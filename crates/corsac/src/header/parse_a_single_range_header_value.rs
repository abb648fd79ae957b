/// Parses `bytes=START-END`, one range, either end of which may be missing but not both.
///
/// Returns `(rangeStart, rangeEnd)`, or `None` for the Standard's failure. A number too large for a
/// `u128` is returned as the largest one, since no body is that long; which of two such is larger
/// still counts.
///
/// Source: <https://fetch.spec.whatwg.org/#simple-range-header-value>
///
/// ```
/// use corsac::header::parse_a_single_range_header_value as parse;
/// assert_eq!(parse(b"bytes=0-9", false), Some((Some(0), Some(9))));
/// assert_eq!(parse(b"bytes=-500", false), Some((None, Some(500))));
/// assert_eq!(parse(b"bytes = 0 - 9", false), None);
/// assert_eq!(parse(b"bytes = 0 - 9", true), Some((Some(0), Some(9))));
/// ```
pub fn parse_a_single_range_header_value(
    value: &[u8],
    allow_whitespace: bool,
) -> Option<(Option<u128>, Option<u128>)> {
    let skip_whitespace = |data: &mut &[u8]| {
        if allow_whitespace {
            collect(data, super::is_http_tab_or_space);
        }
    };
    // The unit is case-sensitive: `Bytes=` is not it.
    let mut data = value.strip_prefix(b"bytes")?;
    skip_whitespace(&mut data);
    data = data.strip_prefix(b"=")?;
    skip_whitespace(&mut data);
    let range_start = collect(&mut data, |byte| byte.is_ascii_digit());
    skip_whitespace(&mut data);
    data = data.strip_prefix(b"-")?;
    skip_whitespace(&mut data);
    let range_end = collect(&mut data, |byte| byte.is_ascii_digit());
    if !data.is_empty() {
        return None;
    }
    match (decimal(range_start), decimal(range_end)) {
        (None, None) => None,
        (Some(_), Some(_)) if magnitude(range_start) > magnitude(range_end) => None,
        range => Some(range),
    }
}

/// Takes the bytes of a set off the front of the data.
fn collect<'a>(data: &mut &'a [u8], collected: impl Fn(u8) -> bool) -> &'a [u8] {
    let end = data.iter().position(|&byte| !collected(byte));
    let (sequence, rest) = data.split_at(end.unwrap_or(data.len()));
    *data = rest;
    sequence
}

/// The digits as a number, as large as one gets; `None` if there are no digits.
fn decimal(digits: &[u8]) -> Option<u128> {
    let value = |digit: &u8| u128::from(digit - b'0');
    let (first, others) = digits.split_first()?;
    Some(others.iter().fold(value(first), |number, digit| {
        number.saturating_mul(10).saturating_add(value(digit))
    }))
}

/// What orders numbers of any length: the longer one, leading zeros aside, is the larger one.
fn magnitude(digits: &[u8]) -> (usize, &[u8]) {
    let mut significant = digits;
    collect(&mut significant, |digit| digit == b'0');
    (significant.len(), significant)
}
