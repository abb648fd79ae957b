//! `corsac::fetch` itself: no socket, and a clock that only moves when somebody waits.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use corsac::{
    diagnosis::{Code, TransportError, Verdict},
    fetch::{
        AddressSpace, Answer as Reply, Environment, Fetch, Hop, HopKind, Output, PreflightCache,
        Profile, Question, Response, ResponseBody, ResponseHead,
    },
    header::HeaderList,
    origin::{OpaqueId, Origin},
};
use corsac_agent::wire::{Limits, ResponseParser};

use super::{
    events::{self, Manner},
    jar::Jar,
    script,
};
use crate::{
    observation::{End, Observation, Received, View},
    policies::Policies,
    scenario::{Answer, Body, Expander, Listener, Scenario, Site},
    servers::PAGE_PATH,
};

/// The name that scenarios have here: each lives in a world of its own.
pub const KEY: &str = "00000001";

/// What came of a scenario, and why, for people.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What was seen.
    pub observation: Observation,
    /// For each call its verdict, if it was blocked.
    pub verdicts: Vec<Option<Verdict>>,
    /// For each call the code of what blocked it, or of why its API threw.
    pub codes: Vec<Option<Code>>,
}

/// Runs a scenario under a profile.
pub fn run(scenario: &Scenario, profile: Profile) -> Run {
    let mut world = World::new(scenario, profile);
    let mut views = Vec::new();
    let mut verdicts = Vec::new();
    let mut codes = Vec::new();
    for place in 0..scenario.calls.len() {
        world.calling = place;
        let (view, verdict, thrown) = world.call(place);
        views.push(view);
        codes.push(verdict.as_ref().map(Verdict::code).or(thrown));
        verdicts.push(verdict);
    }
    let expander = world.expander;
    let mut observation = Observation {
        requests: world.requests,
        views,
    };
    events::tell(scenario, &mut observation, Manner::STANDARD);
    let contract = |text: &mut String| *text = expander.contract(text, scenario, KEY);
    for request in &mut observation.requests {
        request
            .headers
            .iter_mut()
            .for_each(|(_, value)| contract(value));
    }
    for view in &mut observation.views {
        view.url.iter_mut().for_each(contract);
        view.body.iter_mut().for_each(contract);
        let headers = view.headers.iter_mut().flatten();
        headers.for_each(|(_, value)| contract(value));
    }
    Run {
        observation,
        verdicts,
        codes,
    }
}

/// Addresses that differ where those of real servers do.
pub fn addresses() -> Expander {
    let ports = Listener::ALL.into_iter().zip(40_001..);
    Expander::new(ports.collect::<BTreeMap<_, _>>())
}

struct World<'a> {
    scenario: &'a Scenario,
    profile: Profile,
    expander: Expander,
    environment: Arc<Environment>,
    cache: PreflightCache,
    now: Duration,
    jar: Jar,
    requests: Vec<Received>,
    policies: Option<Policies>,
    /// The call that is made.
    calling: usize,
    /// When it gives up.
    deadline: Option<Duration>,
}

impl<'a> World<'a> {
    fn new(scenario: &'a Scenario, profile: Profile) -> Self {
        let expander = addresses();
        Self {
            environment: environment(scenario, &expander).into(),
            // The generator and the shrinker only give what can be read.
            policies: Policies::of(scenario, KEY, &expander).ok().flatten(),
            jar: Jar::of(scenario, profile),
            scenario,
            profile,
            expander,
            cache: PreflightCache::default(),
            now: Duration::ZERO,
            requests: Vec::new(),
            calling: 0,
            deadline: None,
        }
    }

    /// What the script sees, what blocked the call, and why its API threw.
    fn call(&mut self, place: usize) -> (View, Option<Verdict>, Option<Code>) {
        let Some(call) = self.scenario.calls.get(place) else {
            return Default::default();
        };
        self.now += Duration::from_millis(call.wait);
        let patience = call.patience();
        self.deadline = patience.map(|(after, _)| self.now + Duration::from_millis(after));
        let request = script::request(self.scenario, KEY, call, &self.expander, &self.profile);
        let request = match request {
            Ok(request) => request,
            Err(script::Refusal { end, code }) => {
                let view = View {
                    end,
                    ..View::default()
                };
                return (view, None, code);
            }
        };
        let mut fetch = Fetch::new(Arc::clone(&self.environment), request, self.profile);
        let mut body = String::new();
        loop {
            match fetch.poll(&mut self.cache, self.now) {
                Output::Ask(question) => {
                    let reply = self.reply(question);
                    fetch.handle_answer(reply);
                }
                Output::Send(hop) => {
                    let hop = hop.clone();
                    fetch.handle_connection(hop.id, AddressSpace::Loopback);
                    let same = matches!(
                        fetch.poll(&mut self.cache, self.now),
                        Output::Send(again) if again.id == hop.id
                    );
                    if !same {
                        continue;
                    }
                    match self.exchange(&hop) {
                        Ok((head, got)) => {
                            body = got;
                            fetch.handle_head(hop.id, head);
                        }
                        Err(error) => fetch.handle_failure(hop.id, error),
                    }
                }
                Output::Deliver(response) => {
                    return (view(response, &body, call.api), None, None);
                }
                Output::Blocked(_) if self.deadline.is_some_and(|it| it <= self.now) => {
                    return (script::given_up(), None, None);
                }
                Output::Blocked(verdict) => {
                    let view = script::failed(call.api);
                    return (view, Some(verdict.clone()), None);
                }
            }
        }
    }

    /// How much the call's script puts into a stream.
    fn streamed(&self) -> u64 {
        match self.scenario.calls.get(self.calling).map(|call| &call.body) {
            Some(Body::Stream { text }) => text.len() as u64,
            _ => 0,
        }
    }

