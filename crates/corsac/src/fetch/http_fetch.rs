use std::time::Duration;

use crate::{
    diagnosis::{Phase, Reason},
    header::cors_unsafe_request_header_names,
    method::is_cors_safelisted_method,
};

use super::{
    Fetch, FetchParams, PreflightCache, RedirectMode, ResponseHead, ResponseTainting,
    cors_check::{also_fails, cors_check},
    cross_origin_resource_policy_check,
    filtered_response::opaque_redirect_filtered_response,
    http_network_or_cache_fetch,
    http_redirect_fetch::http_redirect_fetch,
    is_redirect_status,
    state::{Failure, State, Step},
    tao_check::tao_check,
};

impl Fetch {
    /// HTTP fetch, as far as its first request.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-http-fetch>
    pub(super) fn http_fetch(
        &mut self,
        make_cors_preflight: bool,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> State {
        if !make_cors_preflight || !needs_preflight(&self.params, cache, now) {
            return State::Running(Step::HttpNetworkOrCacheFetch {
                is_new_connection_fetch: false,
            });
        }
        if self.params.profile.caches_one_answer {
            cache.clear_cache_entries(&self.params);
        }
        self.cors_preflight_fetch(false)
    }

    /// HTTP fetch, from the response to the actual request on.
    pub(super) fn http_fetch_response(&mut self, head: ResponseHead) -> Result<State, Failure> {
        let judged = judge_response(&mut self.params, &head);
        match judged.map_err(|(reason, also)| (Phase::Actual, reason, also))? {
            Outcome::Deliver => self.main_fetch_response(head),
            Outcome::DeliverOpaqueRedirect => {
                let response = opaque_redirect_filtered_response(&self.params, head);
                Ok(State::Delivered(Box::new(response)))
            }
            Outcome::Redirected => Ok(State::Running(Step::MainFetch)),
        }
    }
}

/// Finds out whether a preflight has to go first: whether the cache grants less than the request
/// needs.
fn needs_preflight(params: &FetchParams, cache: &PreflightCache, now: Duration) -> bool {
    let request = &params.request;
    let method = request.method.as_str();
    let profile = &params.profile;
    let unsafe_names =
        cors_unsafe_request_header_names(params.asked_header_list(), profile.safelist);
    let granted = |name: &[u8]| cache.header_name_cache_entry_match(params, now, name);
    let has_reason = request.use_cors_preflight || !unsafe_names.is_empty();
    let is_looked_up = profile.looks_up_head && method == "HEAD" && has_reason;
    let is_safe = is_cors_safelisted_method(method) && !is_looked_up;
    let any_grant_will_do = profile.any_grant_covers_safelisted_methods;
    let method_is_safe = is_safe
        && (!request.use_cors_preflight || any_grant_will_do && cache.grants_anything(params, now));
    !(method_is_safe || cache.method_cache_entry_match(params, now, method))
        || !unsafe_names.iter().all(|one| granted(&one.name))
}

/// What becomes of a response that is not a network error.
pub(super) enum Outcome {
    /// The page gets it, filtered.
    Deliver,
    /// The page gets an opaque redirect.
    DeliverOpaqueRedirect,
    /// Main fetch again, with the redirect's target.
    Redirected,
}

/// Judges the response to the actual request.
///
/// The CORS check comes before anything else and on every hop: a redirect that is not shared is not
/// followed either.
///
/// # Errors
/// The first failing check, and what else would have failed.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-http-fetch>
fn judge_response(
    params: &mut FetchParams,
    response: &ResponseHead,
) -> Result<Outcome, (Reason, Vec<Reason>)> {
    let list = &response.header_list;
    if params.response_tainting == ResponseTainting::Cors {
        let credentials_mode = params.request.credentials_mode;
        let profile = &params.profile;
        let checked = cors_check(params.serialized_origin(), credentials_mode, list, profile);
        checked.map_err(|reason| {
            let also = also_fails(&reason, credentials_mode, list, profile);
            (reason, also.into_iter().collect())
        })?;
    }
    if !tao_check(params, list) {
        params.timing_allow_failed = true;
    }
    let alone = |reason| (reason, Vec::new());
    if params.response_tainting == ResponseTainting::Opaque {
        cross_origin_resource_policy_check(
            &params.environment.origin,
            params.environment.embedder_policy,
            params.current_url(),
            list,
            http_network_or_cache_fetch::include_credentials(params),
        )
        .map_err(alone)?;
    }
    let status = response.status;
    let has_location = list
        .get("Location")
        .is_some_and(|location| !location.is_empty());
    let redirect_mode = params.request.redirect_mode;
    let needs_location =
        params.profile.needs_location_to_redirect && redirect_mode != RedirectMode::Manual;
    if !is_redirect_status(status) || (needs_location && !has_location) {
        return Ok(Outcome::Deliver);
    }
    match redirect_mode {
        RedirectMode::Error => Err(alone(Reason::RedirectMode { status })),
        RedirectMode::Manual => Ok(Outcome::DeliverOpaqueRedirect),
        RedirectMode::Follow => http_redirect_fetch(params, response).map_err(alone),
    }
}
