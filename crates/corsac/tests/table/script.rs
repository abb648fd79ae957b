//! Fetches written as one line each way: what a page asks for, what comes back, how it ends.
//!
//! What comes back is a list of lines, one for each time the fetch waits:
//!
//! - `200 | O: * | X-Cart: 7` is a response head. Some names have one letter: `O C M H E A` are
//!   Access-Control-Allow-Origin, -Credentials, -Methods, -Headers, -Expose-Headers and -Max-Age, `L`
//!   is Location. A character up to U+00FF is that byte.
//! - `206 of a range` is one that a cache kept of a request for a range.
//! - `fails Dns` is a failure of the transport, `connects Local` the place of the peer.
//! - `yes`, `no`, `value sid=1` answer a question; `aborts` gives up.
//!
//! What went out is a list of lines too: `PUT https://b.test/`, with ` from O` if there is an Origin
//! header; a preflight is `asks https://b.test/ from O for PUT content-type`; a question begins with
//! a question mark.

use std::time::Duration;

use corsac::{
    diagnosis::{TransportError, Verdict},
    fetch::{
        AddressSpace, Answer, Body, CredentialsMode, Environment, Fetch, Hop, HopKind, Mode,
        Output, PreflightCache, Profile, Question, Questions, RedirectMode, Request, Response,
        ResponseHead,
    },
    header::HeaderList,
    method,
};
use http::Method;

/// The pages and servers of the tables. `a.test` and `b.test` are sites of their own; `x.a.test` is
/// of the same site as `a.test`.
pub(crate) const A: &str = "https://a.test";
/// A line that lets everybody in.
pub(crate) const OPEN: &str = "200 | O: *";

/// What a page asks for.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) environment: Environment,
    pub(crate) request: Request,
    pub(crate) profile: Profile,
}

/// A page of `https://a.test` asks: `PUT https://b.test/`.
pub(crate) fn ask(what: &str) -> Ask {
    page("https://a.test/page?q=1#top", what)
}

/// A page of this URL asks.
pub(crate) fn page(url: &str, what: &str) -> Ask {
    let (method, target) = what.split_once(' ').unwrap();
    let mut request = Request::new(target.parse().unwrap());
    request.method = Method::from_bytes(method::normalize(method).as_bytes()).unwrap();
    Ask {
        environment: Environment::of_page(url.parse().unwrap()),
        request,
        profile: Profile::FETCH,
    }
}

impl Ask {
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.request.header_list.append(name, bytes(value));
        self
    }

    pub(crate) fn set(mut self, set: impl FnOnce(&mut Request)) -> Self {
        set(&mut self.request);
        self
    }

    pub(crate) fn env(mut self, set: impl FnOnce(&mut Environment)) -> Self {
        set(&mut self.environment);
        self
    }

    pub(crate) fn by(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    pub(crate) fn mode(self, mode: Mode) -> Self {
        self.set(|request| request.mode = mode)
    }

    pub(crate) fn no_cors(self) -> Self {
        self.mode(Mode::NoCors)
    }

    pub(crate) fn credentials(self, mode: CredentialsMode) -> Self {
        self.set(|request| request.credentials_mode = mode)
    }

    pub(crate) fn include(self) -> Self {
        self.credentials(CredentialsMode::Include)
    }

    pub(crate) fn redirect(self, mode: RedirectMode) -> Self {
        self.set(|request| request.redirect_mode = mode)
    }

    pub(crate) fn body(self, length: u64) -> Self {
        self.set(|request| request.body = Body::Source { length })
    }

    pub(crate) fn stream(self) -> Self {
        self.set(|request| request.body = Body::Stream)
    }

    /// An upload listener, say.
    pub(crate) fn forced(self) -> Self {
        self.set(|request| request.use_cors_preflight = true)
    }

    pub(crate) fn questions(self, set: impl FnOnce(&mut Questions)) -> Self {
        self.env(|environment| set(&mut environment.questions))
    }

    /// Begins, and asks for nothing more.
    pub(crate) fn begin(&self) -> Fetch {
        let environment = self.environment.clone();
        Fetch::new(environment, self.request.clone(), self.profile)
    }

    /// Runs to the end of the answers, with a cache of its own.
    pub(crate) fn answered(&self, answers: &[&str]) -> Run {
        World::default().run(self, answers)
    }

    /// What is sent first.
    pub(crate) fn first(&self) -> Hop {
        self.answered(&[]).hops.remove(0)
    }

    /// The value of a header of the first request.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        header(&self.first(), name)
    }
}

