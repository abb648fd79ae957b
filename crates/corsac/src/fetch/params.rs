use std::{borrow::Cow, sync::Arc};

use http::Method;
use url::Url;

use crate::header::HeaderList;

use super::{
    Body, CredentialsMode, Environment, Profile, RedirectTaint, Request,
    byte_serializing_a_request_origin, redirect_taint,
};

/// What the Standard keeps while a request is fetched: its fetch params, and the parts of its
/// request that change underway.
///
/// Source: <https://fetch.spec.whatwg.org/#fetch-params>
#[derive(Clone, Debug)]
pub(super) struct FetchParams {
    pub(super) environment: Arc<Environment>,
    pub(super) profile: Profile,
    pub(super) request: Request,
    /// The request's URL list: its URL, and one more for each redirect. Never empty.
    pub(super) url_list: Vec<Url>,
    /// The request's redirect-taint, which changes with the URL list only.
    pub(super) redirect_taint: RedirectTaint,
    /// The origin as it is sent before any redirect.
    untainted_origin: Cow<'static, str>,
    pub(super) redirect_count: usize,
    /// The method before any redirect.
    pub(super) first_method: Method,
    /// The header list as it was before any redirect, where the profile goes back to it.
    pub(super) first_header_list: Option<HeaderList>,
    /// What the next preflight asks for, if that is not what the request has.
    pub(super) asked_header_list: Option<HeaderList>,
    pub(super) response_tainting: ResponseTainting,
    pub(super) timing_allow_failed: bool,
    /// Whether some hop went by the branch of main fetch that clears the preflight cache if the
    /// outcome is a network error.
    pub(super) clears_cache_on_network_error: bool,
}

/// How much of the response the page may see.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-request-response-tainting>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResponseTainting {
    /// As much as of its own origin.
    #[default]
    Basic,
    /// What the CORS protocol shares.
    Cors,
    /// Nothing.
    Opaque,
}

impl FetchParams {
    pub(super) fn new(
        environment: Arc<Environment>,
        mut request: Request,
        profile: Profile,
    ) -> Self {
        // Once and for all: a redirect that drops the body does not take the flag back.
        request.use_cors_preflight &=
            request.body != Body::None || !profile.forced_preflight_needs_body;
        Self {
            url_list: vec![request.url.clone()],
            redirect_taint: RedirectTaint::SameOrigin,
            untainted_origin: byte_serializing_a_request_origin(&environment.origin, &[]),
            environment,
            first_method: request.method.clone(),
            asked_header_list: None,
            first_header_list: (profile.redirects_restore_headers
                || profile.asks_for_first_headers)
                .then(|| request.header_list.clone()),
            profile,
            request,
            redirect_count: 0,
            response_tainting: ResponseTainting::Basic,
            timing_allow_failed: false,
            clears_cache_on_network_error: false,
        }
    }

    /// The request's current URL.
    pub(super) fn current_url(&self) -> &Url {
        self.url_list.last().unwrap_or(&self.request.url)
    }

    /// Puts a redirect's target at the end of the URL list.
    pub(super) fn append_url(&mut self, url: Url) {
        self.url_list.push(url);
        self.redirect_taint = redirect_taint(&self.environment.origin, &self.url_list);
    }

    pub(super) fn replace_current_url(&mut self, url: Url) {
        self.url_list.pop();
        self.append_url(url);
    }

    /// The origin as this hop sends it, [byte-serialized](byte_serializing_a_request_origin).
    pub(super) fn serialized_origin(&self) -> &str {
        match self.redirect_taint {
            RedirectTaint::SameOrigin => &self.untainted_origin,
            RedirectTaint::SameSite | RedirectTaint::CrossSite => "null",
        }
    }

    /// The origin that a preflight sends and that its answer has to grant.
    pub(super) fn preflight_origin(&self) -> &str {
        match self.profile.taints_preflights {
            true => self.serialized_origin(),
            false => &self.untainted_origin,
        }
    }

    /// The origin that grants are cached for.
    pub(super) fn cache_origin(&self) -> &str {
        match self.profile.taints_cache_entries {
            true => self.serialized_origin(),
            false => &self.untainted_origin,
        }
    }

    /// Whether a grant to this request is kept, or one that was kept serves it.
    pub(super) fn may_cache_grants(&self) -> bool {
        self.profile.caches_tainted_grants || self.redirect_taint == RedirectTaint::SameOrigin
    }

    pub(super) fn is_credentials_mode_include(&self) -> bool {
        self.request.credentials_mode == CredentialsMode::Include
    }

    /// The headers that a preflight asks for.
    pub(super) fn asked_header_list(&self) -> &HeaderList {
        let first = self.first_header_list.as_ref();
        let first = first.filter(|_| self.profile.asks_for_first_headers);
        let asked = first.or(self.asked_header_list.as_ref());
        asked.unwrap_or(&self.request.header_list)
    }

    /// Whether the host may be asked for credentials.
    ///
    /// Same-origin credentials stop at the first hop to another origin and never resume, because
    /// the tainting never goes back to basic.
    pub(super) fn include_credentials(&self) -> bool {
        match self.request.credentials_mode {
            CredentialsMode::Include => true,
            CredentialsMode::SameOrigin => self.response_tainting == ResponseTainting::Basic,
            CredentialsMode::Omit => false,
        }
    }

    pub(super) fn is_get_or_head(&self) -> bool {
        matches!(self.request.method, Method::GET | Method::HEAD)
    }
}
