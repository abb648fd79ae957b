//! What every grant says, laid out when the policy is made.

use std::slice;

use http::{HeaderName, HeaderValue};

use super::{
    HeaderOp, Value,
    header_op::{ALLOW_CREDENTIALS, ALLOW_ORIGIN, ANY, EXPOSE_HEADERS, TRUE},
};

/// The headers that responses to all granted requests have in common.
#[derive(Debug)]
pub(super) struct GrantLines {
    lines: Box<[Line]>,
    /// How many of them preflights are told, too.
    for_preflights: usize,
}

/// A header; without a value, it is the request's Origin.
#[derive(Debug)]
pub(super) struct Line {
    name: &'static HeaderName,
    value: Option<HeaderValue>,
}

impl GrantLines {
    pub(super) fn new(
        is_for_any: bool,
        with_credentials: bool,
        expose_headers: Option<HeaderValue>,
    ) -> Self {
        let line = |name, value| Line { name, value };
        let mut lines = vec![line(&ALLOW_ORIGIN, is_for_any.then(|| ANY.clone()))];
        if with_credentials {
            lines.push(line(&ALLOW_CREDENTIALS, Some(TRUE.clone())));
        }
        let for_preflights = lines.len();
        if let Some(names) = expose_headers {
            lines.push(line(&EXPOSE_HEADERS, Some(names)));
        }
        Self {
            lines: lines.into(),
            for_preflights,
        }
    }

    #[inline]
    pub(super) fn all(&self) -> slice::Iter<'_, Line> {
        self.lines.iter()
    }

    #[inline]
    pub(super) fn of_preflights(&self) -> slice::Iter<'_, Line> {
        let lines = self.lines.get(..self.for_preflights);
        lines.unwrap_or_default().iter()
    }
}

impl Line {
    #[inline]
    pub(super) fn op(&self) -> HeaderOp<'_> {
        HeaderOp {
            name: self.name,
            value: match &self.value {
                Some(value) => Value::Prebuilt(value),
                None => Value::EchoOrigin,
            },
        }
    }
}
