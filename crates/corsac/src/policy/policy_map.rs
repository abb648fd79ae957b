//! Several policies, by path.

use std::sync::{Arc, LazyLock};

use http::{HeaderName, Method};

use super::{
    Brief, Decision, Outcome, PathErrors, PathFault, PathMistake, Policy, Refusal, RequestHead,
    path_pattern::{Path, PathPattern},
};

/// Which policy is for which path: immutable, and cheap to clone.
///
/// A path is compared raw and byte by byte, segment by segment: `*` is one segment of any kind, a
/// final `**` zero or more, and a slash at the end is an empty segment. Of several that match, the
/// first difference from left to right decides: literal before `*` before `**`.
///
/// A path that no policy is for is granted nothing. So is a path that a router may read as another
/// one: with `.` or `..` segments, plain or encoded, with `%2F`, `%5C` or `\`, with an empty segment
/// inside, with bad percent-encoding.
///
/// ```
/// use corsac::header::HeaderList;
/// use corsac::policy::{Listing, Outcome, Policy, PolicyConfig, PolicyMap, RequestHead};
///
/// let open = Policy::new(PolicyConfig { allow_origins: Listing::Any, ..PolicyConfig::default() })?;
/// let map = PolicyMap::new(vec![
///     (vec!["/public/**".to_owned()], open),
///     (vec!["/public/secret".to_owned()], Policy::default()),
/// ])?;
/// let request = HeaderList::from([("Origin", "https://app.example")]);
/// let granted = |path: &[u8]| {
///     let head = RequestHead::of_list(b"GET", &request).with_path(path);
///     map.decide(&head).outcome() == Outcome::Actual(Ok(()))
/// };
/// assert!(granted(b"/public/data"));
/// assert!(!granted(b"/public/secret"));
/// assert!(!granted(b"/public/x/../secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolicyMap(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// For everything: nothing can be confused, and no path is looked at.
    One(Policy),
    /// By precedence.
    ByPath(Arc<[(PathPattern, Policy, Place)]>),
}

/// Which policy of those that the map was made of, and which of its paths.
type Place = (usize, usize);

static NOTHING: LazyLock<Policy> = LazyLock::new(Policy::default);

impl PolicyMap {
    /// Takes policies, each with the paths that it is for.
    ///
    /// # Errors
    /// All mistakes at once. Two patterns may overlap, but not be the same.
    pub fn new(policies: Vec<(Vec<String>, Policy)>) -> Result<Self, PathErrors> {
        let mut mistakes = Vec::new();
        let mut patterns: Vec<(PathPattern, Policy, Place)> = Vec::new();
        for (place, (paths, policy)) in policies.into_iter().enumerate() {
            if paths.is_empty() {
                mistakes.push(PathMistake {
                    policy: place,
                    entry: None,
                    value: String::new(),
                    fault: PathFault::NoPath,
                });
            }
            for (entry, value) in paths.into_iter().enumerate() {
                let fault = match PathPattern::parse(&value) {
                    Err(fault) => fault,
                    Ok(pattern) => match patterns.iter().find(|(other, ..)| *other == pattern) {
                        Some(&(.., (policy, entry))) => PathFault::Duplicate { policy, entry },
                        None => {
                            patterns.push((pattern, policy.clone(), (place, entry)));
                            continue;
                        }
                    },
                };
                mistakes.push(PathMistake {
                    policy: place,
                    entry: Some(entry),
                    value,
                    fault,
                });
            }
        }
        if !mistakes.is_empty() {
            return Err(PathErrors(mistakes));
        }
        patterns.sort_by(|(one, ..), (other, ..)| one.precedence(other));
        Ok(Self(Kind::ByPath(patterns.into())))
    }

    /// The policy for a path; `None` if it is granted nothing.
    #[inline]
    pub fn policy(&self, path: &[u8]) -> Option<&Policy> {
        match &self.0 {
            Kind::One(policy) => Some(policy),
            Kind::ByPath(by_path) => find(by_path, path).map(|(_, policy, _)| policy),
        }
    }

    /// Where the policy for a path came from: which of those that [`new`](Self::new) took, and which
    /// of its paths. `None` if there is none, or only one for everything.
    pub fn place(&self, path: &[u8]) -> Option<(usize, usize)> {
        match &self.0 {
            Kind::One(_) => None,
            Kind::ByPath(by_path) => find(by_path, path).map(|&(_, _, place)| place),
        }
    }

    /// The policies, in the order of precedence of their paths.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        let (one, many) = match &self.0 {
            Kind::One(policy) => (Some(policy), [].as_slice()),
            Kind::ByPath(by_path) => (None, &**by_path),
        };
        one.into_iter()
            .chain(many.iter().map(|(_, policy, _)| policy))
    }

    /// [`Policy::decide`] by the policy for the request's [path](RequestHead::with_path).
    #[inline]
    pub fn decide<'p, 'r, F, L>(&'p self, head: &RequestHead<'r, F>) -> Decision<'p, 'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        match self.policy(head.path()) {
            Some(policy) => policy.decide(head),
            None => Self::decide_without(head),
        }
    }

    /// [`Policy::decide_briefly`] by the policy for the path, which comes with the answer.
    ///
    /// ```
    /// use corsac::policy::{Policy, PolicyConfig, PolicyMap};
    /// use http::Method;
    /// let map = PolicyMap::from(Policy::new(PolicyConfig {
    ///     allow_origins: ["https://app.example"].into(),
    ///     ..PolicyConfig::default()
    /// })?);
    /// let ask = |method, origin: &'static str| {
    ///     map.decide_briefly(&method, || b"/", || [origin.as_bytes()].into_iter())
    /// };
    /// assert!(ask(Method::GET, "https://app.example").is_some_and(|(_, brief)| brief.is_granted));
    /// assert!(ask(Method::GET, "https://evil.example").is_some_and(|(_, brief)| !brief.is_granted));
    /// assert!(ask(Method::OPTIONS, "https://app.example").is_none());
    /// # Ok::<(), corsac::policy::PolicyErrors>(())
    /// ```
    #[inline(always)]
    pub fn decide_briefly<'r, L>(
        &self,
        method: &Method,
        path: impl FnOnce() -> &'r [u8],
        origin: impl FnOnce() -> L,
    ) -> Option<(&Policy, Brief)>
    where
        L: Iterator<Item = &'r [u8]>,
    {
        let policy = match &self.0 {
            Kind::One(policy) => policy,
            Kind::ByPath(by_path) => find(by_path, path()).map(|(_, policy, _)| policy)?,
        };
        Some((policy, policy.decide_briefly(method, origin)?))
    }

    /// What a path that no policy is for is told.
    #[cold]
    fn decide_without<'p, 'r, F, L>(head: &RequestHead<'r, F>) -> Decision<'p, 'r>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        let mut decision = NOTHING.decide(head);
        if let Outcome::Actual(Err(refusal)) | Outcome::Preflight(Err(refusal)) =
            &mut decision.outcome
        {
            *refusal = Refusal::NoPolicy(head.path());
        }
        decision
    }
}

fn find<'m>(
    by_path: &'m [(PathPattern, Policy, Place)],
    path: &[u8],
) -> Option<&'m (PathPattern, Policy, Place)> {
    let path = Path::of(path)?;
    by_path.iter().find(|(pattern, ..)| path.is_one_of(pattern))
}

/// One policy for everything, whatever the path.
impl From<Policy> for PolicyMap {
    fn from(policy: Policy) -> Self {
        Self(Kind::One(policy))
    }
}
