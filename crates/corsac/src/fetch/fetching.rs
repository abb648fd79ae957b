use std::{mem, sync::Arc, time::Duration};

use http::Method;

use crate::{
    diagnosis::{Phase, Reason, TransportError, Verdict},
    header::{HeaderList, UnsafeName},
};

use super::{
    AddressSpace, Answer, Body, Destination, Environment, FetchParams, Hop, HopId, HopKind, Output,
    PreflightCache, Profile, Question, Request, Response, ResponseHead,
    cors_preflight_fetch::{judge_preflight_response, preflight_header_list},
    determine_the_same_site_mode::determine_the_same_site_mode,
    filtered_response::{filtered_response, opaque_redirect_filtered_response},
    http_fetch::{self, Outcome},
    http_network_or_cache_fetch::{Retry, http_request_header_list, include_credentials, retry},
    local_network_access_check::{Access, local_network_access_check},
    main_fetch::{self, Way},
    mixed_content,
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
    params: FetchParams,
    state: State,
    input: Option<Input>,
    hops: usize,
}

#[derive(Clone, Debug)]
enum State {
    Running(Step),
    Waiting(Wait),
    Delivered(Box<Response>),
    Blocked(Box<Verdict>),
}

/// Where the algorithms stand when they go on.
#[derive(Clone, Debug)]
enum Step {
    /// Main fetch begins, for the request's own URL or a redirect's target.
    MainFetch,
    /// Main fetch goes on after upgrades.
    Checks,
    /// Main fetch comes to its switch.
    Switch,
    /// HTTP fetch goes on with all preflights behind it.
    HttpNetworkOrCacheFetch,
    /// The actual request's headers want an Authorization.
    Authorize(HeaderList),
    /// The actual request is complete.
    SendActual(HeaderList),
}

/// What the host owes, and what it is for.
#[derive(Clone, Debug)]
enum Wait {
    Response(Box<Hop>, Vec<UnsafeName>),
    Permission(Box<Hop>, Vec<UnsafeName>, Question),
    Upgrade(Question),
    Policy(Question),
    Cookies(HeaderList, Question),
    Authorization(HeaderList, Question),
}

#[derive(Clone, Debug)]
enum Input {
    Head(ResponseHead),
    Failure(TransportError),
    Connection(AddressSpace),
    Answer(Answer),
    Abort,
}

/// A failing step and what else would have failed, in which phase.
type Failure = (Phase, Reason, Vec<Reason>);

