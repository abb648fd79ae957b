//! What happens: a page, what its script calls, what the servers answer.

mod answer;
mod call;
mod expand;
mod site;

pub use answer::{Answer, Resource};
pub use call::{Api, Body, Cache, Call, Credentials, Mode, Redirect};
pub use expand::Expander;
pub use site::{Listener, Site};

use serde::{Deserialize, Serialize};

/// One scenario. Values of headers are isomorphic-decoded: a char up to U+00FF is a byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// The page whose script calls.
    #[serde(default, skip_serializing_if = "is_default")]
    pub page: Page,
    /// Cookies that are set beforehand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<Cookie>,
    /// What the script calls, one after another: each begins when the one before has ended.
    #[serde(rename = "call")]
    pub calls: Vec<Call>,
    /// The policies in front of all resources, as a `corsac.toml` whose placeholders are the
    /// [`Expander`]'s: then a server of the usual kind answers, by corsac-tower, and `actual` is what
    /// the handler behind it says. Empty: scripted servers say what the resources say.
    #[serde(default, skip_serializing_if = "is_default")]
    pub policies: String,
    /// What there is to call, or to be redirected to.
    #[serde(rename = "resource")]
    pub resources: Vec<Resource>,
}

/// The page.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Page {
    /// Where it is: [`Site::Home`] or [`Site::TlsHome`]. Its URL is always the same path there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub site: Site,
    /// Whether the script runs in a sandboxed frame of that page, and so under an opaque origin.
    #[serde(default, skip_serializing_if = "is_default")]
    pub opaque: bool,
}

/// A cookie that a resource's server sets before the first call, by a response to a request with
/// credentials that the page itself makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cookie {
    /// Which resource's server.
    pub resource: usize,
    /// The cookie's name.
    pub name: String,
    /// What follows the name and value in Set-Cookie, as `; SameSite=None; Secure`. The path is
    /// added, so that scenarios keep out of each other's way.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attributes: String,
}

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
