//! tower-http's builder: to move over is one import and one `.build()?`.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use corsac_tower::migrate::CorsLayer; // was: use tower_http::cors::CorsLayer;
//! use http::{HeaderValue, Method};
//!
//! let layer = CorsLayer::new()
//!     .allow_origin("https://app.example".parse::<HeaderValue>()?)
//!     .allow_methods([Method::GET, Method::PUT])
//!     .build()?;
//! # let _ = layer;
//! # Ok(())
//! # }
//! ```
//!
//! Everything has the name and the signature that it has in tower-http 0.7. What a
//! [`Policy`](crate::policy::Policy) can't or won't say compiles all the same, and then
//! [`build`](CorsLayer::build) refuses it and says why. `docs/migrating-from-tower-http.md` in the
//! repository lists every method, and what it does differently.

mod allow;
mod builder;
mod error;

pub use allow::{
    AllowCredentials, AllowHeaders, AllowMethods, AllowOrigin, AllowPrivateNetwork, Any,
    ExposeHeaders, MaxAge, Vary, any,
};
pub use builder::CorsLayer;
pub use error::{BuildError, Refused};
