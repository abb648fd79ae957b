use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Spec;

/// How it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct VerdictReport {
    pub(crate) outcome: Outcome,
    /// The code of the first failing step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// It in one sentence, with the facts.
    pub(crate) message: String,
    /// `preflight` or `actual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phase: Option<String>,
    /// How many redirects had been followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hop: Option<usize>,
    /// The step that failed, by its number; absent if nothing was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) step: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) evidence: Option<EvidenceReport>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) spec: Option<Spec>,
    /// Codes of what else would have failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) also: Vec<String>,
    /// What each engine makes of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) engines: Vec<Engine>,
    /// Why there was no response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) transport: Option<Transport>,
}

/// What a script gets, or why it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    /// The script reads the response.
    Readable,
    /// The page uses the response, and no script reads it.
    Opaque,
    /// The script learns that there was a redirect.
    OpaqueRedirect,
    /// The script gets an error.
    Blocked,
    /// The next request is unsafe, and was not sent.
    Undecided,
    /// There was no response to judge.
    NotCors,
}

/// Where the failing bytes stand; all places from 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct EvidenceReport {
    pub(crate) hop: usize,
    pub(crate) header: String,
    /// The place in the response's headers.
    pub(crate) line: usize,
    /// The first failing byte of the line's value.
    pub(crate) byte: usize,
    pub(crate) length: usize,
}

/// What one engine makes of the same answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Engine {
    /// `chromium`, `firefox` or `webkit`; `fetch` is the Standard.
    pub(crate) engine: String,
    /// Absent if it is not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// What its console says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wording: Option<String>,
    /// Why it is not judged: it would have sent something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) not_judged: Option<String>,
}

/// Why there was no response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Transport {
    /// `dns`, `refused`, `connect-timeout`, `tls`, `closed`, `timeout`, `malformed`, `too-large`,
    /// `stream-needs-http2`.
    pub(crate) error: String,
    /// In words, with the host and what to look at.
    pub(crate) message: String,
}

/// What to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct FixReport {
    /// Who has to act: server, page, network, user.
    pub(crate) side: String,
    pub(crate) text: String,
    /// The step in whose response the lines belong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) step: Option<usize>,
    /// The difference, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) changes: Vec<Change>,
}

/// A header line to take away or to add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Change {
    pub(crate) kind: ChangeKind,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Whether a line goes or comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ChangeKind {
    Remove,
    Add,
}

impl Outcome {
    /// All there are.
    pub(crate) const ALL: [Self; 6] = [
        Self::Readable,
        Self::Opaque,
        Self::OpaqueRedirect,
        Self::Blocked,
        Self::Undecided,
        Self::NotCors,
    ];

    /// Its name in JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Readable => "readable",
            Self::Opaque => "opaque",
            Self::OpaqueRedirect => "opaque-redirect",
            Self::Blocked => "blocked",
            Self::Undecided => "undecided",
            Self::NotCors => "not-cors",
        }
    }

    /// The exit code of a check that ends so.
    pub(crate) const fn exit(self) -> u8 {
        match self {
            Self::Readable | Self::Opaque | Self::OpaqueRedirect => 0,
            Self::Blocked => 1,
            Self::NotCors => 3,
            Self::Undecided => 4,
        }
    }
}
