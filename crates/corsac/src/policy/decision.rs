//! What a request is answered.

use http::StatusCode;

use super::{
    HeaderOp, Refusal, Value, Vary,
    header_op::{
        ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, EXPOSE_HEADERS, MAX_AGE,
    },
    policy::{Origins, Rules},
};

/// What one request is, and what the policy says to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'r> {
    /// The request has no Origin: it is none of CORS's business.
    NotCors,
    /// A CORS request that is no preflight. The handler answers it, granted or not: a refusal only
    /// keeps the page from reading the response.
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
    pub(super) rules: &'p Rules,
    pub(super) outcome: Outcome<'r>,
    pub(super) vary: Vary,
    /// The value of Access-Control-Allow-Methods, in a granted preflight.
    pub(super) allow_methods: Option<Value<'p>>,
    /// The value of Access-Control-Allow-Headers, in a granted preflight.
    pub(super) allow_headers: Option<Value<'p>>,
}

impl<'p, 'r> Decision<'p, 'r> {
    /// What the request is, and why it is refused, if it is.
    pub fn outcome(&self) -> Outcome<'r> {
        self.outcome
    }

    /// The status to answer a preflight with, without a body and without asking the handler: 204,
    /// or 403 if it is refused. `None` for every other request, which the handler answers.
    ///
    /// A browser would refuse a 204 without CORS headers as well; 403 is for people and their logs.
    pub fn answer(&self) -> Option<StatusCode> {
        match self.outcome {
            Outcome::Preflight(Ok(())) => Some(StatusCode::NO_CONTENT),
            Outcome::Preflight(Err(_)) => Some(StatusCode::FORBIDDEN),
            Outcome::NotCors | Outcome::Actual(_) => None,
        }
    }

    /// What the response depends on.
    pub fn vary(&self) -> Vary {
        self.vary
    }

    /// The CORS headers of the response: none if the request is refused.
    ///
    /// Under a policy for every origin, responses to requests without an Origin say so, too: they
    /// then are all the same, and a cache may keep one for everybody.
    pub fn ops(&self) -> impl Iterator<Item = HeaderOp<'p>> {
        let rules = self.rules;
        let (granted, preflight) = match self.outcome {
            Outcome::NotCors => (matches!(rules.origins, Origins::Any), false),
            Outcome::Actual(result) => (result.is_ok(), false),
            Outcome::Preflight(result) => (result.is_ok(), true),
        };
        let allow_origin = match rules.origins {
            Origins::Any => Value::Static("*"),
            Origins::Listed(_) => Value::EchoOrigin,
        };
        let credentials = rules.config.allow_credentials;
        let expose_headers = rules.expose_headers.as_ref().map(Value::Prebuilt);
        let max_age = rules.max_age.as_ref().map(Value::Prebuilt);
        let ops = [
            (&ALLOW_ORIGIN, Some(allow_origin)),
            (
                &ALLOW_CREDENTIALS,
                credentials.then_some(Value::Static("true")),
            ),
            (&ALLOW_METHODS, self.allow_methods),
            (&ALLOW_HEADERS, self.allow_headers),
            (&MAX_AGE, max_age.filter(|_| preflight)),
            (&EXPOSE_HEADERS, expose_headers.filter(|_| !preflight)),
        ];
        ops.into_iter().filter_map(move |(name, value)| {
            let value = value.filter(|_| granted)?;
            Some(HeaderOp { name, value })
        })
    }
}
