use url::Url;

use crate::{
    diagnosis::{Evidence, Reason},
    header::{Extracted, extract_header_list_values},
};

use super::{ResponseHead, is_redirect_status};

const LOCATION: &str = "Location";

/// Finds out where a redirect leads: `None` if nowhere, an error if its Location can't be used.
///
/// Bytes from 0x80 on are percent-encoded as they are, since nothing says what text they were meant
/// to be. Two Location lines are an error even if they agree.
///
/// # Errors
/// [`Reason::RedirectLocation`] for several lines or something that is no URL.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-response-location-url>
///
/// ```
/// use corsac::fetch::{ResponseHead, location_url};
/// let url = "https://a.example/x#top".parse().unwrap();
/// let response = ResponseHead::new(302, [("Location", "y")]);
/// let location = location_url(&response, &url, url.fragment()).unwrap().unwrap();
/// assert_eq!(location.as_str(), "https://a.example/y#top");
/// ```
pub fn location_url(
    response: &ResponseHead,
    url: &Url,
    request_fragment: Option<&str>,
) -> Result<Option<Url>, Reason> {
    if !is_redirect_status(response.status) {
        return Ok(None);
    }
    let failure = |at: Option<usize>| {
        let mut lines = response.header_list.lines(LOCATION);
        let (line, value) = lines
            .find(|&(line, _)| at.is_none_or(|at| at == line))
            .unwrap_or_default();
        Reason::RedirectLocation {
            value: value.to_vec(),
            several: at.is_some(),
            evidence: Evidence {
                header: LOCATION,
                line,
                byte: 0,
                length: value.len(),
            },
        }
    };
    let location = match extract_header_list_values(LOCATION, &response.header_list) {
        Extracted::Absent => return Ok(None),
        // Its grammar takes any bytes, so that only a second line can fail.
        Extracted::Failure { line, .. } => return Err(failure(Some(line))),
        Extracted::List(values) => values.concat(),
    };
    let location = percent_encode_non_ascii(&location);
    let Ok(mut location) = url.join(&location) else {
        return Err(failure(None));
    };
    if location.fragment().is_none() {
        location.set_fragment(request_fragment);
    }
    Ok(Some(location))
}

fn percent_encode_non_ascii(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            0x80.. => text.push_str(&format!("%{byte:02X}")),
            _ => text.push(char::from(byte)),
        }
    }
    text
}
