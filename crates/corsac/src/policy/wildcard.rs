//! Patterns of origins.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::origin::{Parts, default_port};

/// A pattern, taken apart: `https://pr-*.c.example:8443` is a scheme, a label, a rest and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wildcard {
    pub(super) scheme: Box<str>,
    /// What stands before the rest.
    pub(super) front: Front,
    /// What the host ends with, whole labels: a host, if nothing stands before it.
    pub(super) rest: Box<str>,
    pub(super) ports: PortSet,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Front {
    Nothing,
    /// One label or more.
    Labels,
    /// One label, which begins and ends like this and has something between.
    Label(Box<str>, Box<str>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PortSet {
    Any,
    /// `None` is the scheme's own.
    One(Option<u16>),
    OneOf(Box<[u16]>),
}

/// Patterns, found by their rest: a host has few ends that are whole labels, and fewer of the
/// lengths that there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Wildcards {
    /// A bit for each length of a rest that there is.
    lengths: [u64; 4],
    by_rest: HashTable<Vec<Wildcard>>,
}

const HASHER: FixedState = FixedState::with_seed(0);

fn rest_of(group: &[Wildcard]) -> &str {
    group.first().map_or("", |wildcard| &wildcard.rest)
}

impl Wildcards {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.by_rest.is_empty()
    }

    pub(super) fn insert(&mut self, wildcard: Wildcard) {
        let rest = &*wildcard.rest;
        if let Some(word) = self.lengths.get_mut(rest.len() / 64) {
            *word |= 1 << (rest.len() % 64);
        }
        let hash = HASHER.hash_one(rest);
        match self.by_rest.find_mut(hash, |group| rest_of(group) == rest) {
            Some(group) if group.contains(&wildcard) => {}
            Some(group) => group.push(wildcard),
            None => {
                let hash_of = |group: &Vec<Wildcard>| HASHER.hash_one(rest_of(group));
                self.by_rest.insert_unique(hash, vec![wildcard], hash_of);
            }
        }
    }

    /// Whether this very pattern is one of them.
    pub(super) fn holds(&self, wildcard: &Wildcard) -> bool {
        self.group(&wildcard.rest).contains(wildcard)
    }

    #[inline]
    pub(super) fn contains(&self, origin: &[u8]) -> bool {
        !self.is_empty() && self.finds(origin)
    }

    fn finds(&self, origin: &[u8]) -> bool {
        let Some(parts) = Parts::of(origin) else {
            return false;
        };
        let host = parts.host;
        let mut begins = Some(0_usize);
        while let Some(at) = begins {
            let (front, rest) = (host.get(..at.saturating_sub(1)), host.get(at..));
            if let (Some(front), Some(rest)) = (front, rest)
                && self
                    .group(rest)
                    .iter()
                    .any(|wildcard| wildcard.covers(&parts, front))
            {
                return true;
            }
            let dot = host.get(at..).and_then(|rest| rest.find('.'));
            begins = dot.map(|dot| at + dot + 1);
        }
        false
    }

    /// The patterns that end so.
    fn group(&self, rest: &str) -> &[Wildcard] {
        let word = self.lengths.get(rest.len() / 64);
        if word.is_none_or(|word| word >> (rest.len() % 64) & 1 == 0) {
            return &[];
        }
        let hash = HASHER.hash_one(rest);
        let group = self.by_rest.find(hash, |group| rest_of(group) == rest);
        group.map_or(&[], Vec::as_slice)
    }
}

impl Wildcard {
    /// `front` is what the host has before the rest and its dot.
    fn covers(&self, parts: &Parts<'_>, front: &str) -> bool {
        *self.scheme == *parts.scheme
            && match &self.front {
                Front::Nothing => front.is_empty(),
                Front::Labels => !front.is_empty(),
                Front::Label(begin, end) => {
                    front.len() > begin.len() + end.len()
                        && front.starts_with(&**begin)
                        && front.ends_with(&**end)
                        && !front.contains('.')
                }
            }
            && match &self.ports {
                PortSet::Any => true,
                PortSet::One(port) => parts.port == *port,
                PortSet::OneOf(ports) => {
                    let port = parts.port.or_else(|| default_port(parts.scheme));
                    port.is_some_and(|port| ports.contains(&port))
                }
            }
    }
}
