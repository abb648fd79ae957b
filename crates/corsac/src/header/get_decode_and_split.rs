use super::{HeaderList, trim};

/// Gets a header and splits its value at the commas outside quoted strings, each item trimmed of
/// HTAB and SP; `None` if the header is absent.
///
/// Empty items stay. Items are bytes, one for each code point of the Standard's isomorphic
/// strings. Timing-Allow-Origin and the method-override headers are read so; the
/// Access-Control-Allow-* lists are not (see [`super::extract_header_list_values`]).
///
/// Source: <https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split>
///
/// ```
/// use corsac::header::{HeaderList, get_decode_and_split};
/// let list = HeaderList::from([("A", r#"x;y="1,2""#), ("A", ""), ("A", "z")]);
/// let items = get_decode_and_split("a", &list).unwrap();
/// assert_eq!(items, [&b"x;y=\"1,2\""[..], b"", b"z"]);
/// ```
pub fn get_decode_and_split(name: &str, list: &HeaderList) -> Option<Vec<Vec<u8>>> {
    let value = list.get(name)?;
    Some(split(&value).map(<[u8]>::to_vec).collect())
}

/// Splits one value: the value-level algorithm of the same name.
///
/// An item can join what stands before, inside and after a quoted string, which is always one
/// stretch of the input, so that the items borrow from it.
///
/// Source: <https://fetch.spec.whatwg.org/#header-value-get-decode-and-split>
pub fn split(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let input = rest?;
        let end = end_of_item(input);
        let (item, tail) = input.split_at(end);
        // A comma ends this item and begins another one, even an empty one at the very end.
        rest = tail.split_first().map(|(_comma, tail)| tail);
        Some(trim(item, super::is_http_tab_or_space))
    })
}

/// Where the first comma outside quotes stands, or the length.
///
/// A backslash inside quotes hides the byte after it; a quote that nobody closes runs to the end.
fn end_of_item(input: &[u8]) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (position, byte) in input.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return position,
            _ => {}
        }
    }
    input.len()
}
