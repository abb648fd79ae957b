use std::time::Duration;

use crate::header::Safelist;

/// What one engine does where engines differ.
///
/// [`FETCH`](Self::FETCH) is the Standard's text. In the others, each value that differs was either
/// *measured*, by running the engine, or *read* in its source.
///
/// Not everything that engines do differently is here. Left out is what depends on the transport
/// (retries, white space before a colon) and on the script's side (combining a header set twice).
///
/// ```
/// use corsac::fetch::Profile;
/// use std::time::Duration;
/// assert_eq!(Profile::WEBKIT.max_age_limit, Duration::from_secs(600));
/// assert!(!Profile::FETCH.wildcard_covers_authorization);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// `fetch`, `chromium`, `firefox` or `webkit`.
    pub name: &'static str,
    /// What needs no preflight. Chromium safelists client hints (measured); Firefox does not take
    /// bytes from 0x80 on (measured); Firefox (measured) and WebKit (read) have no limit to the sum.
    pub safelist: Safelist,
    /// The longest time that a grant is kept. The Standard leaves it open, and `FETCH` takes
    /// Chromium's. Chromium 7200 s, Firefox 86400 s, WebKit 600 s (all read).
    pub max_age_limit: Duration,
    /// How long a grant is kept whose Access-Control-Max-Age does not parse. Firefox does not keep
    /// it at all (measured).
    pub max_age_if_invalid: Duration,
    /// The same for an Access-Control-Max-Age of digits behind a minus. No engine keeps it (read),
    /// though to the Standard it does not parse like any other.
    pub max_age_if_negative: Duration,
    /// Whether `*` in Access-Control-Allow-Headers covers Authorization: in all engines (read), not
    /// in the Standard. In none does a cached `*` (measured in Chromium).
    pub wildcard_covers_authorization: bool,
    /// Whether a cached `*` grants anything. Not in Firefox (measured).
    pub caches_wildcards: bool,
    /// Whether a grant with credentials serves requests without. Not in Firefox (read).
    pub credentialed_grants_serve_all: bool,
    /// Whether the cache keeps one answer for each URL, so that a new preflight forgets all that
    /// the last one granted. Not in Firefox (read).
    pub caches_one_answer: bool,
    /// Whether a network error of the actual request forgets its URL's grants. Not in Chromium
    /// (measured) and WebKit (read).
    pub clears_cache_on_network_error: bool,
    /// Whether a preflight after a tainting redirect says `Origin: null`. Firefox sends the page's
    /// origin and checks the answer against it, and not at all if it is the page's own (measured).
    pub taints_preflights: bool,
    /// Whether a grant is cached for the origin as a tainting redirect left it: in no engine (read),
    /// so that what was granted to the page serves it on such a redirect too.
    pub taints_cache_entries: bool,
    /// Whether grants to a request that a redirect has tainted are kept, and serve one. Not in
    /// Chromium (measured).
    pub caches_tainted_grants: bool,
    /// Whether an answer that is kept for no time ends what an earlier one granted. Firefox passes
    /// over it (measured).
    pub no_age_ends_grants: bool,
    /// Whether an answer is kept that shares with the page and yet does not cover the method or a
    /// header, so that it serves the next request. Only in WebKit (measured).
    pub keeps_refused_grants: bool,
    /// Whether HEAD that is asked for by a preflight at all, for its headers or an upload listener, is
    /// asked for like an unsafe method if a grant is cached. Only in Firefox (measured).
    pub looks_up_head: bool,
    /// Whether any cached grant for its URL spares a safelisted method the preflight that only an
    /// upload listener or a redirect asks for: in every engine (measured).
    pub any_grant_covers_safelisted_methods: bool,
    /// Whether empty lines of Access-Control-Allow-Credentials are as good as absent in the CORS
    /// check. Only in Firefox (measured).
    pub skips_empty_lines_of_allow_credentials: bool,
    /// Whether user or password in a redirect's URL is refused in every mode and of every origin.
    /// Only in Chromium's fetch() (measured): XMLHttpRequest follows the Standard there.
    pub refuses_all_redirect_userinfo: bool,
    /// Whether an upload listener asks for a preflight only if there is a body to upload. That is
    /// settled before any redirect. Only in Chromium (measured).
    pub forced_preflight_needs_body: bool,
    /// Whether a request that has asked by a preflight, or that only was at home with headers to ask
    /// for, asks after a redirect that has made it a simple one. In Firefox and WebKit (measured).
    pub asks_again_after_redirects: bool,
    /// Whether preflights after redirects ask for the headers that there were at first, even for those
    /// that the redirect has dropped. Only in WebKit (measured).
    pub asks_for_first_headers: bool,
    /// Whether each redirect begins with the headers that the request had at first, so that those
    /// that an earlier one dropped with the body or at another origin come back. Only in Firefox
    /// (measured).
    pub redirects_restore_headers: bool,
    /// Whether a preflight that only an upload listener asked for grants the request's method if its
    /// answer has no Access-Control-Allow-Methods: so in the Standard, and in no engine (measured).
    pub forced_preflights_grant_their_method: bool,
    /// Whether http and https are two sites to SameSite cookies. Not in Firefox and WebKitGTK
    /// (measured).
    pub same_site_regards_scheme: bool,
    /// Whether a redirect by way of another site keeps SameSite cookies from a request that ends at
    /// home. Not in Chromium and WebKitGTK (measured).
    pub same_site_regards_redirects: bool,
    /// Whether a preflight's status is judged before its headers: decides which failure is
    /// reported, not whether there is one. Only in WebKit (read).
    pub judges_preflight_status_first: bool,
    /// Whether a preflight that is a redirect is refused before its headers are judged: decides
    /// which failure is reported. In Chromium and Firefox (read); WebKit judges every status first.
    pub judges_preflight_redirect_first: bool,
    /// Whether a redirect without a Location, or with an empty one, is a response like any other
    /// even to the redirect mode `error`, though not to `manual`. Only in Chromium (measured).
    pub needs_location_to_redirect: bool,
    /// Whether a response of status 407 that came from no proxy is a response like any other. In
    /// Firefox and WebKit (measured).
    pub delivers_407: bool,
    /// Whether pages need leave to reach into the local network. Only in Chromium (read).
    pub local_network_access: bool,
}

