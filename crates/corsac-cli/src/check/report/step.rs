use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Pair;

/// One request, what came back, and what had to be right about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Step {
    /// From 1.
    pub(crate) n: usize,
    pub(crate) kind: StepKind,
    /// How many redirects had been followed.
    pub(crate) hop: usize,
    /// Which time of asking it belongs to, from 1; absent if it was asked once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) round: Option<u32>,
    pub(crate) request: Sent,
    /// Absent if no whole response head came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) response: Option<Received>,
    /// Why there is no response, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<String>,
    /// Address and port of the server that was connected to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) peer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tls: Option<TlsReport>,
    /// When it began, by RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) started: Option<String>,
    pub(crate) timings: Timings,
    /// What the response had to pass, in the order of the browser's steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) checks: Vec<CheckReport>,
}

/// What a step's request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StepKind {
    /// The browser's own question before the request.
    Preflight,
    /// The request.
    Actual,
    /// The request once more, at a redirect's target.
    Redirect,
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) url: String,
    /// The request line, as HTTP/1.1 writes it: `PUT /orders/7 HTTP/1.1`.
    pub(crate) line: String,
    /// Every header line, in the order of the wire.
    pub(crate) headers: Vec<Pair>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body_length: Option<u64>,
}

/// A response as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Received {
    /// `1.0`, `1.1` or `2`.
    pub(crate) http: String,
    pub(crate) status: u16,
    /// The reason phrase; empty in HTTP/2.
    pub(crate) reason: String,
    /// Every header line, in the order of the wire.
    pub(crate) headers: Vec<Pair>,
    /// Bytes of the body, without its framing; absent if it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body_length: Option<u64>,
    /// Why the body is not whole, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body_error: Option<String>,
}

/// How a connection was secured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct TlsReport {
    /// `TLSv1.3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cipher: Option<String>,
    /// What ALPN agreed on: `h2`, `http/1.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) alpn: Option<String>,
}

/// How long each phase took, in milliseconds; absent if it did not happen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Timings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dns: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) connect: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tls: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) send: Option<f64>,
    /// From the request's last byte to the end of the response's head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wait: Option<f64>,
    /// From there to the end of the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) receive: Option<f64>,
    /// All of it.
    pub(crate) total: f64,
}

/// One thing that had to be right about a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CheckReport {
    /// What is checked: `response`, `allow-origin`, `allow-credentials`, `status`, `allow-methods`,
    /// `allow-headers`, `resource-policy`, `redirect`.
    pub(crate) check: String,
    pub(crate) state: CheckState,
    /// The place in the response's headers of the line that decided it; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
    /// The first failing byte of that line's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) byte: Option<usize>,
    /// How many bytes fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) length: Option<usize>,
    /// What it is about, where one header line has to pass for several: the method or header name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    /// What would do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expected: Option<String>,
    /// What there was; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) found: Option<String>,
    /// The code of the failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// The failure in one sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CheckState {
    Ok,
    Failed,
    NotReached,
}
