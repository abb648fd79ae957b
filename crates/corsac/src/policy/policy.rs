//! The policy, and how it decides.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::{header::is_token, method::is_cors_safelisted_method};

use super::{
    Decision, Mode, OriginSet, Outcome, PolicyConfig, Preflights, Refusal, RequestHead, Value,
    Vary,
    grant_lines::GrantLines,
    header_op::ANY,
    lines::{Lines, one_line},
    origin_set::well_formed,
    private_network::asks_for_private_network,
    request_headers::RequestHeaders,
};

pub(super) static ORIGIN: HeaderName = header::ORIGIN;
pub(super) static REQUEST_METHOD: HeaderName = header::ACCESS_CONTROL_REQUEST_METHOD;
pub(super) static REQUEST_HEADERS: HeaderName = header::ACCESS_CONTROL_REQUEST_HEADERS;
static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
static HOST: HeaderName = header::HOST;

/// What a resource grants to whom: free of contradictions, immutable, and cheap to clone.
///
/// The default grants nothing to nobody.
///
/// ```
/// use corsac::policy::{Outcome, Policy, PolicyConfig, Refusal, RequestHead};
/// # use corsac::header::HeaderList;
/// let policy = Policy::new(PolicyConfig {
///     allow_origins: ["https://app.example"].into(),
///     ..PolicyConfig::default()
/// })?;
/// let request = HeaderList::from([("Origin", "https://evil.example")]);
/// let decision = policy.decide(&RequestHead::of_list(b"GET", &request));
/// assert_eq!(
///     decision.outcome(),
///     Outcome::Actual(Err(Refusal::OriginNotAllowed(b"https://evil.example"))),
/// );
/// assert_eq!(decision.ops().count(), 0);
/// # Ok::<(), corsac::policy::PolicyErrors>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy(pub(super) Arc<Rules>);

#[derive(Debug)]
pub(super) struct Rules {
    pub(super) origins: OriginSet,
    /// Whether some origins are told what others are not.
    pub(super) tells_origins_apart: bool,
    /// What answers to OPTIONS say that they depend on.
    pub(super) options_vary: Vary,
    /// Whether more than the Origin of a request is looked at, or less than all said.
    pub(super) takes_long: bool,
    pub(super) methods: Methods,
    pub(super) headers: RequestHeaders,
    pub(super) grant_lines: GrantLines,
    pub(super) max_age: Option<HeaderValue>,
    /// The status of a preflight that is granted.
    pub(super) granted: StatusCode,
    /// The status of a preflight that is refused, and of what is blocked.
    pub(super) refused: StatusCode,
    pub(super) config: PolicyConfig,
}

#[derive(Debug)]
pub(super) enum Methods {
    Any,
    Listed {
        each: Box<[HeaderValue]>,
        list: Option<HeaderValue>,
    },
}

/// The values of Access-Control-Allow-Methods and Access-Control-Allow-Headers.
type Grant<'p> = (Option<Value<'p>>, Option<Value<'p>>);

impl Policy {
    /// What the policy was made of.
    pub fn config(&self) -> &PolicyConfig {
        &self.0.config
    }

    /// What the policy was made of, to be changed: `Policy::new` of it is this policy again.
    pub fn to_config(&self) -> PolicyConfig {
        self.0.config.clone()
    }

    /// The origins that it allows.
    pub fn origins(&self) -> &OriginSet {
        &self.0.origins
    }