impl Profile {
    /// The Standard's text, but for the deviations that the [module](super) lists.
    pub const FETCH: Self = Self {
        name: "fetch",
        safelist: Safelist::FETCH,
        max_age_limit: Duration::from_secs(7200),
        max_age_if_invalid: super::cors_preflight_fetch::DEFAULT_MAX_AGE,
        max_age_if_negative: super::cors_preflight_fetch::DEFAULT_MAX_AGE,
        wildcard_covers_authorization: false,
        caches_wildcards: true,
        credentialed_grants_serve_all: true,
        caches_one_answer: false,
        clears_cache_on_network_error: true,
        taints_preflights: true,
        taints_cache_entries: true,
        caches_tainted_grants: true,
        no_age_ends_grants: true,
        keeps_refused_grants: false,
        looks_up_head: false,
        any_grant_covers_safelisted_methods: false,
        skips_empty_lines_of_allow_credentials: false,
        refuses_all_redirect_userinfo: false,
        forced_preflight_needs_body: false,
        asks_again_after_redirects: false,
        asks_for_first_headers: false,
        redirects_restore_headers: false,
        forced_preflights_grant_their_method: true,
        same_site_regards_scheme: true,
        same_site_regards_redirects: true,
        judges_preflight_status_first: false,
        judges_preflight_redirect_first: false,
        needs_location_to_redirect: false,
        delivers_407: false,
        local_network_access: false,
    };

    /// Chromium.
    pub const CHROMIUM: Self = Self {
        name: "chromium",
        safelist: Safelist {
            client_hints: true,
            ..Safelist::FETCH
        },
        max_age_if_negative: Duration::ZERO,
        wildcard_covers_authorization: true,
        caches_one_answer: true,
        taints_cache_entries: false,
        caches_tainted_grants: false,
        any_grant_covers_safelisted_methods: true,
        clears_cache_on_network_error: false,
        refuses_all_redirect_userinfo: true,
        forced_preflight_needs_body: true,
        forced_preflights_grant_their_method: false,
        same_site_regards_redirects: false,
        judges_preflight_redirect_first: true,
        needs_location_to_redirect: true,
        local_network_access: true,
        ..Self::FETCH
    };

    /// Firefox.
    pub const FIREFOX: Self = Self {
        name: "firefox",
        safelist: Safelist {
            limits_sum: false,
            allows_non_ascii: false,
            allows_comma_in_content_type: false,
            ..Safelist::FETCH
        },
        max_age_limit: Duration::from_secs(86400),
        max_age_if_invalid: Duration::ZERO,
        max_age_if_negative: Duration::ZERO,
        wildcard_covers_authorization: true,
        caches_wildcards: false,
        credentialed_grants_serve_all: false,
        no_age_ends_grants: false,
        taints_preflights: false,
        taints_cache_entries: false,
        looks_up_head: true,
        any_grant_covers_safelisted_methods: true,
        skips_empty_lines_of_allow_credentials: true,
        asks_again_after_redirects: true,
        redirects_restore_headers: true,
        forced_preflights_grant_their_method: false,
        same_site_regards_scheme: false,
        judges_preflight_redirect_first: true,
        delivers_407: true,
        ..Self::FETCH
    };

    /// WebKit.
    pub const WEBKIT: Self = Self {
        name: "webkit",
        safelist: Safelist {
            limits_sum: false,
            ..Safelist::FETCH
        },
        max_age_limit: Duration::from_secs(600),
        max_age_if_negative: Duration::ZERO,
        wildcard_covers_authorization: true,
        caches_one_answer: true,
        taints_cache_entries: false,
        clears_cache_on_network_error: false,
        keeps_refused_grants: true,
        any_grant_covers_safelisted_methods: true,
        asks_again_after_redirects: true,
        asks_for_first_headers: true,
        delivers_407: true,
        same_site_regards_scheme: false,
        same_site_regards_redirects: false,
        forced_preflights_grant_their_method: false,
        judges_preflight_status_first: true,
        ..Self::FETCH
    };

    /// The Standard and the three engines.
    pub const ALL: [Self; 4] = [Self::FETCH, Self::CHROMIUM, Self::FIREFOX, Self::WEBKIT];
}

impl Default for Profile {
    fn default() -> Self {
        Self::FETCH
    }
}
