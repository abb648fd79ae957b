//! A reverse proxy that puts a CORS policy in front of any service.
//!
//! What a service behind it says of CORS never gets out: the policy's word replaces it on every
//! response, the gateway's own errors included. Preflights are answered here. It goes only to the
//! upstreams that it was told, never to where a request asks.
//!
//! ```no_run
//! use corsac_gateway::{Gateway, GatewayConfig, Upstream};
//! use corsac_tower::policy::{Policy, PolicyConfig};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy::new(PolicyConfig {
//!     allow_origins: ["http://localhost:5173"].into(),
//!     ..PolicyConfig::default()
//! })?;
//! let upstream: Upstream = "http://127.0.0.1:3000".parse()?;
//! let gateway = Gateway::new(GatewayConfig::new(policy, vec![upstream]));
//! let listener = std::net::TcpListener::bind("127.0.0.1:8080")?;
//! gateway.serve(vec![listener])?.wait();
//! # Ok(())
//! # }
//! ```
//!
//! Each worker is a thread with a runtime and connections of its own, so that requests share no lock.
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)
)]

mod admin;
mod body;
mod config;
mod connection;
mod dialer;
mod forward;
mod framing;
mod gateway;
mod hop_by_hop;
mod hosts;
mod observer;
mod on_this_thread;
mod patient;
mod proxy;
mod refusal;
mod rewrite;
mod site;
mod spare;
mod tls;
mod tunnel;
mod upstream;
mod worker;

pub use admin::{Page, Pages, serve_pages};
pub use config::{GatewayConfig, Limits};
pub use corsac_tower::PolicyHandle;
pub use dialer::{Dialer, Io};
pub use gateway::{Gateway, Running};
pub use observer::{Decided, Event, Observer};
pub use rewrite::Rewrites;
pub use tls::{Certificates, TlsError, Trust};
pub use upstream::{Upstream, UpstreamError};
