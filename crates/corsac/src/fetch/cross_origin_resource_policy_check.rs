use url::Url;

use crate::{
    diagnosis::{Evidence, Reason},
    header::HeaderList,
    origin::{OpaqueId, Origin},
};

use super::EmbedderPolicy;

const NAME: &str = "Cross-Origin-Resource-Policy";

/// Decides whether an opaque response may be used at all: Cross-Origin-Resource-Policy, and what an
/// embedder policy makes of its absence.
///
/// Mode cors never asks. Violation reports, which a report-only embedder policy would send, are the
/// host's affair.
///
/// # Errors
/// [`Reason::ResourcePolicy`] if the response is blocked.
///
/// Source: <https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check>
///
/// ```
/// use corsac::fetch::{EmbedderPolicy, cross_origin_resource_policy_check as check};
/// use corsac::{header::HeaderList, origin::Origin};
/// let page = Origin::parse(b"https://a.example").unwrap();
/// let url = "https://img.a.example/".parse().unwrap();
/// let judge = |policy: &str| {
///     let list = HeaderList::from([("Cross-Origin-Resource-Policy", policy)]);
///     check(&page, EmbedderPolicy::UnsafeNone, &url, &list, false).is_ok()
/// };
/// assert!(judge("same-site"));
/// assert!(!judge("same-origin"));
/// assert!(judge("same-origin, same-origin")); // not one of the three words: ignored
/// ```
pub fn cross_origin_resource_policy_check(
    origin: &Origin,
    embedder_policy: EmbedderPolicy,
    url: &Url,
    list: &HeaderList,
    request_includes_credentials: bool,
) -> Result<(), Reason> {
    let check = |embedder_policy_value| {
        cross_origin_resource_policy_internal_check(
            origin,
            embedder_policy_value,
            url,
            list,
            request_includes_credentials,
        )
    };
    // First as if there were no embedder policy: only what fails beyond that is its violation.
    let allowed = check(EmbedderPolicy::UnsafeNone) && check(embedder_policy);
    if allowed {
        return Ok(());
    }
    let line = list.lines(NAME).next();
    Err(Reason::ResourcePolicy {
        value: list.get(NAME).map(std::borrow::Cow::into_owned),
        evidence: line.map(|(line, value)| Evidence {
            header: NAME,
            line,
            byte: 0,
            length: value.len(),
        }),
    })
}

/// Source: <https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check>
fn cross_origin_resource_policy_internal_check(
    origin: &Origin,
    embedder_policy_value: EmbedderPolicy,
    url: &Url,
    list: &HeaderList,
    request_includes_credentials: bool,
) -> bool {
    let value = list.get(NAME);
    let policy = match value.as_deref() {
        Some(b"same-origin") => Some(Policy::SameOrigin),
        Some(b"same-site") => Some(Policy::SameSite),
        Some(b"cross-origin") => Some(Policy::CrossOrigin),
        // Anything else, two lines included, is no policy.
        _ => match embedder_policy_value {
            EmbedderPolicy::UnsafeNone => None,
            EmbedderPolicy::Credentialless => {
                request_includes_credentials.then_some(Policy::SameOrigin)
            }
            EmbedderPolicy::RequireCorp => Some(Policy::SameOrigin),
        },
    };
    match policy {
        None | Some(Policy::CrossOrigin) => true,
        Some(Policy::SameOrigin) => origin.is_same_origin_with_url(url),
        Some(Policy::SameSite) => {
            let url_origin = Origin::of_url(url, OpaqueId(u64::MAX));
            // What came over a secure connection stays with pages that did too.
            origin.is_schemelessly_same_site(&url_origin)
                && (origin.scheme() == Some("https") || url.scheme() != "https")
        }
    }
}

enum Policy {
    SameOrigin,
    SameSite,
    CrossOrigin,
}
