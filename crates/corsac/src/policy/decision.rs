//! What a request is answered.

use http::{HeaderName, HeaderValue, StatusCode};

use super::{
    HeaderOp, Mode, Policy, Refusal, Value, Vary,
    header_op::{
        ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, ALLOW_PRIVATE_NETWORK, ANY,
        EXPOSE_HEADERS, MAX_AGE, TRUE,
    },
    policy::Rules,
};

/// What one request is, and what the policy says to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'r> {
    /// The request has no Origin: it is none of CORS's business.
    NotCors,
    /// A CORS request that is no preflight. The handler answers it, granted or not, unless the
    /// policy blocks: a refusal only keeps the page from reading the response.
    Actual(Result<(), Refusal<'r>>),
    /// A CORS-preflight request, which the policy answers itself.
    Preflight(Result<(), Refusal<'r>>),
}

/// The answer to one request: a reason for people, symbols for the response.
///
/// Whoever holds the response takes every header of
/// [`CORS_RESPONSE_HEADERS`](super::CORS_RESPONSE_HEADERS) out of it, puts [`ops`](Self::ops) in,
/// and adds what [`vary`](Self::vary) finds [due](Vary::due).
#[derive(Clone, Copy, Debug)]
#[must_use = "a decision does nothing until the response says it"]
pub struct Decision<'p, 'r> {
    pub(super) policy: &'p Policy,
    pub(super) outcome: Outcome<'r>,
    pub(super) vary: Vary,
    /// The value of Access-Control-Allow-Methods, in a granted preflight.
    pub(super) allow_methods: Option<Value<'p>>,
    /// The value of Access-Control-Allow-Headers, in a granted preflight.
    pub(super) allow_headers: Option<Value<'p>>,
    /// Whether a granted preflight is granted the step into a private network.
    pub(super) allows_private_network: bool,
    /// Whether a refused request that is no preflight is kept from the handler.
    pub(super) is_blocked: bool,
}

impl<'p, 'r> Decision<'p, 'r> {
    /// What the request is, and why it is refused, if it is.
    #[inline]
    pub fn outcome(&self) -> Outcome<'r> {
        self.outcome
    }

    /// The policy that decided.
    #[inline]
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The status to answer with, without a body and without asking the handler; `None` if the
    /// handler answers.
    ///
    /// A preflight is answered 204, or 403 if it is refused: a browser would refuse a 204 without
    /// CORS headers as well, and 403 is for people and their logs. Other requests are the handler's,
    /// unless the policy [blocks](super::PolicyConfig::block_disallowed) them.
    #[inline]
    pub fn answer(&self) -> Option<StatusCode> {
        let rules = &*self.policy.0;
        match self.outcome {
            _ if !self.is_enforced() => None,
            Outcome::Preflight(Ok(())) => Some(rules.granted),
            // The browser reads what is listed only in an answer with an ok status.
            Outcome::Preflight(Err(refusal)) if !refusal.is_of_origin() => {
                match rules.config.mode {
                    Mode::Debug => Some(rules.granted),
                    Mode::Enforce | Mode::ReportOnly => Some(rules.refused),
                }
            }
            Outcome::Preflight(Err(_)) => Some(rules.refused),
            Outcome::NotCors | Outcome::Actual(_) => self.is_blocked.then_some(rules.refused),
        }
    }

    /// Whether the response is to say this. If not, it stays as the handler made it, headers of
    /// CORS included.
    #[inline]
    pub fn is_enforced(&self) -> bool {
        self.policy.0.config.mode != Mode::ReportOnly
    }

    /// What the response depends on.
    #[inline]
    pub fn vary(&self) -> Vary {
        match self.is_enforced() {
            true => self.vary,
            false => Vary::NOTHING,
        }
    }

    /// The CORS headers of the response: none if the request is refused.
    ///
    /// Under a policy for every origin, responses to requests without an Origin say so, too: they
    /// then are all the same, and a cache may keep one for everybody.
    #[inline]
    pub fn ops(&self) -> Ops<'p> {
        let rules = &*self.policy.0;
        let is_debug = rules.config.mode == Mode::Debug;
        let (says, preflight) = match self.outcome {
            Outcome::NotCors => (rules.origins.is_any(), false),
            Outcome::Actual(result) => (result.is_ok(), false),
            Outcome::Preflight(Ok(())) => (true, true),
            Outcome::Preflight(Err(refusal)) => (is_debug && !refusal.is_of_origin(), true),
        };
        // A refusal is not to be remembered.
        let is_granted = self.outcome == Outcome::Preflight(Ok(()));
        let says = says && self.is_enforced();
        Ops {
            rules,
            next: if says { 0 } else { Ops::END },
            preflight,
            max_age: rules.max_age.as_ref().filter(|_| is_granted),
            allow_methods: self.allow_methods,
            allow_headers: self.allow_headers,
            allows_private_network: self.allows_private_network,
        }
    }
}

