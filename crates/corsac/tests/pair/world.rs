//! Both halves wired together: every request that the browser half puts on the wire is answered by
//! the server half, and every step is compared with what the oracle says.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    time::Duration,
};

use corsac::{
    diagnosis::{Code, Phase},
    fetch::{
        Answer, Body, CredentialsMode, Environment, Fetch, Hop, HopKind, Output, PreflightCache,
        Profile, RedirectMode, Request, Response, ResponseHead, ResponseType,
    },
    header::HeaderList,
    origin::{OpaqueId, Origin},
    policy::{Outcome, Policy, PolicyConfig, Refusal, RequestHead},
};
use url::Url;

use crate::{
    case::{Ask, Case, Fault, Handler, PAGES, Step, TARGET_ORIGINS, TARGETS},
    grants::{Grants, Key},
    oracle::{self, No, Question},
    server::{Server, respond, spoil},
    shared_cache::SharedCache,
};

pub(crate) const COOKIE: &str = "sid=secret";

static URLS: LazyLock<[Url; 3]> =
    LazyLock::new(|| TARGETS.map(|target| target.parse().expect("a target is a URL")));

static ENVIRONMENTS: LazyLock<[Arc<Environment>; 6]> = LazyLock::new(|| {
    PAGES.map(|page| {
        let origin = match page {
            "null" => Origin::Opaque(OpaqueId(7)),
            origin => Origin::parse(origin.as_bytes()).expect("a page has an origin"),
        };
        let mut environment = Environment::new(origin);
        environment.questions.cookies = true;
        environment.into()
    })
});

/// What went by, so that a run can show that it has seen everything it is about.
pub(crate) type Tally = BTreeMap<&'static str, u64>;

pub(crate) fn count(tally: &mut Tally, what: &'static str) {
    *tally.entry(what).or_default() += 1;
}

pub(crate) fn run<'t>(case: &'t Case, tally: &'t mut Tally) -> Result<(), String> {
    let mut world = World {
        configs: case.policies.each_ref(),
        servers: [const { None }; 3],
        cache: PreflightCache::default(),
        grants: Grants::default(),
        shared_cache: SharedCache::default(),
        now: Duration::ZERO,
        tally,
    };
    for (place, step) in case.steps.iter().enumerate() {
        let done = match step {
            Step::Wait(seconds) => {
                world.now += Duration::from_secs(*seconds);
                Ok(())
            }
            Step::Swap(target, config) => {
                world.configs[*target] = config;
                world.servers[*target] = None;
                world.shared_cache.forget(*target);
                Ok(())
            }
            Step::Fetch(ask) => Run::of(ask).run_to_end(&mut world),
        };
        done.map_err(|error| format!("step {place}: {error}"))?;
    }
    Ok(())
}

pub(crate) struct World<'t> {
    /// The policies of the resources, as written.
    pub(crate) configs: [&'t PolicyConfig; 3],
    /// Built when first asked.
    pub(crate) servers: [Option<Arc<Server>>; 3],
    pub(crate) cache: PreflightCache,
    /// What the oracle knows to have been granted; the cache under test must not know more.
    pub(crate) grants: Grants,
    pub(crate) shared_cache: SharedCache,
    pub(crate) now: Duration,
    pub(crate) tally: &'t mut Tally,
}

impl World<'_> {
    /// The server behind a resource. A configuration that contradicts itself is no policy; its
    /// server then says nothing of CORS.
    fn server(&mut self, target: usize) -> Result<Arc<Server>, String> {
        if let Some(server) = &self.servers[target] {
            return Ok(Arc::clone(server));
        }
        let config = self.configs[target];
        let contradiction = oracle::is_contradiction(config);
        let server = match Policy::new(config.clone()) {
            Ok(policy) => {
                ensure!(
                    !contradiction,
                    "a contradiction became a policy: {config:?}"
                );
                ensure!(
                    policy.to_config() == *config
                        && Policy::new(policy.to_config()).as_ref() == Ok(&policy),
                    "another policy than {config:?}: {policy:?}"
                );
                let config = config.clone();
                Server { config, policy }
            }
            Err(errors) => {
                ensure!(contradiction, "no policy of {config:?}: {errors}");
                count(self.tally, "policies that contradict themselves");
                let (config, policy) = Default::default();
                Server { config, policy }
            }
        };
        Ok(Arc::clone(self.servers[target].insert(Arc::new(server))))
    }
}

