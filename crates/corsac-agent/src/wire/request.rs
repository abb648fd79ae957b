use corsac::header::{HeaderList, is_token};
use http::Method;
use url::{Position, Url};

use super::WireError;

/// Lists the header lines of a request: Host, Connection, the list in its order, and
/// Accept-Encoding where the list has none.
///
/// ```
/// use corsac_agent::wire::request_lines;
/// let list = corsac::header::HeaderList::from([("Origin", "http://sitea.com")]);
/// let url = "http://siteb.com:8080/".parse().unwrap();
/// let lines = request_lines(&url, &list, b"identity");
/// assert_eq!(lines.get("Host").as_deref(), Some(&b"siteb.com:8080"[..]));
/// assert_eq!(lines.len(), 4);
/// ```
pub fn request_lines(url: &Url, header_list: &HeaderList, accept_encoding: &[u8]) -> HeaderList {
    let mut lines = HeaderList::with_capacity(header_list.len() + 3);
    lines.push("Host", &url[Position::BeforeHost..Position::AfterPort]);
    lines.push("Connection", "keep-alive");
    for header in header_list {
        lines.push(header.name(), header.value());
    }
    // A request for a range says so itself.
    if !header_list.contains("Accept-Encoding") {
        lines.push("Accept-Encoding", accept_encoding);
    }
    lines
}

/// Writes a request: its line, these header lines and nothing else, and the body.
///
/// User, password and fragment of the URL are not sent.
///
/// # Errors
/// [`WireError::RequestHeader`], because a line end in a value would begin another header, or
/// another request.
///
/// ```
/// use corsac_agent::wire::{request_lines, write_request};
/// let list = corsac::header::HeaderList::from([("Origin", "http://sitea.com")]);
/// let url = "http://siteb.com/somePage?a#b".parse().unwrap();
/// let lines = request_lines(&url, &list, b"identity");
/// let request = write_request(&http::Method::GET, &url, &lines, b"").unwrap();
/// assert!(request.starts_with(b"GET /somePage?a HTTP/1.1\r\nHost: siteb.com\r\nConnection: "));
/// ```
pub fn write_request(
    method: &Method,
    url: &Url,
    lines: &HeaderList,
    body: &[u8],
) -> Result<Vec<u8>, WireError> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let mut request = Vec::with_capacity(512 + target.len() + body.len());
    for part in [method.as_str(), " ", target, " HTTP/1.1\r\n"] {
        request.extend_from_slice(part.as_bytes());
    }
    for header in lines {
        check_field(header.name(), header.value())?;
        for part in [header.name(), b": ", header.value(), b"\r\n"] {
            request.extend_from_slice(part);
        }
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    Ok(request)
}

fn check_field(name: &[u8], value: &[u8]) -> Result<(), WireError> {
    let ends_line = value.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n'));
    match ends_line || !is_token(name) {
        true => Err(WireError::RequestHeader),
        false => Ok(()),
    }
}
