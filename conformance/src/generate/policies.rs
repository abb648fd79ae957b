//! Policies, and pages that ask through them.

use std::fmt::Write as _;

use crate::{
    policies::Policies,
    scenario::{
        Answer, Api, Body, Call, Cookie, Credentials, Mode, Page, Resource, Scenario, Site,
    },
    subject::core,
};

use super::{Feature, rng::Rng};

/// The scenario of a seed that has policies in front of its resources. Of each seed there is one.
pub fn policies(seed: u64) -> (Feature, Scenario) {
    let mut rng = Rng::new(seed ^ 0x706f_6c69_6379);
    let mut scenario = pages_and_servers(&mut rng);
    let calls = scenario.calls.len();
    // What nobody may write is written anew; the last one grants nothing, and can be read.
    let valid = (0..50).find_map(|_| {
        scenario.policies = write(&mut rng, &scenario);
        let policies = Policies::of(&scenario, core::KEY, &core::addresses());
        policies.is_ok().then(|| scenario.policies.clone())
    });
    scenario.policies = valid.unwrap_or_else(|| "[[policy]]\npaths = [\"/**\"]\n".to_owned());
    let feature = match (scenario.page, calls) {
        (page, _) if page.opaque => Feature::Opaque,
        (page, _) if page.site.scheme() == "https" => Feature::Tls,
        (_, 2..) => Feature::Cache,
        _ if !scenario.cookies.is_empty() => Feature::Sites,
        _ => Feature::Plain,
    };
    (feature, scenario)
}

const PAGES: &[Site] = &[
    Site::Home,
    Site::Home,
    Site::Home,
    Site::Port,
    Site::Ip,
    Site::A,
    Site::SubA,
    Site::B,
    Site::TlsHome,
    Site::TlsA,
];

const METHODS: &[&str] = &[
    "GET", "GET", "GET", "POST", "POST", "HEAD", "PUT", "PUT", "DELETE", "PATCH", "patch",
    "OPTIONS", "X-METHOD",
];

const HEADERS: &[(&str, &str)] = &[
    ("X-Custom", "1"),
    ("x-other", "2"),
    ("Authorization", "Bearer t"),
    ("Content-Type", "application/json"),
    ("Content-Type", "text/plain"),
    ("Accept", "text/html"),
    ("X-Requested-With", "XMLHttpRequest"),
];

/// What handlers say.
const LINES: &[&str] = &[
    "Content-Type: text/plain",
    "X-Total: 1",
    "x-secret: 2",
    "ETag: \"a\"",
    "Vary: Accept-Encoding",
    "Vary: origin, Accept",
    "Content-Language: tlh",
    "Access-Control-Allow-Origin: *",
    "Access-Control-Allow-Origin: {origin}",
    "Access-Control-Allow-Credentials: true",
    "Access-Control-Expose-Headers: X-Secret",
];

fn pages_and_servers(rng: &mut Rng) -> Scenario {
    let page = Page {
        site: rng.pick(PAGES),
        opaque: rng.one_in(10),
    };
    let sites: Vec<_> = Site::ALL
        .into_iter()
        .filter(|site| page.site.scheme() == "http" || site.scheme() == "https")
        .collect();
    let count = 1 + rng.below(3);
    let resources: Vec<_> = (0..count)
        .map(|_| Resource {
            site: match rng.one_in(6) {
                true => page.site,
                false => rng.pick(&sites),
            },
            preflight: Vec::new(),
            actual: vec![handler(rng)],
        })
        .collect();
    let calls = calls(rng, page, &resources);
    let cookies = match !page.opaque && rng.one_in(2) {
        true => cookie(rng, &resources, page).into_iter().collect(),
        false => Vec::new(),
    };
    Scenario {
        page,
        cookies,
        calls,
        resources,
        policies: String::new(),
    }
}

/// One call of each resource, and more within a site: what an engine remembers of preflights to other
/// sites, from opaque origins, or that only a listener asked for, is not the policy's affair.
fn calls(rng: &mut Rng, page: Page, resources: &[Resource]) -> Vec<Call> {
    let is_near = |site: Site| {
        let home = page.site;
        !page.opaque && site.host() == home.host() && site.scheme() == home.scheme()
    };
    let mut calls: Vec<Call> = Vec::new();
    for (place, resource) in resources.iter().enumerate() {
        let mut first = call(rng, place);
        if page.opaque {
            // Whether such a page says Origin without CORS is told elsewhere.
            first.mode = Mode::Cors;
        }
        calls.push(first.clone());
        while is_near(resource.site) && !first.upload_listener && rng.one_in(2) {
            let mut again = match rng.one_in(2) {
                true => first.clone(),
                false => call(rng, place),
            };
            again.upload_listener = false;
            calls.push(again);
        }
    }
    calls
}

fn handler(rng: &mut Rng) -> Answer {
    let mut lines: Vec<String> = Vec::new();
    for line in LINES {
        if rng.one_in(3) {
            lines.push((*line).to_owned());
        }
    }
    lines.push("Cache-Control: no-store".to_owned());
    let status = rng.pick(&[200, 200, 200, 201, 404, 500]);
    let body = "hello".to_owned();
    lines.push(format!("Content-Length: {}", body.len()));
    Answer {
        status,
        lines,
        body,
        ..Answer::default()
    }
}

/// One that goes along within the page's site, or one that goes anywhere with TLS.
fn cookie(rng: &mut Rng, resources: &[Resource], page: Page) -> Option<Cookie> {
    let place = rng.below(resources.len());
    let site = resources.get(place)?.site;
    let is_far = matches!((page.site, site), (Site::TlsHome, Site::TlsA | Site::H2B))
        || matches!((page.site, site), (Site::TlsA, Site::TlsHome | Site::H2B));
    let attributes = match site.host() == page.site.host() {
        true => rng.pick(&["; SameSite=Lax", "; SameSite=Strict"]),
        false if is_far => "; SameSite=None; Secure",
        false => return None,
    };
    Some(Cookie {
        resource: place,
        name: "sid".to_owned(),
        attributes: attributes.to_owned(),
    })
}

