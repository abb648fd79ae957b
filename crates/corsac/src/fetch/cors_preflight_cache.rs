//! The CORS-preflight cache: what servers granted, for a while.
//!
//! One entry for each granted method and each granted header name, not one for each answer. An
//! answer never lengthens the life of a grant that it did not repeat: where the Standard gives
//! every matching entry the new max-age, an entry that grants more than the answer says (`*`, or
//! with credentials) keeps the earlier of both ends here.

use std::{collections::BTreeSet, time::Duration};

use url::Url;

use crate::header::is_cors_non_wildcard_request_header_name;

use super::{FetchParams, NetworkPartitionKey};

/// The cache, which the host owns and lends to each [`Fetch`](super::Fetch) it polls.
///
/// It holds at most as many entries as it was made for, default 1024; the oldest give way first.
/// URLs longer than 4096 bytes and grants longer than 256 are not kept. Time is whatever
/// [`poll`](super::Fetch::poll) was given; if it goes backwards, entries of the future match nothing.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-cache>
///
/// ```
/// use corsac::fetch::PreflightCache;
/// let cache = PreflightCache::with_capacity(100);
/// assert_eq!(cache.entries(std::time::Duration::ZERO).count(), 0);
/// ```
#[derive(Clone, Debug)]
pub struct PreflightCache {
    /// The oldest first. Looked through from end to end: with a bound of a thousand
    /// that costs microseconds, and no choice of URLs by an attacker makes it cost more.
    entries: Vec<CacheEntry>,
    capacity: usize,
}

/// One grant.
///
/// Source: <https://fetch.spec.whatwg.org/#cache-entry>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheEntry {
    /// Whose cache it is in.
    pub key: NetworkPartitionKey,
    /// The origin that was granted, as it was sent.
    pub byte_serialized_origin: String,
    /// The URL that was granted, fragment and all.
    pub url: Url,
    /// When it was granted.
    pub stored: Duration,
    /// For how long.
    pub max_age: Duration,
    /// Whether it was granted with credentials.
    pub credentials: bool,
    /// What was granted.
    pub grant: CachedGrant,
}

/// A method or a header name, either of which may be `*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CachedGrant {
    /// A method.
    Method(String),
    /// A header name, in lower case.
    HeaderName(String),
}

impl CachedGrant {
    pub(super) fn method(method: &[u8]) -> Self {
        Self::Method(String::from_utf8_lossy(method).into_owned())
    }

    pub(super) fn header_name(name: &[u8]) -> Self {
        Self::HeaderName(String::from_utf8_lossy(name).to_ascii_lowercase())
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Method(text) | Self::HeaderName(text) => text,
        }
    }
}

// What a server sends must not fill the memory: whoever uses longer ones asks every time.
const LONGEST_URL: usize = 4096;
const LONGEST_GRANT: usize = 256;