impl Policy {
    /// The CORS headers of every response to a granted request that is no preflight: what
    /// [`Decision::ops`] said, for whoever kept no more of the decision than its policy.
    #[inline]
    pub fn grant(&self) -> Ops<'_> {
        Ops {
            rules: &self.0,
            next: 0,
            preflight: false,
            max_age: None,
            allow_methods: None,
            allow_headers: None,
            allows_private_network: false,
        }
    }
}

/// The CORS headers of a response, one after the other: see [`Decision::ops`].
#[derive(Clone, Debug)]
pub struct Ops<'p> {
    rules: &'p Rules,
    next: u8,
    preflight: bool,
    max_age: Option<&'p HeaderValue>,
    allow_methods: Option<Value<'p>>,
    allow_headers: Option<Value<'p>>,
    allows_private_network: bool,
}

impl Ops<'_> {
    const END: u8 = 6;

    /// Whether nothing is said.
    #[inline]
    pub fn is_empty(&self) -> bool {
        // The first one is said by every grant.
        self.next == Self::END
    }
}

impl<'p> Ops<'p> {
    /// What only preflights are told. By itself, so that other requests pay nothing for it.
    #[inline(never)]
    fn of_a_preflight(&self, place: u8) -> (&'static HeaderName, Option<Value<'p>>) {
        match place {
            2 => (&ALLOW_METHODS, self.allow_methods),
            3 => (&ALLOW_HEADERS, self.allow_headers),
            4 => {
                let allows = self.allows_private_network;
                (
                    &ALLOW_PRIVATE_NETWORK,
                    allows.then_some(Value::Prebuilt(&TRUE)),
                )
            }
            _ => (&MAX_AGE, self.max_age.map(Value::Prebuilt)),
        }
    }
}

impl<'p> Iterator for Ops<'p> {
    type Item = HeaderOp<'p>;

    #[inline]
    fn next(&mut self) -> Option<HeaderOp<'p>> {
        let rules = self.rules;
        while self.next < Self::END {
            let place = self.next;
            self.next += 1;
            let (name, value) = match (place, self.preflight) {
                (0, _) => (
                    &ALLOW_ORIGIN,
                    Some(match rules.origins.is_any() {
                        true => Value::Prebuilt(&ANY),
                        false => Value::EchoOrigin,
                    }),
                ),
                (1, _) => {
                    let credentials = rules.config.allow_credentials;
                    let value = credentials.then_some(Value::Prebuilt(&TRUE));
                    (&ALLOW_CREDENTIALS, value)
                }
                (_, true) => self.of_a_preflight(place),
                (_, false) => {
                    self.next = Self::END;
                    let value = rules.expose_headers.as_ref();
                    (&EXPOSE_HEADERS, value.map(Value::Prebuilt))
                }
            };
            if let Some(value) = value {
                return Some(HeaderOp { name, value });
            }
        }
        None
    }
}
