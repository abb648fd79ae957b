//! The whole protocol of cross-origin resource sharing, both halves, without I/O.
//!
//! ```text
//!    the page's side                                        the server's side
//!
//!  Request --> fetch::Fetch --- Send(hop) -- (a wire) --> policy::RequestHead
//!                   ^                                               |
//!                   |                                     policy::Policy::decide
//!                   |                                               |
//!              handle_head <----- headers -- (a wire) ------ policy::Decision
//!                   |
//!                   +--> Deliver(response)   the page reads it
//!                   +--> Blocked(verdict)    the page reads nothing; people read why
//! ```
//!
//! A server that grants, and a browser that is told:
//!
#![cfg_attr(feature = "fetch", doc = "```")]
#![cfg_attr(not(feature = "fetch"), doc = "```ignore")]
//! use std::time::Duration;
//! use corsac::fetch::{Environment, Fetch, Output, PreflightCache, Profile, Request, ResponseHead};
//! use corsac::header::HeaderList;
//! use corsac::policy::{Policy, PolicyConfig, RequestHead};
//!
//! let policy = Policy::new(PolicyConfig {
//!     allow_origins: ["http://sitea.com"].into(),
//!     ..PolicyConfig::default()
//! })?;
//!
//! let page = Environment::of_page("http://sitea.com/".parse()?);
//! let request = Request::new("http://siteb.com/data".parse()?);
//! let mut cache = PreflightCache::default();
//! let mut fetch = Fetch::new(page, request, Profile::FETCH);
//! let Output::Send(hop) = fetch.poll(&mut cache, Duration::ZERO) else { unreachable!() };
//!
//! let decision = policy.decide(&RequestHead::of_list(b"GET", &hop.header_list));
//! let mut headers = HeaderList::from([("Content-Type", "text/plain")]);
//! decision.apply(&hop.header_list, &mut headers);
//!
//! let id = hop.id;
//! fetch.handle_head(id, ResponseHead::new(200, headers));
//! assert!(matches!(fetch.poll(&mut cache, Duration::ZERO), Output::Deliver(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Begin at [`policy`] to write a server, at [`fetch`] to write a browser or a test of one, and at
//! [`diagnosis`] to explain to somebody what went wrong. [`origin`], [`method`] and [`header`] are
//! the words that both halves share, each an algorithm or a noun of the Standard.
//!
//! Without the feature `fetch`, which is on by default, there is no browser half and no dependency
//! on `url`.

pub mod diagnosis;
#[cfg(feature = "fetch")]
pub mod fetch;
pub mod header;
pub mod method;
pub mod origin;
pub mod policy;

/// The examples of the README.
#[cfg(all(doctest, feature = "fetch"))]
#[doc = include_str!("../README.md")]
struct Readme;