/// What has to come next.
#[derive(Debug)]
pub(crate) enum Expected {
    /// A preflight, or the actual request if nobody has to be asked.
    Request,
    /// The actual request: the preflight was granted.
    Actual,
    Deliver(ResponseType, u16, HeaderList),
    Blocked(Code, Phase),
}

/// One fetch under way, as the oracle sees it.
pub(crate) struct Run<'a> {
    pub(crate) ask: &'a Ask,
    /// How many redirects were followed.
    pub(crate) hop: usize,
    pub(crate) target: usize,
    /// Whether the page reads the response as a stranger.
    pub(crate) cors: bool,
    /// Whether the origin has become `null`.
    pub(crate) tainted: bool,
    pub(crate) question: Question,
    pub(crate) has_body: bool,
    /// Whether a network error makes the browser forget grants.
    pub(crate) forgets: bool,
    pub(crate) expected: Expected,
}

impl<'a> Run<'a> {
    fn of(ask: &'a Ask) -> Self {
        Self {
            ask,
            hop: 0,
            target: ask.target,
            cors: false,
            tainted: false,
            question: Question {
                origin: PAGES[ask.page].to_owned(),
                method: ask.method,
                headers: ask.headers.clone(),
                include: ask.credentials_mode == CredentialsMode::Include,
                use_cors_preflight: ask.use_cors_preflight,
            },
            has_body: !matches!(ask.method, "GET" | "HEAD"),
            forgets: false,
            expected: Expected::Request,
        }
    }

    fn fetch(&self) -> Fetch {
        let ask = self.ask;
        let environment = Arc::clone(&ENVIRONMENTS[ask.page]);
        let mut request = Request::new(URLS[ask.target].clone());
        request.method = ask.method.parse().expect("a method is one");
        for (name, value, _) in &ask.headers {
            request.header_list.append(name, value);
        }
        request.credentials_mode = ask.credentials_mode;
        request.redirect_mode = ask.redirect_mode;
        request.use_cors_preflight = ask.use_cors_preflight;
        if self.has_body {
            request.body = Body::Source { length: 3 };
        }
        Fetch::new(environment, request, Profile::FETCH)
    }

    fn run_to_end(mut self, world: &mut World<'_>) -> Result<(), String> {
        let mut fetch = self.fetch();
        self.enter_hop();
        loop {
            match fetch.poll(&mut world.cache, world.now) {
                Output::Ask(_) => {
                    ensure!(
                        self.has_credentials(),
                        "asked for cookies that may not travel"
                    );
                    fetch.handle_answer(Answer::Value(COOKIE.into()));
                }
                Output::Send(hop) => {
                    let hop = hop.clone();
                    self.check_request(&hop, world)?;
                    let answer = self.answer(&hop, world)?;
                    match answer {
                        Ok(head) => fetch.handle_head(hop.id, head),
                        Err(error) => fetch.handle_failure(hop.id, error),
                    }
                }
                Output::Deliver(response) => return self.check_delivered(response, world),
                Output::Blocked(verdict) => {
                    let end = (verdict.code(), verdict.phase, verdict.hop);
                    return self.check_blocked(end, world);
                }
            }
        }
    }

    /// The state at the beginning of main fetch, on each hop.
    fn enter_hop(&mut self) {
        self.cors |= TARGET_ORIGINS[self.target] != PAGES[self.ask.page];
        if self.tainted {
            self.question.origin = "null".to_owned();
        }
        self.forgets |=
            self.cors && (self.question.use_cors_preflight || !self.question.needs().is_empty());
        self.expected = Expected::Request;
    }

    pub(crate) fn key(&self) -> Key {
        Key {
            page: self.ask.page,
            origin: self.question.origin.clone(),
            target: self.target,
        }
    }

    pub(crate) fn has_credentials(&self) -> bool {
        match self.ask.credentials_mode {
            CredentialsMode::Include => true,
            CredentialsMode::SameOrigin => !self.cors,
            CredentialsMode::Omit => false,
        }
    }

