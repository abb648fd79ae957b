use std::fmt;

use super::{cases::Due, probe::Answer};

/// What an answer has otherwise than the policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// A page may read what it should not.
    Grants,
    /// A page may not read what it should.
    Denies,
    /// There is more than one grant, so that browsers refuse them all.
    GrantsTwice,
    /// A refused preflight, or a response to no preflight, tells what would be granted.
    Tells,
    /// A granted preflight does not have the method that was asked for.
    WithoutMethod,
    /// A shared cache may hand one origin what was said to another.
    WithoutVary,
    /// A preflight came as far as the upstream.
    Forwards,
    /// What is no preflight did not come as far as the upstream.
    Swallows,
    /// The answer to a preflight has a status that browsers refuse.
    Status,
}

impl Deviation {
    /// All of them, in the order of the enum.
    pub(super) fn all(due: &Due, answer: &Answer) -> Vec<Self> {
        let list = &answer.head.header_list;
        let grants: Vec<_> = list
            .iter()
            .filter(|header| header.is_named("Access-Control-Allow-Origin"))
            .map(|header| header.value())
            .collect();
        let reads = |origin: &str| grants == [origin.as_bytes()];
        let methods = list.get("Access-Control-Allow-Methods");
        let answered = due.preflight && due.allow_origin.is_some();
        let has_token = |value: &[u8], token: &str| {
            let mut tokens = value.split(|&byte| byte == b',');
            tokens.any(|one| one.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
        };
        let varies = list
            .get("Vary")
            .is_some_and(|value| has_token(&value, "origin") || has_token(&value, "*"));
        let found = [
            (
                due.allow_origin.is_none() && !grants.is_empty(),
                Self::Grants,
            ),
            (
                due.allow_origin.is_some_and(|origin| !reads(origin)) && grants.len() < 2,
                Self::Denies,
            ),
            (
                due.allow_origin.is_some() && grants.len() > 1,
                Self::GrantsTwice,
            ),
            (!answered && methods.is_some(), Self::Tells),
            (
                answered
                    && due.method.is_some_and(|method| {
                        !methods
                            .as_deref()
                            .is_some_and(|value| has_token(value, method))
                    }),
                Self::WithoutMethod,
            ),
            (!varies, Self::WithoutVary),
            (due.preflight && answer.from_upstream, Self::Forwards),
            (
                !due.preflight && !answer.from_upstream && answer.head.status < 500,
                Self::Swallows,
            ),
            (
                answered && !(200..300).contains(&answer.head.status),
                Self::Status,
            ),
        ];
        let found = found.into_iter().filter(|(is_so, _)| *is_so);
        found.map(|(_, deviation)| deviation).collect()
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Grants => "grants",
            Self::Denies => "denies",
            Self::GrantsTwice => "grants twice",
            Self::Tells => "tells methods",
            Self::WithoutMethod => "no method",
            Self::WithoutVary => "no Vary",
            Self::Forwards => "forwards",
            Self::Swallows => "swallows",
            Self::Status => "status",
        })
    }
}
