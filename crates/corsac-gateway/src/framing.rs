//! How messages say where they end.
//!
//! hyper reads each message in one way, but passes on the lines by which somebody else may read it in
//! another. What leaves a choice goes no further.

use http::{HeaderMap, Response, StatusCode, header};

use crate::refusal::Refusal;

/// Judges a request's lines.
pub(crate) fn check_request(headers: &HeaderMap) -> Result<(), Refusal> {
    // HTTP/2 passes on as many as there are. One length of several has no effect there.
    if has_several(headers, &header::CONTENT_LENGTH) {
        return Err(Refusal::TwoLengths);
    }
    match has_other_coding(headers) {
        true => Err(Refusal::OtherCoding),
        false => Ok(()),
    }
}

/// Judges a response to a request that did not ask for an upgrade.
pub(crate) fn check_response<B>(response: &Response<B>) -> Result<(), Refusal> {
    let headers = response.headers();
    let is_coded = headers.contains_key(header::TRANSFER_ENCODING);
    let is_unclear = response.status() == StatusCode::SWITCHING_PROTOCOLS
        || has_several(headers, &header::CONTENT_LENGTH)
        || (is_coded && headers.contains_key(header::CONTENT_LENGTH))
        || (is_coded && has_other_coding(headers));
    match is_unclear {
        true => Err(Refusal::Unclear),
        false => Ok(()),
    }
}

fn has_several(headers: &HeaderMap, name: &http::HeaderName) -> bool {
    headers.get_all(name).iter().nth(1).is_some()
}

/// Whether there is another coding than chunks, which nobody here would take off: the next one would
/// get what is coded without being told.
fn has_other_coding(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (lines.next(), lines.next()) {
        (None, _) => false,
        (Some(line), None) => !line
            .as_bytes()
            .trim_ascii()
            .eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => true,
    }
}
