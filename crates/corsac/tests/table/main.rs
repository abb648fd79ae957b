//! What is promised, drawn as tables: a module is a subject, a test is one thing that is easily
//! got wrong, and its name says what is right.
//!
//! The tables are written from the Standard, never from the code that they judge.

// A test stops at the first thing that is not as its table says.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_types
)]

#[cfg(feature = "fetch")]
mod api_gates;
mod byte_map;
#[cfg(feature = "fetch")]
mod corp;
#[cfg(feature = "fetch")]
mod cors_check;
#[cfg(feature = "fetch")]
mod defects;
mod extract_header_list_values;
#[cfg(feature = "fetch")]
mod filtered_response;
mod forbidden;
mod get_decode_and_split;
mod header_list;
#[cfg(feature = "fetch")]
mod http_fetch;
#[cfg(feature = "fetch")]
mod local_network;
#[cfg(feature = "fetch")]
mod machine;
#[cfg(feature = "fetch")]
mod main_fetch;
mod method;
mod mime;
mod names;
mod origin;
#[cfg(feature = "fetch")]
mod origin_header;
#[cfg(feature = "fetch")]
mod origin_of_url;
mod origin_set;
mod policy;
mod policy_brief;
mod policy_errors;
mod policy_lessons;
mod policy_map;
mod policy_map_diff;
mod policy_mistakes;
mod policy_modes;
#[cfg(feature = "fetch")]
mod preflight;
#[cfg(feature = "fetch")]
mod preflight_cache;
#[cfg(feature = "fetch")]
mod profiles;
mod range;
#[cfg(feature = "fetch")]
mod redirect;
mod safelist;
#[cfg(feature = "fetch")]
mod same_site;
#[cfg(feature = "fetch")]
mod script;
mod sort_and_combine;
#[cfg(feature = "fetch")]
mod tao;
mod unsafe_names;