    fn reply(&self, question: &Question) -> Reply {
        match question {
            Question::Policy { .. } => Reply::Yes,
            Question::Cookies {
                url,
                same_site_mode,
            } => match self.jar.cookies(url, *same_site_mode) {
                Some(value) => Reply::Value(value.into_bytes()),
                None => Reply::No,
            },
            _ => Reply::No,
        }
    }

    /// Logs what is sent, and answers it as the scripted servers do.
    fn exchange(&mut self, hop: &Hop) -> Result<(ResponseHead, String), TransportError> {
        let scenario = self.scenario;
        let site = Site::ALL.into_iter().find(|site| {
            let origin = self.expander.origin(*site);
            hop.url.origin().ascii_serialization() == origin
        });
        let mut places = 0..scenario.resources.len();
        let place = places.find(|place| hop.url.path() == self.expander.path(KEY, *place));
        let (Some(site), Some(place)) = (site, place) else {
            // A server that is none of ours: nobody there.
            return Err(TransportError::Refused);
        };
        let is_stream = hop.body == corsac::fetch::Body::Stream;
        if is_stream && site.listener() != Listener::H2 {
            return Err(TransportError::StreamNeedsHttp2);
        }
        let method = hop.method.as_str();
        let preflight =
            method == "OPTIONS" && hop.header_list.contains("access-control-request-method");
        let is_one = |it: &&Received| it.resource == place && it.preflight == preflight;
        let before = self.requests.iter().filter(is_one).count();
        let origin = hop.header_list.get("origin").unwrap_or_default();
        let origin = script::text(&origin);
        let headers = hop.header_list.iter();
        self.requests.push(Received {
            resource: place,
            site: Some(site),
            method: method.to_owned(),
            headers: headers
                .map(|header| (script::text(header.name()), script::text(header.value())))
                .collect(),
            body_length: match hop.body {
                corsac::fetch::Body::Source { length } => length,
                corsac::fetch::Body::Stream => self.streamed(),
                corsac::fetch::Body::None => 0,
            },
            preflight,
            decided: None,
            call: Some(self.calling),
        });
        let resource = scenario
            .resources
            .get(place)
            .ok_or(TransportError::Refused)?;
        let mut answer = match self.policies {
            // Preflights are the policy's; if it lets one through, the handler says the same to all.
            Some(_) => resource.answer(false, 0),
            None => resource.answer(preflight, before),
        };
        let expand = |text: &str| self.expander.expand(text, scenario, KEY, &origin);
        for line in &mut answer.lines {
            *line = expand(line);
        }
        answer.body = expand(&answer.body);
        if let Some(policies) = &self.policies {
            let mut list = hop.header_list.clone();
            list.push("Host", self.expander.host(site));
            let decided = policies.answer(method, hop.url.path(), &list, &mut answer);
            if let Some(received) = self.requests.last_mut() {
                received.decided = Some(decided);
            }
        }
        self.now += Duration::from_millis(answer.delay);
        let is_late = self.deadline.is_some_and(|it| it <= self.now);
        if answer.reset || is_late {
            return Err(TransportError::Closed);
        }
        let head = match site.listener() {
            Listener::H2 => head_of_http2(&answer),
            _ => head_of_http1(&answer, self.policies.is_none())?,
        };
        debug_assert!(hop.kind != HopKind::Scheme);
        Ok((head, answer.body))
    }
}

pub(super) fn environment(scenario: &Scenario, expander: &Expander) -> Environment {
    let page = expander.origin(scenario.page.site) + PAGE_PATH;
    let url = url::Url::parse(&page).ok();
    let top = url.as_ref().map(|url| Origin::of_url(url, OpaqueId(0)));
    let top = top.unwrap_or(Origin::Opaque(OpaqueId(0)));
    let mut environment = Environment::new(top.clone());
    if scenario.page.opaque {
        // A frame in the page: what trusts the page trusts the frame, and what is sent says nothing
        // of where it is.
        environment.origin = Origin::Opaque(OpaqueId(1));
        environment.has_cross_site_ancestor = true;
    } else {
        environment.creation_url = url;
    }
    environment.address_space = AddressSpace::Loopback;
    environment.questions.cookies = true;
    environment
}

/// The head as the agent's parser reads it: what browsers keep, it keeps.
fn head_of_http1(answer: &Answer, closes: bool) -> Result<ResponseHead, TransportError> {
    let mut bytes = format!("HTTP/1.1 {} ", answer.status).into_bytes();
    bytes.extend(script::bytes(&answer.reason));
    bytes.extend(b"\r\n");
    for line in &answer.lines {
        bytes.extend(script::bytes(line));
        bytes.extend(b"\r\n");
    }
    if closes {
        bytes.extend(b"Connection: close\r\n");
    }
    bytes.extend(b"\r\n");
    let mut parser = ResponseParser::new(Limits::default(), true);
    parser.handle_bytes(&bytes)?;
    parser.head().cloned().ok_or(TransportError::Closed)
}

fn head_of_http2(answer: &Answer) -> ResponseHead {
    let mut list = HeaderList::new();
    for line in &answer.lines {
        if let Some((name, value)) = line.split_once(':') {
            let value = script::bytes(value.trim_matches([' ', '\t']));
            list.push(name.to_ascii_lowercase(), value);
        }
    }
    ResponseHead::new(answer.status, list)
}

fn view(response: &Response, body: &str, api: crate::scenario::Api) -> View {
    let body = match response.body {
        ResponseBody::Exposed => body,
        ResponseBody::Hidden | ResponseBody::Null => "",
    };
    let view = script::delivered(response, body, api);
    match view.end {
        End::Resolved => view,
        _ => script::failed(api),
    }
}
