//! HTTP-redirect fetch (client.md 1.3 RF).

use corsac::{
    diagnosis::Reason,
    fetch::{Body, Mode, RedirectMode, ReferrerPolicy},
};

use crate::script::{Ask, OPEN, World, ask, header, page};

const HOME: &str = "https://a.test/";

/// What follows a response of `https://b.test/x/y#f`: where to, or how it ends.
fn leads(response: &str) -> String {
    let run = ask("GET https://b.test/x/y#f").answered(&[response]);
    match run.hops.get(1) {
        Some(hop) => hop.url.to_string(),
        None => run.end(),
    }
}

#[test]
fn five_statuses_redirect() {
    for status in 100..600 {
        let to = leads(&format!("{status} | O: * | L: /z#g"));
        match status {
            301 | 302 | 303 | 307 | 308 => assert_eq!(to, "https://b.test/z#g", "{status}"),
            407 | 421 => {}
            _ => assert_eq!(to, format!("cors {status}")),
        }
    }
}

#[test]
fn a_location_is_read_against_the_responses_url_and_inherits_the_fragment() {
    let rows = [
        ("z", "https://b.test/x/z#f"),
        ("/z", "https://b.test/z#f"),
        ("//c.test/z", "https://c.test/z#f"),
        ("?q", "https://b.test/x/y?q#f"),
        ("#g", "https://b.test/x/y#g"),
        ("z#", "https://b.test/x/z#"),
        ("", "https://b.test/x/y#f"),
        ("https://c.test", "https://c.test/#f"),
        ("http:z", "http://z/#f"),
        // Bytes from 0x80 on are what they are.
        ("/\u{e9}", "https://b.test/%E9#f"),
        ("/\u{c3}\u{a9}", "https://b.test/%C3%A9#f"),
        (" /z ", "https://b.test/z#f"),
        ("/a, /b", "https://b.test/a,%20/b#f"),
        ("\u{b}", "https://b.test/x/y#f"),
    ];
    for (location, url) in rows {
        let ask = page("http://a.test/", "GET https://b.test/x/y#f");
        let run = ask.answered(&[&format!("302 | O: * | L: {location}")]);
        assert_eq!(run.hops[1].url.as_str(), url, "{location:?}");
    }
    // The fragment goes on from hop to hop, and never over the wire of itself.
    let run = ask("GET https://b.test/#f").answered(&["302 | O: * | L: /2", "302 | O: * | L: /3"]);
    assert_eq!(run.hops[2].url.as_str(), "https://b.test/3#f");
}

#[test]
fn without_a_location_the_redirect_is_the_response() {
    for status in [301, 302, 303, 307, 308] {
        assert_eq!(leads(&format!("{status} | O: *")), format!("cors {status}"));
    }
}

#[test]
fn two_locations_fail_even_if_they_agree() {
    for lines in [
        "L: /z | L: /z",
        "L: /z | L: /w",
        "L:  | L: /z",
        "L: /z | X: 1 | L: ",
    ] {
        let end = leads(&format!("302 | O: * | {lines}"));
        assert_eq!(end, "redirect-location of actual 0", "{lines}");
    }
}

#[test]
fn a_second_location_was_blamed_for_the_length_of_the_first() {
    let evidence = |head: &str| {
        let run = ask("GET https://b.test/").answered(&[head]);
        let Reason::RedirectLocation { evidence, .. } = run.verdict().reason else {
            panic!("{:?}", run.verdict());
        };
        (
            evidence.header,
            evidence.line,
            evidence.byte,
            evidence.length,
        )
    };
    let two = "302 | O: * | L: /z | X: 1 | L: /longer";
    assert_eq!(evidence(two), ("Location", 3, 0, 7));
    let no_url = "302 | O: * | L: https://[::1";
    assert_eq!(evidence(no_url), ("Location", 1, 0, 12));
}

#[test]
fn a_location_that_is_no_url_fails() {
    for location in [
        "https://",
        "https://[",
        "https://b.test:99999/",
        "https://a b/",
        "//",
    ] {
        let end = leads(&format!("302 | O: * | L: {location}"));
        assert_eq!(end, "redirect-location of actual 0", "{location}");
    }
}

#[test]
fn other_schemes_fail() {
    let schemes = [
        "data:text/plain,x",
        "about:blank",
        "blob:https://a.test/1",
        "file:///etc/passwd",
        "mailto:x@a.test",
        "ftp://b.test/",
        "javascript:x",
        "ws://b.test/",
        "unknown:x",
    ];
    for location in schemes {
        let head = format!("302 | O: * | L: {location}");
        assert_eq!(leads(&head), "redirect-scheme of actual 0", "{location}");
        for mode in [Mode::NoCors, Mode::SameOrigin] {
            let run = ask("GET https://a.test/").mode(mode).answered(&[&head]);
            run.ends("redirect-scheme of actual 0");
        }
    }
}

