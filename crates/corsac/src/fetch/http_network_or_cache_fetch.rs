use http::Method;

use crate::{
    diagnosis::{Phase, Reason, TransportError},
    header::HeaderList,
};

use super::{
    Body, CacheMode, EmbedderPolicy, Fetch, FetchParams, Hop, HopKind, Mode, Question,
    RedirectTaint, Referrer,
    append_a_request_origin_header::append_a_request_origin_header,
    append_the_fetch_metadata_headers::append_the_fetch_metadata_headers,
    determine_the_same_site_mode::determine_the_same_site_mode,
    state::{Failure, HttpRequest, State, Step, Then, actual},
};

const KEEPALIVE_LIMIT: u64 = 64 * 1024;

impl Fetch {
    /// HTTP-network-or-cache fetch of the actual request, as far as its cookies.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>
    pub(super) fn http_network_or_cache_fetch(
        &self,
        is_new_connection_fetch: bool,
    ) -> Result<State, Failure> {
        let request = HttpRequest {
            header_list: http_request_header_list(&self.params).map_err(actual)?,
            is_new_connection_fetch,
        };
        if !include_credentials(&self.params) {
            return Ok(State::Running(Step::HttpNetworkFetch(request)));
        }
        if !self.params.environment.questions.cookies {
            return Ok(State::Running(Step::Authorize(request)));
        }
        let question = Question::Cookies {
            url: self.params.current_url().clone(),
            same_site_mode: determine_the_same_site_mode(&self.params),
        };
        Ok(State::Asking(question, Then::Cookies(request)))
    }

    /// HTTP-network-or-cache fetch, from its cookies on.
    pub(super) fn authorize(&self, request: HttpRequest) -> State {
        // The author's own Authorization goes wherever the author sends it.
        let wants_none = request.header_list.contains("Authorization");
        if wants_none || !self.params.environment.questions.authorization {
            return State::Running(Step::HttpNetworkFetch(request));
        }
        let url = self.params.current_url().clone();
        let question = Question::Authorization { url };
        State::Asking(question, Then::Authorization(request))
    }

    /// Hands a request to the host.
    pub(super) fn send(&mut self, kind: HopKind, request: HttpRequest) -> State {
        let id = self.next_id();
        let params = &self.params;
        let is_preflight = kind == HopKind::Preflight;
        let hop = Hop {
            id,
            kind,
            method: match is_preflight {
                true => Method::OPTIONS,
                false => params.request.method.clone(),
            },
            url: params.current_url().clone(),
            header_list: request.header_list,
            body: match is_preflight {
                true => Body::None,
                false => params.request.body,
            },
            include_credentials: !is_preflight && include_credentials(params),
            new_connection: request.is_new_connection_fetch,
            network_partition_key: params.environment.network_partition_key.clone(),
        };
        State::Sending(Box::new(hop))
    }
}

/// What becomes of a request without a response.
pub(super) fn http_network_failure(hop: &Hop, error: TransportError) -> Failure {
    let phase = hop.kind.phase();
    let reason = match phase {
        Phase::Preflight if error.is_connected() => Reason::PreflightNoResponse { error },
        Phase::Preflight | Phase::Actual => Reason::NetworkFailure { error },
    };
    (phase, reason, Vec::new())
}

/// Finds out whether credentials go along: by credentials mode and tainting, and an embedder policy
/// may still take them away.
pub(super) fn include_credentials(params: &FetchParams) -> bool {
    params.include_credentials() && cross_origin_embedder_policy_allows_credentials(params)
}

/// Says whether an embedder policy leaves a no-cors request its credentials.
///
/// The Standard's text asks for a *tainted* request to the page's own origin here, and so would
/// take the cookies from every plain same-origin load. What engines do, and what the text said
/// before redirect-taint had three values, is the opposite, and that is what this does.
///
/// Source: <https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials>
fn cross_origin_embedder_policy_allows_credentials(params: &FetchParams) -> bool {
    let environment = &params.environment;
    if params.request.mode != Mode::NoCors
        || environment.embedder_policy != EmbedderPolicy::Credentialless
    {
        return true;
    }
    environment
        .origin
        .is_same_origin_with_url(params.current_url())
        && params.redirect_taint == RedirectTaint::SameOrigin
}

