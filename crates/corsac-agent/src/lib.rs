//! An HTTP user agent that does on sockets what [`corsac::fetch`] decides, and keeps every byte.
//!
//! It speaks HTTP/1.1 without TLS, one connection a request. It reads responses itself: what
//! browsers keep of a response, general-purpose parsers drop, and one dropped line can turn a
//! refusal into a grant. There is no rule of CORS in here.
//!
//! ```no_run
//! use corsac::fetch::{Environment, Profile, Request};
//! use corsac_agent::{Agent, Outcome};
//!
//! let page = Environment::of_page("http://localhost:5173/".parse()?);
//! let request = Request::new("http://localhost:3000/orders".parse()?);
//! let fetched = Agent::new(Profile::FETCH).fetch(page, request, b"");
//! for exchange in &fetched.exchanges {
//!     println!("{} {}", exchange.method, exchange.url);
//! }
//! match fetched.outcome {
//!     Outcome::Response { response, .. } => println!("script reads {}", response.status),
//!     Outcome::Blocked(verdict) => println!("blocked: {}", verdict.code()),
//! }
//! # Ok::<(), url::ParseError>(())
//! ```

mod agent;
mod connect;
mod exchange;
pub mod wire;

pub use agent::Agent;
pub use connect::{Deadlines, Resolver};
pub use exchange::{Exchange, Fetched, Outcome};
