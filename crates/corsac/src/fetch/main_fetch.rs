use std::time::Duration;

use crate::{
    diagnosis::Reason,
    header::{HeaderList, cors_unsafe_request_header_names},
    method::is_cors_safelisted_method,
};

use super::{
    Fetch, FetchParams, HopKind, Mode, PreflightCache, Question, RedirectMode, ResponseHead,
    ResponseTainting,
    determine_the_requests_referrer::set_the_referrer,
    filtered_response::filtered_response,
    mixed_content, should_request_be_blocked_due_to_a_bad_port,
    state::{Failure, HttpRequest, State, Step, Then, actual},
};

impl Fetch {
    /// Main fetch as far as its checks of where it goes.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-main-fetch>
    pub(super) fn main_fetch(&mut self) -> Result<State, Failure> {
        mixed_content::upgrade_a_mixed_content_request(&mut self.params);
        should_request_be_blocked(&self.params).map_err(actual)?;
        if !self.params.environment.questions.policy {
            return Ok(State::Running(Step::MainFetchReferrer));
        }
        let question = Question::Policy {
            url: self.params.current_url().clone(),
            destination: self.params.request.destination,
        };
        Ok(State::Asking(question, Then::Policy))
    }

    /// Main fetch's referrer, and its last upgrade.
    pub(super) fn main_fetch_referrer(&mut self) -> State {
        set_the_referrer(&mut self.params);
        // Only now, when a secure page has been kept from an insecure URL: that its server would
        // rather be spoken to securely is no excuse.
        let url = self.params.current_url();
        if !self.params.environment.questions.upgrade || !mixed_content::may_be_upgraded(url) {
            return State::Running(Step::MainFetchSwitch);
        }
        let url = url.clone();
        State::Asking(Question::Upgrade { url }, Then::Upgrade)
    }

    /// Main fetch's switch.
    pub(super) fn main_fetch_switch(
        &mut self,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> Result<State, Failure> {
        Ok(match way(&mut self.params).map_err(actual)? {
            Way::Scheme => self.send(HopKind::Scheme, HttpRequest::new(HeaderList::new())),
            Way::Http {
                make_cors_preflight,
            } => self.http_fetch(make_cors_preflight, cache, now),
        })
    }

    /// Main fetch, from a response on.
    pub(super) fn main_fetch_response(&self, head: ResponseHead) -> Result<State, Failure> {
        let response = filtered_response(&self.params, head).map_err(actual)?;
        Ok(State::Delivered(Box::new(response)))
    }
}

/// How main fetch gets its response.
enum Way {
    /// By HTTP fetch.
    Http {
        /// Whether it has to make sure of a preflight.
        make_cors_preflight: bool,
    },
    /// By a scheme that is not http(s): the host loads it.
    Scheme,
}

/// The checks that main fetch makes of every URL before it goes there.
///
/// # Errors
/// [`Reason::BadPort`], [`Reason::MixedContent`].
fn should_request_be_blocked(params: &FetchParams) -> Result<(), Reason> {
    if let Some(port) = should_request_be_blocked_due_to_a_bad_port(params.current_url()) {
        return Err(Reason::BadPort { port });
    }
    if mixed_content::is_mixed(params) {
        return Err(Reason::MixedContent);
    }
    Ok(())
}

/// Main fetch's switch: decides how the response is got and how much of it the page may see. The
/// order of the branches is all there is to tainting.
///
/// # Errors
/// What the mode refuses before anything is sent.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-main-fetch>
fn way(params: &mut FetchParams) -> Result<Way, Reason> {
    let origin = &params.environment.origin;
    let scheme = params.current_url().scheme();
    let is_http = matches!(scheme, "http" | "https");
    // Once tainted, always tainted: B may send the request back to A, and A's answer is then read
    // by the rules for strangers.
    if (origin.is_same_origin_with_url(params.current_url())
        && params.response_tainting == ResponseTainting::Basic)
        || scheme == "data"
    {
        params.response_tainting = ResponseTainting::Basic;
        return Ok(scheme_fetch(is_http));
    }
    match params.request.mode {
        Mode::SameOrigin => return Err(Reason::ModeSameOrigin),
        Mode::NoCors => {
            if params.request.redirect_mode != RedirectMode::Follow {
                return Err(Reason::NoCorsRedirectMode);
            }
            params.response_tainting = ResponseTainting::Opaque;
            return Ok(scheme_fetch(is_http));
        }
        Mode::Cors => {}
    }
    if !is_http {
        let scheme = scheme.to_owned();
        return Err(Reason::SchemeNotHttp { scheme });
    }
    let make_cors_preflight = params.request.use_cors_preflight || is_not_simple(params);
    params.clears_cache_on_network_error |= make_cors_preflight;
    params.response_tainting = ResponseTainting::Cors;
    Ok(Way::Http {
        make_cors_preflight,
    })
}

/// Source: <https://fetch.spec.whatwg.org/#scheme-fetch>
fn scheme_fetch(is_http: bool) -> Way {
    match is_http {
        true => Way::Http {
            make_cors_preflight: false,
        },
        false => Way::Scheme,
    }
}

/// Whether the author's choice of method or headers takes the request beyond what a form could
/// always send.
pub(super) fn is_not_simple(params: &FetchParams) -> bool {
    let request = &params.request;
    request.unsafe_request
        && (!is_cors_safelisted_method(request.method.as_str())
            || !cors_unsafe_request_header_names(
                params.asked_header_list(),
                params.profile.safelist,
            )
            .is_empty())
}
