//! The machine: what a host may rely on, whatever the order of its calls.

use std::{sync::Arc, time::Duration};

use corsac::diagnosis::TransportError;
use corsac::fetch::{
    AddressSpace, Answer, Environment, Fetch, HopId, Output, PreflightCache, Profile, Request,
    ResponseHead,
};

use crate::script::{Ask, World, ask, head};

const NOW: Duration = Duration::ZERO;

/// A fetch and its cache.
struct Driven(Fetch, PreflightCache);

impl Driven {
    fn of(ask: &Ask) -> Self {
        Self(ask.begin(), PreflightCache::default())
    }

    /// What it says, in one line.
    fn says(&mut self) -> String {
        match self.0.poll(&mut self.1, NOW) {
            Output::Send(hop) => format!("send {:?} {}", hop.kind, hop.url),
            Output::Ask(question) => format!("ask {question:?}"),
            Output::Deliver(response) => format!("deliver {}", response.status),
            Output::Blocked(verdict) => format!("blocked {}", verdict.code()),
        }
    }

    fn id(&mut self) -> HopId {
        match self.0.poll(&mut self.1, NOW) {
            Output::Send(hop) => hop.id,
            other => panic!("{other:?}"),
        }
    }
}

fn put() -> Driven {
    Driven::of(&ask("PUT https://b.test/"))
}

const ALLOWED: &str = "200 | O: *";
const GRANTED: &str = "204 | O: * | M: PUT";

#[test]
fn polling_again_says_the_same() {
    let mut fetch = Driven::of(
        &ask("PUT https://b.test/")
            .include()
            .questions(|it| it.cookies = true),
    );
    let granted = "204 | O: https://a.test | C: true | M: PUT";
    let twice = |fetch: &mut Driven| {
        let once = fetch.says();
        assert_eq!(once, fetch.says());
        assert_eq!(once, fetch.says());
        once
    };
    assert_eq!(twice(&mut fetch), "send Preflight https://b.test/");
    let id = fetch.id();
    assert_eq!(fetch.id(), id);
    fetch.0.handle_head(id, head(granted));
    assert!(twice(&mut fetch).starts_with("ask Cookies"));
    fetch.0.handle_answer(Answer::No);
    assert_eq!(twice(&mut fetch), "send Actual https://b.test/");
    let actual = fetch.id();
    assert_ne!(actual, id);
    fetch
        .0
        .handle_head(actual, head("200 | O: https://a.test | C: true"));
    assert_eq!(twice(&mut fetch), "deliver 200");
    let mut fetch = put();
    let id = fetch.id();
    fetch.0.handle_failure(id, TransportError::Closed);
    assert_eq!(twice(&mut fetch), "blocked preflight-no-response");
}

#[test]
fn a_late_input_is_ignored() {
    let mut fetch = put();
    let preflight = fetch.id();
    fetch.0.handle_head(preflight, head(GRANTED));
    let actual = fetch.id();
    // To a hop that is over.
    fetch.0.handle_head(preflight, head("500"));
    assert_eq!(fetch.says(), "send Actual https://b.test/");
    fetch.0.handle_failure(preflight, TransportError::Closed);
    fetch.0.handle_connection(preflight, AddressSpace::Local);
    assert_eq!(fetch.says(), "send Actual https://b.test/");
    // To a question that nobody asked.
    fetch.0.handle_answer(Answer::No);
    assert_eq!(fetch.says(), "send Actual https://b.test/");
    fetch.0.handle_head(actual, head(ALLOWED));
    assert_eq!(fetch.says(), "deliver 200");
    fetch.0.handle_head(actual, head("500"));
    fetch.0.handle_failure(actual, TransportError::Closed);
    fetch.0.handle_answer(Answer::No);
    fetch.0.abort();
    assert_eq!(fetch.says(), "deliver 200");
}

#[test]
fn the_first_input_counts() {
    let mut fetch = Driven::of(&ask("GET https://b.test/"));
    let id = fetch.id();
    fetch.0.handle_head(id, head(ALLOWED));
    fetch.0.handle_head(id, head("500"));
    fetch.0.handle_failure(id, TransportError::Closed);
    assert_eq!(fetch.says(), "deliver 200");
    let mut fetch = Driven::of(&ask("GET https://b.test/"));
    let id = fetch.id();
    fetch.0.handle_failure(id, TransportError::Closed);
    fetch.0.handle_head(id, head(ALLOWED));
    assert_eq!(fetch.says(), "blocked network-failure");
    let mut fetch = Driven::of(&ask("GET https://b.test/").questions(|it| it.policy = true));
    assert!(fetch.says().starts_with("ask Policy"));
    fetch.0.handle_answer(Answer::No);
    fetch.0.handle_answer(Answer::Yes);
    assert_eq!(fetch.says(), "blocked content-security-policy");
}

