//! An HTTP user agent that does on sockets what [`corsac::fetch`] decides, and keeps every byte.
//!
//! It speaks HTTP/1.1 and HTTP/2, with and without TLS, and keeps connections, preflights and
//! cookies as browsers do. Responses of HTTP/1.1 it reads itself: what browsers keep of a response,
//! general-purpose parsers drop, and one dropped line can turn a refusal into a grant. There is no
//! rule of CORS in here, and nothing is decoded.
//!
//! ```no_run
//! use corsac::fetch::{Environment, Profile, Request};
//! use corsac_agent::{Agent, Outcome};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let page = Environment::of_page("http://localhost:5173/".parse()?);
//! let request = Request::new("http://localhost:3000/orders".parse()?);
//! let fetched = Agent::new(Profile::FETCH).fetch(page, request, "").await;
//! for exchange in &fetched.exchanges {
//!     println!("{} {}", exchange.hop.method, exchange.hop.url);
//! }
//! match fetched.outcome {
//!     Outcome::Response { response, .. } => println!("script reads {}", response.status),
//!     Outcome::Blocked(verdict) => println!("blocked: {}", verdict.code()),
//!     Outcome::Withheld(withheld) => println!("not sent to {}", withheld.peer),
//! }
//! # Ok(())
//! # }
//! ```

mod agent;
mod browser;
mod config;
mod connect;
mod cookies;
mod deadline;
mod driver;
mod exchange;
mod failure;
mod http1;
mod http2;
mod incoming;
mod opened;
mod pool;
mod replay;
mod tls;
pub mod wire;

pub use agent::Agent;
pub use config::{AgentConfig, Deadlines, HttpVersion, PageAddressSpace, UnsafeMethods};
pub use connect::{Dialer, Io, Resolver};
pub use cookies::{CookieRefusal, CookieReport, SetCookie, WithheldCookie, WithheldReason};
pub use exchange::{Connection, Exchange, Fetched, Outcome, Timings, TlsConnection, Withheld};
pub use failure::{Failure, Stage};
pub use opened::Opened;
pub use replay::{Departure, Judged, JudgedOutcome, Replay};
pub use tls::{TlsFailure, Trust, TrustError};
pub use wire::Limits;