fn call(rng: &mut Rng, to: usize) -> Call {
    let api = rng.pick(&[Api::Fetch, Api::Fetch, Api::Xhr]);
    let mut headers: Vec<(String, String)> = Vec::new();
    while rng.one_in(2) {
        let (name, value) = rng.pick(HEADERS);
        if !headers.iter().any(|(it, _)| it == name) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    let method = rng.pick(METHODS).to_owned();
    let mode = match api == Api::Fetch && rng.one_in(12) {
        true if matches!(method.as_str(), "GET" | "POST" | "HEAD") => Mode::NoCors,
        true => Mode::SameOrigin,
        false => Mode::Cors,
    };
    let body = match method.as_str() {
        "GET" | "HEAD" => Body::None,
        _ if rng.one_in(2) => Body::Text {
            text: "hi".to_owned(),
        },
        _ => Body::None,
    };
    let upload_listener = api == Api::Xhr && rng.one_in(4);
    let credentials = match api {
        Api::Fetch => rng.pick(&[
            Credentials::SameOrigin,
            Credentials::Include,
            Credentials::Omit,
        ]),
        _ => rng.pick(&[Credentials::SameOrigin, Credentials::Include]),
    };
    Call {
        api,
        to,
        method,
        headers,
        body,
        credentials,
        mode,
        upload_listener,
        ..Call::default()
    }
}

fn write(rng: &mut Rng, scenario: &Scenario) -> String {
    let mut text = String::new();
    let mut paths: Vec<String> = match rng.below(4) {
        0 => vec!["/**".to_owned()],
        1 => vec!["/s/*/**".to_owned(), "/s/*/0".to_owned()],
        2 => vec!["/s/*/*".to_owned(), "{p1}".to_owned(), "/**".to_owned()],
        // What no path is for is granted nothing.
        _ => (0..scenario.resources.len())
            .map(|place| format!("/s/*/{place}"))
            .collect(),
    };
    paths.retain(|path| path != "{p1}" || scenario.resources.len() > 1);
    for path in paths {
        let _ = writeln!(text, "[[policy]]\npaths = [{path:?}]");
        policy(rng, scenario.page, &mut text);
    }
    text
}

/// Origins of the oracle and around it, near misses included.
const ORIGINS: &[&str] = &[
    "{o:home}",
    "{o:port}",
    "{o:ip}",
    "{o:a}",
    "{o:sub-a}",
    "{o:b}",
    "{o:tls-home}",
    "{o:tls-a}",
    "http://*.{h:home}",
    "http://*.{h:a}",
    "http://*.{h:b}",
    "https://*.{h:tls-home}",
    "http://localhost:*",
    "https://localhost:*",
    "http://*.localhost:*",
    "https://*.localhost:*",
    "http://*.a.localhost:*",
    "http://127.0.0.1:*",
    "http://localhost",
    "http://localhost.example",
    "https://app.example",
];

fn policy(rng: &mut Rng, page: Page, text: &mut String) {
    let credentials = rng.one_in(2);
    let any = !credentials && rng.one_in(3);
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    if any {
        line("allow-origins = \"*\"".to_owned());
    } else {
        let mut origins: Vec<&str> = Vec::new();
        if rng.one_in(2) {
            origins.push(if page.opaque { "null" } else { "{page}" });
        }
        while origins.is_empty() || rng.one_in(2) {
            let origin = rng.pick(ORIGINS);
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        line(format!("allow-origins = {origins:?}"));
        if origins.contains(&"null") {
            line("dangerously-allow-null = true".to_owned());
        }
    }
    if credentials {
        line("allow-credentials = true".to_owned());
        line("dangerously-allow-insecure-origins = true".to_owned());
        line("dangerously-allow-public-suffixes = true".to_owned());
    }
    let mut list = |rng: &mut Rng, key: &str, names: &[&str], rarely: usize| {
        if !credentials && rng.one_in(4) {
            line(format!("{key} = \"*\""));
            return;
        }
        let some: Vec<_> = names.iter().filter(|_| !rng.one_in(rarely)).collect();
        if !some.is_empty() {
            line(format!("{key} = {some:?}"));
        }
    };
    let methods = ["PUT", "DELETE", "PATCH", "OPTIONS", "X-METHOD"];
    list(rng, "allow-methods", &methods, 3);
    let headers = [
        "X-Custom",
        "x-other",
        "Authorization",
        "Content-Type",
        "X-Requested-With",
    ];
    list(rng, "allow-headers", &headers, 3);
    let exposed = ["X-Total", "ETag", "vary", "X-Missing"];
    list(rng, "expose-headers", &exposed, 2);
    let mut one_of = |rng: &mut Rng, key: &str, often: usize, values: &[&str]| {
        if rng.one_in(often) {
            line(format!("{key} = {}", rng.pick(values)));
        }
    };
    one_of(
        rng,
        "max-age",
        2,
        &["600", "600", "0", "\"disable\"", "86400"],
    );
    one_of(rng, "preflights", 3, &["\"tell-lists\""]);
    one_of(rng, "cacheable-preflights", 5, &["true"]);
    one_of(rng, "allow-private-network", 8, &["true"]);
    one_of(rng, "preflight-status", 5, &["200", "299"]);
    one_of(rng, "refusal-status", 5, &["400", "404"]);
    one_of(rng, "block-disallowed", 3, &["true"]);
    one_of(rng, "mode", 6, &["\"debug\"", "\"report-only\""]);
}
