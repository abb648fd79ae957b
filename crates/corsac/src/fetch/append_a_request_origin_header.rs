use crate::{header::HeaderList, origin::Origin};

use super::{FetchParams, Mode, ReferrerPolicy, ResponseTainting};

/// Appends Origin where it is due: always on what the CORS protocol asks for, else only with
/// methods other than GET and HEAD, so that a server can't tell a same-origin GET by it.
///
/// Source: <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
pub(super) fn append_a_request_origin_header(params: &FetchParams, header_list: &mut HeaderList) {
    let serialized_origin = params.serialized_origin();
    if params.response_tainting == ResponseTainting::Cors {
        header_list.append("Origin", serialized_origin);
    } else if !params.is_get_or_head() {
        // A page that asked for sharing shows its origin; any other follows its referrer policy.
        let hidden = params.request.mode != Mode::Cors && is_hidden_by_referrer_policy(params);
        let value = if hidden { "null" } else { serialized_origin };
        header_list.append("Origin", value);
    }
}

fn is_hidden_by_referrer_policy(params: &FetchParams) -> bool {
    let (origin, current_url) = (&params.environment.origin, params.current_url());
    match params.referrer_policy() {
        ReferrerPolicy::NoReferrer => true,
        ReferrerPolicy::NoReferrerWhenDowngrade
        | ReferrerPolicy::StrictOrigin
        | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
            origin.scheme() == Some("https") && current_url.scheme() != "https"
        }
        ReferrerPolicy::SameOrigin => !origin.is_same_origin_with_url(current_url),
        ReferrerPolicy::Origin
        | ReferrerPolicy::OriginWhenCrossOrigin
        | ReferrerPolicy::UnsafeUrl => false,
    }
}

/// Says whether what comes over a URL can be trusted not to have been changed on its way.
///
/// Source: <https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy>
pub(super) fn is_potentially_trustworthy_url(url: &url::Url) -> bool {
    url.scheme() == "data"
        || Origin::tuple_of_url(url)
            .is_some_and(|tuple| Origin::Tuple(tuple).is_potentially_trustworthy())
}
