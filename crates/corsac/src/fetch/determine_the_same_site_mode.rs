use crate::origin::{OpaqueId, Origin};

use super::{FetchParams, RedirectTaint};

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
/// looks at redirects and ancestors, but not at where the request itself goes, and would send every
/// cookie straight to another site. Browsers compare, and so does this.
///
/// Source: <https://fetch.spec.whatwg.org/#determine-the-same-site-mode>
pub(super) fn determine_the_same_site_mode(params: &FetchParams) -> SameSiteMode {
    let environment = &params.environment;
    if environment.has_cross_site_ancestor {
        return SameSiteMode::UnsetOrLess;
    }
    let regards_redirects = params.profile.same_site_regards_redirects;
    if regards_redirects && params.redirect_taint == RedirectTaint::CrossSite {
        return SameSiteMode::UnsetOrLess;
    }
    let target = Origin::of_url(params.current_url(), OpaqueId(u64::MAX));
    let is_same_site = match params.profile.same_site_regards_scheme {
        true => environment.origin.is_same_site(&target),
        false => environment.origin.is_schemelessly_same_site(&target),
    };
    if !is_same_site {
        return SameSiteMode::UnsetOrLess;
    }
    SameSiteMode::StrictOrLess
}