#[test]
fn an_input_before_its_time_is_ignored() {
    // The ids of another fetch, which happen to be the same, before anything was sent.
    let id = Driven::of(&ask("GET https://b.test/")).id();
    let mut fetch = Driven::of(&ask("GET https://b.test/").questions(|it| it.policy = true));
    fetch.0.handle_head(id, head(ALLOWED));
    fetch.0.handle_failure(id, TransportError::Dns);
    fetch.0.handle_connection(id, AddressSpace::Local);
    fetch.0.handle_answer(Answer::No);
    assert!(fetch.says().starts_with("ask Policy"));
    fetch.0.handle_head(id, head(ALLOWED));
    fetch.0.handle_failure(id, TransportError::Dns);
    assert!(fetch.says().starts_with("ask Policy"));
}

#[test]
fn aborting_ends_it_from_everywhere() {
    let mut fetch = put();
    fetch.0.abort();
    assert_eq!(fetch.says(), "blocked aborted");
    assert_eq!(fetch.says(), "blocked aborted");
    ask("PUT https://b.test/")
        .answered(&["aborts"])
        .ends("aborted of preflight 0");
    ask("PUT https://b.test/")
        .answered(&[GRANTED, "aborts"])
        .ends("aborted of actual 0");
    let asks = ask("GET https://b.test/").questions(|it| it.policy = true);
    asks.answered(&["aborts"]).ends("aborted of actual 0");
    let redirect = "302 | O: * | L: /2";
    ask("GET https://b.test/")
        .answered(&[redirect, "aborts"])
        .ends("aborted of actual 1");
    // Even if a response came at the same moment.
    let mut fetch = Driven::of(&ask("GET https://b.test/"));
    let id = fetch.id();
    fetch.0.handle_head(id, head(ALLOWED));
    fetch.0.abort();
    assert_eq!(fetch.says(), "blocked aborted");
    let mut fetch = Driven::of(&ask("GET https://b.test/"));
    let id = fetch.id();
    fetch.0.abort();
    fetch.0.handle_head(id, head(ALLOWED));
    assert_eq!(fetch.says(), "blocked aborted");
    // And after the end it changes nothing.
    let mut fetch = Driven::of(&ask("GET https://b.test/").questions(|it| it.policy = true));
    fetch.says();
    fetch.0.handle_answer(Answer::No);
    fetch.says();
    fetch.0.abort();
    assert_eq!(fetch.says(), "blocked content-security-policy");
}

#[test]
fn a_verdict_tells_the_status_of_the_response_it_judges() {
    let status = |what: &str, answers: &[&str]| ask(what).answered(answers).verdict().status;
    assert_eq!(status("GET https://b.test/", &["404"]), Some(404));
    assert_eq!(status("PUT https://b.test/", &["403"]), Some(403));
    assert_eq!(
        status("GET https://b.test/", &["302 | O: * | L: data:,"]),
        Some(302)
    );
    // Where nothing came, or what fails is what comes next, there is none.
    assert_eq!(status("GET https://b.test/", &["fails Dns"]), None);
    assert_eq!(status("GET https://b.test/", &["aborts"]), None);
    let to_bad_port = "302 | O: * | L: https://b.test:25/";
    assert_eq!(status("GET https://b.test/", &[to_bad_port]), None);
    assert_eq!(
        status("PUT https://b.test/", &[GRANTED, "fails Closed"]),
        None
    );
}

#[test]
fn the_getters_follow_the_request() {
    let ask = ask("POST https://a.test/")
        .body(3)
        .with("Content-Type", "text/plain");
    let mut fetch = Driven::of(&ask);
    assert_eq!(fetch.0.url_list().len(), 1);
    let id = fetch.id();
    fetch.0.handle_head(id, head("303 | L: https://b.test/"));
    fetch.says();
    let urls: Vec<_> = fetch.0.url_list().iter().map(url::Url::as_str).collect();
    assert_eq!(urls, ["https://a.test/", "https://b.test/"]);
    assert_eq!(fetch.0.request().method, http::Method::GET);
    assert!(!fetch.0.request().header_list.contains("Content-Type"));
    assert_eq!(
        fetch.0.response_tainting(),
        corsac::fetch::ResponseTainting::Cors
    );
}

