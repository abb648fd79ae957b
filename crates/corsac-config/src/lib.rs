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
//! kebab-case, and the paths that each policy is for. Nothing in it is repaired. Its twin in JSON has
//! the same shape, see [`Format`]; [`to_toml`] and [`to_json`] write what can be read again.
#![forbid(unsafe_code)]

mod document;
mod file;
mod from_json;
mod from_toml;
mod policy;
mod report;
mod tree;
mod value;
mod write;

pub use file::{Checked, Format, SIZE_LIMIT, load, parse, parse_as};
pub use report::{Finding, Place, Report};
pub use write::{WriteError, to_json, to_toml};
