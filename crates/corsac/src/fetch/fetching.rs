use std::{mem, sync::Arc, time::Duration};

use crate::diagnosis::{Phase, Reason, TransportError, Verdict};

use super::{
    AddressSpace, Answer, Destination, Environment, FetchParams, Hop, HopId, HopKind, Output,
    PreflightCache, Profile, Request, ResponseHead, ResponseTainting,
    cors_preflight_fetch::judge_preflight_response,
    http_network_or_cache_fetch::{http_network_failure, retry},
    mixed_content,
    state::{Failure, Input, State, Step, Then, actual},
};

/// One fetch, from a script's request to a filtered response or a network error.
///
/// It does no I/O and has no clock. There are three kinds of methods: [`poll`](Self::poll) says what
/// the host has to do next; `handle_*` bring what came of it; the rest are getters and
/// [`abort`](Self::abort). Poll after every input. Polling again without an input says the same
/// again, and an input that nobody waits for (a late answer to a hop that is over) is ignored.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-fetch>
///
/// ```
/// use std::time::Duration;
/// use corsac::fetch::*;
///
/// let page = Environment::of_page("http://sitea.com/".parse().unwrap());
/// let request = Request::new("http://siteb.com/data".parse().unwrap());
/// let mut cache = PreflightCache::default();
/// let mut fetch = Fetch::new(page, request, Profile::FETCH);
///
/// let Output::Send(hop) = fetch.poll(&mut cache, Duration::ZERO) else { panic!() };
/// assert_eq!(hop.header_list.get("Origin").as_deref(), Some(&b"http://sitea.com"[..]));
/// let id = hop.id;
/// fetch.handle_head(id, ResponseHead::new(200, [("Access-Control-Allow-Origin", "*")]));
/// let Output::Deliver(response) = fetch.poll(&mut cache, Duration::ZERO) else { panic!() };
/// assert_eq!(response.response_type, ResponseType::Cors);
/// ```
#[derive(Clone, Debug)]
pub struct Fetch {
    pub(super) params: FetchParams,
    state: State,
    input: Option<Input>,
    hops: usize,
}

impl Fetch {
    /// Begins a fetch: a page, what it asks for, and whose rules to follow.
    pub fn new(
        environment: impl Into<Arc<Environment>>,
        mut request: Request,
        profile: Profile,
    ) -> Self {
        let environment = environment.into();
        append_accept_headers(&mut request, &environment);
        Self {
            params: FetchParams::new(environment, request, profile),
            state: State::Running(Step::MainFetch),
            input: None,
            hops: 0,
        }
    }

