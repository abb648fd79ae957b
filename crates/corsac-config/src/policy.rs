//! One `[[policy]]`.

use std::{collections::BTreeMap, ops::Range};

use crate::{
    tree::{Kind, Table, Value},
    value::Findings,
};
use corsac::policy::{
    AllowHeaders, Depth, Listing, MaxAge, Mode, OriginPattern, PolicyConfig, Ports, Preflights,
};

/// Every key that may stand in a policy.
pub(crate) const KEYS: &[&str] = &[
    "paths",
    "allow-origins",
    "allow-methods",
    "allow-headers",
    "allow-credentials",
    "expose-headers",
    "max-age",
    "preflights",
    "cacheable-preflights",
    "preflight-status",
    "refusal-status",
    "block-disallowed",
    "allow-private-network",
    "mode",
    "dangerously-allow-null",
    "dangerously-allow-insecure-origins",
    "dangerously-allow-public-suffixes",
];

/// Every key that may stand in an origin that is a table.
pub(crate) const ORIGIN_KEYS: &[&str] = &["origin", "depth", "ports"];

/// What a policy says, and where it says it.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    pub(crate) paths: Vec<String>,
    pub(crate) config: PolicyConfig,
    /// The policy as a whole.
    span: Range<usize>,
    /// Each key's value, and the entries of its list.
    places: BTreeMap<String, (Range<usize>, Vec<Range<usize>>)>,
}

impl Written {
    /// Where an entry of a key stands, or the key's value, or the policy.
    pub(crate) fn place(&self, key: &str, entry: Option<usize>) -> Range<usize> {
        match self.places.get(key) {
            Some((whole, entries)) => {
                let entry = entry.and_then(|entry| entries.get(entry));
                entry.unwrap_or(whole).clone()
            }
            None => self.span.clone(),
        }
    }

    pub(crate) fn read(span: Range<usize>, table: &Table<'_>, found: &mut Findings) -> Self {
        let mut written = Self {
            paths: Vec::new(),
            config: PolicyConfig::default(),
            span,
            places: BTreeMap::new(),
        };
        for (key, value) in table {
            let name = key.name.as_ref();
            if !KEYS.contains(&name) {
                found.unknown(key.span.clone(), "key of a policy", name, KEYS);
                continue;
            }
            let entries = written.key(name, value, found);
            let place = (value.span.clone(), entries.unwrap_or_default());
            written.places.insert(name.to_owned(), place);
        }
        written
    }