#[test]
fn twenty_redirects_are_followed_and_the_next_one_is_not() {
    let mut heads = vec!["302 | O: * | L: /"; 20];
    let ask = ask("GET https://b.test/");
    assert_eq!(ask.answered(&heads).hops.len(), 21);
    heads.push("200 | O: *");
    ask.answered(&heads).ends("cors 200");
    heads[20] = "302 | O: * | L: /";
    ask.answered(&heads).ends("redirect-limit of actual 20");
    // It is the limit that is checked before a password in the URL is seen, and after its scheme.
    heads[20] = "302 | O: * | L: https://u:p@c.test/";
    ask.answered(&heads).ends("redirect-limit of actual 20");
    heads[20] = "302 | O: * | L: data:,";
    ask.answered(&heads).ends("redirect-scheme of actual 20");
    // A redirect that leads nowhere is no redirect.
    heads[20] = "302 | O: *";
    ask.answered(&heads).ends("cors 302");
}

#[test]
fn user_or_password_in_the_target() {
    let user = ["u@", "u:p@", ":p@"];
    let none = ["", "@", ":@"];
    // From home to strangers, from strangers to strangers, and from strangers home.
    let ways = [
        ("https://a.test/", "b.test"),
        ("https://b.test/", "b.test"),
        ("https://b.test/", "a.test"),
    ];
    for (from, to) in ways {
        let ask = ask(&format!("GET {from}"));
        for userinfo in user {
            let head = format!("302 | O: * | L: https://{userinfo}{to}/");
            ask.answered(&[&head]).ends("redirect-userinfo of actual 0");
        }
        for userinfo in none {
            let head = format!("302 | O: * | L: https://{userinfo}{to}/");
            ask.answered(&[&head]).ends("waits");
        }
    }
    // At home, and in modes that share nothing, nobody minds.
    let head = "302 | L: https://u:p@a.test/";
    ask("GET https://a.test/")
        .answered(&[head, "200"])
        .ends("basic 200");
    let head = "302 | L: https://u:p@b.test/";
    ask("GET https://b.test/")
        .no_cors()
        .answered(&[head, "200"])
        .ends("opaque 0");
    ask("GET https://a.test/")
        .no_cors()
        .answered(&[head, "200"])
        .ends("opaque 0");
    ask("GET https://a.test/")
        .mode(Mode::SameOrigin)
        .answered(&[head])
        .ends("mode-same-origin of actual 1");
}

#[test]
fn a_streamed_body_follows_303_only() {
    for status in [301, 302, 307, 308] {
        let post = ask("POST https://a.test/").stream();
        let run = post.answered(&[&format!("{status} | L: /z")]);
        run.ends("redirect-body of actual 0");
    }
    let run = ask("POST https://a.test/")
        .stream()
        .answered(&["303 | L: /z", "200"]);
    run.ends("basic 200");
    assert_eq!(run.hops[1].body, Body::None);
    // What is not followed may be streamed.
    ask("POST https://a.test/")
        .stream()
        .answered(&["307"])
        .ends("basic 307");
}

#[test]
fn which_methods_become_get() {
    // For 301 and 302, for 303, for 307 and 308.
    let rows = [
        ("GET", ["GET", "GET", "GET"]),
        ("HEAD", ["HEAD", "HEAD", "HEAD"]),
        ("POST", ["GET", "GET", "POST"]),
        ("PUT", ["PUT", "GET", "PUT"]),
        ("DELETE", ["DELETE", "GET", "DELETE"]),
        ("PATCH", ["PATCH", "GET", "PATCH"]),
        ("patch", ["patch", "GET", "patch"]),
        ("OPTIONS", ["OPTIONS", "GET", "OPTIONS"]),
        ("CHICKEN", ["CHICKEN", "GET", "CHICKEN"]),
    ];
    for (method, after) in rows {
        for (statuses, after) in [[301, 302], [303, 303], [307, 308]].into_iter().zip(after) {
            for status in statuses {
                let ask = with_body(ask(&format!("{method} {HOME}")));
                let run = ask.answered(&[&format!("{status} | L: /z")]);
                let hop = &run.hops[1];
                let rewritten = method != after;
                assert_eq!(hop.method.as_str(), after, "{method} {status}");
                let kept = if rewritten {
                    Body::None
                } else {
                    Body::Source { length: 3 }
                };
                assert_eq!(hop.body, kept, "{method} {status}");
                for name in BODY_HEADERS {
                    assert_eq!(
                        header(hop, name).is_none(),
                        rewritten,
                        "{method} {status} {name}"
                    );
                }
                assert_eq!(header(hop, "X-Cart").as_deref(), Some("7"));
                assert_eq!(
                    header(hop, "Content-Length").is_none(),
                    rewritten,
                    "{method} {status}"
                );
            }
        }
    }
}

