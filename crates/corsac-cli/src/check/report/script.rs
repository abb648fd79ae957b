use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pair;

/// What the script sees of the response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScriptReport {
    /// `response.type`: basic, cors, opaque, opaqueredirect.
    #[serde(rename = "type")]
    pub(crate) response_type: String,
    pub(crate) status: u16,
    pub(crate) status_text: String,
    /// `response.url`; empty if it is hidden.
    pub(crate) url: String,
    pub(crate) redirected: bool,
    /// The headers that it can read.
    pub(crate) headers: Vec<Pair>,
    /// The names of the headers that came and that it can't read.
    pub(crate) hidden: Vec<String>,
    /// Bytes of the body that it can read; absent if the body is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body_length: Option<u64>,
}

/// A cookie of the jar whose host fits, and whether it went along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CookieReport {
    pub(crate) name: String,
    pub(crate) sent: bool,
    /// Why it did not travel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

/// How long one engine remembers the preflight's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CacheReport {
    /// `chromium`, `firefox`, `webkit`, or `fetch`.
    pub(crate) engine: String,
    /// In seconds; 0 is not at all.
    pub(crate) max_age: u64,
}
