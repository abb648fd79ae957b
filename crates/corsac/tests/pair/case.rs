//! One case: three resources and their policies, and what happens to them one after another.

use std::fmt;

use corsac::{
    diagnosis::TransportError,
    fetch::{CredentialsMode, RedirectMode},
    policy::{AllowHeaders, Listing, MaxAge, PolicyConfig, Preflights},
};

use crate::rng::Rng;

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

const METHODS: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "patch", "OPTIONS",
];

/// A request header that an author may set: name, value, and whether a preflight has to ask.
pub(crate) type AuthorHeader = (&'static str, &'static str, bool);

const HEADERS: [AuthorHeader; 12] = [
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
type Values = (&'static str, &'static [&'static str]);

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
const PREFLIGHT_VALUES: [Values; 7] = [
    ALLOW_ORIGIN,
    ALLOW_CREDENTIALS,
    ALLOW_METHODS,
    ALLOW_METHODS,
    ALLOW_HEADERS,
    ALLOW_HEADERS,
    MAX_AGE,
];

/// The headers that count in an actual response.
const ACTUAL_VALUES: [Values; 3] = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, EXPOSE_HEADERS];

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

impl Case {
    pub(crate) fn of_seed(seed: u64) -> Self {
        let rng = &mut Rng::new(seed);
        let policies = [policy(rng), policy(rng), policy(rng)];
        // Few pages and resources in one case, so that grants meet requests that could use them.
        let page = rng.pick(&[0, 0, 1, 1, 2, 2, 3, 4, 5]);
        let target = rng.below(TARGETS.len());
        let habit = ask(rng, page, target);
        let length = 1 + rng.below(7);
        let steps = (0..length).map(|_| match rng.below(16) {
            0..4 => Step::Wait(rng.pick(&[1, 1, 4, 5, 6, 594, 595, 599, 600, 3600, 7199, 7200])),
            4 => Step::Swap(target, policy(rng)),
            // The same for another time: two answers then differ in how long they hold.
            5..7 => Step::Swap(
                target,
                PolicyConfig {
                    max_age: max_age(rng),
                    ..policies[target].clone()
                },
            ),
            // The same again: what a cache is for.
            7..11 => Step::Fetch(Ask {
                hops: hops(rng),
                ..habit.clone()
            }),
            // The same but for one word, which is then all that is missing.
            11 => Step::Fetch(Ask {
                method: rng.pick(&METHODS),
                ..habit.clone()
            }),
            12 => Step::Fetch(Ask {
                headers: headers(rng),
                ..habit.clone()
            }),
            13 => {
                let (page, target) = (rng.below(PAGES.len()), rng.below(TARGETS.len()));
                Step::Fetch(ask(rng, page, target))
            }
            _ => Step::Fetch(ask(rng, page, target)),
        });
        let steps = steps.collect();
        Self { policies, steps }
    }
}

fn strings(entries: Vec<&str>) -> Vec<String> {
    entries.into_iter().map(Into::into).collect()
}

/// One in so many lists is `*`.
fn listing(rng: &mut Rng, any: bool, menu: &[&'static str]) -> Listing {
    match any && rng.one_in(2) {
        true => Listing::Any,
        false => Listing::List(strings(rng.most_of(menu))),
    }
}

fn policy(rng: &mut Rng) -> PolicyConfig {
    let allow_credentials = rng.one_in(2);
    // With credentials a wildcard is a contradiction, which has to be met, but not all the time.
    let any = !allow_credentials || rng.one_in(20);
    let pages = PAGES.iter().copied().filter(|page| *page != "null");
    PolicyConfig {
        allow_origins: listing(rng, any, &pages.collect::<Vec<_>>()),
        allow_methods: listing(rng, any, &METHODS),
        allow_headers: match listing(
            rng,
            any,
            &[
                "x-custom",
                "X-Other",
                "authorization",
                "Content-Type",
                "range",
                "ACCEPT",
            ],
        ) {
            Listing::Any if rng.one_in(2) => AllowHeaders::AnyAndAuthorization,
            Listing::Any => AllowHeaders::Any,
            Listing::List(names) => AllowHeaders::List(names),
        },
        allow_credentials,
        expose_headers: listing(rng, any, &["X-TOTAL", "x-secret"]),
        max_age: max_age(rng),
        preflights: match rng.one_in(2) {
            true => Preflights::TellAsked,
            false => Preflights::TellLists,
        },
    }
}

fn max_age(rng: &mut Rng) -> MaxAge {
    match rng.below(4) {
        0 => MaxAge::Unset,
        1 => MaxAge::Disabled,
        _ => MaxAge::Seconds(rng.pick(&[0, 1, 5, 600, 600, 7200, 86_400])),
    }
}

fn headers(rng: &mut Rng) -> Vec<AuthorHeader> {
    let mut headers: Vec<AuthorHeader> = Vec::new();
    while rng.one_in(2) {
        let header = rng.pick(&HEADERS);
        if headers.iter().all(|(name, ..)| *name != header.0) {
            headers.push(header);
        }
    }
    headers
}

fn ask(rng: &mut Rng, page: usize, target: usize) -> Ask {
    Ask {
        page,
        target,
        method: rng.pick(&METHODS),
        headers: headers(rng),
        credentials_mode: rng.pick(&[
            CredentialsMode::Omit,
            CredentialsMode::SameOrigin,
            CredentialsMode::Include,
            CredentialsMode::Include,
        ]),
        redirect_mode: match rng.below(10) {
            0 => RedirectMode::Error,
            1 => RedirectMode::Manual,
            _ => RedirectMode::Follow,
        },
        use_cors_preflight: rng.one_in(4),
        hops: hops(rng),
    }
}

fn hops(rng: &mut Rng) -> Vec<Hop> {
    let count = rng.pick(&[0, 0, 0, 1, 1, 2, 3]);
    let hop = |_| Hop {
        latency: rng.pick(&[0, 0, 0, 1, 6]),
        preflight: fault(rng, &PREFLIGHT_VALUES),
        actual: fault(rng, &ACTUAL_VALUES),
        handler: match rng.below(6) {
            0 => Handler::NotFound,
            1 => Handler::Redirect(rng.pick(&[302, 303, 307]), rng.below(TARGETS.len())),
            _ => Handler::Ok,
        },
    };
    (0..count).map(hop).collect()
}

fn fault(rng: &mut Rng, values: &[Values]) -> Option<Fault> {
    if !rng.one_in(3) {
        return None;
    }
    let (name, values) = rng.pick(values);
    Some(match rng.below(12) {
        0 => Fault::NoResponse(rng.pick(&[TransportError::Closed, TransportError::Refused])),
        1 => Fault::Status(rng.pick(&[200, 299, 300, 302, 404, 500])),
        2 => Fault::Slash,
        3 => Fault::UpperCase,
        4 | 5 => Fault::Drop(name),
        6 | 7 => Fault::Add(name, rng.pick(values)),
        _ => Fault::Set(name, rng.pick(values)),
    })
}
