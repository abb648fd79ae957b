//! What was seen: the wire, and what the script got to know.

use serde::{Deserialize, Serialize};

use crate::scenario::Site;

/// What a subject did with a scenario. Addresses are placeholders here; see
/// [`Expander`](crate::scenario::Expander).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Observation {
    /// Every request that a server received for one of the scenario's resources, in order.
    pub requests: Vec<Received>,
    /// What the script got, one entry a call.
    pub views: Vec<View>,
}

/// A request as a server received it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Received {
    /// For which resource.
    pub resource: usize,
    /// To which origin, by the socket and the host it named.
    pub site: Option<Site>,
    /// The method.
    pub method: String,
    /// The header lines in their order, names as they came, values isomorphic-decoded.
    pub headers: Vec<(String, String)>,
    /// How long the body was.
    pub body_length: u64,
    /// Whether it is a preflight.
    pub preflight: bool,
    /// What the policy in front of the resource made of it, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided: Option<Decided>,
    /// Which call it was sent for, if that is known: only to who runs them one by one.
    #[serde(skip)]
    pub call: Option<usize>,
}

/// What became of a request at a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Decided {
    /// `not CORS`, `actual` or `preflight`.
    pub kind: String,
    /// Why it was refused; `None` if it was granted, or nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The credentials that the handler saw, by their headers; `None` if it did not see the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled: Option<Vec<(String, String)>>,
}

impl Received {
    /// The values of a header, joined by `, `; `None` if it is missing.
    pub fn get(&self, name: &str) -> Option<String> {
        let lines = self.headers.iter();
        let lines = lines.filter(|(line, _)| line.eq_ignore_ascii_case(name));
        let values: Vec<_> = lines.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

/// What a call came to, as the script sees it. A field is `None` if this API does not show it: then
/// it is not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct View {
    /// What became of it.
    pub end: End,
    /// `basic`, `cors`, `opaque` or `opaqueredirect` (fetch).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    /// The status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// statusText.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_text: Option<String>,
    /// url (fetch) or responseURL (XMLHttpRequest).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// redirected (fetch).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirected: Option<bool>,
    /// What iterating over headers gives, or getAllResponseHeaders(), split: names in lower case,
    /// values joined, in the order of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<Vec<(String, String)>>,
    /// The body as text (each byte a char).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The events of an XMLHttpRequest and its upload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Event>>,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// fetch() fulfilled, XMLHttpRequest fired `load`, an element `load`.
    Resolved,
    /// fetch() rejected with a TypeError, XMLHttpRequest fired `error`, an element `error`.
    Rejected,
    /// The API threw before anything was sent: a bad method, a body on GET.
    Refused,
    /// Nothing for ten seconds.
    #[default]
    TimedOut,
    /// This engine has no such API or feature.
    Unsupported,
}

/// One event of an XMLHttpRequest, as it was fired; what time has a hand in is taken out of two lists of
/// them before they are compared ([`settled`](crate::subject::events::settled)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Event {
    /// Whether it was fired at `upload`.
    #[serde(default)]
    pub upload: bool,
    /// Its type: `readystatechange`, `load`, …
    pub r#type: String,
    /// readyState at that time.
    pub ready_state: u8,
    /// How many bytes of how many, if it is a ProgressEvent; of 0 if nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<(u64, u64)>,
}
