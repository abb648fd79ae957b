//! What a change of policy gives, and what it takes.

use std::time::Duration;

use super::{
    AllowHeaders, Field, Listing, MaxAge, Mode, Policy, PolicyConfig,
    judge_origin::{Entry, judge_origin},
};

/// What one policy grants and another doesn't.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyDiff {
    /// What the new policy grants and the old one didn't.
    pub widens: Vec<Change>,
    /// What the old policy granted and the new one doesn't.
    pub narrows: Vec<Change>,
    /// How long browsers may still go by an old preflight's answer, where something narrows.
    pub held_for: Duration,
}

/// One thing that is granted on one side only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field that grants it.
    pub field: Field,
    /// What is granted, as written.
    pub value: String,
}

impl Policy {
    /// Compares what this policy grants with what a newer one does.
    ///
    /// A pattern that the other side doesn't have counts as a difference, even where other patterns
    /// together cover it.
    ///
    /// ```
    /// use corsac::policy::{MaxAge, Policy, PolicyConfig};
    /// let old = PolicyConfig {
    ///     allow_origins: ["https://a.example", "https://b.example"].into(),
    ///     max_age: MaxAge::Seconds(600),
    ///     ..PolicyConfig::default()
    /// };
    /// let new = PolicyConfig { allow_origins: ["https://*.a.example", "https://a.example"].into(), ..old.clone() };
    /// let diff = Policy::new(old)?.diff(&Policy::new(new)?);
    /// assert_eq!(diff.widens[0].value, "https://*.a.example");
    /// assert_eq!(diff.narrows[0].value, "https://b.example");
    /// assert_eq!(diff.held_for.as_secs(), 600);
    /// # Ok::<(), corsac::policy::PolicyErrors>(())
    /// ```
    pub fn diff(&self, new: &Self) -> PolicyDiff {
        let narrows = new.lacks(self);
        let is_preflights = |change: &Change| change.field != Field::ExposeHeaders;
        let held_for = match self.config().max_age {
            _ if !narrows.iter().any(is_preflights) => 0,
            MaxAge::Unset => 5,
            MaxAge::Seconds(seconds) => seconds,
            MaxAge::Disabled => 0,
        };
        PolicyDiff {
            widens: self.lacks(new),
            narrows,
            held_for: Duration::from_secs(held_for.into()),
        }
    }

    /// What the other grants and this one doesn't.
    fn lacks(&self, other: &Self) -> Vec<Change> {
        let (own, theirs) = (self.config(), other.config());
        let mut lacks = Vec::new();
        let mut add = |field, value: &str| {
            let value = value.to_owned();
            lacks.push(Change { field, value });
        };
        match &theirs.allow_origins {
            Listing::Any if !self.origins().is_any() => add(Field::AllowOrigins, "*"),
            Listing::Any => {}
            Listing::List(entries) => {
                for entry in entries {
                    let covered = match judge_origin(entry, theirs) {
                        Ok(Entry::Exact) => {
                            self.origins().is_any() || self.origins().lists(entry.origin.as_bytes())
                        }
                        Ok(Entry::Wildcard(wildcard)) => self.origins().holds_wildcard(&wildcard),
                        Err(_) => true,
                    };
                    if !covered {
                        add(Field::AllowOrigins, &entry.to_string());
                    }
                }
            }
        }
        if theirs.origin_predicate.is_some()
            && theirs.origin_predicate != own.origin_predicate
            && !self.origins().is_any()
        {
            add(Field::OriginPredicate, "a predicate");
        }
        for method in missing(&own.allow_methods, &theirs.allow_methods, str::eq) {
            if !crate::method::is_cors_safelisted_method(method) {
                add(Field::AllowMethods, method);
            }
        }
        for name in missing_headers(own, theirs) {
            add(Field::AllowHeaders, name);
        }
        if theirs.allow_credentials && !own.allow_credentials {
            add(Field::AllowCredentials, "true");
        }
        let same = str::eq_ignore_ascii_case;
        for name in missing(&own.expose_headers, &theirs.expose_headers, same) {
            add(Field::ExposeHeaders, name);
        }
        if theirs.allow_private_network && !own.allow_private_network {
            add(Field::AllowPrivateNetwork, "true");
        }
        if theirs.mode == Mode::ReportOnly && own.mode != Mode::ReportOnly {
            add(Field::Mode, "report-only");
        }
        if own.block_disallowed && !theirs.block_disallowed {
            add(Field::BlockDisallowed, "false");
        }
        lacks
    }
}

fn missing<'a>(
    own: &Listing,
    theirs: &'a Listing,
    same: impl Fn(&str, &str) -> bool,
) -> Vec<&'a str> {
    match (own, theirs) {
        (Listing::Any, _) => Vec::new(),
        (Listing::List(_), Listing::Any) => vec!["*"],
        (Listing::List(own), Listing::List(theirs)) => {
            let is_missing = |entry: &&String| !own.iter().any(|own| same(own, entry));
            theirs
                .iter()
                .filter(is_missing)
                .map(|entry| &**entry)
                .collect()
        }
    }
}

fn missing_headers<'a>(own: &PolicyConfig, theirs: &'a PolicyConfig) -> Vec<&'a str> {
    let is_authorization = |name: &str| name.eq_ignore_ascii_case("authorization");
    let own_names = match &own.allow_headers {
        AllowHeaders::List(names) => names.as_slice(),
        AllowHeaders::Any | AllowHeaders::AnyAndAuthorization => &[],
    };
    let is_any = !matches!(own.allow_headers, AllowHeaders::List(_));
    let has_authorization = own.allow_headers == AllowHeaders::AnyAndAuthorization
        || own_names.iter().any(|name| is_authorization(name));
    match &theirs.allow_headers {
        AllowHeaders::Any if !is_any => vec!["*"],
        AllowHeaders::Any => Vec::new(),
        AllowHeaders::AnyAndAuthorization => {
            let any = (!is_any).then_some("*");
            any.into_iter()
                .chain((!has_authorization).then_some("Authorization"))
                .collect()
        }
        AllowHeaders::List(names) => {
            let is_missing = |name: &&String| match is_authorization(name) {
                true => !has_authorization,
                false => !is_any && !own_names.iter().any(|own| own.eq_ignore_ascii_case(name)),
            };
            names
                .iter()
                .filter(is_missing)
                .map(|name| &**name)
                .collect()
        }
    }
}
