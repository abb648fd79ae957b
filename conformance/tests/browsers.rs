//! Each browser that is here runs scenarios, the same way twice, and leaves no process behind.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use conformance::{
    browsers::{Engine, Session},
    observation::{End, Observation},
    scenario::{Answer, Api, Call, Credentials, Page, Resource, Scenario, Site},
    servers::Servers,
};

/// A PUT with a header of its own, granted by both answers, or by the preflight's only.
fn put(page: Page, site: Site, api: Api, is_granted: bool) -> Scenario {
    let line = |line: &str| line.to_owned();
    let grants = vec![
        line("Access-Control-Allow-Origin: {origin}"),
        line("Access-Control-Allow-Credentials: true"),
        line("Access-Control-Allow-Methods: PUT"),
        line("Access-Control-Allow-Headers: x-a"),
    ];
    let answer = |lines| Answer {
        lines,
        body: "{\"a\": 1}".to_owned(),
        ..Answer::default()
    };
    Scenario {
        page,
        calls: vec![Call {
            api,
            method: "PUT".to_owned(),
            credentials: Credentials::Include,
            headers: vec![("X-A".to_owned(), "\u{e9}".to_owned())],
            ..Call::default()
        }],
        resources: vec![Resource {
            site,
            preflight: vec![answer(grants.clone())],
            actual: vec![answer(if is_granted { grants } else { Vec::new() })],
        }],
        ..Scenario::default()
    }
}

/// Pages of both kinds, opaque and not, and every site that such a page may ask at all.
fn scenarios() -> Vec<(bool, Scenario)> {
    let mut all = Vec::new();
    for opaque in [false, true] {
        for page in [Site::Home, Site::TlsHome] {
            let sites = Site::ALL.into_iter();
            let sites = sites.filter(|site| page == Site::Home || site.scheme() == "https");
            for site in sites.filter(|&site| opaque || site != page) {
                for api in [Api::Fetch, Api::Xhr] {
                    for is_granted in [true, false] {
                        let page = Page { site: page, opaque };
                        all.push((is_granted, put(page, site, api, is_granted)));
                    }
                }
            }
        }
    }
    all
}

async fn runs(engine: Engine) {
    if let Some(missing) = engine.missing() {
        assert!(std::env::var_os("CI").is_none(), "{missing} is not here");
        eprintln!("not run: {missing} is not here");
        return;
    }
    let servers = Servers::start().await.unwrap();
    let mut session = Session::new(engine);
    let (granted, scenarios): (Vec<_>, Vec<_>) = scenarios().into_iter().unzip();
    let seen = session.run(&servers, &scenarios).await.unwrap();
    for ((is_granted, scenario), seen) in granted.iter().zip(&scenarios).zip(&seen) {
        judge(engine, *is_granted, scenario, seen);
    }
    session.forget();
    let again = session.run(&servers, &scenarios).await.unwrap();
    assert_eq!(seen, again, "a fresh profile sees the same");
}

fn judge(engine: Engine, is_granted: bool, scenario: &Scenario, seen: &Observation) {
    let methods: Vec<_> = seen.requests.iter().map(|it| it.method.as_str()).collect();
    assert_eq!(methods, ["OPTIONS", "PUT"], "{scenario:?}");
    let (preflight, actual) = (&seen.requests[0], &seen.requests[1]);
    assert_eq!(
        preflight.get("access-control-request-method").unwrap(),
        "PUT"
    );
    assert_eq!(
        preflight.get("access-control-request-headers").unwrap(),
        "x-a"
    );
    // The Standard wants the byte; WebKitGTK's network stack makes UTF-8 of it.
    let value = match engine {
        Engine::Chromium | Engine::Firefox => "\u{e9}",
        Engine::Webkit => "\u{c3}\u{a9}",
    };
    assert_eq!(actual.get("x-a").unwrap(), value);
    let origin = match (scenario.page.opaque, scenario.page.site) {
        (true, _) => "null",
        (false, Site::Home) => "{o:home}",
        (false, _) => "{o:tls-home}",
    };
    assert_eq!(preflight.get("origin").unwrap(), origin);
    assert_eq!(actual.get("origin").unwrap(), origin);
    let [view] = seen.views.as_slice() else {
        panic!("one call, one view: {seen:?}");
    };
    match is_granted {
        true => {
            assert_eq!(view.end, End::Resolved, "{scenario:?}");
            assert_eq!(view.body.as_deref(), Some("{\"a\": 1}"));
            assert_eq!(view.status, Some(200));
            assert_eq!(view.url.as_deref(), Some("{r0}"));
        }
        false => {
            assert_eq!(view.end, End::Rejected, "{scenario:?}");
            assert_eq!(view.body, None);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chromium_runs_scenarios() {
    runs(Engine::Chromium).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn firefox_runs_scenarios() {
    runs(Engine::Firefox).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn webkit_runs_scenarios() {
    runs(Engine::Webkit).await;
}
