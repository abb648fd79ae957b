use super::{FetchParams, RedirectTaint, redirect_taint};

/// Which cookies may travel, by their SameSite attribute.
///
/// Source: <https://fetch.spec.whatwg.org/#determine-the-same-site-mode>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SameSiteMode {
    /// All of them: the request stays within one site.
    StrictOrLess,
    /// Only those that do not ask to stay within their site.
    UnsetOrLess,
}

/// Determines the same-site mode, so that people learn why CORS works and the cookie does not come.
///
/// Subresources only: `lax-or-less` is for navigations, which this crate does not make. The text
/// takes a request of another site for granted as long as its redirects stay clean; the cookie
/// store compares the sites of page and URL besides.
///
/// Source: <https://fetch.spec.whatwg.org/#determine-the-same-site-mode>
pub(super) fn determine_the_same_site_mode(params: &FetchParams) -> SameSiteMode {
    let environment = &params.environment;
    if environment.has_cross_site_ancestor {
        return SameSiteMode::UnsetOrLess;
    }
    let taint = redirect_taint(&environment.origin, &params.url_list);
    if taint == RedirectTaint::CrossSite {
        return SameSiteMode::UnsetOrLess;
    }
    SameSiteMode::StrictOrLess
}
