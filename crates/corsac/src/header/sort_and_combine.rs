use super::HeaderList;

/// Lower-cases names, sorts them by their bytes and drops duplicates.
///
/// Source: <https://fetch.spec.whatwg.org/#convert-header-names-to-a-sorted-lowercase-set>
///
/// ```
/// use corsac::header::convert_header_names_to_a_sorted_lowercase_set as convert;
/// assert_eq!(convert([&b"X-B"[..], b"accept", b"x-b"]), [&b"accept"[..], b"x-b"]);
/// ```
pub fn convert_header_names_to_a_sorted_lowercase_set<'a>(
    header_names: impl IntoIterator<Item = &'a [u8]>,
) -> Vec<Vec<u8>> {
    let mut header_names_set: Vec<_> = header_names
        .into_iter()
        .map(<[u8]>::to_ascii_lowercase)
        .collect();
    header_names_set.sort_unstable();
    header_names_set.dedup();
    header_names_set
}

/// Sorts a list by name and joins what shares a name, except Set-Cookie, whose lines stay apart.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine>
///
/// ```
/// use corsac::header::{HeaderList, sort_and_combine};
/// let list = HeaderList::from([("Set-Cookie", "b"), ("A", "1"), ("set-cookie", "a"), ("a", "2")]);
/// let sorted = HeaderList::from([("a", "1, 2"), ("set-cookie", "b"), ("set-cookie", "a")]);
/// assert_eq!(sort_and_combine(&list), sorted);
/// ```
pub fn sort_and_combine(list: &HeaderList) -> HeaderList {
    let names =
        convert_header_names_to_a_sorted_lowercase_set(list.iter().map(|header| header.name()));
    let mut headers = HeaderList::with_capacity(names.len());
    for name in names {
        if name == b"set-cookie" {
            for header in list.iter().filter(|header| header.is_named(&name)) {
                headers.push(&name, header.value());
            }
        } else if let Some(value) = list.get(&name) {
            headers.push(&name, value);
        }
    }
    headers
}