const BODY_HEADERS: [&str; 4] = [
    "Content-Encoding",
    "Content-Language",
    "content-location",
    "CONTENT-TYPE",
];

fn with_body(ask: Ask) -> Ask {
    let ask = ask.with("X-Cart", "7").body(3);
    BODY_HEADERS
        .iter()
        .fold(ask, |ask, name| ask.with(name, "x"))
}

#[test]
fn another_origin_loses_authorization_for_good() {
    let ask = ask("GET https://a.test/")
        .with("AUTHORIZATION", "Basic x")
        .with("X-Cart", "7");
    let sent = |answers: &[&str]| {
        let run = World::default().run(&ask, answers);
        let last = run.hops.last().unwrap();
        assert_eq!(header(last, "X-Cart").as_deref(), Some("7"));
        header(last, "Authorization").is_some()
    };
    let granted = "204 | O: * | H: x-cart";
    assert!(sent(&["302 | L: /z"]));
    assert!(!sent(&["302 | L: https://b.test/", granted]));
    // The scheme and the port count, the request's own origin doesn't.
    assert!(!sent(&["302 | L: https://a.test:8443/", granted]));
    let home = "302 | O: * | L: https://a.test/";
    assert!(!sent(&["302 | L: https://b.test/", granted, home, granted]));
    // Between two resources of the same stranger it stays.
    let ask = crate::script::ask("GET https://b.test/").with("Authorization", "Basic x");
    let granted = "204 | O: * | H: authorization";
    let run = ask.answered(&[granted, "302 | O: * | L: /z", granted]);
    assert_eq!(
        header(&run.hops[3], "Authorization").as_deref(),
        Some("Basic x")
    );
}

#[test]
fn headers_of_the_author_survive_and_need_a_preflight_of_their_own() {
    ask("GET https://a.test/")
        .with("X-Cart", "7")
        .answered(&["302 | L: https://b.test/", "204 | O: * | H: x-cart", OPEN])
        .sent(&[
            "GET https://a.test/",
            "asks https://b.test/ from https://a.test for GET x-cart",
            "GET https://b.test/ from https://a.test",
        ])
        .ends("cors 200");
    ask("PUT https://b.test/")
        .with("X-Cart", "7")
        .answered(&[
            "204 | O: * | M: PUT | H: x-cart",
            "308 | O: * | L: https://c.test/",
            "204 | O: null | M: PUT | H: x-cart",
            "200 | O: null",
        ])
        .sent(&[
            "asks https://b.test/ from https://a.test for PUT x-cart",
            "PUT https://b.test/ from https://a.test",
            "asks https://c.test/ from null for PUT x-cart",
            "PUT https://c.test/ from null",
        ])
        .ends("cors 200");
}

#[test]
fn a_request_made_simple_needs_no_other_preflight() {
    ask("PUT https://b.test/")
        .with("Content-Type", "application/json")
        .body(2)
        .answered(&[
            "204 | O: * | M: PUT | H: content-type",
            "303 | O: * | L: /z",
            OPEN,
        ])
        .sent(&[
            "asks https://b.test/ from https://a.test for PUT content-type",
            "PUT https://b.test/ from https://a.test",
            "GET https://b.test/z from https://a.test",
        ])
        .ends("cors 200");
}

#[test]
fn the_cors_check_comes_before_the_redirect() {
    let closed = "302 | L: https://c.test/";
    for mode in [
        RedirectMode::Follow,
        RedirectMode::Error,
        RedirectMode::Manual,
    ] {
        let run = ask("GET https://b.test/")
            .redirect(mode)
            .answered(&[closed]);
        run.ends("allow-origin-missing of actual 0");
    }
    let bad = "302 | L: data:,";
    ask("GET https://b.test/")
        .answered(&[bad])
        .ends("allow-origin-missing of actual 0");
}

