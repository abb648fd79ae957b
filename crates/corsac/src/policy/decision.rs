//! What a request is answered.

use std::slice;

use http::{HeaderValue, StatusCode};

use super::{
    HeaderOp, Mode, Policy, Refusal, Value, Vary,
    grant_lines::Line,
    header_op::{ALLOW_HEADERS, ALLOW_METHODS, ALLOW_PRIVATE_NETWORK, MAX_AGE, TRUE},
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
        let (says, is_preflight) = match self.outcome {
            Outcome::NotCors => (rules.origins.is_any(), false),
            Outcome::Actual(result) => (result.is_ok(), false),
            Outcome::Preflight(Ok(())) => (true, true),
            Outcome::Preflight(Err(refusal)) => (is_debug && !refusal.is_of_origin(), true),
        };
        // A refusal is not to be remembered.
        let is_granted = self.outcome == Outcome::Preflight(Ok(()));
        let says = says && self.is_enforced();
        Ops {
            lines: match is_preflight {
                _ if !says => [].iter(),
                true => rules.grant_lines.of_preflights(),
                false => rules.grant_lines.all(),
            },
            next: if says && is_preflight { 0 } else { Ops::END },
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
    pub fn grant(&self) -> impl Iterator<Item = HeaderOp<'_>> {
        self.0.grant_lines.all().map(Line::op)
    }
}

/// The CORS headers of a response, one after the other: see [`Decision::ops`].
#[derive(Clone, Debug)]
pub struct Ops<'p> {
    /// What every grant says.
    lines: slice::Iter<'p, Line>,
    /// Which of those that only preflights are told comes then.
    next: u8,
    max_age: Option<&'p HeaderValue>,
    allow_methods: Option<Value<'p>>,
    allow_headers: Option<Value<'p>>,
    allows_private_network: bool,
}

impl Ops<'_> {
    const END: u8 = 4;

    /// Whether nothing is said.
    #[inline]
    pub fn is_empty(&self) -> bool {
        // The first one is said by every grant.
        self.lines.as_slice().is_empty() && self.next == Self::END
    }
}

impl<'p> Ops<'p> {
    /// What only preflights are told.
    fn of_a_preflight(&mut self) -> Option<HeaderOp<'p>> {
        while self.next < Self::END {
            let place = self.next;
            self.next += 1;
            let allows_network = self.allows_private_network;
            let (name, value) = match place {
                0 => (&ALLOW_METHODS, self.allow_methods),
                1 => (&ALLOW_HEADERS, self.allow_headers),
                2 => {
                    let value = allows_network.then_some(Value::Prebuilt(&TRUE));
                    (&ALLOW_PRIVATE_NETWORK, value)
                }
                _ => (&MAX_AGE, self.max_age.map(Value::Prebuilt)),
            };
            if let Some(value) = value {
                return Some(HeaderOp { name, value });
            }
        }
        None
    }
}

impl<'p> Iterator for Ops<'p> {
    type Item = HeaderOp<'p>;

    #[inline]
    fn next(&mut self) -> Option<HeaderOp<'p>> {
        match self.lines.next() {
            Some(line) => Some(line.op()),
            None => self.of_a_preflight(),
        }
    }
}