/// Writes the headers of the actual request: the author's, and what the browser adds to them.
///
/// Host, Connection and Accept-Encoding are the transport's; Cookie and Authorization come after,
/// by the host's answers.
///
/// # Errors
/// [`Reason::KeepaliveLimit`] or [`Reason::HttpCacheMiss`].
fn http_request_header_list(params: &FetchParams) -> Result<HeaderList, Reason> {
    let request = &params.request;
    let mut header_list = request.header_list.clone();
    match request.body {
        Body::Source { length } => {
            header_list.append("Content-Length", length.to_string());
            let bytes = params.environment.inflight_keepalive_bytes;
            let bytes = bytes.saturating_add(length);
            if request.keepalive && bytes > KEEPALIVE_LIMIT {
                return Err(Reason::KeepaliveLimit { bytes });
            }
        }
        Body::None if matches!(request.method, Method::POST | Method::PUT) => {
            header_list.append("Content-Length", "0");
        }
        Body::None | Body::Stream => {}
    }
    if request.cache_mode == CacheMode::OnlyIfCached {
        // The cache, if there is one, belongs to the host, which asks it before it fetches.
        return Err(Reason::HttpCacheMiss);
    }
    append_what_every_request_carries(params, request.mode, &mut header_list, |list| {
        append_a_request_origin_header(params, list);
    });
    append_cache_headers(request.cache_mode, &mut header_list);
    if header_list.contains("Range") {
        // A part of a compressed body could not be unpacked.
        header_list.append("Accept-Encoding", "identity");
    }
    Ok(header_list)
}

/// Appends what preflights and actual requests carry alike: Referer, Origin, Sec-Fetch-* and
/// User-Agent, in this order.
pub(super) fn append_what_every_request_carries(
    params: &FetchParams,
    mode: Mode,
    header_list: &mut HeaderList,
    append_origin: impl FnOnce(&mut HeaderList),
) {
    if let Referrer::Url(referrer) = &params.request.referrer {
        header_list.append("Referer", referrer.as_str());
    }
    append_origin(header_list);
    append_the_fetch_metadata_headers(params, mode, header_list);
    if let Some(user_agent) = &params.environment.user_agent
        && !header_list.contains("User-Agent")
    {
        header_list.append("User-Agent", user_agent);
    }
}

/// An author's conditional headers keep the HTTP cache out of it; the other modes say so on the
/// wire.
fn append_cache_headers(cache_mode: CacheMode, header_list: &mut HeaderList) {
    const CONDITIONAL: [&str; 5] = [
        "If-Modified-Since",
        "If-None-Match",
        "If-Unmodified-Since",
        "If-Match",
        "If-Range",
    ];
    let is_conditional = CONDITIONAL.iter().any(|name| header_list.contains(name));
    let cache_mode = match cache_mode {
        CacheMode::Default if is_conditional => CacheMode::NoStore,
        cache_mode => cache_mode,
    };
    let mut append = |name, value| {
        if !header_list.contains(name) {
            header_list.append(name, value);
        }
    };
    match cache_mode {
        CacheMode::NoCache => append("Cache-Control", "max-age=0"),
        CacheMode::NoStore | CacheMode::Reload => {
            append("Pragma", "no-cache");
            append("Cache-Control", "no-cache");
        }
        CacheMode::Default | CacheMode::ForceCache | CacheMode::OnlyIfCached => {}
    }
}

/// Deals with the statuses that are about the connection rather than the resource, before anybody
/// judges the response: says whether to try again on a connection of its own, as 421 wants it, if
/// the body can be sent again.
///
/// There is never a window to ask a user in, so a 401 is a response like any other.
///
/// # Errors
/// [`Reason::ProxyAuthentication`] for 407.
pub(super) fn retry(params: &FetchParams, hop: &Hop, status: u16) -> Result<bool, Reason> {
    match status {
        407 if !params.profile.delivers_407 => Err(Reason::ProxyAuthentication),
        421 => Ok(!hop.new_connection && hop.body != Body::Stream),
        _ => Ok(false),
    }
}
