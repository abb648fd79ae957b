//! Headers: the list, and the Standard's algorithms over names, values and lists.
//!
//! Bytes, not text: a value may hold anything that HTTP let through, and whether one odd byte
//! passes decides whether a page may read a response.

mod client_hint;
mod cors_safelisted_request_header;
mod cors_unsafe_request_header_names;
mod extract_header_list_values;
mod forbidden_request_header;
mod get_decode_and_split;
mod grammar;
mod list;
mod names;
mod normalize;
mod parse_a_mime_type;
mod parse_a_single_range_header_value;
mod sort_and_combine;

pub use cors_safelisted_request_header::{
    Unsafe, cors_safelisted_request_header, is_cors_unsafe_request_header_byte,
    no_cors_safelisted_request_header,
};
pub use cors_unsafe_request_header_names::{
    Safelist, UnsafeName, cors_unsafe_request_header_names,
};
pub use extract_header_list_values::{
    Extracted, GrammarError, Values, extract_header_list_values, extract_header_values,
};
pub use forbidden_request_header::is_forbidden_request_header;
pub use get_decode_and_split::{get_decode_and_split, split};
pub use grammar::{Grammar, is_token};
pub use list::{Header, HeaderList};
pub use names::{
    REQUEST_BODY_HEADER_NAMES, is_cors_non_wildcard_request_header_name,
    is_cors_safelisted_response_header_name, is_forbidden_response_header_name,
    is_no_cors_safelisted_request_header_name, is_privileged_no_cors_request_header_name,
    is_request_body_header_name,
};
pub use normalize::normalize;
pub use parse_a_mime_type::parse_a_mime_type_essence;
pub use parse_a_single_range_header_value::parse_a_single_range_header_value;
pub use sort_and_combine::{convert_header_names_to_a_sorted_lowercase_set, sort_and_combine};

/// HTAB and SP: all the white space there is between the parts of a header value.
pub(crate) fn is_http_tab_or_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b' ')
}

/// [`is_http_tab_or_space`], LF and CR: what is stripped from input that no wire has cleaned.
fn is_http_whitespace(byte: u8) -> bool {
    is_http_tab_or_space(byte) || matches!(byte, b'\n' | b'\r')
}

/// Strips bytes of a set from both ends.
pub(crate) fn trim(bytes: &[u8], trimmed: impl Fn(u8) -> bool) -> &[u8] {
    let start = bytes.iter().position(|&byte| !trimmed(byte));
    let (_, bytes) = bytes.split_at(start.unwrap_or(bytes.len()));
    trim_end(bytes, trimmed)
}

/// Strips bytes of a set from the end.
fn trim_end(bytes: &[u8], trimmed: impl Fn(u8) -> bool) -> &[u8] {
    let last = bytes.iter().rposition(|&byte| !trimmed(byte));
    bytes.split_at(last.map_or(0, |last| last + 1)).0
}