    /// Lets the server answer, spoils the answer as the case says, and works out what must follow.
    fn answer(
        &mut self,
        hop: &Hop,
        world: &mut World<'_>,
    ) -> Result<Result<ResponseHead, corsac::diagnosis::TransportError>, String> {
        let default = crate::case::Hop::default();
        let script = self.ask.hops.get(self.hop).unwrap_or(&default);
        world.now += Duration::from_secs(script.latency);
        let is_preflight = hop.kind == HopKind::Preflight;
        let phase = match is_preflight {
            true => Phase::Preflight,
            false => Phase::Actual,
        };
        let fault = match is_preflight {
            true => script.preflight,
            false => script.actual,
        };
        let server = &*world.server(self.target)?;
        if let Some(Fault::NoResponse(error)) = fault {
            let code = match is_preflight && error.is_connected() {
                true => Code::PreflightNoResponse,
                false => Code::NetworkFailure,
            };
            self.expected = Expected::Blocked(code, phase);
            return Ok(Err(error));
        }
        let mut head = respond(server, hop, script.handler)?;
        // By the rules no cache keeps an answer to OPTIONS; a policy may provide for one that does.
        if !is_preflight && hop.method.as_str() != "OPTIONS" || server.config.cacheable_preflights {
            world.shared_cache.keep(
                self.target,
                hop.method.as_str(),
                &hop.header_list,
                &head.header_list,
            )?;
        }
        if !is_preflight {
            self.check_outcome(server, hop)?;
            self.expected = self.actual_expected(&mut head, fault, server, script.handler)?;
            return Ok(Ok(head));
        }

        let said = self.check_preflight_outcome(server, hop)?;
        if let Some(fault) = fault {
            spoil(&mut head, fault);
        }
        let judged = oracle::judge_preflight(&self.question, head.status, &head.header_list);
        if fault.is_none() {
            let ends = oracle::ends(&server.config, said, &self.question);
            ensure!(
                judged.as_ref().map(|_| ()).map_err(|code| *code) == ends,
                "the policy says {ends:?}, its answer {judged:?}: {head:?}"
            );
            if let Ok(grant) = &judged {
                let flag = self.question.use_cors_preflight;
                let within = flag || grant.is_within(&server.config, &self.question);
                ensure!(within, "{grant:?} is more than the policy grants");
            }
        }
        self.expected = match judged {
            Ok(grant) => {
                let include = self.question.include;
                world.grants.add(&self.key(), include, world.now, &grant);
                Expected::Actual
            }
            Err(code) => Expected::Blocked(code, phase),
        };
        Ok(Ok(head))
    }

    /// The server half's view of a preflight is the oracle's, reason and all.
    fn check_preflight_outcome(
        &self,
        server: &Server,
        hop: &Hop,
    ) -> Result<Result<(), No>, String> {
        let head = RequestHead::of_list(hop.method.as_str().as_bytes(), &hop.header_list);
        let decided = match server.policy.decide(&head).outcome() {
            Outcome::Preflight(decided) => decided.map_err(no),
            other => return Err(format!("a preflight was taken for {other:?}")),
        };
        let said = oracle::allows_preflight(&server.config, &self.question);
        ensure!(decided == said, "decided {decided:?}, and not {said:?}");
        Ok(said)
    }

    fn check_outcome(&self, server: &Server, hop: &Hop) -> Result<(), String> {
        let head = RequestHead::of_list(hop.method.as_str().as_bytes(), &hop.header_list);
        let decided = server.policy.decide(&head).outcome();
        let expected = match hop.header_list.contains("origin") {
            false => None,
            true => Some(oracle::allows_origin(&server.config, &self.question.origin)),
        };
        let decided = match decided {
            Outcome::NotCors => None,
            Outcome::Actual(decided) => Some(decided.map_err(no)),
            Outcome::Preflight(_) => return Err("a request was taken for a preflight".into()),
        };
        ensure!(
            decided == expected,
            "decided {decided:?}, and not {expected:?}"
        );
        Ok(())
    }

