//! Headers that are for the next peer only.

use http::{HeaderMap, HeaderName, HeaderValue, header};

static KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
static PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// Takes the headers out that are for the next peer only: those that are by their nature, and those
/// that Connection names. Of TE, `trailers` goes on.
pub(crate) fn strip(headers: &mut HeaderMap) {
    // As a rule there are none, and one look at each name costs less than eight searches.
    if headers.keys().any(is_hop_by_hop) {
        strip_some(headers);
    }
}

fn is_hop_by_hop(name: &HeaderName) -> bool {
    *name == header::CONNECTION
        || *name == header::TRANSFER_ENCODING
        || *name == header::TE
        || *name == header::UPGRADE
        || *name == header::PROXY_AUTHORIZATION
        || *name == header::PROXY_AUTHENTICATE
        || *name == KEEP_ALIVE
        || *name == PROXY_CONNECTION
}

fn strip_some(headers: &mut HeaderMap) {
    let named: Vec<_> = headers
        .get_all(header::CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
        .filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok())
        .filter(|name| !is_end_to_end(name))
        .collect();
    for name in named {
        headers.remove(name);
    }
    let takes_trailers = headers
        .get_all(header::TE)
        .iter()
        .any(|value| value.as_bytes().eq_ignore_ascii_case(b"trailers"));
    for name in [
        header::CONNECTION,
        header::TRANSFER_ENCODING,
        header::TE,
        header::UPGRADE,
        header::PROXY_AUTHORIZATION,
        header::PROXY_AUTHENTICATE,
        KEEP_ALIVE.clone(),
        PROXY_CONNECTION.clone(),
    ] {
        headers.remove(name);
    }
    if takes_trailers {
        headers.insert(header::TE, HeaderValue::from_static("trailers"));
    }
}

/// Names that Connection must not take away, because what they say is relied on.
fn is_end_to_end(name: &HeaderName) -> bool {
    *name == header::HOST
        || *name == header::ORIGIN
        || *name == header::COOKIE
        || *name == header::AUTHORIZATION
        || *name == header::CONTENT_LENGTH
        || *name == header::CONTENT_TYPE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(lines: &[(&str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        strip(&mut headers);
        let left = headers
            .iter()
            .map(|(name, value)| format!("{name}={}", value.to_str().unwrap()));
        let mut left: Vec<_> = left.collect();
        left.sort_unstable();
        left.join(" ")
    }

    #[test]
    fn what_is_for_the_next_peer_goes_no_further() {
        for (lines, left) in [
            (&[("accept", "a")][..], "accept=a"),
            (
                &[
                    ("connection", "keep-alive"),
                    ("keep-alive", "timeout=5"),
                    ("a", "b"),
                ],
                "a=b",
            ),
            (
                &[
                    ("connection", "X-One, x-two"),
                    ("x-one", "1"),
                    ("x-two", "2"),
                    ("x-three", "3"),
                ],
                "x-three=3",
            ),
            (&[("te", "trailers")], "te=trailers"),
            (&[("te", "gzip")], ""),
            (&[("proxy-authorization", "a"), ("upgrade", "h2c")], ""),
            // An old way around a proxy's rules.
            (
                &[
                    ("connection", "close, origin, cookie"),
                    ("origin", "o"),
                    ("cookie", "c"),
                ],
                "cookie=c origin=o",
            ),
        ] {
            assert_eq!(stripped(lines), left);
        }
    }
}