/// Many fetches on one cache and one clock.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) cache: PreflightCache,
    pub(crate) now: Duration,
}

impl World {
    pub(crate) fn run(&mut self, ask: &Ask, answers: &[&str]) -> Run {
        let mut run = Run::default();
        let mut fetch = ask.begin();
        let mut answers = answers.iter();
        loop {
            let (id, line) = match fetch.poll(&mut self.cache, self.now) {
                Output::Send(hop) => {
                    // Permission was given: the same request, now to be sent.
                    if run.hops.last().is_none_or(|last| last.id != hop.id) {
                        run.hops.push(hop.clone());
                    }
                    (Some(hop.id), sent(hop))
                }
                Output::Ask(question) => (None, asked(question)),
                Output::Deliver(response) => {
                    run.end = End::Delivered(Box::new(response.clone()));
                    break;
                }
                Output::Blocked(verdict) => {
                    run.end = End::Blocked(Box::new(verdict.clone()));
                    break;
                }
            };
            run.log.push(line);
            let Some(&answer) = answers.next() else { break };
            input(&mut fetch, id, answer);
        }
        assert_eq!(answers.next(), None, "nobody waits for it: {:?}", run.log);
        run
    }

    /// What a fetch that nobody answers has sent, so that the cache shows.
    pub(crate) fn sends(&mut self, ask: &Ask) -> String {
        self.run(ask, &[]).log.join(", ")
    }

    pub(crate) fn after(&mut self, seconds: u64) -> &mut Self {
        self.now += Duration::from_secs(seconds);
        self
    }

    pub(crate) fn entries(&self) -> usize {
        self.cache.entries(self.now).count()
    }
}

fn input(fetch: &mut Fetch, id: Option<corsac::fetch::HopId>, answer: &str) {
    let (word, rest) = answer.split_once(' ').unwrap_or((answer, ""));
    match (word, id) {
        ("aborts", _) => fetch.abort(),
        ("yes", None) => fetch.handle_answer(Answer::Yes),
        ("no", None) => fetch.handle_answer(Answer::No),
        ("value", None) => fetch.handle_answer(Answer::Value(bytes(rest))),
        ("fails", Some(id)) => fetch.handle_failure(id, error(rest)),
        ("connects", Some(id)) => fetch.handle_connection(id, space(rest)),
        (_, Some(id)) => fetch.handle_head(id, head(answer)),
        (_, None) => panic!("a question is not answered by {answer}"),
    }
}

/// How a fetch went.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) log: Vec<String>,
    pub(crate) hops: Vec<Hop>,
    pub(crate) end: End,
}

#[derive(Debug, Default)]
pub(crate) enum End {
    #[default]
    Waits,
    Delivered(Box<Response>),
    Blocked(Box<Verdict>),
}

impl Run {
    /// `cors 200`, `opaque 0`, `waits`, or `allow-origin-missing of preflight 0`: code, phase, hop.
    pub(crate) fn end(&self) -> String {
        match &self.end {
            End::Waits => "waits".to_owned(),
            End::Delivered(response) => {
                let kind = format!("{:?}", response.response_type).to_ascii_lowercase();
                format!("{kind} {}", response.status)
            }
            End::Blocked(verdict) => {
                let (code, phase) = (verdict.code(), verdict.phase);
                format!("{code} of {phase} {}", verdict.hop)
            }
        }
    }

    #[track_caller]
    pub(crate) fn ends(&self, end: &str) -> &Self {
        assert_eq!(self.end(), end, "{:#?}", self.log);
        self
    }