fn actual(reason: Reason) -> Failure {
    (Phase::Actual, reason, Vec::new())
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
            let state = self.take_in(input, cache, now);
            self.enter(state, status, cache);
        }
        while let State::Running(step) = &mut self.state {
            let step = mem::replace(step, Step::MainFetch);
            let state = self.go_on(step, cache, now);
            self.enter(state, None, cache);
        }
        match &self.state {
            State::Waiting(Wait::Response(hop, _)) => Output::Send(hop),
            State::Waiting(
                Wait::Permission(_, _, question)
                | Wait::Upgrade(question)
                | Wait::Policy(question)
                | Wait::Cookies(_, question)
                | Wait::Authorization(_, question),
            ) => Output::Ask(question),
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
        let asks = !matches!(self.state, State::Waiting(Wait::Response(..)));
        if asks && matches!(self.state, State::Waiting(_)) {
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
    pub fn response_tainting(&self) -> super::ResponseTainting {
        self.params.response_tainting
    }

    /// The request as it stands: redirects may have changed its method, body and headers.
    pub fn request(&self) -> &Request {
        &self.params.request
    }

    /// The first input for the hop under way counts.
    fn handle(&mut self, id: HopId, input: Input) {
        if let State::Waiting(Wait::Response(hop, _)) = &self.state
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
                State::Blocked(Box::new(Verdict {
                    phase,
                    hop: params.url_list.len().saturating_sub(1),
                    status,
                    also,
                    ..Verdict::new(reason, url, params.serialized_origin())
                }))
            }
        };
    }

    /// Takes in what the host brought.
    fn take_in(
        &mut self,
        input: Input,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> Result<State, Failure> {
        let wait = match mem::replace(&mut self.state, State::Running(Step::MainFetch)) {
            State::Waiting(wait) => wait,
            // Aborted when all was over, or before it began.
            over @ (State::Delivered(_) | State::Blocked(_)) => return Ok(over),
            State::Running(_) => return Err(actual(Reason::Aborted)),
        };
        match (input, wait) {
            (Input::Abort, Wait::Response(hop, _)) => {
                Err((hop.kind.phase(), Reason::Aborted, Vec::new()))
            }
            (Input::Abort, _) => Err(actual(Reason::Aborted)),
            (Input::Head(head), Wait::Response(hop, headers)) => {
                self.take_in_head(*hop, headers, head, cache, now)
            }
            (Input::Failure(error), Wait::Response(hop, _)) => {
                let phase = hop.kind.phase();
                let reason = match phase {
                    Phase::Preflight if error.is_connected() => {
                        Reason::PreflightNoResponse { error }
                    }
                    Phase::Preflight | Phase::Actual => Reason::NetworkFailure { error },
                };
                Err((phase, reason, Vec::new()))
            }
            (Input::Connection(space), Wait::Response(hop, headers)) => {
                self.take_in_connection(hop, headers, space)
            }
            (Input::Answer(answer), wait) => self.take_in_answer(answer, wait),
            (_, wait) => Ok(State::Waiting(wait)),
        }
    }

    fn take_in_head(
        &mut self,
        hop: Hop,
        headers: Vec<UnsafeName>,
        head: ResponseHead,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> Result<State, Failure> {
        let phase = hop.kind.phase();
        let failed = |reason| (phase, reason, Vec::new());
        if hop.kind == HopKind::Scheme {
            return self.deliver(head);
        }
        match retry(&self.params, hop.body, head.status, hop.new_connection).map_err(failed)? {
            Retry::No => {}
            Retry::NewConnection => {
                let id = self.next_id();
                let hop = Hop {
                    id,
                    new_connection: true,
                    ..hop
                };
                return Ok(State::Waiting(Wait::Response(Box::new(hop), headers)));
            }
        }
        if phase == Phase::Preflight {
            judge_preflight_response(&self.params, &headers, &head, cache, now)
                .map_err(|(reason, also)| (phase, reason, also))?;
            return Ok(State::Running(Step::HttpNetworkOrCacheFetch));
        }
        let judged = http_fetch::judge_response(&mut self.params, &head);
        match judged.map_err(|(reason, also)| (phase, reason, also))? {
            Outcome::Deliver => self.deliver(head),
            Outcome::DeliverOpaqueRedirect => {
                let response = opaque_redirect_filtered_response(&self.params, head);
                Ok(State::Delivered(Box::new(response)))
            }
            Outcome::Redirected => Ok(State::Running(Step::MainFetch)),
        }
    }

    fn deliver(&mut self, head: ResponseHead) -> Result<State, Failure> {
        // A response that came was not a network error to the branch that clears the cache.
        self.params.clears_cache_on_network_error = false;
        let response = filtered_response(&self.params, head).map_err(actual)?;
        Ok(State::Delivered(Box::new(response)))
    }

    fn take_in_connection(
        &mut self,
        hop: Box<Hop>,
        headers: Vec<UnsafeName>,
        address_space: AddressSpace,
    ) -> Result<State, Failure> {
        let phase = hop.kind.phase();
        let failed = |reason| (phase, reason, Vec::new());
        let access = local_network_access_check(&self.params, address_space).map_err(failed)?;
        Ok(State::Waiting(match access {
            Access::Free => Wait::Response(hop, headers),
            Access::NeedsPermission if self.params.environment.questions.local_network => {
                let url = hop.url.clone();
                let question = Question::LocalNetwork { url, address_space };
                Wait::Permission(hop, headers, question)
            }
            Access::NeedsPermission => return Err(failed(Reason::LocalNetworkDenied)),
        }))
    }

    fn take_in_answer(&mut self, answer: Answer, wait: Wait) -> Result<State, Failure> {
        let yes = answer == Answer::Yes;
        Ok(State::Running(match wait {
            Wait::Upgrade(_) => {
                if yes {
                    mixed_content::upgrade(&mut self.params);
                }
                Step::Checks
            }
            Wait::Policy(_) if yes => Step::Switch,
            Wait::Policy(_) => return Err(actual(Reason::ContentSecurityPolicy)),
            Wait::Permission(hop, headers, _) if yes => {
                return Ok(State::Waiting(Wait::Response(hop, headers)));
            }
            Wait::Permission(hop, ..) => {
                let phase = hop.kind.phase();
                return Err((phase, Reason::LocalNetworkDenied, Vec::new()));
            }
            Wait::Cookies(mut header_list, _) => {
                if let Answer::Value(value) = answer {
                    header_list.append("Cookie", value);
                }
                Step::Authorize(header_list)
            }
            Wait::Authorization(mut header_list, _) => {
                if let Answer::Value(value) = answer {
                    header_list.append("Authorization", value);
                }
                Step::SendActual(header_list)
            }
            response @ Wait::Response(..) => return Ok(State::Waiting(response)),
        }))
    }

    /// Goes on from one step to the next.
    fn go_on(
        &mut self,
        step: Step,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> Result<State, Failure> {
        let questions = self.params.environment.questions;
        let url = || self.params.current_url().clone();
        Ok(match step {
            Step::MainFetch if questions.upgrade && url().scheme() == "http" => {
                State::Waiting(Wait::Upgrade(Question::Upgrade { url: url() }))
            }
            Step::MainFetch => State::Running(Step::Checks),
            Step::Checks => {
                mixed_content::upgrade_a_mixed_content_request(&mut self.params);
                main_fetch::should_request_be_blocked(&self.params).map_err(actual)?;
                if !questions.policy {
                    return Ok(State::Running(Step::Switch));
                }
                State::Waiting(Wait::Policy(Question::Policy {
                    url: self.params.current_url().clone(),
                    destination: self.params.request.destination,
                }))
            }
            Step::Switch => match main_fetch::main_fetch(&mut self.params).map_err(actual)? {
                Way::Scheme => self.send(HopKind::Scheme, HeaderList::new(), Vec::new()),
                Way::Http {
                    make_cors_preflight,
                } => self.http_fetch(make_cors_preflight, cache, now),
            },
            Step::HttpNetworkOrCacheFetch => {
                let header_list = http_request_header_list(&self.params).map_err(actual)?;
                if !include_credentials(&self.params) {
                    return Ok(State::Running(Step::SendActual(header_list)));
                }
                if !questions.cookies {
                    return Ok(State::Running(Step::Authorize(header_list)));
                }
                let question = Question::Cookies {
                    url: url(),
                    same_site_mode: determine_the_same_site_mode(&self.params),
                };
                State::Waiting(Wait::Cookies(header_list, question))
            }
            // The author's own Authorization goes wherever the author sends it.
            Step::Authorize(header_list)
                if questions.authorization && !header_list.contains("Authorization") =>
            {
                let question = Question::Authorization { url: url() };
                State::Waiting(Wait::Authorization(header_list, question))
            }
            Step::Authorize(header_list) | Step::SendActual(header_list) => {
                self.send(HopKind::Actual, header_list, Vec::new())
            }
        })
    }

    /// Source: <https://fetch.spec.whatwg.org/#concept-http-fetch>
    fn http_fetch(
        &mut self,
        make_cors_preflight: bool,
        cache: &mut PreflightCache,
        now: Duration,
    ) -> State {
        let preflight = match make_cors_preflight {
            true => http_fetch::needs_preflight(&self.params, cache, now),
            false => None,
        };
        let Some(headers) = preflight else {
            return State::Running(Step::HttpNetworkOrCacheFetch);
        };
        if self.params.profile.caches_one_answer {
            cache.clear_cache_entries(&self.params);
        }
        let header_list = preflight_header_list(&self.params, &headers);
        self.send(HopKind::Preflight, header_list, headers)
    }

    fn send(&mut self, kind: HopKind, header_list: HeaderList, headers: Vec<UnsafeName>) -> State {
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
            header_list,
            body: match is_preflight {
                true => Body::None,
                false => params.request.body,
            },
            include_credentials: !is_preflight && include_credentials(params),
            new_connection: false,
            network_partition_key: params.environment.network_partition_key.clone(),
        };
        State::Waiting(Wait::Response(Box::new(hop), headers))
    }

    fn next_id(&mut self) -> HopId {
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
