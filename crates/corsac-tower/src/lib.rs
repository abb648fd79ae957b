//! A tower layer for CORS, from a checked policy: for axum, hyper, tonic and anything tower.
//!
//! ```
//! # use std::convert::Infallible;
//! use corsac_tower::{CorsLayer, policy::{Policy, PolicyConfig}};
//! use http::{Request, Response, StatusCode};
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let policy = Policy::new(PolicyConfig {
//!     allow_origins: ["https://app.example"].into(),
//!     allow_methods: ["PUT"].into(),
//!     ..PolicyConfig::default()
//! })?;
//! let service = ServiceBuilder::new()
//!     .layer(CorsLayer::new(policy))
//!     .service(service_fn(|_: Request<String>| async {
//!         let mut response = Response::new(String::new());
//!         *response.status_mut() = StatusCode::NOT_FOUND;
//!         Ok::<_, Infallible>(response)
//!     }));
//!
//! let request = Request::get("/").header("origin", "https://app.example");
//! let response = service.oneshot(request.body(String::new())?).await?;
//! // A page that may not read the response could not even tell that it is a 404.
//! assert_eq!(response.headers()["access-control-allow-origin"], "https://app.example");
//! # Ok(())
//! # }
//! ```
//!
//! Put the layer outermost. What is inside of it is covered, errors included, and what is outside
//! is not:
//!
//! - A preflight is answered without calling the service, so that authentication, which preflights
//!   never carry, does not refuse it. An OPTIONS request that is no preflight reaches the service.
//! - Every response that leaves the service says what the policy says, whatever its status.
//! - A CORS header that the service itself set is replaced, and [reported](Report::Replaced).
//!
//! The examples of the repository run as they are: axum with authentication behind CORS, axum with a
//! policy a route, hyper alone, a list that changes while the server serves, gRPC-Web by tonic, and a
//! WebSocket, whose handshake CORS does not guard.
//!
//! Servers that are not tower ask the [`policy`] themselves: they lend it the lines of a request, and
//! clone what it says into the response. There is no adapter for actix-web, whose requests, header maps
//! and services are types of its own: it would be a second layer, and not a thin one.
//!
//! The layer holds no rule of CORS. [`Policy::decide`](policy::Policy::decide) decides, and the layer
//! copies what was decided into the response. Neither allocates, where the response's header map has
//! room.

mod answer;
mod conclusion;
mod future;
mod layer;
pub mod migrate;
mod on_error;
mod predicate;
mod question;
mod report;
mod service;
mod source;

pub use corsac::policy;

pub use future::ResponseFuture;
pub use layer::CorsLayer;
pub use on_error::{IntoResponse, OnError, PassOn};
pub use report::Report;
pub use service::Cors;
pub use source::PolicyHandle;
