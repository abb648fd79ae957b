use anyhow::Result;
use corsac::header::HeaderList;
use corsac_tower::policy::{MaxAge, Outcome, Policy, PolicyConfig, RequestHead};

/// One request, byte for byte.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What is special about it.
    pub name: &'static str,
    /// Its method.
    pub method: &'static str,
    /// Its target, which tells the upstream what to answer.
    pub target: &'static str,
    /// Its headers beyond Host.
    pub lines: &'static [(&'static str, &'static str)],
}

/// What the policy says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The origin that may read the response.
    pub allow_origin: Option<&'static str>,
    /// Whether it is a preflight, which no upstream has to see.
    pub preflight: bool,
    /// The method that a granted preflight asked for.
    pub method: Option<&'static str>,
}

const A: (&str, &str) = ("Origin", "https://a.example");
const EVIL: (&str, &str) = ("Origin", "https://evil.example");
const ACRM_PUT: (&str, &str) = ("Access-Control-Request-Method", "PUT");
const ACRH: &str = "Access-Control-Request-Headers";

/// A GET of `/` from this origin.
const fn get(name: &'static str, lines: &'static [(&'static str, &'static str)]) -> Case {
    Case {
        name,
        method: "GET",
        target: "/",
        lines,
    }
}

const fn get_from(
    name: &'static str,
    target: &'static str,
    lines: &'static [(&'static str, &'static str)],
) -> Case {
    Case {
        name,
        method: "GET",
        target,
        lines,
    }
}

const fn options(
    name: &'static str,
    target: &'static str,
    lines: &'static [(&'static str, &'static str)],
) -> Case {
    Case {
        name,
        method: "OPTIONS",
        target,
        lines,
    }
}

/// The requests, in the order of the table.
pub const CASES: &[Case] = &[
    get("listed origin", &[A]),
    get("subdomain", &[("Origin", "https://x.b.example")]),
    get(
        "subdomain of a subdomain",
        &[("Origin", "https://x.y.b.example")],
    ),
    get("no Origin", &[]),
    get("another origin", &[EVIL]),
    get("null", &[("Origin", "null")]),
    get("apex of the subdomains", &[("Origin", "https://b.example")]),
    get("another port", &[("Origin", "https://a.example:8443")]),
    get("another scheme", &[("Origin", "http://a.example")]),
    get("trailing slash", &[("Origin", "https://a.example/")]),
    get("look-alike before", &[("Origin", "https://evilb.example")]),
    get(
        "look-alike after",
        &[("Origin", "https://a.example.evil.example")],
    ),
    get("look-alike of a dot", &[("Origin", "https://aXexample")]),
    get(
        "path in the origin",
        &[("Origin", "https://evil.example/.b.example")],
    ),
    get(
        "fragment in the origin",
        &[("Origin", "https://evil.example#.b.example")],
    ),
    get("upper case", &[("Origin", "HTTPS://A.EXAMPLE")]),
    get("two Origin lines, the first allowed", &[A, EVIL]),
    get("two Origin lines, the last allowed", &[EVIL, A]),
    get(
        "two origins in one line",
        &[("Origin", "https://a.example, https://evil.example")],
    ),
    options("preflight", "/", &[A, ACRM_PUT]),
    options(
        "preflight with headers",
        "/",
        &[A, ACRM_PUT, (ACRH, "authorization,content-type")],
    ),
    options("preflight of another origin", "/", &[EVIL, ACRM_PUT]),
    options("preflight of null", "/", &[("Origin", "null"), ACRM_PUT]),
    options("preflight where there is nothing", "/404", &[A, ACRM_PUT]),
    options("preflight for a dead upstream", "/dead", &[A, ACRM_PUT]),
    options("OPTIONS with Origin, no preflight", "/", &[A]),
    options("OPTIONS without Origin", "/", &[]),
    options(
        "Access-Control-Request-Method without Origin",
        "/",
        &[ACRM_PUT],
    ),
    get_from("upstream says 404", "/404", &[A]),
    get_from("upstream says 502", "/502", &[A]),
    get_from("upstream says 301", "/301", &[A]),
    get_from("upstream says 304", "/304", &[A]),
    get_from("upstream is dead", "/dead", &[A]),
    get_from("upstream is dead, another origin", "/dead", &[EVIL]),
    get_from("upstream grants everybody", "/star", &[A]),
    get_from(
        "upstream grants everybody, another origin",
        "/star",
        &[EVIL],
    ),
    get_from("upstream grants everybody, no Origin", "/star", &[]),
    get_from("upstream varies, too", "/vary", &[A]),
    Case {
        name: "PUT",
        method: "PUT",
        target: "/",
        lines: &[A, ("Content-Length", "0")],
    },
];

/// The policy of the table: an origin and the subdomains of another, with credentials.
pub(super) fn policy() -> Result<Policy> {
    Ok(Policy::new(PolicyConfig {
        allow_origins: ["https://a.example", "https://*.b.example"].into(),
        allow_methods: ["PUT", "DELETE"].into(),
        allow_headers: ["Content-Type", "Authorization", "X-Api-Key"].into(),
        allow_credentials: true,
        expose_headers: ["X-Request-Id"].into(),
        max_age: MaxAge::Seconds(600),
        // Some of them are caches, too.
        cacheable_preflights: true,
        ..PolicyConfig::default()
    })?)
}

impl Case {
    /// What the policy says about this request.
    pub fn due(&self, policy: &Policy) -> Due {
        let list = HeaderList::from_iter(self.lines.iter().copied());
        let head = RequestHead::of_list(self.method.as_bytes(), &list);
        let outcome = policy.decide(&head).outcome();
        let granted = matches!(
            outcome,
            Outcome::Actual(Ok(())) | Outcome::Preflight(Ok(()))
        );
        Due {
            allow_origin: self.line("Origin").filter(|_| granted),
            preflight: matches!(outcome, Outcome::Preflight(_)),
            method: self
                .line("Access-Control-Request-Method")
                .filter(|_| granted),
        }
    }

    fn line(&self, name: &str) -> Option<&'static str> {
        let found = self.lines.iter().find(|(this, _)| *this == name);
        found.map(|&(_, value)| value)
    }
}
