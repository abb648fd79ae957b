//! The CORS-preflight cache: what servers granted, for a while.
//!
//! One entry for each granted method and each granted header name, not one for each answer. An
//! answer never lengthens the life of a grant that it did not repeat: where the Standard gives
//! every matching entry the new max-age, an entry that grants more than the answer says (`*`, or
//! with credentials) keeps the earlier of both ends here.

use std::time::Duration;

use url::Url;

use crate::header::is_cors_non_wildcard_request_header_name;

use super::{FetchParams, NetworkPartitionKey};

/// The cache, which the host owns and lends to each [`Fetch`](super::Fetch) it polls.
///
/// It holds at most as many entries as it was made for, default 1024; those used for the longest
/// time give way first. Time is whatever [`poll`](super::Fetch::poll) was given; if it goes
/// backwards, entries of the future match nothing.
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
    /// Least recently stored first. Looked through from end to end: with a bound of a thousand
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CachedGrant {
    /// A method.
    Method(String),
    /// A header name, in the server's case.
    HeaderName(String),
}

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

    /// When the next entry dies: a host that wants to free memory early can wake up then.
    pub fn next_expiry(&self) -> Option<Duration> {
        self.entries.iter().map(CacheEntry::end).min()
    }

    /// Forgets what this request's origin was granted for its current URL.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-cache-clear>
    pub(super) fn clear_cache_entries(&mut self, params: &FetchParams) {
        let origin = params.serialized_origin();
        self.entries.retain(|entry| !entry.is_for(params, &origin));
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
        let needs_its_name = is_cors_non_wildcard_request_header_name(header_name)
            && !params.profile.wildcard_covers_authorization;
        self.matches(params, now, |entry| {
            matches!(&entry.grant, CachedGrant::HeaderName(granted)
                if granted.as_bytes().eq_ignore_ascii_case(header_name)
                    || (granted == "*" && !needs_its_name && entry.wildcard_counts(params)))
        })
    }

    fn matches(
        &self,
        params: &FetchParams,
        now: Duration,
        grants: impl Fn(&CacheEntry) -> bool,
    ) -> bool {
        let origin = params.serialized_origin();
        self.entries
            .iter()
            .any(|entry| entry.cache_entry_match(params, &origin, now) && grants(entry))
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
        self.entries.retain(|entry| entry.is_alive(now));
        let origin = params.serialized_origin();
        // More grants in one answer than there is room for are not worth a look.
        for grant in grants.into_iter().take(self.capacity) {
            self.shorten_broader_entries(params, &origin, now, max_age, &grant);
            let entry = CacheEntry::create_a_new_cache_entry(params, &origin, now, max_age, grant);
            self.entries.retain(|old| !old.is_replaced_by(&entry));
            if !max_age.is_zero() {
                self.entries.push(entry);
            }
        }
        let surplus = self.entries.len().saturating_sub(self.capacity);
        self.entries.drain(..surplus);
    }

    fn shorten_broader_entries(
        &mut self,
        params: &FetchParams,
        origin: &str,
        now: Duration,
        max_age: Duration,
        grant: &CachedGrant,
    ) {
        for entry in &mut self.entries {
            let covers = match (&entry.grant, grant) {
                (CachedGrant::Method(old), CachedGrant::Method(new)) => old == new || old == "*",
                (CachedGrant::HeaderName(old), CachedGrant::HeaderName(new)) => {
                    old.eq_ignore_ascii_case(new) || old == "*"
                }
                _ => false,
            };
            if covers && entry.cache_entry_match(params, origin, now) {
                let end = entry.end().min(now.saturating_add(max_age));
                entry.max_age = end.saturating_sub(entry.stored);
            }
        }
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
        origin: &str,
        now: Duration,
        max_age: Duration,
        grant: CachedGrant,
    ) -> Self {
        Self {
            key: params.environment.network_partition_key.clone(),
            byte_serialized_origin: origin.to_owned(),
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
    fn cache_entry_match(&self, params: &FetchParams, origin: &str, now: Duration) -> bool {
        let include = params.is_credentials_mode_include();
        let credentials = match self.credentials {
            true => include || params.profile.credentialed_grants_serve_all,
            false => !include,
        };
        credentials && self.is_alive(now) && self.is_for(params, origin)
    }

    fn is_for(&self, params: &FetchParams, origin: &str) -> bool {
        self.url == *params.current_url()
            && self.byte_serialized_origin == origin
            && self.key == params.environment.network_partition_key
    }

    /// Says whether a cached `*` is a wildcard: one that came with credentials is a method or
    /// header of that name and nothing more. The Standard stores it as if it were a wildcard, and
    /// would then send what no answer ever granted.
    fn wildcard_counts(&self, params: &FetchParams) -> bool {
        !self.credentials && params.profile.caches_wildcards
    }

    fn is_replaced_by(&self, new: &Self) -> bool {
        let same_grant = match (&self.grant, &new.grant) {
            (CachedGrant::HeaderName(old), CachedGrant::HeaderName(new)) => {
                old.eq_ignore_ascii_case(new)
            }
            (old, new) => old == new,
        };
        same_grant
            && self.credentials == new.credentials
            && self.url == new.url
            && self.byte_serialized_origin == new.byte_serialized_origin
            && self.key == new.key
    }

    fn is_alive(&self, now: Duration) -> bool {
        self.stored <= now && now < self.end()
    }

    fn end(&self) -> Duration {
        self.stored.saturating_add(self.max_age)
    }
}
