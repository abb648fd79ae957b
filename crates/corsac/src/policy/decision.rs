//! What a request is answered.

use http::{HeaderValue, StatusCode};

use super::{
    HeaderOp, Mode, Policy, Refusal, Value, Vary,
    header_op::{
        ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, ANY, EXPOSE_HEADERS,
        MAX_AGE, TRUE,
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
    /// Whether a refused request that is no preflight is kept from the handler.
    pub(super) is_blocked: bool,
}

impl<'p, 'r> Decision<'p, 'r> {
    /// What the request is, and why it is refused, if it is.
    pub fn outcome(&self) -> Outcome<'r> {
        self.outcome
    }

    /// The policy that decided.
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The status to answer with, without a body and without asking the handler; `None` if the
    /// handler answers.
    ///
    /// A preflight is answered 204, or 403 if it is refused: a browser would refuse a 204 without
    /// CORS headers as well, and 403 is for people and their logs. Other requests are the handler's,
    /// unless the policy [blocks](super::PolicyConfig::block_disallowed) them.
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
    pub fn is_enforced(&self) -> bool {
        self.policy.0.config.mode != Mode::ReportOnly
    }

    /// What the response depends on.
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
        let (says, is_granted) = match self.outcome {
            Outcome::NotCors => (rules.origins.is_any(), false),
            Outcome::Actual(result) => (result.is_ok(), false),
            Outcome::Preflight(Ok(())) => (true, true),
            Outcome::Preflight(Err(refusal)) => (is_debug && !refusal.is_of_origin(), false),
        };
        let is_actual = !matches!(self.outcome, Outcome::Preflight(_));
        let step = match says && self.is_enforced() {
            true => Step::AllowOrigin,
            false => Step::End,
        };
        Ops {
            rules,
            step,
            allow_methods: self.allow_methods,
            allow_headers: self.allow_headers,
            // A refusal is not to be remembered.
            max_age: rules.max_age.as_ref().filter(|_| is_granted),
            expose_headers: rules.expose_headers.as_ref().filter(|_| is_actual),
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
            step: Step::AllowOrigin,
            allow_methods: None,
            allow_headers: None,
            max_age: None,
            expose_headers: self.0.expose_headers.as_ref(),
        }
    }
}

impl Ops<'_> {
    /// Whether nothing is said, or nothing more.
    #[inline]
    pub fn is_empty(&self) -> bool {
        matches!(self.step, Step::End)
    }
}

/// The headers of a [`Decision`].
#[derive(Clone, Debug)]
pub struct Ops<'p> {
    rules: &'p Rules,
    step: Step,
    allow_methods: Option<Value<'p>>,
    allow_headers: Option<Value<'p>>,
    max_age: Option<&'p HeaderValue>,
    expose_headers: Option<&'p HeaderValue>,
}

/// Which header is next.
#[derive(Clone, Copy, Debug)]
enum Step {
    AllowOrigin,
    AllowCredentials,
    Rest,
    End,
}

impl<'p> Iterator for Ops<'p> {
    type Item = HeaderOp<'p>;

    #[inline]
    fn next(&mut self) -> Option<HeaderOp<'p>> {
        let op = |name, value| Some(HeaderOp { name, value });
        if let Step::AllowOrigin = self.step {
            self.step = match self.rules.config.allow_credentials {
                true => Step::AllowCredentials,
                false => Step::Rest,
            };
            let value = match self.rules.origins.is_any() {
                true => Value::Prebuilt(&ANY),
                false => Value::EchoOrigin,
            };
            return op(&ALLOW_ORIGIN, value);
        }
        match self.step {
            Step::AllowCredentials => {
                self.step = Step::Rest;
                return op(&ALLOW_CREDENTIALS, Value::Prebuilt(&TRUE));
            }
            Step::AllowOrigin | Step::End => return None,
            Step::Rest => {}
        }
        if let Some(value) = self.allow_methods.take() {
            return op(&ALLOW_METHODS, value);
        }
        if let Some(value) = self.allow_headers.take() {
            return op(&ALLOW_HEADERS, value);
        }
        if let Some(value) = self.max_age.take() {
            return op(&MAX_AGE, Value::Prebuilt(value));
        }
        let value = self.expose_headers.take()?;
        op(&EXPOSE_HEADERS, Value::Prebuilt(value))
    }
}
