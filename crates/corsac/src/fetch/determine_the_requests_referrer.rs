use url::Url;

use crate::{header::HeaderList, origin::Origin};

use super::{
    FetchParams, Referrer, ReferrerPolicy,
    append_a_request_origin_header::is_potentially_trustworthy_url,
};

/// Sets what Referer says on this hop. It takes the place of the referrer there was, so that no
/// redirect can get back what an earlier hop's policy took away.
pub(super) fn set_the_referrer(params: &mut FetchParams) {
    let referrer = determine_the_requests_referrer(params);
    params.request.referrer = referrer.map_or(Referrer::NoReferrer, Referrer::Url);
}

/// Determines what Referer says, by the referrer policy; `None` for nothing.
///
/// Source: <https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer>
fn determine_the_requests_referrer(params: &FetchParams) -> Option<Url> {
    let environment = &params.environment;
    let referrer_source = match &params.request.referrer {
        Referrer::NoReferrer => return None,
        // A sandboxed frame is not to be known by the URL it came from.
        Referrer::Client if matches!(environment.origin, Origin::Opaque(_)) => return None,
        Referrer::Client => environment.creation_url.as_ref()?,
        Referrer::Url(url) => url,
    };
    let referrer_url = strip_for_referrer(referrer_source, false)?;
    let referrer_origin = || strip_for_referrer(referrer_source, true);
    // A URL of more than 4096 bytes shrinks to its origin.
    let referrer_url = match referrer_url.as_str().len() {
        0..=4096 => referrer_url,
        _ => referrer_origin()?,
    };
    let current_url = params.current_url();
    let same_origin = referrer_url.origin() == current_url.origin();
    let downgrade = is_potentially_trustworthy_url(&referrer_url)
        && !is_potentially_trustworthy_url(current_url);
    match params.referrer_policy() {
        ReferrerPolicy::NoReferrer => None,
        ReferrerPolicy::Origin => referrer_origin(),
        ReferrerPolicy::UnsafeUrl => Some(referrer_url),
        ReferrerPolicy::StrictOrigin => (!downgrade).then(referrer_origin).flatten(),
        ReferrerPolicy::StrictOriginWhenCrossOrigin if same_origin => Some(referrer_url),
        ReferrerPolicy::StrictOriginWhenCrossOrigin => (!downgrade).then(referrer_origin).flatten(),
        ReferrerPolicy::SameOrigin => same_origin.then_some(referrer_url),
        ReferrerPolicy::OriginWhenCrossOrigin if same_origin => Some(referrer_url),
        ReferrerPolicy::OriginWhenCrossOrigin => referrer_origin(),
        ReferrerPolicy::NoReferrerWhenDowngrade => (!downgrade).then_some(referrer_url),
    }
}

/// Takes out of a URL what no referrer may say: user, password, fragment; path and query too for
/// its origin only. A local scheme refers to nothing.
///
/// Source: <https://w3c.github.io/webappsec-referrer-policy/#strip-url>
fn strip_for_referrer(url: &Url, origin_only: bool) -> Option<Url> {
    if matches!(url.scheme(), "about" | "blob" | "data") || Origin::tuple_of_url(url).is_none() {
        return None;
    }
    let mut url = url.clone();
    // Fails only for URLs that cannot have them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    if origin_only {
        url.set_path("");
        url.set_query(None);
    }
    Some(url)
}

impl FetchParams {
    /// The request's referrer policy, or its page's.
    pub(super) fn referrer_policy(&self) -> ReferrerPolicy {
        self.request
            .referrer_policy
            .unwrap_or(self.environment.referrer_policy)
    }
}

/// Takes over the last policy that a redirect's Referrer-Policy names and we know.
///
/// Source: <https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect>
pub(super) fn set_the_referrer_policy_on_redirect(params: &mut FetchParams, list: &HeaderList) {
    let named = list
        .lines("Referrer-Policy")
        .flat_map(|(_, value)| value.split(|&byte| byte == b','))
        .filter_map(|token| parse_policy(token.trim_ascii()))
        .next_back();
    if let Some(policy) = named {
        params.request.referrer_policy = Some(policy);
    }
}

fn parse_policy(token: &[u8]) -> Option<ReferrerPolicy> {
    Some(match token.to_ascii_lowercase().as_slice() {
        b"no-referrer" => ReferrerPolicy::NoReferrer,
        b"no-referrer-when-downgrade" => ReferrerPolicy::NoReferrerWhenDowngrade,
        b"same-origin" => ReferrerPolicy::SameOrigin,
        b"origin" => ReferrerPolicy::Origin,
        b"strict-origin" => ReferrerPolicy::StrictOrigin,
        b"origin-when-cross-origin" => ReferrerPolicy::OriginWhenCrossOrigin,
        b"strict-origin-when-cross-origin" => ReferrerPolicy::StrictOriginWhenCrossOrigin,
        b"unsafe-url" => ReferrerPolicy::UnsafeUrl,
        _ => return None,
    })
}
