//! What a change of a map gives and takes, path by path.

use super::{PolicyDiff, PolicyMap, path_pattern::PathPattern, policy_map::NOTHING};

/// What changes for some paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathDiff {
    /// The paths, as a pattern. Paths that another pattern of the list names more exactly are
    /// listed there.
    pub path: String,
    /// What changes for them.
    pub diff: PolicyDiff,
}

impl PolicyMap {
    /// Compares what this map grants with what a newer one does: every pattern for which something
    /// changes, in the order of precedence.
    ///
    /// Patterns that only one map has are compared with whatever the other one says of the same
    /// paths. Where patterns of the two overlap, the overlap is compared, too.
    ///
    /// ```
    /// use corsac::policy::{Policy, PolicyConfig, PolicyMap};
    /// let policy = |origin: &str| {
    ///     let allow_origins = [origin].into();
    ///     Policy::new(PolicyConfig { allow_origins, ..PolicyConfig::default() })
    /// };
    /// let of = |path: &str| vec![path.to_owned()];
    /// let old = PolicyMap::new(vec![(of("/**"), policy("https://a.example")?)])?;
    /// let new = PolicyMap::new(vec![
    ///     (of("/**"), policy("https://a.example")?),
    ///     (of("/v2/**"), policy("https://b.example")?),
    /// ])?;
    /// let diff = old.diff(&new);
    /// assert_eq!(diff.len(), 1);
    /// assert_eq!(diff[0].path, "/v2/**");
    /// assert_eq!(diff[0].diff.widens[0].value, "https://b.example");
    /// assert_eq!(diff[0].diff.narrows[0].value, "https://a.example");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn diff(&self, new: &Self) -> Vec<PathDiff> {
        // A path is decided by one pattern of each map. Another one of the same length, whose
        // segments are new wherever their overlap has a `*`, is decided by the same two: so the
        // overlaps tell everything.
        let (old_patterns, new_patterns) = (self.patterns(), new.patterns());
        let mut patterns: Vec<_> = old_patterns.clone();
        patterns.extend(new_patterns.iter().cloned());
        let wild = |patterns: Vec<PathPattern>| -> Vec<_> {
            let is_wild = |pattern: &PathPattern| !pattern.is_literal();
            patterns.into_iter().filter(is_wild).collect()
        };
        let new_patterns = wild(new_patterns);
        for old in wild(old_patterns) {
            patterns.extend(new_patterns.iter().filter_map(|new| old.overlap(new)));
        }
        patterns.sort_by(PathPattern::precedence);
        patterns.dedup();
        let literals = patterns.iter().flat_map(PathPattern::literals);
        let fresh = fresh(literals);
        let longest = self.longest().max(new.longest());
        let diff = |pattern: &PathPattern| {
            let path = pattern.example(&fresh, longest);
            let old = self.policy(path.as_bytes()).unwrap_or(&NOTHING);
            let new = new.policy(path.as_bytes()).unwrap_or(&NOTHING);
            old.diff(new)
        };
        let mut all: Vec<(PathPattern, PolicyDiff)> = Vec::new();
        for pattern in patterns {
            let of_pattern = diff(&pattern);
            // `/a/*/**` covers nearly all of `/a/**`, but not `/a` itself.
            for shorter in pattern.shorter(longest) {
                let of_shorter = diff(&shorter);
                if of_shorter != of_pattern {
                    all.push((shorter, of_shorter));
                }
            }
            all.push((pattern, of_pattern));
        }
        all.sort_by(|(one, _), (other, _)| one.precedence(other));
        all.dedup_by(|(one, _), (other, _)| one == other);
        let changes = |(pattern, diff): (PathPattern, PolicyDiff)| {
            let changes = !diff.widens.is_empty() || !diff.narrows.is_empty();
            let path = pattern.to_string();
            changes.then_some(PathDiff { path, diff })
        };
        all.into_iter().filter_map(changes).collect()
    }
}

/// A segment that is longer than every literal, and so none of them.
fn fresh<'a>(literals: impl Iterator<Item = &'a [u8]>) -> String {
    let longest = literals.map(<[u8]>::len).max().unwrap_or(0);
    "x".repeat(longest + 1)
}