    #[track_caller]
    pub(crate) fn sent(&self, log: &[&str]) -> &Self {
        assert_eq!(self.log, log);
        self
    }

    pub(crate) fn header(&self, hop: usize, name: &str) -> Option<String> {
        header(&self.hops[hop], name)
    }

    #[track_caller]
    pub(crate) fn response(&self) -> &Response {
        match &self.end {
            End::Delivered(response) => response,
            end => panic!("{end:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn verdict(&self) -> &Verdict {
        match &self.end {
            End::Blocked(verdict) => verdict,
            end => panic!("{end:?}"),
        }
    }

    /// The codes of all that fails, the first one first.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let verdict = self.verdict();
        let also = verdict.also.iter().map(|reason| reason.code().name());
        std::iter::once(verdict.code().name()).chain(also).collect()
    }
}

fn sent(hop: &Hop) -> String {
    let from = header(hop, "Origin").map(|origin| format!(" from {origin}"));
    let from = from.unwrap_or_default();
    if hop.kind != HopKind::Preflight {
        return format!("{} {}{from}", hop.method, hop.url);
    }
    let method = header(hop, "Access-Control-Request-Method").unwrap();
    let names = header(hop, "Access-Control-Request-Headers");
    let names = names.map(|names| format!(" {names}")).unwrap_or_default();
    format!("asks {}{from} for {method}{names}", hop.url)
}

fn asked(question: &Question) -> String {
    match question {
        Question::Upgrade { url } => format!("? upgrade {url}"),
        Question::Policy { url, destination } => format!("? policy {url} {destination:?}"),
        Question::Cookies {
            url,
            same_site_mode,
        } => format!("? cookies {url} {same_site_mode:?}"),
        Question::Authorization { url } => format!("? authorization {url}"),
        Question::LocalNetwork { url, address_space } => {
            format!("? local network {url} {address_space:?}")
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn header(hop: &Hop, name: &str) -> Option<String> {
    value(&hop.header_list, name)
}

pub(crate) fn value(list: &HeaderList, name: &str) -> Option<String> {
    let value = list.get(name)?;
    Some(value.iter().map(|&byte| char::from(byte)).collect())
}

/// `200 | O: *`, `206 of a range`
pub(crate) fn head(text: &str) -> ResponseHead {
    let mut parts = text.split(" | ");
    let status = parts.next().unwrap();
    let of_a_range = status.strip_suffix(" of a range");
    let status = of_a_range.unwrap_or(status).parse().unwrap();
    let mut head = ResponseHead::new(status, lines(parts));
    head.range_requested = of_a_range.is_some();
    head
}

/// `O: *`, `X-Cart: 7`
pub(crate) fn lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> HeaderList {
    let mut list = HeaderList::new();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        let value = value.strip_prefix(' ').unwrap_or(value);
        list.push(long(name), bytes(value));
    }
    list
}

fn long(name: &str) -> &str {
    match name {
        "O" => "Access-Control-Allow-Origin",
        "C" => "Access-Control-Allow-Credentials",
        "M" => "Access-Control-Allow-Methods",
        "H" => "Access-Control-Allow-Headers",
        "E" => "Access-Control-Expose-Headers",
        "A" => "Access-Control-Max-Age",
        "L" => "Location",
        name => name,
    }
}

fn bytes(text: &str) -> Vec<u8> {
    text.chars()
        .map(|char| u8::try_from(char).unwrap())
        .collect()
}

fn error(name: &str) -> TransportError {
    use TransportError::*;
    let all = [
        Dns,
        Refused,
        ConnectTimeout,
        Tls,
        Closed,
        Timeout,
        Malformed,
        TooLarge,
        StreamNeedsHttp2,
    ];
    let mut all = all.into_iter();
    all.find(|error| format!("{error:?}") == name).unwrap()
}

fn space(name: &str) -> AddressSpace {
    let mut all = [
        AddressSpace::Loopback,
        AddressSpace::Local,
        AddressSpace::Public,
    ]
    .into_iter();
    all.find(|space| format!("{space:?}") == name).unwrap()
}