    /// Goes on as far as possible, and says what the host has to do next.
    ///
    /// The host lends the cache, which many fetches share, and says what time it is, as a duration
    /// since any moment it likes, the same one for every fetch on that cache.
    pub fn poll(&mut self, cache: &mut PreflightCache, now: Duration) -> Output<'_> {
        if let Some(input) = self.input.take() {
            let status = match &input {
                Input::Head(head) => Some(head.status),
                _ => None,
            };
            let state = mem::replace(&mut self.state, State::Running(Step::MainFetch));
            let state = self.take_in(input, state, cache, now);
            self.enter(state, status, cache);
        }
        while let State::Running(step) = &mut self.state {
            let step = mem::replace(step, Step::MainFetch);
            let state = self.go_on(step, cache, now);
            self.enter(state, None, cache);
        }
        match &self.state {
            State::Sending(hop) => Output::Send(hop),
            State::Asking(question, _) => Output::Ask(question),
            State::Delivered(response) => Output::Deliver(response),
            State::Blocked(verdict) => Output::Blocked(verdict),
            State::Running(_) => unreachable!("the loop above ends in another state"),
        }
    }

    /// Brings the head of the final response to a hop: never a 1xx.
    pub fn handle_head(&mut self, hop: HopId, head: ResponseHead) {
        self.handle(hop, Input::Head(head));
    }

    /// Says that a hop got no usable response.
    pub fn handle_failure(&mut self, hop: HopId, error: TransportError) {
        self.handle(hop, Input::Failure(error));
    }

    /// Says where the server of a hop turned out to be, after connecting and before sending. Poll
    /// then: it may be that the user has to be asked first, or that nothing may be sent at all.
    pub fn handle_connection(&mut self, hop: HopId, address_space: AddressSpace) {
        self.handle(hop, Input::Connection(address_space));
    }

    /// Answers the question that was asked.
    pub fn handle_answer(&mut self, answer: Answer) {
        if matches!(self.state, State::Asking(..)) {
            self.input.get_or_insert(Input::Answer(answer));
        }
    }

    /// Gives up. Nothing happens if the fetch is over.
    pub fn abort(&mut self) {
        self.input = Some(Input::Abort);
    }

    /// The URLs the request went through: its own, and one for each redirect followed.
    pub fn url_list(&self) -> &[url::Url] {
        &self.params.url_list
    }

    /// How much of the response the page may see, as things stand.
    pub fn response_tainting(&self) -> ResponseTainting {
        self.params.response_tainting
    }

    /// The request as it stands: redirects may have changed its method, body and headers.
    pub fn request(&self) -> &Request {
        &self.params.request
    }

    /// The first input for the hop under way counts.
    fn handle(&mut self, id: HopId, input: Input) {
        if let State::Sending(hop) = &self.state
            && hop.id == id
        {
            self.input.get_or_insert(input);
        }
    }

    /// Takes the next state, or the verdict that ends it all.
    fn enter(
        &mut self,
        state: Result<State, Failure>,
        status: Option<u16>,
        cache: &mut PreflightCache,
    ) {
        self.state = match state {
            Ok(state) => state,
            Err((phase, reason, also)) => {
                let params = &self.params;
                if params.clears_cache_on_network_error
                    && params.profile.clears_cache_on_network_error
                {
                    cache.clear_cache_entries(params);
                }
                let url = params.current_url().as_str();
                let origin = match phase {
                    Phase::Preflight => params.preflight_origin(),
                    Phase::Actual => params.serialized_origin(),
                };
                State::Blocked(Box::new(Verdict {
                    phase,
                    hop: params.url_list.len().saturating_sub(1),
                    status,
                    also,
                    ..Verdict::new(reason, url, origin)
                }))
            }
        };
    }

    /// Takes in what the host brought.
    fn take_in(
        &mut self,
        input: Input,
        state: State,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> Result<State, Failure> {
        match (input, state) {
            (Input::Abort, state) => self.take_in_abort(state),
            (Input::Head(head), State::Sending(hop)) => self.take_in_head(*hop, head, cache, now),
            (Input::Failure(error), State::Sending(hop)) => Err(http_network_failure(&hop, error)),
            (Input::Connection(space), State::Sending(hop)) => {
                self.local_network_access_check(hop, space)
            }
            (Input::Answer(answer), State::Asking(_, then)) => self.take_in_answer(answer, then),
            (_, state) => Ok(state),
        }
    }

    fn take_in_abort(&self, state: State) -> Result<State, Failure> {
        let phase = match &state {
            State::Delivered(_) | State::Blocked(_) => return Ok(state),
            State::Sending(hop) | State::Asking(_, Then::LocalNetwork(hop)) => hop.kind.phase(),
            State::Running(_) | State::Asking(..) => Phase::Actual,
        };
        Err((phase, Reason::Aborted, Vec::new()))
    }

    fn take_in_head(
        &mut self,
        hop: Hop,
        head: ResponseHead,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> Result<State, Failure> {
        let phase = hop.kind.phase();
        if hop.kind == HopKind::Scheme {
            return self.main_fetch_response(head);
        }
        let failed = |(reason, also)| (phase, reason, also);
        let is_new_connection_fetch = retry(&self.params, &hop, head.status)
            .map_err(|reason| failed((reason, Vec::new())))?;
        match (phase, is_new_connection_fetch) {
            (Phase::Preflight, true) => return Ok(self.cors_preflight_fetch(true)),
            (Phase::Preflight, false) => {
                judge_preflight_response(&self.params, &head, cache, now).map_err(failed)?;
            }
            (Phase::Actual, true) => {}
            (Phase::Actual, false) => return self.http_fetch_response(head),
        }
        Ok(State::Running(Step::HttpNetworkOrCacheFetch {
            is_new_connection_fetch,
        }))
    }

    fn take_in_answer(&mut self, answer: Answer, then: Then) -> Result<State, Failure> {
        let yes = answer == Answer::Yes;
        Ok(State::Running(match then {
            Then::Policy if yes => Step::MainFetchReferrer,
            Then::Policy => return Err(actual(Reason::ContentSecurityPolicy)),
            Then::Upgrade => {
                if yes {
                    mixed_content::upgrade(&mut self.params);
                }
                Step::MainFetchSwitch
            }
            Then::LocalNetwork(hop) if yes => return Ok(State::Sending(hop)),
            Then::LocalNetwork(hop) => {
                return Err((hop.kind.phase(), Reason::LocalNetworkDenied, Vec::new()));
            }
            Then::Cookies(mut request) => {
                if let Answer::Value(value) = answer {
                    request.header_list.append("Cookie", value);
                }
                Step::Authorize(request)
            }
            Then::Authorization(mut request) => {
                if let Answer::Value(value) = answer {
                    request.header_list.append("Authorization", value);
                }
                Step::HttpNetworkFetch(request)
            }
        }))
    }

    /// Goes on from one step to the next.
    fn go_on(
        &mut self,
        step: Step,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> Result<State, Failure> {
        match step {
            Step::MainFetch => self.main_fetch(),
            Step::MainFetchReferrer => Ok(self.main_fetch_referrer()),
            Step::MainFetchSwitch => self.main_fetch_switch(cache, now),
            Step::HttpNetworkOrCacheFetch {
                is_new_connection_fetch,
            } => self.http_network_or_cache_fetch(is_new_connection_fetch),
            Step::Authorize(request) => Ok(self.authorize(request)),
            Step::HttpNetworkFetch(request) => Ok(self.send(HopKind::Actual, request)),
        }
    }

    pub(super) fn next_id(&mut self) -> HopId {
        self.hops += 1;
        HopId(self.hops)
    }
}

/// What the browser adds before anybody looks at the headers: they count for the safelist as if the
/// author had written them.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-fetch>
fn append_accept_headers(request: &mut Request, environment: &Environment) {
    let list = &mut request.header_list;
    if !list.contains("Accept") {
        let value = match request.destination {
            Destination::Image => "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
            Destination::Json => "application/json,*/*;q=0.5",
            Destination::Style => "text/css,*/*;q=0.1",
            Destination::Text => "text/plain,*/*;q=0.5",
            _ => "*/*",
        };
        list.append("Accept", value);
    }
    if let Some(accept_language) = &environment.accept_language
        && !list.contains("Accept-Language")
    {
        list.append("Accept-Language", accept_language);
    }
}
