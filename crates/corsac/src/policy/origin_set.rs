//! The origins of a policy, made for being asked.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::origin::Parts;

use super::{
    OriginPredicate,
    wildcard::{Wildcard, Wildcards},
};

/// The origins that a policy allows: for whoever has to ask about one outside of CORS, as in the
/// handshake of a WebSocket, to which CORS does not apply.
///
/// ```
/// use corsac::policy::{Policy, PolicyConfig};
/// let policy = Policy::new(PolicyConfig {
///     allow_origins: ["https://app.example", "https://*.b.example"].into(),
///     ..PolicyConfig::default()
/// })?;
/// assert!(policy.origins().allows(b"https://app.example"));
/// assert!(policy.origins().allows(b"https://a.b.example"));
/// assert!(!policy.origins().allows(b"https://b.example"));
/// # Ok::<(), corsac::policy::PolicyErrors>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct OriginSet {
    any: bool,
    exact: ExactOrigins,
    wildcards: Wildcards,
    predicate: Option<OriginPredicate>,
    /// Whether there is more to ask than the first exact origin. Most policies have no more, and to compare one costs
    /// a third of a hash.
    holds_more: bool,
}

impl OriginSet {
    pub(super) fn any() -> Self {
        Self {
            any: true,
            holds_more: true,
            ..Self::default()
        }
    }

    pub(super) fn insert_exact(&mut self, origin: &str) {
        self.holds_more |= !self.exact.slots.is_empty();
        self.exact.insert(origin.as_bytes());
    }

    pub(super) fn insert_wildcard(&mut self, wildcard: Wildcard) {
        self.holds_more = true;
        self.wildcards.insert(wildcard);
    }

    pub(super) fn set_predicate(&mut self, predicate: Option<OriginPredicate>) {
        self.holds_more |= predicate.is_some();
        self.predicate = predicate;
    }

    /// Says whether the value of an Origin header is one that the policy allows.
    #[inline]
    pub fn allows(&self, origin: &[u8]) -> bool {
        self.exact.is_first(origin) || self.holds_more && self.allows_more(origin)
    }

    /// Says whether that is every origin.
    #[inline]
    pub fn is_any(&self) -> bool {
        self.any
    }

    pub(super) fn holds_wildcard(&self, wildcard: &Wildcard) -> bool {
        self.any || self.wildcards.holds(wildcard)
    }

    /// Whether everybody is told the same, because nobody is allowed.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        !self.any
            && self.exact.slots.is_empty()
            && self.wildcards.is_empty()
            && self.predicate.is_none()
    }

    /// Bytes against bytes: a browser writes an origin in one way only. It is taken apart only
    /// where a pattern wants to see its parts.
    #[inline]
    pub(super) fn lists(&self, origin: &[u8]) -> bool {
        self.exact.contains(origin) || self.wildcards.contains(origin)
    }

    fn allows_more(&self, origin: &[u8]) -> bool {
        self.any || self.lists(origin) || self.predicate_allows(origin)
    }

    fn predicate_allows(&self, origin: &[u8]) -> bool {
        let Some(predicate) = &self.predicate else {
            return false;
        };
        well_formed(origin).is_some_and(|origin| predicate.allows(origin))
    }
}

/// The text of an origin written as a browser writes it. A predicate sees no other, so that
/// nothing else is ever echoed.
pub(super) fn well_formed(origin: &[u8]) -> Option<&str> {
    Parts::of(origin)?;
    std::str::from_utf8(origin).ok()
}

/// Exact origins: their bytes one after another, and a table of where they are.
///
/// Its hash needs no secret: requests look up and never insert, so that the longest chain is a
/// matter of the policy.
#[derive(Clone, Debug, Default)]
struct ExactOrigins {
    /// A bit for each length that there is.
    lengths: [u64; Self::LENGTHS / 64],
    bytes: Vec<u8>,
    slots: HashTable<Slot>,
    /// The first origin once more; empty if there is none.
    first: Box<[u8]>,
}

/// Where an origin begins, and in the last 16 bits how long it is.
#[derive(Clone, Copy, Debug)]
struct Slot(u64);

const HASHER: FixedState = FixedState::with_seed(0);

impl ExactOrigins {
    const LENGTHS: usize = 512;

    fn insert(&mut self, origin: &[u8]) {
        let Some(word) = self.lengths.get_mut(origin.len() / 64) else {
            return;
        };
        *word |= 1 << (origin.len() % 64);
        if self.contains(origin) {
            return;
        }
        if self.bytes.is_empty() {
            self.first = origin.into();
        }
        let slot = Slot((self.bytes.len() as u64) << 16 | origin.len() as u64);
        self.bytes.extend_from_slice(origin);
        let bytes = &self.bytes;
        let hash = |slot: &Slot| HASHER.hash_one(slot.of(bytes));
        self.slots.insert_unique(hash(&slot), slot, hash);
    }

    #[inline(always)]
    fn is_first(&self, origin: &[u8]) -> bool {
        is_same(&self.first, origin)
    }

    fn contains(&self, origin: &[u8]) -> bool {
        let word = self.lengths.get(origin.len() / 64);
        if word.is_none_or(|word| word >> (origin.len() % 64) & 1 == 0) {
            return false;
        }
        let is_this = |slot: &Slot| slot.of(&self.bytes) == origin;
        self.slots.find(HASHER.hash_one(origin), is_this).is_some()
    }
}

/// Whether two texts are the same, and not empty. Most origins are of 16 to 32 bytes, and two
/// comparisons of 16, which may overlap, cost half of what a call of `memcmp` does.
#[inline(always)]
fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let (Some(head), Some(tail)) = (one.first_chunk::<16>(), one.last_chunk::<16>()) else {
        return !one.is_empty() && one == other;
    };
    other.last_chunk() == Some(tail)
        && other.first_chunk() == Some(head)
        && (one.len() <= 32 || one == other)
}

impl Slot {
    fn of(self, bytes: &[u8]) -> &[u8] {
        let (at, length) = ((self.0 >> 16) as usize, (self.0 & 0xffff) as usize);
        bytes.get(at..at + length).unwrap_or_default()
    }
}