    /// Says what a request is, and what it is answered: origin first, then method, then headers.
    ///
    /// A preflight is OPTIONS with an Origin and an Access-Control-Request-Method, and nothing
    /// else is. On other requests the method is not checked: whoever could send it without asking
    /// needs no grant, and everybody else has asked.
    #[inline]
    pub fn decide<'p, 'r, F, L>(&'p self, head: &RequestHead<'r, F>) -> Decision<'p, 'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        self.decide_on(head, None)
    }

    /// The origin of a request that the policy doesn't allow by itself, and that somebody else may
    /// decide on: one line, written as a browser writes it.
    ///
    /// This is for questions that take time, to a database for instance. Ask, and then
    /// [`decide_with`](Self::decide_with) the answer.
    pub fn origin_in_question<'r, F, L>(&self, head: &RequestHead<'r, F>) -> Option<&'r str>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        match one_line(head.lines(&ORIGIN)) {
            Lines::One(origin) if !self.0.origins.allows(origin) => well_formed(origin),
            _ => None,
        }
    }

    /// [`decide`](Self::decide), where an [origin in question](Self::origin_in_question) is allowed
    /// as `verdict` says. No other is.
    pub fn decide_with<'p, 'r, F, L>(
        &'p self,
        head: &RequestHead<'r, F>,
        verdict: bool,
    ) -> Decision<'p, 'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        self.decide_on(head, Some(verdict))
    }

    /// Inlined, so that an adapter that asks for a part of the decision pays for no other. Most
    /// requests take the short way through; the rest is a call each.
    #[inline(always)]
    fn decide_on<'p, 'r, F, L>(
        &'p self,
        head: &RequestHead<'r, F>,
        verdict: Option<bool>,
    ) -> Decision<'p, 'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        if head.method() == b"OPTIONS" {
            return self.decide_on_options(head, verdict);
        }
        let rules = &*self.0;
        let vary = match verdict {
            Some(_) if !rules.origins.is_any() => Vary::ORIGIN,
            _ => rules.vary(),
        };
        match one_line(head.lines(&ORIGIN)) {
            Lines::None => self.decision(Outcome::NotCors, vary),
            Lines::One(origin) if rules.allows(origin, verdict) => {
                self.decision(Outcome::Actual(Ok(())), vary)
            }
            origin => self.refuse(head, origin, vary),
        }
    }

    #[inline(always)]
    fn decision<'r>(&self, outcome: Outcome<'r>, vary: Vary) -> Decision<'_, 'r> {
        Decision {
            policy: self,
            outcome,
            vary,
            allow_methods: None,
            allow_headers: None,
            allows_private_network: false,
            is_blocked: false,
        }
    }

    /// Refuses a request that is no preflight.
    #[inline]
    fn refuse<'p, 'r, F, L>(
        &'p self,
        head: &RequestHead<'r, F>,
        origin: Lines<'r>,
        vary: Vary,
    ) -> Decision<'p, 'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        let refusal = origin.refusal();
        let mut decision = self.decision(Outcome::Actual(Err(refusal)), vary);
        // A policy for every origin says nothing of Origin, but here it was read.
        if refusal == Refusal::SeveralOrigins {
            decision.vary = vary.and_origin();
        }
        if self.0.config.block_disallowed {
            decision.is_blocked = !is_of_the_server_itself(origin, head);
            // More was looked at. But only caches that keep the handler's answers to requests with
            // an Origin could mix them up, and Origin tells these apart.
            decision.vary = vary.and_origin();
        }
        decision
    }

    fn decide_on_options<'p, 'r, F, L>(
        &'p self,
        head: &RequestHead<'r, F>,
        verdict: Option<bool>,
    ) -> Decision<'p, 'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        let rules = &*self.0;
        let vary = rules.options_vary;
        let mut decision = self.decision(Outcome::NotCors, vary);
        let origin = match one_line(head.lines(&ORIGIN)) {
            Lines::None => return decision,
            origin => origin,
        };
        let checked = match origin {
            Lines::One(origin) if rules.allows(origin, verdict) => Ok(()),
            origin => Err(origin.refusal()),
        };
        let method = match (one_line(head.lines(&REQUEST_METHOD)), checked) {
            (Lines::None, Ok(())) => {
                decision.outcome = Outcome::Actual(Ok(()));
                return decision;
            }
            (Lines::None, Err(_)) => {
                let refused = self.refuse(head, origin, vary);
                return Decision { vary, ..refused };
            }
            (method, _) => method,
        };
        let granted = checked.and_then(|()| rules.grant(method, head.lines(&REQUEST_HEADERS)));
        decision.outcome = Outcome::Preflight(match granted {
            Ok(grant) => {
                (decision.allow_methods, decision.allow_headers) = grant;
                decision.allows_private_network =
                    rules.config.allow_private_network && asks_for_private_network(head);
                Ok(())
            }
            Err(refusal) => {
                if checked.is_ok() && rules.config.mode == Mode::Debug {
                    (decision.allow_methods, decision.allow_headers) = rules.lists();
                }
                Err(refusal)
            }
        });
        decision
    }
}

/// Two policies are equal if they were made of the same.
impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.config == other.0.config
    }
}

impl Eq for Policy {}