#[test]
fn a_copy_goes_its_own_way() {
    let mut fetch = put();
    let id = fetch.id();
    let mut copy = Driven(fetch.0.clone(), fetch.1.clone());
    fetch.0.handle_head(id, head("403"));
    copy.0.handle_head(id, head(GRANTED));
    assert_eq!(fetch.says(), "blocked allow-origin-missing");
    assert_eq!(copy.says(), "send Actual https://b.test/");
}

#[test]
fn one_environment_serves_many_fetches() {
    let environment = Arc::new(Environment::of_page("https://a.test/".parse().unwrap()));
    let mut cache = PreflightCache::default();
    for url in ["https://b.test/", "https://c.test/"] {
        let request = Request::new(url.parse().unwrap());
        let mut fetch = Fetch::new(Arc::clone(&environment), request, Profile::FETCH);
        assert!(matches!(fetch.poll(&mut cache, NOW), Output::Send(_)));
    }
}

#[test]
fn another_fetchs_grant_is_found_at_the_moment_it_is_needed() {
    // Both begin before either is granted; the second to ask finds what the first one got.
    let mut world = World::default();
    let waiting = ask("PUT https://b.test/").questions(|it| it.policy = true);
    let mut second = waiting.begin();
    assert!(matches!(second.poll(&mut world.cache, NOW), Output::Ask(_)));
    world
        .run(&ask("PUT https://b.test/"), &[GRANTED, ALLOWED])
        .ends("cors 200");
    second.handle_answer(Answer::Yes);
    match second.poll(&mut world.cache, NOW) {
        Output::Send(hop) => assert_eq!(hop.method, http::Method::PUT),
        other => panic!("{other:?}"),
    }
}

#[test]
fn any_number_is_a_status() {
    for status in [0, 1, 99, 100, 199, 600, 999, u16::MAX] {
        let answer = format!("{status} | O: *");
        let end = ask("GET https://b.test/").answered(&[&answer]).end();
        assert_eq!(end, format!("cors {status}"));
        let end = ask("PUT https://b.test/").answered(&[&answer]).end();
        assert_eq!(end, "preflight-status-not-ok of preflight 0");
    }
}

#[test]
fn nothing_a_server_says_panics() {
    let names = [
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Timing-Allow-Origin",
        "Cross-Origin-Resource-Policy",
        "Location",
        "Referrer-Policy",
        "",
    ];
    let odd = b"\0\x01\t\n\x0b\x0c\r !\"#%'()*+,-./0:;<=>?@A[\\]^_`a{|}~\x7f\x80\xa0\xff";
    let mut values: Vec<Vec<u8>> = odd.iter().map(|&byte| vec![byte]).collect();
    for text in [
        &b""[..],
        b"*",
        b"https://a.test",
        b"\"",
        b"\"\\",
        b"\\",
        b"https://",
        b"://",
        b"//",
        b"[",
        b"https://[::1",
        b"-",
        b"null",
        b"a,",
        b"\xFF\xFE",
        b"https://\xC3\xA9.test",
        b"https://a.test:99999",
        b"https://a.test\xFF/",
    ] {
        values.push(text.to_vec());
    }
    let asks = [
        ask("GET https://b.test/"),
        ask("PUT https://b.test/")
            .include()
            .with("X", "1")
            .with("Authorization", "x"),
        ask("GET https://b.test/").no_cors(),
        ask("POST https://b.test/").forced().stream(),
    ];
    for profile in [Profile::FETCH, Profile::FIREFOX] {
        for ask in &asks {
            let ask = ask.clone().by(profile);
            for name in names {
                for value in &values {
                    for (status, opens) in [(200, true), (302, true), (204, false)] {
                        let mut list = corsac::header::HeaderList::new();
                        if opens {
                            list.push("Access-Control-Allow-Origin", "https://a.test");
                            list.push("Access-Control-Allow-Credentials", "true");
                        }
                        list.push(name, value);
                        let mut fetch = Driven::of(&ask);
                        let id = fetch.id();
                        fetch.0.handle_head(id, ResponseHead::new(status, list));
                        if let Output::Blocked(verdict) = fetch.0.poll(&mut fetch.1, NOW) {
                            for reason in std::iter::once(&verdict.reason).chain(&verdict.also) {
                                let Some(place) = reason.evidence() else {
                                    continue;
                                };
                                assert!(place.line < 3);
                                assert!(
                                    place.byte + place.length <= value.len().max(14),
                                    "{reason:?}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}
