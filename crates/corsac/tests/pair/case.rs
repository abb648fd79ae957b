//! One case: three resources and their policies, and what happens to them one after another.

use std::fmt;

use corsac::{
    diagnosis::TransportError,
    fetch::{CredentialsMode, RedirectMode},
    policy::PolicyConfig,
};

/// The pages that ask, by origin. `null` is opaque; the last two are the resources' own.
pub(crate) const PAGES: [&str; 6] = [
    "https://app.example",
    "http://sitea.com",
    "https://evil.example:8443",
    "null",
    "https://api.b.example",
    "https://c.example",
];

/// The resources. The first two are of one origin.
pub(crate) const TARGETS: [&str; 3] = [
    "https://api.b.example/1",
    "https://api.b.example/2",
    "https://c.example/3",
];

/// The origin of each resource.
pub(crate) const TARGET_ORIGINS: [&str; 3] = [
    "https://api.b.example",
    "https://api.b.example",
    "https://c.example",
];

pub(crate) const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "patch", "OPTIONS",
];

/// A request header that an author may set: name, value, and whether a preflight has to ask.
pub(crate) type AuthorHeader = (&'static str, &'static str, bool);

pub(crate) const HEADERS: [AuthorHeader; 12] = [
    ("X-Custom", "1", true),
    ("x-other", "2", true),
    ("Authorization", "Bearer t", true),
    ("Authorization", "Basic dTpw", true),
    ("Content-Type", "text/plain;charset=UTF-8", false),
    ("Content-Type", "application/json", true),
    ("Accept", "text/html", false),
    ("Accept", "text/(html)", true),
    ("Accept-Language", "fr, en;q=0.5", false),
    ("Content-Language", "tlh_KX", true),
    ("Range", "bytes=0-9", false),
    ("Range", "bytes=-9", true),
];

/// What every handler says, beside its status.
pub(crate) const HANDLER_HEADERS: [(&str, &str); 7] = [
    ("Content-Type", "text/plain"),
    ("Cache-Control", "no-store"),
    ("X-Total", "3"),
    ("x-total", "4"),
    ("X-Secret", "5"),
    ("Set-Cookie", "sid=1"),
    ("Vary", "Accept-Encoding"),
];

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) policies: [PolicyConfig; 3],
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// So many seconds go by.
    Wait(u64),
    /// The server behind a resource gets another policy.
    Swap(usize, PolicyConfig),
    /// A page asks.
    Fetch(Ask),
}

#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// The page, of [`PAGES`].
    pub(crate) page: usize,
    /// The resource, of [`TARGETS`].
    pub(crate) target: usize,
    pub(crate) method: &'static str,
    pub(crate) headers: Vec<AuthorHeader>,
    pub(crate) credentials_mode: CredentialsMode,
    pub(crate) redirect_mode: RedirectMode,
    pub(crate) use_cors_preflight: bool,
    /// What the servers do on each hop; beyond these they are honest and answer 200.
    pub(crate) hops: Vec<Hop>,
}

/// What the servers do on one hop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hop {
    /// Seconds that each answer takes.
    pub(crate) latency: u64,
    /// What spoils the answer to the preflight.
    pub(crate) preflight: Option<Fault>,
    /// What spoils the actual response.
    pub(crate) actual: Option<Fault>,
    pub(crate) handler: Handler,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Handler {
    #[default]
    Ok,
    NotFound,
    /// With this status to this resource.
    Redirect(u16, usize),
}

/// How an answer departs from what the policy said.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    NoResponse(TransportError),
    Status(u16),
    Drop(&'static str),
    /// Replaces all lines of the header.
    Set(&'static str, &'static str),
    /// Adds one more line.
    Add(&'static str, &'static str),
    /// Access-Control-Allow-Origin gets a slash at its end.
    Slash,
    /// Access-Control-Allow-Origin in upper case.
    UpperCase,
}

/// A header, and values that a server may come up with, right and wrong.
pub(crate) type Values = (&'static str, &'static [&'static str]);

const ALLOW_ORIGIN: Values = (
    "Access-Control-Allow-Origin",
    &[
        "*",
        "null",
        "https://app.example",
        "https://other.example",
        "https://app.example, https://app.example",
        "nonsense",
        "",
    ],
);
const ALLOW_CREDENTIALS: Values = (
    "Access-Control-Allow-Credentials",
    &["true", "True", "true, true", ""],
);
const ALLOW_METHODS: Values = (
    "Access-Control-Allow-Methods",
    &[
        "*",
        "PUT",
        "DELETE,\tPUT,",
        "put",
        "PUT DELETE",
        "",
        "PATCH, *",
    ],
);
const ALLOW_HEADERS: Values = (
    "Access-Control-Allow-Headers",
    &[
        "*",
        "*",
        "*",
        "x-custom",
        "X-Custom, Content-Type",
        "x custom",
        "",
        "*, authorization",
        "Authorization,content-type,x-custom,X-OTHER,accept,range,content-language",
    ],
);
const MAX_AGE: Values = (
    "Access-Control-Max-Age",
    &[
        "0",
        "1",
        "600",
        "-1",
        "5.5",
        "",
        "99999999999999999999999999",
    ],
);
const EXPOSE_HEADERS: Values = (
    "Access-Control-Expose-Headers",
    &["*", "x-total", "x total", "", "Set-Cookie, X-Secret"],
);

/// The headers that count in an answer to a preflight; what only preflights have, more often.
pub(crate) const PREFLIGHT_VALUES: [Values; 7] = [
    ALLOW_ORIGIN,
    ALLOW_CREDENTIALS,
    ALLOW_METHODS,
    ALLOW_METHODS,
    ALLOW_HEADERS,
    ALLOW_HEADERS,
    MAX_AGE,
];

/// The headers that count in an actual response.
pub(crate) const ACTUAL_VALUES: [Values; 3] = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, EXPOSE_HEADERS];

/// One line a resource, one line a step.
impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (target, config) in TARGETS.iter().zip(&self.policies) {
            if *config != PolicyConfig::default() {
                writeln!(f, "{target}: {config:?}")?;
            }
        }
        for (place, step) in self.steps.iter().enumerate() {
            writeln!(f, "step {place}: {step:?}")?;
        }
        Ok(())
    }
}
