//! `corsac.toml`: policies in a file, and every mistake of it with its place.
//!
//! ```
//! let text = r#"
//! version = 1
//!
//! [[policy]]
//! paths = ["/api/**"]
//! allow-origins = ["https://app.example"]
//! allow-methods = ["PUT"]
//! allow-headers = ["Content-Type"]
//! max-age = 600
//! "#;
//! let checked = corsac_config::parse("corsac.toml", text)?;
//! assert!(checked.policies.policy(b"/api/orders").is_some());
//! assert!(checked.policies.policy(b"/elsewhere").is_none());
//! # Ok::<(), corsac_config::Report>(())
//! ```
//!
//! The file holds what [`PolicyConfig`](corsac::policy::PolicyConfig) holds, under the same names in
//! kebab-case, and the paths that each policy is for. Nothing in it is repaired.
#![forbid(unsafe_code)]

mod file;
mod policy;
mod report;
mod value;

pub use file::{Checked, SIZE_LIMIT, load, parse};
pub use report::{Finding, Report};
