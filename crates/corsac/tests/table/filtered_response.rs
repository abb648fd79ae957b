//! What is left of a response for script to see (client.md 1.3 MF13 to MF22, and 1.6).

use corsac::fetch::{Mode, RedirectMode, ResponseBody, ResponseTainting};

use crate::script::{Ask, Run, ask};

const SAFELISTED: &str = "Cache-Control: 1 | content-language: 2 | Content-LENGTH: 3 | \
     Content-Type: 4 | Expires: 5 | Last-Modified: 6 | Pragma: 7";

/// The names of the headers that script sees, in their order.
fn names(run: &Run) -> String {
    let list = &run.response().header_list;
    let names = list
        .iter()
        .map(|header| String::from_utf8_lossy(header.name()).into_owned());
    names.collect::<Vec<_>>().join(" ")
}

/// What a page of `https://a.test` sees of X-A and X-B in a response of `https://b.test`.
fn exposed(ask: &Ask, lines: &str) -> String {
    let head =
        format!("200 | O: https://a.test | C: true{lines} | X-A: 1 | X-B: 2 | Set-Cookie: s=1");
    let run = ask.answered(&[&head]);
    let names = names(&run);
    let names = names
        .split(' ')
        .filter(|name| !name.starts_with("Access-Control"));
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn seven_names_are_always_exposed() {
    let run = ask("GET https://b.test/").answered(&[&format!("200 | O: * | {SAFELISTED} | X: 8")]);
    let seven = "Cache-Control content-language Content-LENGTH Content-Type Expires Last-Modified \
         Pragma";
    assert_eq!(names(&run), seven);
}

#[test]
fn a_basic_response_keeps_all_but_set_cookie() {
    let head = "200 | X-A: 1 | Set-Cookie: s=1 | set-cookie2: t=1 | x-a: 2 | E: nothing";
    let run = ask("GET https://a.test/").answered(&[head]);
    assert_eq!(names(&run), "X-A x-a Access-Control-Expose-Headers");
    assert_eq!(
        run.response().header_list.get("X-A").as_deref(),
        Some(&b"1, 2"[..])
    );
}

#[test]
fn listed_names_are_exposed_in_any_case() {
    let plain = ask("GET https://b.test/");
    let include = plain.clone().include();
    for ask in [plain, include] {
        let exposed = |lines| exposed(&ask, lines);
        assert_eq!(exposed(""), "");
        assert_eq!(exposed(" | E: x-b"), "X-B");
        assert_eq!(exposed(" | E: X-a,X-B"), "X-A X-B");
        assert_eq!(exposed(" | E: X-A | E: X-B"), "X-A X-B");
        assert_eq!(exposed(" | E: X-C"), "");
        assert_eq!(exposed(" | E: X-"), "");
    }
}

#[test]
fn the_wildcard_exposes_every_name_unless_the_mode_is_include() {
    let plain = ask("GET https://b.test/");
    for lines in [" | E: *", " | E: x, *", " | E: x | E: *"] {
        assert_eq!(exposed(&plain, lines), "X-A X-B", "{lines}");
        assert_eq!(exposed(&plain.clone().include(), lines), "", "{lines}");
    }
    assert_eq!(exposed(&plain.include(), " | E: *, X-A"), "X-A");
}

#[test]
fn with_include_the_wildcard_is_the_header_of_that_name() {
    let head = "200 | O: https://a.test | C: true | E: * | *: 1 | X-A: 2";
    let run = ask("GET https://b.test/").include().answered(&[head]);
    assert_eq!(names(&run), "*");
}

#[test]
fn set_cookie_stays_hidden_whatever_is_exposed() {
    for lines in [
        "E: *",
        "E: Set-Cookie, set-cookie2, X-A",
        "E: set-COOKIE, X-A",
    ] {
        let head = format!("200 | O: * | {lines} | Set-Cookie: 1 | SET-cookie2: 2 | X-A: 3");
        let run = ask("GET https://b.test/").answered(&[&head]);
        let names = names(&run);
        assert!(!names.to_ascii_lowercase().contains("cookie"), "{names}");
        assert!(names.contains("X-A"));
    }
}

#[test]
fn expose_headers_that_do_not_parse_expose_nothing() {
    // As in both engines, value by value.
    let bad = [
        " | E: \"X-A\"",
        " | E: X-A X-B",
        " | E: X-A\u{b}",
        " | E: X-A\u{c}",
        " | E: X-A, @",
        " | E: X-A, X-\u{e9}",
        " | E: X-A;",
        " | E: X-A | E: X B",
        " | E: X B | E: X-A",
        " | E: X-A | E: \u{b}",
        " | E: *, \"",
        " | E: X-A/X-B",
        " | E: (X-A)",
    ];
    let fine = [
        (" | E: ", ""),
        (" | E: ,", ""),
        (" | E: ,X-A", "X-A"),
        (" | E: X-A,,\t ,X-B,", "X-A X-B"),
        (" | E:  X-A ", "X-A"),
        (" | E: \t X-A \t,\tX-B", "X-A X-B"),
        (" | E: 'X-A', X-B", "X-B"),
        (" | E: X-A | E: ", "X-A"),
        (" | E: **", ""),
        (" | E: null, true, X-B", "X-B"),
    ];
    let ask = ask("GET https://b.test/");
    for lines in bad {
        assert_eq!(exposed(&ask, lines), "", "{lines}");
    }
    for (lines, names) in fine {
        assert_eq!(exposed(&ask, lines), names, "{lines}");
    }
}

#[test]
fn what_is_exposed_is_decided_once_by_the_last_response() {
    // The redirect's own list counts for nothing, and neither do its headers.
    let first = "302 | O: * | E: X-A | X-A: first | L: https://b.test/2";
    let run =
        ask("GET https://b.test/").answered(&[first, "200 | O: * | E: X-B | X-A: 1 | X-B: 2"]);
    assert_eq!(names(&run), "X-B");
    // Back at home, the response is still a stranger's.
    let home = "302 | O: * | L: https://a.test/2";
    let run = ask("GET https://b.test/").answered(&[home, "200 | O: * | X-A: 1 | Expires: 2"]);
    assert_eq!(
        run.response().response_type,
        corsac::fetch::ResponseType::Cors
    );
    assert_eq!(names(&run), "Expires");
    let from_home = "302 | X-A: 1 | L: https://b.test/";
    let run = ask("GET https://a.test/").answered(&[from_home, "200 | O: * | E: * | X-B: 1"]);
    assert!(names(&run).contains("X-B"));
    run.ends("cors 200");
}

#[test]
fn an_opaque_response_shows_nothing() {
    let head = "404 | E: * | X-A: 1 | Content-Type: text/plain";
    let run = ask("GET https://b.test/x#y").no_cors().answered(&[head]);
    let response = run.ends("opaque 0").response();
    assert_eq!(response.url, None);
    assert!(!response.redirected);
    assert!(response.header_list.is_empty());
    assert!(response.status_message.is_empty());
    assert_eq!(response.body, ResponseBody::Hidden);
    // What it really was stays with the host.
    assert_eq!(
        (
            response.internal.status,
            response.internal.header_list.len()
        ),
        (404, 3)
    );
    let redirect = "302 | L: https://c.test/";
    let run = ask("GET https://b.test/")
        .no_cors()
        .answered(&[redirect, "200"]);
    let response = run.ends("opaque 0").response();
    assert_eq!((&response.url, response.redirected), (&None, false));
}

#[test]
fn an_opaque_redirect_shows_the_url_that_was_asked_for() {
    for (what, head) in [
        (
            "GET https://a.test/x#y",
            "302 | X-A: 1 | L: https://c.test/",
        ),
        (
            "GET https://b.test/x#y",
            "301 | O: * | X-A: 1 | L: /elsewhere",
        ),
        ("POST https://b.test/x#y", "307 | O: *"),
    ] {
        let run = ask(what).redirect(RedirectMode::Manual).answered(&[head]);
        let response = run.ends("opaqueredirect 0").response();
        let url = response.url.as_ref().unwrap().as_str();
        assert!(url.ends_with(".test/x"), "{url}");
        assert!(!response.redirected);
        assert!(response.header_list.is_empty() && response.status_message.is_empty());
        assert_eq!(response.body, ResponseBody::Hidden);
        assert!(matches!(response.internal.status, 301..308));
    }
}

#[test]
fn the_url_has_no_fragment_and_redirected_means_more_than_one() {
    let run = ask("GET https://b.test/x#y").answered(&["200 | O: *"]);
    let response = run.response();
    assert_eq!(response.url.as_ref().unwrap().as_str(), "https://b.test/x");
    assert!(!response.redirected);
    let redirect = "302 | O: * | L: /z#w";
    let run = ask("GET https://b.test/x#y").answered(&[redirect, "200 | O: *"]);
    let response = run.response();
    assert_eq!(response.url.as_ref().unwrap().as_str(), "https://b.test/z");
    assert!(response.redirected);
}

#[test]
fn status_and_message_are_kept_where_they_may_be_seen() {
    use corsac::fetch::{HopId, Output, PreflightCache, ResponseHead};
    let deliver = |ask: Ask| {
        let mut fetch = ask.begin();
        let mut cache = PreflightCache::default();
        let id: HopId = match fetch.poll(&mut cache, Default::default()) {
            Output::Send(hop) => hop.id,
            other => panic!("{other:?}"),
        };
        let mut head = ResponseHead::new(418, [("Access-Control-Allow-Origin", "*")]);
        head.status_message = b"I'm a teapot".to_vec();
        fetch.handle_head(id, head);
        match fetch.poll(&mut cache, Default::default()) {
            Output::Deliver(response) => (response.status, response.status_message.clone()),
            other => panic!("{other:?}"),
        }
    };
    let teapot = (418, b"I'm a teapot".to_vec());
    assert_eq!(deliver(ask("GET https://a.test/")), teapot);
    assert_eq!(deliver(ask("GET https://b.test/")), teapot);
    assert_eq!(
        deliver(ask("GET https://b.test/").no_cors()),
        (0, Vec::new())
    );
}

#[test]
fn head_and_five_statuses_have_no_body() {
    for (method, status, body) in [
        ("GET", 200, ResponseBody::Exposed),
        ("HEAD", 200, ResponseBody::Null),
        ("HEAD", 404, ResponseBody::Null),
        ("GET", 101, ResponseBody::Null),
        ("GET", 103, ResponseBody::Null),
        ("GET", 204, ResponseBody::Null),
        ("POST", 205, ResponseBody::Null),
        ("GET", 304, ResponseBody::Null),
        ("GET", 102, ResponseBody::Exposed),
        ("GET", 203, ResponseBody::Exposed),
        ("GET", 206, ResponseBody::Exposed),
        ("GET", 404, ResponseBody::Exposed),
    ] {
        let run = |what: &str| ask(what).answered(&[&format!("{status} | O: *")]);
        let cors = run(&format!("{method} https://b.test/"));
        assert_eq!(cors.response().body, body, "{method} {status}");
        let basic = run(&format!("{method} https://a.test/"));
        assert_eq!(basic.response().body, body, "{method} {status}");
    }
    // A method that a redirect changed counts as it is now.
    let run = ask("POST https://a.test/").answered(&["303 | L: /x", "200"]);
    assert_eq!(run.response().body, ResponseBody::Exposed);
}

#[test]
fn an_opaque_part_that_another_request_asked_for_is_blocked() {
    let opaque = |status: u16, range: bool| {
        let mut ask = ask("GET https://b.test/").no_cors();
        if range {
            ask = ask.with("Range", "bytes=0-9");
        }
        ask.answered(&[&format!("{status} of a range")]).end()
    };
    assert_eq!(opaque(206, false), "opaque-range of actual 0");
    assert_eq!(opaque(416, false), "opaque-range of actual 0");
    assert_eq!(opaque(206, true), "opaque 0");
    assert_eq!(opaque(416, true), "opaque 0");
    assert_eq!(opaque(200, false), "opaque 0");
    // What may be read, may be read in part.
    ask("GET https://b.test/")
        .answered(&["206 of a range | O: *"])
        .ends("cors 206");
    ask("GET https://a.test/")
        .answered(&["416 of a range"])
        .ends("basic 416");
}

/// Chromium and Firefox both deliver it, and so does the Standard: the flag is set by a Range alone.
#[test]
fn an_opaque_part_that_the_server_sent_of_its_own_accord_was_blocked() {
    for status in ["206", "416"] {
        let run = ask("GET https://b.test/").no_cors().answered(&[status]);
        run.ends("opaque 0");
    }
}

#[test]
fn data_urls_are_basic_in_every_mode() {
    for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
        let run = ask("GET data:text/plain,hi").mode(mode);
        let run = run.answered(&["200 | Content-Type: text/plain"]);
        run.sent(&["GET data:text/plain,hi"]).ends("basic 200");
        assert_eq!(names(&run), "Content-Type");
    }
}

#[test]
fn many_exposed_names_cost_a_look_up_each() {
    // Each header against each name would be two thousand million comparisons.
    let mut head = crate::script::head("200 | O: *");
    let names: Vec<_> = (0..50_000).map(|name| format!("x-{name:06}")).collect();
    head.header_list
        .push("Access-Control-Expose-Headers", names.join(","));
    for name in &names {
        head.header_list.push(name, "");
    }
    let mut fetch = ask("GET https://b.test/").begin();
    let mut cache = corsac::fetch::PreflightCache::default();
    let corsac::fetch::Output::Send(hop) = fetch.poll(&mut cache, Default::default()) else {
        panic!();
    };
    let id = hop.id;
    fetch.handle_head(id, head);
    match fetch.poll(&mut cache, Default::default()) {
        corsac::fetch::Output::Deliver(response) => {
            assert_eq!(response.header_list.len(), 50_000);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(fetch.response_tainting(), ResponseTainting::Cors);
}
