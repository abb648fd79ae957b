use corsac::header::{HeaderList, is_token};
use http::Method;
use url::{Position, Url};

use super::WireError;

/// Writes a request: Host, the list in its order, what the transport adds, and the body.
///
/// User, password and fragment of the URL are not sent. Every request asks for a connection of its
/// own and for a body as it is.
///
/// # Errors
/// [`WireError::RequestHeader`], because a line end in a value would begin another header, or
/// another request.
///
/// ```
/// use corsac_agent::wire::write_request;
/// let list = corsac::header::HeaderList::from([("Origin", "http://sitea.com")]);
/// let url = "http://siteb.com/somePage?a#b".parse().unwrap();
/// let request = write_request(&http::Method::GET, &url, &list, b"").unwrap();
/// assert!(request.starts_with(b"GET /somePage?a HTTP/1.1\r\nHost: siteb.com\r\nOrigin: "));
/// ```
pub fn write_request(
    method: &Method,
    url: &Url,
    header_list: &HeaderList,
    body: &[u8],
) -> Result<Vec<u8>, WireError> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let mut request = Vec::with_capacity(512 + body.len());
    request.extend_from_slice(format!("{method} {target} HTTP/1.1\r\n").as_bytes());
    let mut write = |name: &[u8], value: &[u8]| {
        let ends_line = value.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n'));
        if ends_line || !is_token(name) {
            return Err(WireError::RequestHeader);
        }
        for part in [name, b": ", value, b"\r\n"] {
            request.extend_from_slice(part);
        }
        Ok(())
    };
    write(b"Host", host.as_bytes())?;
    for header in header_list {
        write(header.name(), header.value())?;
    }
    // A request for a range says so itself.
    if !header_list.contains("Accept-Encoding") {
        write(b"Accept-Encoding", b"identity")?;
    }
    write(b"Connection", b"close")?;
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    Ok(request)
}
