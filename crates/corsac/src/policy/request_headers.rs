//! The names that a preflight asks for, against those that the policy grants.

use http::HeaderValue;

use crate::header::{
    is_cors_non_wildcard_request_header_name, is_http_tab_or_space, is_token, trim,
};

use super::{
    Refusal,
    header_op::{ANY, ANY_AND_AUTHORIZATION},
};

/// How many bytes of names are read where the policy sets no bound of its own.
const LONGEST_UNDER_WILDCARD: usize = 4096;

/// What a question may be longer than the whole list, so that a small policy still says which name
/// it refuses, and a proxy's white space or an odd empty item does no harm.
const SLACK: usize = 512;

/// How many names are looked through faster than searched.
const FEW: usize = 8;

/// The request headers that a policy grants.
#[derive(Debug)]
pub(super) enum RequestHeaders {
    /// All of them, Authorization only if it was named.
    Any { authorization: bool },
    /// These.
    Listed {
        /// Lower-case and sorted.
        names: Box<[Box<[u8]>]>,
        /// The names as they were written, as a header's value.
        list: Option<HeaderValue>,
        /// Nobody who asks for what is granted needs more bytes.
        longest: usize,
    },
}

impl RequestHeaders {
    pub(super) fn listed(entries: &[&str], list: Option<HeaderValue>) -> Self {
        let lowercase = |entry: &&str| entry.to_ascii_lowercase().into_bytes().into();
        let mut names: Box<[Box<[u8]>]> = entries.iter().map(lowercase).collect();
        names.sort_unstable();
        // A comma and two spaces go with each name.
        let longest = names.iter().map(|name| name.len() + 3).sum::<usize>() + SLACK;
        Self::Listed {
            names,
            list,
            longest,
        }
    }

    /// All of them, as a header's value.
    pub(super) fn list(&self) -> Option<&HeaderValue> {
        match self {
            Self::Any {
                authorization: true,
            } => Some(&ANY_AND_AUTHORIZATION),
            Self::Any {
                authorization: false,
            } => Some(&ANY),
            Self::Listed { list, .. } => list.as_ref(),
        }
    }

    /// Checks every name of every line, and says whether there is any.
    ///
    /// Browsers write one line of sorted lower-case names apart by commas. Other clients and
    /// proxies split lines, add spaces or keep the case, and are understood. Work is bounded by
    /// bytes: what is longer than all that could be granted is refused unread, and a line costs at
    /// least its separator.
    pub(super) fn check<'r>(
        &self,
        lines: impl Iterator<Item = &'r [u8]>,
    ) -> Result<bool, Refusal<'r>> {
        let mut left = match self {
            Self::Any { .. } => LONGEST_UNDER_WILDCARD,
            Self::Listed { longest, .. } => *longest,
        };
        let mut any = false;
        for line in lines {
            let cost = line.len().saturating_add(1);
            left = left.checked_sub(cost).ok_or(Refusal::HeadersTooLong)?;
            let items = line.split(|&byte| byte == b',');
            let names = items.map(|item| trim(item, is_http_tab_or_space));
            for name in names.filter(|name| !name.is_empty()) {
                any = true;
                if !self.grants(name) {
                    return Err(Refusal::HeaderNotAllowed(name));
                }
            }
        }
        Ok(any)
    }

    fn grants(&self, name: &[u8]) -> bool {
        match self {
            Self::Any { authorization } => {
                is_token(name)
                    && (*authorization || !is_cors_non_wildcard_request_header_name(name))
            }
            Self::Listed { names, .. } => {
                // Browsers write lower case, so that the bytes alone decide as a rule, and of a few
                // names the length alone.
                let is_there = match names.len() {
                    ..=FEW => names.iter().any(|listed| **listed == *name),
                    _ => names
                        .binary_search_by(|listed| (**listed).cmp(name))
                        .is_ok(),
                };
                is_there
                    || names
                        .binary_search_by(|listed| {
                            let asked = name.iter().map(u8::to_ascii_lowercase);
                            listed.iter().copied().cmp(asked)
                        })
                        .is_ok()
            }
        }
    }
}