impl Default for Policy {
    fn default() -> Self {
        Self(Arc::new(Rules {
            origins: OriginSet::default(),
            tells_origins_apart: false,
            options_vary: Vary::NOTHING,
            takes_long: false,
            methods: Methods::Listed {
                each: Box::default(),
                list: None,
            },
            headers: RequestHeaders::listed(&[], None),
            grant_lines: GrantLines::new(false, false, None),
            max_age: None,
            granted: StatusCode::NO_CONTENT,
            refused: StatusCode::FORBIDDEN,
            config: PolicyConfig::default(),
        }))
    }
}

impl Rules {
    /// What responses to requests that are no OPTIONS depend on.
    #[inline(always)]
    pub(super) fn vary(&self) -> Vary {
        match self.tells_origins_apart {
            true => Vary::ORIGIN,
            false => Vary::NOTHING,
        }
    }

    #[inline(always)]
    fn allows(&self, origin: &[u8], verdict: Option<bool>) -> bool {
        self.origins.allows(origin) || verdict == Some(true) && well_formed(origin).is_some()
    }

    /// All that could be granted.
    fn lists(&self) -> Grant<'_> {
        let methods = match &self.methods {
            Methods::Any => Some(Value::Prebuilt(&ANY)),
            Methods::Listed { list, .. } => list.as_ref().map(Value::Prebuilt),
        };
        (methods, self.headers.list().map(Value::Prebuilt))
    }

    /// What a preflight is granted.
    fn grant<'p, 'r>(
        &'p self,
        method: Lines<'r>,
        header_lines: impl Iterator<Item = &'r [u8]>,
    ) -> Result<Grant<'p>, Refusal<'r>> {
        let Lines::One(method) = method else {
            return Err(Refusal::SeveralMethods);
        };
        let allow_methods = self.allow_methods(method)?;
        let asks_for_headers = self.headers.check(header_lines)?;
        Ok((allow_methods, self.allow_headers(asks_for_headers)))
    }

    fn allow_methods<'p, 'r>(&'p self, asked: &'r [u8]) -> Result<Option<Value<'p>>, Refusal<'r>> {
        let (each, list) = match &self.methods {
            Methods::Any if is_token(asked) => return Ok(Some(Value::Prebuilt(&ANY))),
            Methods::Any => return Err(Refusal::MethodNotAllowed(asked)),
            Methods::Listed { each, list } => (each, list.as_ref()),
        };
        let listed = each.iter().find(|method| method.as_bytes() == asked);
        let safelisted = || std::str::from_utf8(asked).is_ok_and(is_cors_safelisted_method);
        if listed.is_none() && !safelisted() {
            return Err(Refusal::MethodNotAllowed(asked));
        }
        Ok(match self.config.preflights {
            Preflights::TellAsked => listed.map(Value::Prebuilt),
            Preflights::TellLists => list.map(Value::Prebuilt),
        })
    }

    fn allow_headers(&self, asked: bool) -> Option<Value<'_>> {
        match (&self.headers, self.config.preflights) {
            (RequestHeaders::Listed { .. }, Preflights::TellAsked) => {
                asked.then_some(Value::EchoRequestHeaders)
            }
            (headers, _) => headers.list().map(Value::Prebuilt),
        }
    }
}

/// Says whether a request comes from the server's own pages, which carry an Origin too unless they
/// ask by GET or HEAD.
pub(super) fn is_of_the_server_itself<'r, F, L>(
    origin: Lines<'r>,
    head: &RequestHead<'r, F>,
) -> bool
where
    F: Fn(&'static HeaderName) -> L,
    L: Iterator<Item = &'r [u8]>,
{
    match (one_line(head.lines(&FETCH_SITE)), origin) {
        // `none`: the person typed the address, or clicked a bookmark.
        (Lines::One(site), _) => matches!(site, b"same-origin" | b"none"),
        (Lines::Several, _) => false,
        (Lines::None, Lines::One(origin)) => {
            let Lines::One(host) = one_line(head.lines(&HOST)) else {
                return false;
            };
            let of_origin = origin
                .strip_prefix(b"https://")
                .or_else(|| origin.strip_prefix(b"http://"));
            of_origin.is_some_and(|of_origin| of_origin.eq_ignore_ascii_case(host))
        }
        (Lines::None, _) => false,
    }
}
