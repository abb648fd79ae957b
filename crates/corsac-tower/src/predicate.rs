//! Origins that a function decides on, by the request.

use std::{fmt, pin::Pin, sync::Arc};

use corsac::policy::Vary;
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};

type Judge = dyn Fn(&HeaderValue, &Parts) -> Verdict + Send + Sync;

/// Whether an origin is allowed, or will be.
pub(crate) enum Verdict {
    Now(bool),
    Later(Later),
}

pub(crate) type Later = Pin<Box<dyn Future<Output = bool> + Send>>;

/// A function that may refuse the step into a private network.
pub(crate) type NetworkPredicate = dyn Fn(&HeaderValue, &Parts) -> bool + Send + Sync;

/// A function, and the names of the headers that it looks at besides Origin.
#[derive(Clone)]
pub(crate) struct Predicate {
    judge: Arc<Judge>,
    varies_on: Arc<[HeaderName]>,
}

impl Predicate {
    pub(crate) fn now<F>(varies_on: impl IntoIterator<Item = HeaderName>, judge: F) -> Self
    where
        F: Fn(&HeaderValue, &Parts) -> bool + Send + Sync + 'static,
    {
        Self {
            judge: Arc::new(move |origin, parts| Verdict::Now(judge(origin, parts))),
            varies_on: varies_on.into_iter().collect(),
        }
    }

    pub(crate) fn later<F, Fut>(varies_on: impl IntoIterator<Item = HeaderName>, judge: F) -> Self
    where
        F: Fn(HeaderValue, &Parts) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = bool> + Send + 'static,
    {
        Self {
            judge: Arc::new(move |origin, parts| {
                Verdict::Later(Box::pin(judge(origin.clone(), parts)))
            }),
            varies_on: varies_on.into_iter().collect(),
        }
    }

    /// The same function, that looks at these headers.
    pub(crate) fn varying_on(self, names: impl IntoIterator<Item = HeaderName>) -> Self {
        Self {
            varies_on: names.into_iter().collect(),
            ..self
        }
    }

    pub(crate) fn judge(&self, origin: &HeaderValue, parts: &Parts) -> Verdict {
        (self.judge)(origin, parts)
    }

    /// Makes a response say what its grant depended on.
    pub(crate) fn add_vary(&self, headers: &mut HeaderMap) {
        for name in &*self.varies_on {
            let existing = headers.get_all(header::VARY);
            if Vary::leaves_out(name.as_str(), existing.iter().map(HeaderValue::as_bytes)) {
                headers.append(header::VARY, name.clone().into());
            }
        }
    }
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Predicate")
            .field("varies_on", &self.varies_on)
            .finish_non_exhaustive()
    }
}