    fn actual_expected(
        &mut self,
        head: &mut ResponseHead,
        fault: Option<Fault>,
        server: &Server,
        handler: Handler,
    ) -> Result<Expected, String> {
        if let Some(fault) = fault {
            spoil(head, fault);
        }
        if self.cors {
            let judged = oracle::judge(&self.question, &head.header_list);
            if fault.is_none() {
                let said = oracle::allows_origin(&server.config, &self.question.origin);
                let ends = oracle::ends(&server.config, said, &self.question);
                ensure!(
                    judged == ends,
                    "the policy says {ends:?}, its answer {judged:?}"
                );
            }
            if let Err(code) = judged {
                return Ok(Expected::Blocked(code, Phase::Actual));
            }
        }
        if matches!(head.status, 301 | 302 | 303 | 307 | 308) {
            match (self.ask.redirect_mode, handler) {
                (RedirectMode::Error, _) => {
                    return Ok(Expected::Blocked(Code::RedirectMode, Phase::Actual));
                }
                (RedirectMode::Manual, _) => {
                    let nothing = HeaderList::new();
                    return Ok(Expected::Deliver(ResponseType::OpaqueRedirect, 0, nothing));
                }
                (RedirectMode::Follow, Handler::Redirect(_, target)) => {
                    self.follow(head.status, target);
                    return Ok(Expected::Request);
                }
                // Without a Location it leads nowhere.
                (RedirectMode::Follow, Handler::Ok | Handler::NotFound) => {}
            }
        }
        let list = &head.header_list;
        let readable = |name: &str| match (self.cors, fault) {
            (false, _) => !name.eq_ignore_ascii_case("set-cookie"),
            (true, None) => oracle::policy_exposes(&server.config, name),
            (true, Some(_)) => oracle::is_exposed(name, self.question.include, list),
        };
        let exposed = list
            .iter()
            .filter(|header| readable(std::str::from_utf8(header.name()).unwrap_or_default()))
            .map(|header| (header.name(), header.value()));
        let response_type = match self.cors {
            true => ResponseType::Cors,
            false => ResponseType::Basic,
        };
        Ok(Expected::Deliver(
            response_type,
            head.status,
            exposed.collect(),
        ))
    }

    fn follow(&mut self, status: u16, target: usize) {
        let (from, to) = (TARGET_ORIGINS[self.target], TARGET_ORIGINS[target]);
        let question = &mut self.question;
        let becomes_get = match status {
            303 => !matches!(question.method, "GET" | "HEAD"),
            307 | 308 => false,
            _ => question.method == "POST",
        };
        if becomes_get {
            question.method = "GET";
            self.has_body = false;
            let headers = &mut question.headers;
            headers.retain(|(name, ..)| !["Content-Type", "Content-Language"].contains(name));
        }
        if from != to {
            let headers = &mut question.headers;
            headers.retain(|(name, ..)| *name != "Authorization");
            // Somebody else than the page chose where to go next.
            self.tainted |= from != PAGES[self.ask.page];
        }
        self.target = target;
        self.hop += 1;
        self.enter_hop();
    }

    fn check_delivered(self, response: &Response, world: &mut World<'_>) -> Result<(), String> {
        let got = (response.response_type, response.status);
        let Expected::Deliver(response_type, status, headers) = self.expected else {
            return Err(format!(
                "expected {:?}, and script got {got:?}",
                self.expected
            ));
        };
        ensure!(got == (response_type, status), "script got {got:?}");
        let readable = &response.header_list;
        ensure!(*readable == headers, "{readable:?} instead of {headers:?}");
        let redirected = self.hop > 0;
        ensure!(response.redirected == redirected, "redirected");
        let what = match (response_type, redirected) {
            (ResponseType::Cors, false) => "read across origins",
            (ResponseType::Cors, true) => "read across origins after a redirect",
            (ResponseType::Basic, _) => "read of its own origin",
            _ => "opaque redirects",
        };
        count(world.tally, what);
        Ok(())
    }

    fn check_blocked(
        self,
        (code, phase, hop): (Code, Phase, usize),
        world: &mut World<'_>,
    ) -> Result<(), String> {
        let Expected::Blocked(expected, expected_phase) = self.expected else {
            return Err(format!(
                "expected {:?}, and was blocked: {code}",
                self.expected
            ));
        };
        ensure!(
            (code, phase, hop) == (expected, expected_phase, self.hop),
            "{code} ({phase}, hop {hop}) instead of {expected} ({expected_phase}, hop {})",
            self.hop
        );
        if self.forgets {
            world.grants.forget(&self.key());
        }
        count(world.tally, code.name());
        Ok(())
    }
}

fn no(refusal: Refusal<'_>) -> No {
    match refusal {
        Refusal::SeveralOrigins | Refusal::OriginNotAllowed(_) => No::Origin,
        Refusal::SeveralMethods | Refusal::MethodNotAllowed(_) => No::Method,
        _ => No::Header,
    }
}
