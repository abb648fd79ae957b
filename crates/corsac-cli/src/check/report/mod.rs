//! What a check found out: one plain tree of values, `corsac/check/1`.
//!
//! Whatever is printed comes from here, as text or as JSON. A field that is not known is absent.
//! Bytes of others are isomorphic-decoded, so that none is lost; header lists are pairs in the order
//! of the wire.

mod outcome;
#[cfg(test)]
mod schema;
mod script;
mod step;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use outcome::{
    Change, ChangeKind, Engine, EvidenceReport, FixReport, Outcome, Transport, VerdictReport,
};
pub(crate) use script::{CacheReport, CookieReport, ScriptReport};
pub(crate) use step::{
    CheckReport, CheckState, Received, Sent, Step, StepKind, Timings, TlsReport,
};

/// A header line: name and value.
pub(crate) type Pair = (String, String);

/// One origin's view of one URL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Report {
    /// Which shape this is.
    pub(crate) schema: Schema,
    /// Who made it.
    pub(crate) tool: Tool,
    /// What the page asked for.
    pub(crate) request: RequestReport,
    /// Every exchange, in order.
    pub(crate) steps: Vec<Step>,
    /// The request that a browser, or this command, did not send after the last step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) not_sent: Option<NotSent>,
    /// Which requests left, in order.
    pub(crate) wire: Vec<WireReport>,
    /// How it ended.
    pub(crate) verdict: VerdictReport,
    /// What to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fix: Option<FixReport>,
    /// What the script sees; absent if it gets an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) script: Option<ScriptReport>,
    /// Cookies of the jar that could have gone along, and whether they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cookies: Vec<CookieReport>,
    /// How long a preflight's answer is remembered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) cache: Vec<CacheReport>,
    /// What else is worth knowing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<Note>,
    /// How long it took altogether, in milliseconds.
    pub(crate) ms: f64,
    /// The exit code of this origin's check.
    pub(crate) exit: u8,
}

/// The name of the shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) enum Schema {
    #[default]
    #[serde(rename = "corsac/check/1")]
    Check1,
}

/// The program that wrote a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) version: String,
}

/// What the page asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct RequestReport {
    pub(crate) url: String,
    pub(crate) method: String,
    /// The page's origin, as a browser writes it.
    pub(crate) origin: String,
    /// The page's URL, if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page_url: Option<String>,
    /// Which API or element asks: fetch, xhr, image, script, module, style, font.
    #[serde(rename = "as")]
    pub(crate) api: String,
    /// cors, no-cors or same-origin.
    pub(crate) mode: String,
    /// omit, same-origin or include.
    pub(crate) credentials: String,
    /// follow, error or manual.
    pub(crate) redirect: String,
    /// browsers, fetch, chromium, firefox or webkit.
    pub(crate) profile: String,
    /// The author's headers, as given.
    pub(crate) headers: Vec<Pair>,
    /// The body's length in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body_length: Option<u64>,
    /// Whether an upload listener was set.
    pub(crate) upload_listener: bool,
    pub(crate) cross_origin: bool,
    /// Whether page and URL are of one site, schemes compared.
    pub(crate) same_site: bool,
    /// The network the page is taken to come from: public, local or loopback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) page_address_space: Option<String>,
    /// Why a preflight is due: `PUT`, `content-type: application/json`, `upload listener`. Empty if
    /// none is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) preflight_because: Vec<String>,
    /// How many times it was to be asked for; absent if once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) repeat: Option<u32>,
}

/// A request that was due and did not leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct NotSent {
    pub(crate) method: String,
    pub(crate) url: String,
    /// `blocked`: a browser stops here. `withheld`: it is unsafe, and `--send` was not given.
    pub(crate) why: Withheld,
    /// The command line that sends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) repeat_with: Option<String>,
}

/// Why a request did not leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Withheld {
    Blocked,
    Withheld,
}

/// One request that left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct WireReport {
    pub(crate) method: String,
    pub(crate) url: String,
}

/// Something worth knowing beside the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Note {
    pub(crate) kind: NoteKind,
    pub(crate) text: String,
}

/// How much a note matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum NoteKind {
    Note,
    Warning,
}
