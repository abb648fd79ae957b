//! Why a request is decided as it is.

use std::fmt;

use http::HeaderName;

use crate::header::{is_http_tab_or_space, trim};

use super::{
    AllowHeaders, Field, Listing, Outcome, Policy, Refusal, RequestHead,
    judge_origin::{Entry, judge_origin},
    policy::{ORIGIN, REQUEST_HEADERS, REQUEST_METHOD},
    wildcard::Wildcards,
};

/// A decision, and what in the policy decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'r> {
    /// The decision.
    pub outcome: Outcome<'r>,
    /// The entries that granted something, in the order of the checks, or at last the field that
    /// refused. `None` is a field as a whole: its `*`, say, or a list that lacks what was asked.
    pub decided_by: Vec<(Field, Option<usize>)>,
}

impl Policy {
    /// Decides, and says what decided. For people: unlike [`decide`](Self::decide) it allocates, and
    /// reads the whole configuration.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    /// use corsac::policy::{Field, Policy, PolicyConfig, RequestHead};
    /// let policy = Policy::new(PolicyConfig {
    ///     allow_origins: ["https://a.example", "https://*.b.example"].into(),
    ///     ..PolicyConfig::default()
    /// })?;
    /// let request = HeaderList::from([("Origin", "https://x.b.example")]);
    /// let explanation = policy.explain(&RequestHead::of_list(b"GET", &request));
    /// assert_eq!(explanation.decided_by, [(Field::AllowOrigins, Some(1))]);
    /// # Ok::<(), corsac::policy::PolicyErrors>(())
    /// ```
    pub fn explain<'r, F, L>(&self, head: &RequestHead<'r, F>) -> Explanation<'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        let outcome = self.decide(head).outcome();
        let (result, is_preflight) = match outcome {
            Outcome::NotCors => return Explanation::of(outcome, Vec::new()),
            Outcome::Actual(result) => (result, false),
            Outcome::Preflight(result) => (result, true),
        };
        let refusal = result.err();
        let mut decided_by = Vec::new();
        if refusal.is_some_and(|refusal| refusal.is_of_origin()) {
            decided_by.push((Field::AllowOrigins, None));
            return Explanation::of(outcome, decided_by);
        }
        decided_by.extend(head.lines(&ORIGIN).map(|origin| self.origin_entry(origin)));
        if !is_preflight {
            return Explanation::of(outcome, decided_by);
        }
        if let Some(Refusal::SeveralMethods | Refusal::MethodNotAllowed(_)) = refusal {
            decided_by.push((Field::AllowMethods, None));
            return Explanation::of(outcome, decided_by);
        }
        decided_by.extend(head.lines(&REQUEST_METHOD).map(|method| {
            let entry = place(&self.config().allow_methods, |entry| {
                entry.as_bytes() == method
            });
            (Field::AllowMethods, entry)
        }));
        if refusal.is_some() {
            decided_by.push((Field::AllowHeaders, None));
            return Explanation::of(outcome, decided_by);
        }
        for line in head.lines(&REQUEST_HEADERS) {
            let names = line.split(|&byte| byte == b',');
            let names = names.map(|name| trim(name, is_http_tab_or_space));
            for name in names.filter(|name| !name.is_empty()) {
                decided_by.push((Field::AllowHeaders, self.header_entry(name)));
            }
        }
        Explanation::of(outcome, decided_by)
    }

    fn origin_entry(&self, origin: &[u8]) -> (Field, Option<usize>) {
        let config = self.config();
        let entry = place(&config.allow_origins, |entry| {
            match judge_origin(entry, config) {
                Ok(Entry::Exact) => entry.origin.as_bytes() == origin,
                Ok(Entry::Wildcard(wildcard)) => {
                    let mut wildcards = Wildcards::default();
                    wildcards.insert(wildcard);
                    wildcards.contains(origin)
                }
                Err(_) => false,
            }
        });
        match entry {
            None if config.origin_predicate.is_some() => (Field::OriginPredicate, None),
            entry => (Field::AllowOrigins, entry),
        }
    }

    fn header_entry(&self, name: &[u8]) -> Option<usize> {
        match &self.config().allow_headers {
            AllowHeaders::Any | AllowHeaders::AnyAndAuthorization => None,
            AllowHeaders::List(entries) => {
                let is_this = |entry: &String| entry.as_bytes().eq_ignore_ascii_case(name);
                entries.iter().position(is_this)
            }
        }
    }
}

fn place<T>(listing: &Listing<T>, is_this: impl Fn(&T) -> bool) -> Option<usize> {
    match listing {
        Listing::Any => None,
        Listing::List(entries) => entries.iter().position(is_this),
    }
}

impl<'r> Explanation<'r> {
    fn of(outcome: Outcome<'r>, decided_by: Vec<(Field, Option<usize>)>) -> Self {
        Self {
            outcome,
            decided_by,
        }
    }
}

/// One line; bytes of the request are escaped, so that they forge no other.
impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Outcome::NotCors => f.write_str("no CORS request: it has no Origin"),
            Outcome::Actual(Ok(())) => f.write_str("granted"),
            Outcome::Preflight(Ok(())) => f.write_str("preflight granted"),
            Outcome::Actual(Err(refusal)) => write!(f, "refused: {refusal}"),
            Outcome::Preflight(Err(refusal)) => write!(f, "preflight refused: {refusal}"),
        }
    }
}
