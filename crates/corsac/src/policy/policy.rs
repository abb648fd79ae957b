//! The policy, and how it decides.

use std::{collections::BTreeSet, sync::Arc};

use http::{HeaderName, HeaderValue, header};

use crate::{header::is_token, method::is_cors_safelisted_method};

use super::{
    Decision, Outcome, PolicyConfig, Preflights, Refusal, RequestHead, Value, Vary,
    request_headers::RequestHeaders,
};

static ORIGIN: HeaderName = header::ORIGIN;
static REQUEST_METHOD: HeaderName = header::ACCESS_CONTROL_REQUEST_METHOD;
static REQUEST_HEADERS: HeaderName = header::ACCESS_CONTROL_REQUEST_HEADERS;

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
    pub(super) origins: Origins,
    pub(super) methods: Methods,
    pub(super) headers: RequestHeaders,
    pub(super) expose_headers: Option<HeaderValue>,
    pub(super) max_age: Option<HeaderValue>,
    pub(super) config: PolicyConfig,
}

#[derive(Debug)]
pub(super) enum Origins {
    Any,
    Listed(BTreeSet<Box<[u8]>>),
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

    /// Says what a request is, and what it is answered: origin first, then method, then headers.
    ///
    /// A preflight is OPTIONS with an Origin and an Access-Control-Request-Method, and nothing
    /// else is. On other requests the method is not checked: whoever could send it without asking
    /// needs no grant, and everybody else has asked.
    pub fn decide<'p, 'r, F, L>(&'p self, head: &RequestHead<'r, F>) -> Decision<'p, 'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        let rules = &*self.0;
        let is_options = head.method() == b"OPTIONS";
        let mut vary = match &rules.origins {
            _ if is_options => Vary::PREFLIGHT,
            Origins::Any => Vary::NOTHING,
            Origins::Listed(origins) if origins.is_empty() => Vary::NOTHING,
            Origins::Listed(_) => Vary::ORIGIN,
        };
        let (mut allow_methods, mut allow_headers) = (None, None);
        let outcome = match one_line(head.lines(&ORIGIN)) {
            Lines::None => Outcome::NotCors,
            origin => {
                let checked = rules.check_origin(origin);
                // A policy for every origin says nothing of Origin, but here it was read.
                if checked == Err(Refusal::SeveralOrigins) && !is_options {
                    vary = Vary::ORIGIN;
                }
                let method = match is_options {
                    true => one_line(head.lines(&REQUEST_METHOD)),
                    false => Lines::None,
                };
                if let Lines::None = method {
                    Outcome::Actual(checked)
                } else {
                    let granted = checked
                        .and_then(|()| rules.grant(method, head.lines(&REQUEST_HEADERS)))
                        .map(|grant| (allow_methods, allow_headers) = grant);
                    Outcome::Preflight(granted)
                }
            }
        };
        Decision {
            policy: self,
            outcome,
            vary,
            allow_methods,
            allow_headers,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self(Arc::new(Rules {
            origins: Origins::Listed(BTreeSet::new()),
            methods: Methods::Listed {
                each: Box::default(),
                list: None,
            },
            headers: RequestHeaders::listed(&[], None),
            expose_headers: None,
            max_age: None,
            config: PolicyConfig::default(),
        }))
    }
}

impl Rules {
    /// Bytes against bytes: a browser writes an origin in one way only.
    fn check_origin<'r>(&self, origin: Lines<'r>) -> Result<(), Refusal<'r>> {
        match (origin, &self.origins) {
            (Lines::One(_), Origins::Any) => Ok(()),
            (Lines::One(origin), Origins::Listed(listed)) if listed.contains(origin) => Ok(()),
            (Lines::One(origin), Origins::Listed(_)) => Err(Refusal::OriginNotAllowed(origin)),
            (Lines::None | Lines::Several, _) => Err(Refusal::SeveralOrigins),
        }
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
            Methods::Any if is_token(asked) => return Ok(Some(Value::Static("*"))),
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
            (RequestHeaders::Any { authorization }, _) => {
                Some(Value::Static(match authorization {
                    true => "*, Authorization",
                    false => "*",
                }))
            }
            (RequestHeaders::Listed { .. }, Preflights::TellAsked) => {
                asked.then_some(Value::EchoRequestHeaders)
            }
            (RequestHeaders::Listed { list, .. }, Preflights::TellLists) => {
                list.as_ref().map(Value::Prebuilt)
            }
        }
    }
}

/// The lines of a header that is to have one.
#[derive(Clone, Copy)]
enum Lines<'r> {
    None,
    One(&'r [u8]),
    Several,
}

fn one_line<'r>(mut lines: impl Iterator<Item = &'r [u8]>) -> Lines<'r> {
    match (lines.next(), lines.next()) {
        (None, _) => Lines::None,
        (Some(line), None) => Lines::One(line),
        (Some(_), Some(_)) => Lines::Several,
    }
}
