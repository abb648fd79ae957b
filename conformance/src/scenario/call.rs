use serde::{Deserialize, Serialize};

use super::is_default;

/// What a script calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Call {
    /// By what.
    #[serde(default, skip_serializing_if = "is_default")]
    pub api: Api,
    /// Which resource, by its place in the scenario.
    #[serde(default, skip_serializing_if = "is_default")]
    pub to: usize,
    /// User and password in the URL, as `user:pw`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo: Option<String>,
    /// The method, as the script writes it.
    #[serde(default = "get", skip_serializing_if = "is_get")]
    pub method: String,
    /// The author's headers in their order, as an array of pairs. Names may repeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default, skip_serializing_if = "is_default")]
    pub body: Body,
    /// fetch(): the credentials mode. XMLHttpRequest: include is withCredentials. An element:
    /// include is `crossorigin=use-credentials`, same-origin is `crossorigin=anonymous`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub credentials: Credentials,
    /// fetch(): the mode. An image without the attribute `crossorigin` is no-cors.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: Mode,
    /// fetch(): the redirect mode.
    #[serde(default, skip_serializing_if = "is_default")]
    pub redirect: Redirect,
    /// XMLHttpRequest: whether `upload` has listeners when send() is called.
    #[serde(default, skip_serializing_if = "is_default")]
    pub upload_listener: bool,
    /// fetch(): the referrer policy; none means the page's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer_policy: Option<String>,
    /// fetch(): the cache mode; none means `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Cache>,
    /// fetch(): whether it may outlive the page.
    #[serde(default, skip_serializing_if = "is_default")]
    pub keepalive: bool,
    /// XMLHttpRequest: its timeout in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// XMLHttpRequest: milliseconds from send() to abort().
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abort_after: Option<u64>,
    /// Milliseconds to wait before the call.
    #[serde(default, skip_serializing_if = "is_default")]
    pub wait: u64,
}

impl Default for Call {
    fn default() -> Self {
        Self {
            api: Api::Fetch,
            to: 0,
            userinfo: None,
            method: get(),
            headers: Vec::new(),
            body: Body::None,
            credentials: Credentials::SameOrigin,
            mode: Mode::Cors,
            redirect: Redirect::Follow,
            upload_listener: false,
            referrer_policy: None,
            cache: None,
            keepalive: false,
            timeout: None,
            abort_after: None,
            wait: 0,
        }
    }
}

impl Call {
    /// How many milliseconds an XMLHttpRequest waits before it gives up, and which event says so.
    pub fn patience(&self) -> Option<(u64, &'static str)> {
        let timeout = self.timeout.map(|after| (after, "timeout"));
        let abort = self.abort_after.map(|after| (after, "abort"));
        let ends = timeout.into_iter().chain(abort);
        ends.filter(|_| self.api == Api::Xhr).min()
    }
}

fn get() -> String {
    "GET".to_owned()
}

fn is_get(method: &str) -> bool {
    method == "GET"
}

/// By what a script calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Api {
    /// fetch().
    #[default]
    Fetch,
    /// XMLHttpRequest, asynchronous.
    Xhr,
    /// An `img` element.
    Image,
    /// A `script` element of type module, or an import() where there is no element to be had.
    ModuleScript,
    /// A FontFace that is loaded.
    Font,
}

/// What a script gives as the body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Body {
    /// Nothing: null.
    #[default]
    None,
    /// A string.
    Text {
        /// What it says.
        text: String,
    },
    /// URLSearchParams of one pair.
    UrlEncoded {
        /// The pair's name and value.
        text: String,
    },
    /// FormData of one field.
    FormData {
        /// The field's name and value.
        text: String,
    },
    /// A Blob.
    Blob {
        /// What is in it.
        text: String,
        /// Its type; may be empty.
        mime: String,
    },
    /// An ArrayBuffer of so many zero bytes.
    Buffer {
        /// How many.
        length: usize,
    },
    /// fetch(): a ReadableStream of one chunk, with `duplex: "half"`.
    Stream {
        /// The chunk.
        text: String,
    },
}

/// The credentials mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the Standard's own words")]
pub enum Credentials {
    Omit,
    #[default]
    SameOrigin,
    Include,
}

/// A cache mode that is not the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the Standard's own words")]
pub enum Cache {
    NoStore,
    OnlyIfCached,
}

/// The mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the Standard's own words")]
pub enum Mode {
    #[default]
    Cors,
    NoCors,
    SameOrigin,
}

/// The redirect mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the Standard's own words")]
pub enum Redirect {
    #[default]
    Follow,
    Error,
    Manual,
}
