//! The browser half: the Fetch Standard's CORS algorithms, and the machine that runs them.
//!
//! [`Fetch`] takes what a script asks for, and says what to put on the wire, what to ask, and in the
//! end what the script gets: a filtered response, or a network error with a verdict for people. One
//! algorithm of the Standard is one function in one file under its title; those that make sense
//! alone are public.
//!
//! # Deviations
//!
//! Where this module does not do what the Standard's text says, it sends a preflight that the text
//! would save, or follows what the text evidently means, and browsers do:
//!
//! - A `*` that came in answer to a preflight for a request *with* credentials is cached as a method
//!   or header of that name. By the text it would be a wildcard from then on, though the very answer
//!   was judged without one.
//! - An answer to a preflight never lengthens the life of a cached grant that it does not repeat: a
//!   cached `*`, or a grant with credentials met by an answer without. See [`PreflightCache`].
//! - The check for an embedder policy's credentials reads "same-origin" where the text has "not
//!   same-origin", by which a plain same-origin load would lose its cookies.
//! - The same-site mode of a request straight to another site is "unset-or-less"; by the text it
//!   would be "strict-or-less", and SameSite cookies would go everywhere.
//! - Access-Control-Expose-Headers that does not parse exposes nothing; the text gives failure as
//!   the list.
//!
//! # Not here
//!
//! Service workers, the HTTP cache, bodies and their integrity, redirects of navigations, prompts
//! for passwords: hosts that have them work around a `Fetch`, not in it.

mod append_a_request_origin_header;
mod append_the_fetch_metadata_headers;
mod cors_check;
mod cors_preflight_cache;
mod cors_preflight_fetch;
mod cross_origin_resource_policy_check;
mod determine_the_requests_referrer;
mod determine_the_same_site_mode;
mod environment;
mod fetching;
mod filtered_response;
mod headers_class;
mod http_fetch;
mod http_network_or_cache_fetch;
mod http_redirect_fetch;
mod interface;
mod local_network_access_check;
mod location_url;
mod main_fetch;
mod mixed_content;
mod name_set;
mod params;
mod profile;
mod redirect_taint;
mod request;
mod request_class;
mod response;
mod serializing_a_request_origin;
mod should_request_be_blocked_due_to_a_bad_port;
mod state;
mod tao_check;

pub use cors_check::cors_check;
pub use cors_preflight_cache::{CacheEntry, CachedGrant, PreflightCache};
pub use cross_origin_resource_policy_check::cross_origin_resource_policy_check;
pub use determine_the_same_site_mode::SameSiteMode;
pub use environment::{AddressSpace, EmbedderPolicy, Environment, NetworkPartitionKey, Questions};
pub use fetching::Fetch;
pub use headers_class::{Guard, Headers, HeadersError};
pub use interface::{Answer, Hop, HopId, HopKind, Output, Question};
pub use location_url::location_url;
pub use params::ResponseTainting;
pub use profile::Profile;
pub use redirect_taint::{RedirectTaint, redirect_taint};
pub use request::{
    Body, CacheMode, CredentialsMode, Destination, Mode, RedirectMode, Referrer, ReferrerPolicy,
    Request,
};
pub use request_class::{check, new_request};
pub use response::{
    Response, ResponseBody, ResponseHead, ResponseType, is_null_body_status, is_ok_status,
    is_redirect_status,
};
pub use serializing_a_request_origin::{
    byte_serializing_a_request_origin, serializing_a_request_origin,
};
pub use should_request_be_blocked_due_to_a_bad_port::should_request_be_blocked_due_to_a_bad_port;

use params::FetchParams;
