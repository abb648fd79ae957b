use std::borrow::Cow;

use url::Url;

use crate::origin::Origin;

use super::{RedirectTaint, redirect_taint};

/// Writes a request's origin, or `null` if redirects tainted it.
///
/// Every place that compares or sends the origin takes this form: the Origin header, the CORS
/// check, the preflight cache and the TAO check. A check that took the page's own origin instead
/// would let B answer in A's name.
///
/// Source: <https://fetch.spec.whatwg.org/#serializing-a-request-origin>
///
/// ```
/// use corsac::{fetch::serializing_a_request_origin, origin::Origin};
/// let a = Origin::parse(b"https://a.example").unwrap();
/// let urls = ["https://b.example/", "https://c.example/"].map(|url| url.parse().unwrap());
/// assert_eq!(serializing_a_request_origin(&a, &urls[..1]), "https://a.example");
/// assert_eq!(serializing_a_request_origin(&a, &urls), "null");
/// ```
pub fn serializing_a_request_origin(origin: &Origin, url_list: &[Url]) -> Cow<'static, str> {
    if redirect_taint(origin, url_list) != RedirectTaint::SameOrigin {
        return Cow::Borrowed("null");
    }
    match origin {
        Origin::Opaque(_) => Cow::Borrowed("null"),
        Origin::Tuple(_) => Cow::Owned(origin.to_string()),
    }
}

/// [`serializing_a_request_origin`] as bytes: an origin's serialization is ASCII, so they are the
/// same.
///
/// Source: <https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin>
pub fn byte_serializing_a_request_origin(origin: &Origin, url_list: &[Url]) -> Cow<'static, str> {
    serializing_a_request_origin(origin, url_list)
}
