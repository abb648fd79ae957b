use serde::{Deserialize, Serialize};

use super::{Site, is_default};

/// One URL, and what its server answers there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Resource {
    /// Whose it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub site: Site,
    /// The answers to preflights: OPTIONS with Access-Control-Request-Method. The first request
    /// gets the first, and the last is repeated. None at all is `204` without a header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preflight: Vec<Answer>,
    /// The answers to all other requests, likewise. None at all is `200` without a header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actual: Vec<Answer>,
}

/// One answer, byte for byte.
///
/// Lines and body may hold placeholders; see [`Expander`](super::Expander). Beside the lines the
/// server sends `Connection: close` in HTTP/1.1, and nothing else: the body ends with the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answer {
    /// The status code.
    #[serde(default = "ok", skip_serializing_if = "is_ok")]
    pub status: u16,
    /// The reason phrase, with HTTP/1.1.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The header lines as they stand on the wire, without their CRLF. With HTTP/2 each must be a
    /// name, a colon and a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// The body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Milliseconds before the answer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub delay: u64,
    /// Whether the connection is reset instead of an answer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reset: bool,
}

impl Default for Answer {
    fn default() -> Self {
        Self {
            status: 200,
            reason: String::new(),
            lines: Vec::new(),
            body: String::new(),
            delay: 0,
            reset: false,
        }
    }
}

fn ok() -> u16 {
    200
}

fn is_ok(status: &u16) -> bool {
    *status == 200
}

impl Resource {
    /// The answer to the request of its kind that comes after so many others.
    pub fn answer(&self, is_preflight: bool, before: usize) -> Answer {
        let (answers, status) = match is_preflight {
            true => (&self.preflight, 204),
            false => (&self.actual, 200),
        };
        let answer = answers.get(before).or(answers.last());
        answer.cloned().unwrap_or_else(|| Answer {
            status,
            ..Answer::default()
        })
    }
}
