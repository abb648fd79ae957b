/// Parses `bytes=START-END`, one range, either end of which may be missing but not both.
///
/// Returns `(rangeStart, rangeEnd)`, or `None` for the Standard's failure. Numbers too large for a
/// `u128` saturate: they can only be compared with each other, and a body of that length cannot
/// exist.
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
            *data = data.trim_ascii_start_of(super::is_http_tab_or_space);
        }
    };
    // The unit is case-sensitive: `Bytes=` is not it.
    let mut data = value.strip_prefix(b"bytes")?;
    skip_whitespace(&mut data);
    data = data.strip_prefix(b"=")?;
    skip_whitespace(&mut data);
    let range_start_value = collect_digits(&mut data);
    skip_whitespace(&mut data);
    data = data.strip_prefix(b"-")?;
    skip_whitespace(&mut data);
    let range_end_value = collect_digits(&mut data);
    if !data.is_empty() {
        return None;
    }
    match (range_start_value, range_end_value) {
        (None, None) => None,
        (Some(start), Some(end)) if start > end => None,
        range => Some(range),
    }
}

fn collect_digits(data: &mut &[u8]) -> Option<u128> {
    let rest = data.trim_ascii_start_of(|byte| byte.is_ascii_digit());
    let (digits, _) = data.split_at(data.len() - rest.len());
    *data = rest;
    if digits.is_empty() {
        return None;
    }
    Some(digits.iter().fold(0u128, |number, digit| {
        number
            .saturating_mul(10)
            .saturating_add(u128::from(digit - b'0'))
    }))
}

/// `trim_ascii_start` for any set of bytes.
trait TrimStart {
    fn trim_ascii_start_of(&self, trimmed: impl Fn(u8) -> bool) -> &Self;
}

impl TrimStart for [u8] {
    fn trim_ascii_start_of(&self, trimmed: impl Fn(u8) -> bool) -> &Self {
        let start = self.iter().position(|&byte| !trimmed(byte));
        self.split_at(start.unwrap_or(self.len())).1
    }
}
