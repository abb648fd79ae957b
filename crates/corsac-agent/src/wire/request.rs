use corsac::header::{Header, HeaderList, is_token};
use http::Method;
use memchr::{memchr, memchr_iter};
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
    let first = [method.as_str(), " ", target, " HTTP/1.1\r\n"];
    let length: usize = lines.iter().map(line_length).sum();
    let mut request = Vec::with_capacity(64 + target.len() + length + body.len());
    for part in first {
        request.extend_from_slice(part.as_bytes());
    }
    for header in lines {
        if !is_token(header.name()) {
            return Err(WireError::RequestHeader);
        }
        for part in [header.name(), b": ", header.value(), b"\r\n"] {
            request.extend_from_slice(part);
        }
    }
    // One look at all of it: whatever ends a line more than was written here came from a value.
    let is_once_a_line = |byte| memchr_iter(byte, &request).count() == 1 + lines.len();
    if !is_once_a_line(b'\r') || !is_once_a_line(b'\n') || memchr(0, &request).is_some() {
        return Err(WireError::RequestHeader);
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    Ok(request)
}

fn line_length(header: &Header) -> usize {
    header.name().len() + header.value().len() + 4
}
