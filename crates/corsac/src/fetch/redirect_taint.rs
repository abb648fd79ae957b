use url::Url;

use crate::origin::{OpaqueId, Origin};

/// How far a chain of redirects has led away from the page.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-request-tainted-origin>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RedirectTaint {
    /// No origin but the page's has sent the request on to another.
    SameOrigin,
    /// Another origin of the page's site has.
    SameSite,
    /// Another site has.
    CrossSite,
}

/// Computes the redirect-taint: whether anybody else than the page's own origin redirected the
/// request to another origin.
///
/// `A -> B` is clean; `A -> B -> C` and even `A -> B -> A` are not, since B chose the target and A
/// must not be spoken to in the page's name for it.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-request-tainted-origin>
///
/// ```
/// use corsac::{fetch::{RedirectTaint, redirect_taint}, origin::Origin};
/// let a = Origin::parse(b"https://a.example").unwrap();
/// let chain = |urls: &[&str]| redirect_taint(&a, &urls.iter().map(|url| url.parse().unwrap()).collect::<Vec<_>>());
/// assert_eq!(chain(&["https://a.example", "https://b.example"]), RedirectTaint::SameOrigin);
/// assert_eq!(chain(&["https://b.example", "https://a.example"]), RedirectTaint::CrossSite);
/// ```
pub fn redirect_taint(origin: &Origin, url_list: &[Url]) -> RedirectTaint {
    let mut taint = RedirectTaint::SameOrigin;
    for pair in url_list.windows(2) {
        let [last_url, url] = pair else { continue };
        // An identity nobody has: URLs without a tuple origin are same origin with nothing, and
        // redirects lead to http(s) only.
        let last_origin = Origin::of_url(last_url, OpaqueId(u64::MAX));
        let url_origin = Origin::of_url(url, OpaqueId(u64::MAX - 1));
        if !url_origin.is_same_site(&last_origin) && !origin.is_same_site(&last_origin) {
            return RedirectTaint::CrossSite;
        }
        if !url_origin.is_same_origin(&last_origin) && !origin.is_same_origin(&last_origin) {
            taint = RedirectTaint::SameSite;
        }
    }
    taint
}
