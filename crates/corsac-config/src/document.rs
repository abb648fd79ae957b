//! The shape of a file, for those who write one or describe it. Whoever reads one wants places, and
//! walks through the tree instead.

use serde::Serialize;

/// Policies for cross-origin requests, by path. See docs/corsac-toml.md.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "corsac.toml", deny_unknown_fields))]
pub(crate) struct File {
    /// The version of this grammar.
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    pub(crate) version: u8,
    /// The policies. A path that none is for is granted nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(default))]
    pub(crate) policy: Vec<Policy>,
}

/// What the resources of some paths grant to whom. All that is left out grants nothing.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Policy {
    /// The paths: `*` is one segment, a final `**` any number of them, none included.
    #[cfg_attr(test, schemars(length(min = 1), inner(regex(pattern = "^/"))))]
    pub(crate) paths: Vec<String>,
    /// Whose scripts may read: origins as browsers write them, patterns of them, or `"*"`.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    #[cfg_attr(test, schemars(default))]
    pub(crate) allow_origins: Listed<Origin>,
    /// Methods that a preflight may ask for. GET, HEAD and POST need not be listed.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    #[cfg_attr(test, schemars(default))]
    pub(crate) allow_methods: Listed<String>,
    /// Request headers that a preflight may ask for. `"*"` does not cover Authorization, and
    /// `["*", "Authorization"]` does.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    #[cfg_attr(test, schemars(default))]
    pub(crate) allow_headers: Listed<String>,
    /// Whether requests with cookies or HTTP authentication may be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allow_credentials: Option<bool>,
    /// Response headers that scripts may read, beyond the seven that they always may.
    #[serde(skip_serializing_if = "Listed::is_empty")]
    #[cfg_attr(test, schemars(default))]
    pub(crate) expose_headers: Listed<String>,
    /// For how many seconds browsers may reuse the answer to a preflight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_age: Option<MaxAge>,
    /// How much the answer to a preflight tells: what was asked for, or all of the lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) preflights: Option<Preflights>,
    /// Whether answers to OPTIONS say by Vary what they depend on, for a cache that keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cacheable_preflights: Option<bool>,
    /// The status of a granted preflight; 204 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 200, max = 299)))]
    pub(crate) preflight_status: Option<u16>,
    /// The status of a refused preflight and of a blocked request; 403 unless said otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 200, max = 599)))]
    pub(crate) refusal_status: Option<u16>,
    /// Whether the handler is spared requests of origins that may not read the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) block_disallowed: Option<bool>,
    /// Whether a granted preflight also grants the step into a private network, if it asks for it, as
    /// no browser does any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allow_private_network: Option<bool>,
    /// What becomes of a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mode: Option<Mode>,
    /// Lets `null` be listed, without credentials: every sandboxed frame has that origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dangerously_allow_null: Option<bool>,
    /// Lets origins without encryption have credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dangerously_allow_insecure_origins: Option<bool>,
    /// Lets wildcards directly under a public suffix have credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dangerously_allow_public_suffixes: Option<bool>,
}

/// A list, or `"*"`.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Listed<T> {
    Any(Star),
    List(Vec<T>),
}

impl<T> Listed<T> {
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::List(entries) if entries.is_empty())
    }
}

/// What is left out is an empty list.
impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

/// Everything.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Star {
    #[serde(rename = "*")]
    Star,
}

/// An origin, or a pattern of origins.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Origin {
    Written(String),
    Parts(OriginParts),
}

/// A pattern of origins, part by part.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct OriginParts {
    /// Scheme, host and port as browsers write them, but for a `*`.
    pub(crate) origin: String,
    /// What a `*.` at the beginning of the host stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) depth: Option<Depth>,
    /// Which ports are meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ports: Option<Listed<u16>>,
}

/// One label or more, or one.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Depth {
    #[allow(dead_code, reason = "it is the default, which is left out")]
    Any,
    One,
}

/// Seconds, or `"disable"` to be asked every time.
#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum MaxAge {
    Seconds(#[cfg_attr(test, schemars(range(max = 86400)))] u32),
    Disabled(Disable),
}

/// Ask every time.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Disable {
    Disable,
}

/// How much the answer to a preflight tells.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Preflights {
    #[allow(dead_code, reason = "it is the default, which is left out")]
    TellAsked,
    TellLists,
}

/// What becomes of a decision.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) enum Mode {
    #[allow(dead_code, reason = "it is the default, which is left out")]
    Enforce,
    Debug,
    ReportOnly,
}

#[cfg(test)]
mod tests;