    /// Reads one key, and tells where the entries are if it has a list.
    fn key(
        &mut self,
        key: &str,
        value: &Value<'_>,
        found: &mut Findings,
    ) -> Option<Vec<Range<usize>>> {
        // A field that is new doesn't compile until it is read here; a predicate is code.
        let PolicyConfig {
            allow_origins,
            origin_predicate: _,
            allow_methods,
            allow_headers,
            allow_credentials,
            expose_headers,
            max_age,
            preflights,
            cacheable_preflights,
            preflight_status,
            refusal_status,
            block_disallowed,
            allow_private_network,
            mode,
            dangerously_allow_null,
            dangerously_allow_insecure_origins,
            dangerously_allow_public_suffixes,
        } = &mut self.config;
        match key {
            "paths" => {
                let (paths, entries) = names(key, value, found)?;
                self.paths = paths;
                return Some(entries);
            }
            "allow-origins" if value.is_star() => *allow_origins = Listing::Any,
            "allow-origins" => {
                let list = found.list(key, value, "a list of origins, or \"*\"")?;
                let (mut patterns, mut entries) = (Vec::new(), Vec::new());
                for entry in list {
                    if let Some(pattern) = origin(entry, found) {
                        patterns.push(pattern);
                        entries.push(entry.span.clone());
                    }
                }
                *allow_origins = match patterns.as_slice() {
                    [one] if *one == OriginPattern::from("*") => Listing::Any,
                    _ => Listing::List(patterns),
                };
                return Some(entries);
            }
            "allow-methods" => return listing(key, value, allow_methods, found),
            "expose-headers" => return listing(key, value, expose_headers, found),
            "allow-headers" if value.is_star() => *allow_headers = AllowHeaders::Any,
            "allow-headers" => {
                let (names, entries) = names(key, value, found)?;
                *allow_headers = match names.as_slice() {
                    [star] if star == "*" => AllowHeaders::Any,
                    [star, name] if star == "*" && name.eq_ignore_ascii_case("authorization") => {
                        AllowHeaders::AnyAndAuthorization
                    }
                    _ => AllowHeaders::List(names),
                };
                return Some(entries);
            }
            "max-age" => {
                *max_age = match value.as_str() {
                    Some(_) => found.word(key, value, &[("disable", MaxAge::Disabled)])?,
                    None => {
                        let should = "seconds from 0 to 86400, or \"disable\"";
                        MaxAge::Seconds(found.number(key, value, should)?)
                    }
                };
            }
            "preflights" => {
                let words = [
                    ("tell-asked", Preflights::TellAsked),
                    ("tell-lists", Preflights::TellLists),
                ];
                *preflights = found.word(key, value, &words)?;
            }
            "mode" => {
                let words = [
                    ("enforce", Mode::Enforce),
                    ("debug", Mode::Debug),
                    ("report-only", Mode::ReportOnly),
                ];
                *mode = found.word(key, value, &words)?;
            }
            "preflight-status" => *preflight_status = found.number(key, value, "a status")?,
            "refusal-status" => *refusal_status = found.number(key, value, "a status")?,
            "allow-credentials" => *allow_credentials = found.boolean(key, value)?,
            "cacheable-preflights" => *cacheable_preflights = found.boolean(key, value)?,
            "allow-private-network" => *allow_private_network = found.boolean(key, value)?,
            "block-disallowed" => *block_disallowed = found.boolean(key, value)?,
            "dangerously-allow-null" => *dangerously_allow_null = found.boolean(key, value)?,
            "dangerously-allow-insecure-origins" => {
                *dangerously_allow_insecure_origins = found.boolean(key, value)?;
            }
            "dangerously-allow-public-suffixes" => {
                *dangerously_allow_public_suffixes = found.boolean(key, value)?;
            }
            _ => {}
        }
        None
    }
}

/// Strings, each with its place; what is no string is found and left out.
fn names(
    key: &str,
    value: &Value<'_>,
    found: &mut Findings,
) -> Option<(Vec<String>, Vec<Range<usize>>)> {
    let list = found.list(key, value, "a list of strings")?;
    let mut strings = Vec::new();
    for entry in list {
        if let Some(string) = found.string(key, entry) {
            strings.push((string.to_owned(), entry.span.clone()));
        }
    }
    Some(strings.into_iter().unzip())
}

fn listing(
    key: &str,
    value: &Value<'_>,
    into: &mut Listing,
    found: &mut Findings,
) -> Option<Vec<Range<usize>>> {
    if value.is_star() {
        *into = Listing::Any;
        return None;
    }
    let (names, entries) = names(key, value, found)?;
    *into = match names.as_slice() {
        [star] if star == "*" => Listing::Any,
        _ => Listing::List(names),
    };
    Some(entries)
}

/// A string, or a table of `origin`, `depth` and `ports`.
fn origin(value: &Value<'_>, found: &mut Findings) -> Option<OriginPattern> {
    let Kind::Table(table) = &value.kind else {
        return found.string("allow-origins", value).map(Into::into);
    };
    let mut is_named = false;
    let mut pattern = OriginPattern::default();
    for (key, value) in table {
        match key.name.as_ref() {
            "origin" => {
                is_named = true;
                pattern.origin = found.string("origin", value)?.to_owned();
            }
            "depth" => {
                let words = [("any", Depth::Any), ("one", Depth::One)];
                pattern.depth = found.word("depth", value, &words)?;
            }
            "ports" if value.is_star() => pattern.ports = Ports::Any,
            "ports" => {
                let list = found.list("ports", value, "a list of ports, or \"*\"")?;
                let ports = list
                    .iter()
                    .map(|port| found.number("ports", port, "ports from 0 to 65535"));
                pattern.ports = Ports::OneOf(ports.collect::<Option<_>>()?);
            }
            other => found.unknown(key.span.clone(), "key of an origin", other, ORIGIN_KEYS),
        }
    }
    if !is_named {
        found.add(value.span.clone(), "an origin has an `origin`");
        return None;
    }
    Some(pattern)
}