impl PreflightCache {
    /// An empty cache for so many entries.
    pub const fn with_capacity(entries: usize) -> Self {
        Self {
            entries: Vec::new(),
            capacity: entries,
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Forgets all grants in one partition.
    pub fn clear_partition(&mut self, key: &NetworkPartitionKey) {
        self.entries.retain(|entry| entry.key != *key);
    }

    /// The entries that are alive.
    pub fn entries(&self, now: Duration) -> impl Iterator<Item = &CacheEntry> {
        self.entries.iter().filter(move |entry| entry.is_alive(now))
    }

    /// Forgets the entries that are no longer alive, which otherwise stay until the next answer is
    /// stored.
    pub fn remove_expired(&mut self, now: Duration) {
        self.entries.retain(|entry| entry.is_alive(now));
    }

    /// When the next entry dies: a host that wants the memory back can wake up then, and
    /// [remove](Self::remove_expired) what has expired.
    pub fn next_expiry(&self) -> Option<Duration> {
        self.entries.iter().map(CacheEntry::end).min()
    }

    /// Forgets what this request's origin was granted for its current URL.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-cache-clear>
    pub(super) fn clear_cache_entries(&mut self, params: &FetchParams) {
        self.entries.retain(|entry| !entry.is_for(params));
    }

    /// Finds out whether a method was granted.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-cache-match-method>
    pub(super) fn method_cache_entry_match(
        &self,
        params: &FetchParams,
        now: Duration,
        method: &str,
    ) -> bool {
        self.matches(params, now, |entry| {
            matches!(&entry.grant, CachedGrant::Method(granted)
                if granted == method || (granted == "*" && entry.wildcard_counts(params)))
        })
    }

    /// Finds out whether a header name was granted.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-cache-match-header>
    pub(super) fn header_name_cache_entry_match(
        &self,
        params: &FetchParams,
        now: Duration,
        header_name: &[u8],
    ) -> bool {
        // Engines whose preflights pass over this do not let the cache.
        let needs_its_name = is_cors_non_wildcard_request_header_name(header_name);
        self.matches(params, now, |entry| {
            matches!(&entry.grant, CachedGrant::HeaderName(granted)
                if granted.as_bytes().eq_ignore_ascii_case(header_name)
                    || (granted == "*" && !needs_its_name && entry.wildcard_counts(params)))
        })
    }

    /// Finds out whether there is any grant.
    pub(super) fn grants_anything(&self, params: &FetchParams, now: Duration) -> bool {
        self.matches(params, now, |_| true)
    }

    fn matches(
        &self,
        params: &FetchParams,
        now: Duration,
        grants: impl Fn(&CacheEntry) -> bool,
    ) -> bool {
        self.entries
            .iter()
            .any(|entry| grants(entry) && entry.is_alive(now) && entry.cache_entry_match(params))
    }

    /// Stores what an answer grants.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-cache-create-entry> and the steps of
    /// CORS-preflight fetch that call it.
    pub(super) fn store(
        &mut self,
        params: &FetchParams,
        now: Duration,
        max_age: Duration,
        grants: impl IntoIterator<Item = CachedGrant>,
    ) {
        self.remove_expired(now);
        let grants: BTreeSet<_> = grants.into_iter().collect();
        let methods = grants
            .iter()
            .any(|grant| matches!(grant, CachedGrant::Method(_)));
        let header_names = grants
            .iter()
            .any(|grant| matches!(grant, CachedGrant::HeaderName(_)));
        let include = params.is_credentials_mode_include();
        self.entries.retain_mut(|entry| {
            if !entry.is_for(params) {
                return true;
            }
            let repeated = grants.contains(&entry.grant);
            let covers = match &entry.grant {
                CachedGrant::Method(method) if method == "*" => methods,
                CachedGrant::HeaderName(name) if name == "*" => header_names,
                _ => repeated,
            };
            if covers && entry.cache_entry_match(params) {
                let end = entry.end().min(now.saturating_add(max_age));
                entry.max_age = end.saturating_sub(entry.stored);
            }
            // The answer says it again: a new entry takes its place.
            !(repeated && entry.credentials == include) && entry.is_alive(now)
        });
        if max_age.is_zero() || params.current_url().as_str().len() > LONGEST_URL {
            return;
        }
        let kept = grants
            .into_iter()
            .filter(|grant| grant.as_str().len() <= LONGEST_GRANT);
        self.entries.extend(
            kept.take(self.capacity)
                .map(|grant| CacheEntry::create_a_new_cache_entry(params, now, max_age, grant)),
        );
        let surplus = self.entries.len().saturating_sub(self.capacity);
        self.entries.drain(..surplus);
    }
}

impl Default for PreflightCache {
    fn default() -> Self {
        Self::with_capacity(1024)
    }
}

impl CacheEntry {
    /// Source: <https://fetch.spec.whatwg.org/#concept-cache-create-entry>
    fn create_a_new_cache_entry(
        params: &FetchParams,
        now: Duration,
        max_age: Duration,
        grant: CachedGrant,
    ) -> Self {
        Self {
            key: params.environment.network_partition_key.clone(),
            byte_serialized_origin: params.cache_origin().to_owned(),
            url: params.current_url().clone(),
            stored: now,
            max_age,
            credentials: params.is_credentials_mode_include(),
            grant,
        }
    }

    /// Says whether this entry may speak for a request: a grant with credentials serves requests
    /// without them too, not the other way round.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-cache-match>
    fn cache_entry_match(&self, params: &FetchParams) -> bool {
        let include = params.is_credentials_mode_include();
        let credentials = match self.credentials {
            true => include || params.profile.credentialed_grants_serve_all,
            false => !include,
        };
        credentials && self.is_for(params)
    }

    fn is_for(&self, params: &FetchParams) -> bool {
        params.may_cache_grants()
            && self.url == *params.current_url()
            && self.byte_serialized_origin == params.cache_origin()
            && self.key == params.environment.network_partition_key
    }

    /// Says whether a cached `*` is a wildcard: one that came with credentials is a method or
    /// header of that name and nothing more. The Standard stores it as if it were a wildcard, and
    /// would then send what no answer ever granted.
    fn wildcard_counts(&self, params: &FetchParams) -> bool {
        !self.credentials && params.profile.caches_wildcards
    }

    fn is_alive(&self, now: Duration) -> bool {
        self.stored <= now && now < self.end()
    }

    fn end(&self) -> Duration {
        self.stored.saturating_add(self.max_age)
    }
}