#[test]
fn redirect_modes() {
    for what in ["GET https://a.test/", "GET https://b.test/"] {
        let end = |mode| {
            ask(what)
                .redirect(mode)
                .answered(&["302 | O: * | L: /z"])
                .end()
        };
        assert_eq!(end(RedirectMode::Follow), "waits");
        assert_eq!(end(RedirectMode::Error), "redirect-mode of actual 0");
        assert_eq!(end(RedirectMode::Manual), "opaqueredirect 0");
    }
    // Whether it leads anywhere is not even looked at.
    for head in [
        "302 | O: *",
        "302 | O: * | L: https://[",
        "302 | O: * | L: a | L: b",
    ] {
        let run = |mode| {
            ask("GET https://b.test/")
                .redirect(mode)
                .answered(&[head])
                .end()
        };
        assert_eq!(
            run(RedirectMode::Error),
            "redirect-mode of actual 0",
            "{head}"
        );
        assert_eq!(run(RedirectMode::Manual), "opaqueredirect 0", "{head}");
    }
    let run = ask("GET https://b.test/").redirect(RedirectMode::Error);
    run.answered(&["304 | O: *"]).ends("cors 304");
    let run = run.answered(&["308 | O: *"]);
    assert_eq!(run.verdict().reason, Reason::RedirectMode { status: 308 });
}

#[test]
fn the_policy_of_a_hop_rules_the_next_one() {
    let rows = [
        ("no-referrer", None),
        ("origin", Some("https://a.test/")),
        ("ORIGIN", Some("https://a.test/")),
        ("origin, no-referrer", None),
        ("no-referrer, origin", Some("https://a.test/")),
        // What is unknown or empty leaves what there is.
        ("origin, unknown", Some("https://a.test/")),
        ("unknown", Some("https://a.test/page?q=1")),
        ("", Some("https://a.test/page?q=1")),
        ("origin,", Some("https://a.test/")),
        (
            "no-referrer | Referrer-Policy: origin",
            Some("https://a.test/"),
        ),
        ("no-referrer | Referrer-Policy: x", None),
        ("unsafe-url", Some("https://a.test/page?q=1")),
        ("same-origin", None),
        ("strict-origin", Some("https://a.test/")),
        (
            "no-referrer-when-downgrade",
            Some("https://a.test/page?q=1"),
        ),
        ("origin-when-cross-origin", Some("https://a.test/")),
        ("strict-origin-when-cross-origin", Some("https://a.test/")),
    ];
    for (policy, referrer) in rows {
        let ask =
            ask("GET https://b.test/").env(|it| it.referrer_policy = ReferrerPolicy::UnsafeUrl);
        let run = ask.answered(&[&format!("302 | O: * | Referrer-Policy: {policy} | L: /z")]);
        assert_eq!(
            run.header(0, "Referer").as_deref(),
            Some("https://a.test/page?q=1")
        );
        assert_eq!(run.header(1, "Referer").as_deref(), referrer, "{policy}");
    }
    // From a policy that would say nothing on the next hop.
    for policy in ["unsafe-url", "no-referrer-when-downgrade"] {
        let ask =
            ask(&format!("GET {HOME}")).env(|it| it.referrer_policy = ReferrerPolicy::SameOrigin);
        let run = ask.answered(&[&format!(
            "302 | Referrer-Policy: {policy} | L: https://b.test/"
        )]);
        assert_eq!(
            run.header(1, "Referer").as_deref(),
            Some("https://a.test/page?q=1"),
            "{policy}"
        );
    }
    // Only on the way, and only for the Origin of requests that share nothing.
    let post = ask("POST https://b.test/").no_cors();
    let run = post.answered(&["307 | Referrer-Policy: no-referrer | L: /z", "200"]);
    run.sent(&[
        "POST https://b.test/ from https://a.test",
        "POST https://b.test/z from null",
    ]);
}

#[test]
fn the_url_list_and_the_hop_grow_together() {
    let ask = ask("GET https://b.test/");
    let head = "302 | O: * | L: https://c.test/";
    let run = ask.answered(&[head, "302 | O: * | L: /2", "200"]);
    let verdict = run.ends("allow-origin-missing of actual 2").verdict();
    assert_eq!(
        (&*verdict.url, &*verdict.origin),
        ("https://c.test/2", "null")
    );
    // A redirect that fails is told of the URL that sent it.
    let run = ask.answered(&[head, "302 | O: * | L: data:,"]);
    assert_eq!(
        run.ends("redirect-scheme of actual 1").verdict().url,
        "https://c.test/"
    );
    // One that may not be followed is told of its target.
    let run = ask.answered(&["302 | O: * | L: https://c.test:25/"]);
    assert_eq!(
        run.ends("bad-port of actual 1").verdict().url,
        "https://c.test:25/"
    );
}
