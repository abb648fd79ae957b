use url::{Host, Url};

use crate::origin;

use super::{
    Destination, FetchParams, append_a_request_origin_header::is_potentially_trustworthy_url,
};

/// Makes https of the URL of an image, sound or film that an https page loads from an http name:
/// the kinds of mixed content that browsers mend rather than block.
///
/// Source: <https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm>
pub(super) fn upgrade_a_mixed_content_request(params: &mut FetchParams) {
    let upgradeable = matches!(
        params.request.destination,
        Destination::Audio | Destination::Image | Destination::Video
    );
    let is_name = matches!(params.current_url().host(), Some(Host::Domain(_)));
    if upgradeable && is_name && is_mixed(params) {
        upgrade(params);
    }
}

/// Says whether an https page asks for a URL whose response could be changed on its way.
///
/// Only the scheme of the page counts, as in browsers: a page of `http://localhost` is trusted, and
/// may load what it likes. A sandboxed page has the scheme that it came by.
///
/// Source: <https://w3c.github.io/webappsec-mixed-content/#should-block-fetch>
pub(super) fn is_mixed(params: &FetchParams) -> bool {
    let environment = &params.environment;
    let creation_url = environment.creation_url.as_ref();
    let scheme = environment.origin.scheme();
    scheme.or(creation_url.map(Url::scheme)) == Some("https")
        && params.current_url().scheme() == "http"
        && !is_potentially_trustworthy_url(params.current_url())
}

/// Says whether a server may have asked to be spoken to by https only: a name may, an address or
/// this very machine may not.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc6797.html#section-8.2>
pub(super) fn may_be_upgraded(url: &Url) -> bool {
    let host = match url.host() {
        Some(Host::Domain(name)) => origin::Host::Domain(name.into()),
        _ => return false,
    };
    url.scheme() == "http" && !host.is_loopback()
}

/// Makes https of the current URL.
pub(super) fn upgrade(params: &mut FetchParams) {
    let mut url = params.current_url().clone();
    // http and https can always be exchanged; anything else stays.
    if url.scheme() == "http" && url.set_scheme("https").is_ok() {
        params.replace_current_url(url);
    }
}
