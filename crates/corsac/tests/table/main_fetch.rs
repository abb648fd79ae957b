//! Main fetch: what is checked before anything is sent, and the order that tainting is made of
//! (client.md 1.3).

use corsac::{
    diagnosis::Reason,
    fetch::{
        Destination, HopKind, Mode, Questions, RedirectMode, ReferrerPolicy, ResponseTainting,
        should_request_be_blocked_due_to_a_bad_port as bad_port,
    },
    origin::{OpaqueId, Origin},
};

use crate::script::{Ask, OPEN, ask, page};

#[test]
fn a_redirect_cannot_get_back_the_referrer_that_a_policy_took_away() {
    let rows = [
        (
            ReferrerPolicy::StrictOriginWhenCrossOrigin,
            Some("https://a.test/"),
        ),
        (ReferrerPolicy::Origin, Some("https://a.test/")),
        (ReferrerPolicy::SameOrigin, None),
        (ReferrerPolicy::NoReferrer, None),
        (ReferrerPolicy::UnsafeUrl, Some("https://a.test/page?q=1")),
    ];
    let greedy = "302 | O: * | Referrer-Policy: unsafe-url | L: https://c.test/";
    for (policy, referrer) in rows {
        let ask = ask("GET https://b.test/").env(|it| it.referrer_policy = policy);
        let run = ask.answered(&[greedy]);
        assert_eq!(run.header(0, "Referer").as_deref(), referrer, "{policy:?}");
        assert_eq!(run.header(1, "Referer").as_deref(), referrer, "{policy:?}");
    }
    // Back to where it came from, and still no more than the first hop was told.
    let back = "302 | O: * | L: https://a.test/";
    let run = ask("GET https://b.test/").answered(&[back]);
    assert_eq!(run.header(1, "Referer").as_deref(), Some("https://a.test/"));
}

#[test]
fn a_sandboxed_page_has_no_referrer() {
    let sandboxed = ask("GET https://b.test/")
        .env(|it| it.origin = Origin::Opaque(OpaqueId(1)))
        .env(|it| it.referrer_policy = ReferrerPolicy::UnsafeUrl);
    assert_eq!(sandboxed.header("Referer"), None);
    // What the request names itself is another matter.
    let named = sandboxed.set(|it| {
        it.referrer = corsac::fetch::Referrer::Url("https://a.test/x".parse().unwrap());
    });
    assert_eq!(named.header("Referer").as_deref(), Some("https://a.test/x"));
}

#[test]
fn mixed_content_is_blocked_before_anybody_asks_whether_the_server_wants_https() {
    let hsts = |it: Ask| it.questions(|it| it.upgrade = true);
    hsts(ask("GET http://b.test/"))
        .answered(&[])
        .sent(&[])
        .ends("mixed-content of actual 0");
    hsts(page("http://a.test/", "GET http://b.test/"))
        .answered(&["yes", OPEN])
        .sent(&[
            "? upgrade http://b.test/",
            "GET https://b.test/ from http://a.test",
        ])
        .ends("cors 200");
}

#[test]
fn https_is_asked_for_before_origins_are_compared() {
    // The same host by http is another origin; by https it is the page's own.
    let ask = page("https://a.test/", "GET http://a.test/").questions(|it| it.upgrade = true);
    ask.clone().answered(&[]).ends("mixed-content of actual 0");
    let page = page("http://a.test/", "GET http://b.test/").questions(|it| it.upgrade = true);
    page.clone().answered(&["no", OPEN]).sent(&[
        "? upgrade http://b.test/",
        "GET http://b.test/ from http://a.test",
    ]);
    // A page of http is left alone by its own upgraded server.
    let own = crate::script::page("http://a.test/", "GET http://a.test/");
    own.questions(|it| it.upgrade = true)
        .answered(&["yes", "200"])
        .sent(&[
            "? upgrade http://a.test/",
            "GET https://a.test/ from http://a.test",
        ])
        .ends("allow-origin-missing of actual 0");
}

#[test]
fn addresses_and_this_machine_are_never_upgraded() {
    for host in [
        "127.0.0.1",
        "[::1]",
        "192.168.1.7",
        "localhost",
        "x.localhost",
        "localhost.",
    ] {
        page("http://a.test/", &format!("GET http://{host}/"))
            .questions(|it| it.upgrade = true)
            .answered(&[OPEN])
            .ends("cors 200");
    }
    let ask = page("http://a.test/", "GET https://b.test/").questions(|it| it.upgrade = true);
    ask.answered(&[OPEN]).ends("cors 200");
}

/// How a request without an answer ends: `waits` if it goes out.
fn begins(ask: &Ask) -> String {
    ask.answered(&[]).end()
}

#[test]
fn a_stranger_that_sends_the_request_home_does_not_make_it_basic_again() {
    let home = "302 | O: * | L: https://a.test/";
    let run = ask("GET https://b.test/").answered(&[home, "200"]);
    run.sent(&[
        "GET https://b.test/ from https://a.test",
        "GET https://a.test/ from null",
    ])
    .ends("allow-origin-missing of actual 1");
    ask("GET https://b.test/")
        .answered(&[home, "200 | O: null"])
        .ends("cors 200");
    // From home to home it stays basic.
    ask("GET https://a.test/")
        .answered(&["302 | L: /2", "200"])
        .ends("basic 200");
    // Opaque stays opaque.
    ask("GET https://b.test/")
        .no_cors()
        .answered(&["302 | L: https://a.test/", "200"])
        .ends("opaque 0");
}

#[test]
fn tainting_by_mode_and_origin() {
    let rows = [
        ("GET https://a.test/", Mode::Cors, "basic 200"),
        ("GET https://a.test/", Mode::SameOrigin, "basic 200"),
        ("GET https://a.test/", Mode::NoCors, "basic 200"),
        ("GET https://b.test/", Mode::Cors, "cors 200"),
        (
            "GET https://b.test/",
            Mode::SameOrigin,
            "mode-same-origin of actual 0",
        ),
        ("GET https://b.test/", Mode::NoCors, "opaque 0"),
        ("GET https://a.test:8443/", Mode::Cors, "cors 200"),
        ("GET https://x.a.test/", Mode::Cors, "cors 200"),
        ("GET https://a.test:443/", Mode::Cors, "basic 200"),
        ("GET https://A.TEST/", Mode::Cors, "basic 200"),
        ("GET https://u:p@a.test/", Mode::Cors, "basic 200"),
    ];
    for (what, mode, end) in rows {
        let ask = ask(what).mode(mode);
        let answers: &[&str] = if end.contains(" of ") { &[] } else { &[OPEN] };
        ask.answered(answers).ends(end);
        let mut fetch = ask.begin();
        fetch.poll(&mut Default::default(), Default::default());
        let tainting = match end {
            "cors 200" => ResponseTainting::Cors,
            "opaque 0" => ResponseTainting::Opaque,
            _ => ResponseTainting::Basic,
        };
        assert_eq!(fetch.response_tainting(), tainting, "{what} {mode:?}");
    }
}

#[test]
fn mode_no_cors_needs_to_follow() {
    for mode in [RedirectMode::Error, RedirectMode::Manual] {
        let ask = ask("GET https://b.test/").no_cors().redirect(mode);
        assert_eq!(begins(&ask), "no-cors-redirect-mode of actual 0");
        let home = crate::script::ask("GET https://a.test/")
            .no_cors()
            .redirect(mode);
        assert_eq!(begins(&home), "waits");
    }
}

#[test]
fn only_http_can_be_shared() {
    let schemes = [
        "about:blank",
        "blob:https://b.test/1",
        "file:///x",
        "mailto:x@b.test",
        "ftp://b.test/",
        "ws://b.test/",
        "foo:bar",
    ];
    for url in schemes {
        let what = format!("GET {url}");
        assert_eq!(begins(&ask(&what)), "scheme-not-http of actual 0", "{url}");
        assert_eq!(
            begins(&ask(&what).mode(Mode::SameOrigin)),
            "mode-same-origin of actual 0"
        );
        // Mode no-cors leaves it to the host to know the scheme.
        let run = ask(&what).no_cors().answered(&["200"]);
        assert_eq!(run.ends("opaque 0").hops[0].kind, HopKind::Scheme);
        ask(&what)
            .no_cors()
            .answered(&["fails Malformed"])
            .ends("network-failure of actual 0");
    }
    let run = ask("GET mailto:x@b.test").answered(&[]);
    let scheme = "mailto".to_owned();
    assert_eq!(run.verdict().reason, Reason::SchemeNotHttp { scheme });
}

#[test]
fn what_is_no_http_is_the_hosts_to_load() {
    for url in ["data:,x", "blob:https://a.test/1"] {
        let run = ask(&format!("GET {url}")).answered(&["200 | Set-Cookie: x | X: 1"]);
        let hop = &run.ends("basic 200").hops[0];
        assert_eq!(hop.kind, HopKind::Scheme);
        assert!(hop.header_list.is_empty());
        assert_eq!(run.response().header_list.len(), 1);
    }
    // No status means anything there: not a retry, not a redirect.
    for status in ["421", "407", "302 | L: /x"] {
        let run = ask("GET data:,x").answered(&[status]);
        assert!(run.end().starts_with("basic "), "{}", run.end());
    }
    // A blob is of the origin in its URL, if that is of http.
    assert_eq!(
        begins(&ask("GET blob:https://b.test/1")),
        "scheme-not-http of actual 0"
    );
    assert_eq!(
        begins(&ask("GET blob:null/1")),
        "scheme-not-http of actual 0"
    );
}

#[test]
fn bad_ports_are_refused_on_every_hop() {
    for port in BAD_PORTS {
        for scheme in ["http", "https"] {
            let url: url::Url = format!("{scheme}://b.test:{port}/").parse().unwrap();
            assert_eq!(bad_port(&url), Some(port));
        }
        let ask = page("http://a.test/", &format!("GET http://b.test:{port}/"));
        assert_eq!(begins(&ask), "bad-port of actual 0");
    }
    let good = (0..12_000)
        .chain([u16::MAX])
        .filter(|port| !BAD_PORTS.contains(port));
    for port in good {
        let url: url::Url = format!("http://b.test:{port}/").parse().unwrap();
        assert_eq!(bad_port(&url), None, "{port}");
    }
    // Other schemes have ports of their own.
    assert_eq!(bad_port(&"ftp://b.test:25/".parse().unwrap()), None);
    let run = ask("GET https://b.test/").answered(&["302 | O: * | L: https://b.test:6000/"]);
    assert_eq!(
        run.ends("bad-port of actual 1").verdict().reason,
        Reason::BadPort { port: 6000 }
    );
    let ask = ask("GET https://a.test:25/").no_cors();
    assert_eq!(begins(&ask), "bad-port of actual 0");
}

/// From the Standard's table.
#[rustfmt::skip]
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];

#[test]
fn a_secure_page_loads_nothing_insecure() {
    for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
        let ask = ask("GET http://b.test/").mode(mode);
        assert_eq!(begins(&ask), "mixed-content of actual 0");
    }
    // This machine can be trusted without encryption.
    for host in [
        "localhost",
        "x.localhost",
        "127.0.0.1",
        "127.9.9.9",
        "[::1]",
    ] {
        assert_eq!(
            begins(&ask(&format!("GET http://{host}/"))),
            "waits",
            "{host}"
        );
    }
    for host in ["192.168.0.1", "localhost.a.test", "[::2]"] {
        assert_eq!(
            begins(&ask(&format!("GET http://{host}/"))),
            "mixed-content of actual 0"
        );
    }
    assert_eq!(
        begins(&page("http://a.test/", "GET http://b.test/")),
        "waits"
    );
    assert_eq!(
        begins(&page("http://localhost/", "GET http://b.test/")),
        "waits"
    );
    let run = ask("GET https://b.test/").answered(&["302 | O: * | L: http://b.test/"]);
    run.ends("mixed-content of actual 1");
}

#[test]
fn a_sandboxed_frame_of_a_secure_page_loads_nothing_insecure_either() {
    let frame =
        |url: &str, what: &str| page(url, what).env(|it| it.origin = Origin::Opaque(OpaqueId(1)));
    let get = frame("https://a.test/", "GET http://b.test/");
    assert_eq!(begins(&get), "mixed-content of actual 0");
    assert_eq!(
        begins(&frame("http://a.test/", "GET http://b.test/")),
        "waits"
    );
    assert_eq!(begins(&frame("data:,", "GET http://b.test/")), "waits");
    let mut nowhere = get;
    nowhere.environment.creation_url = None;
    assert_eq!(begins(&nowhere), "waits");
}

#[test]
fn pictures_and_sounds_are_upgraded_instead() {
    use Destination::*;
    let get = |url: &str, destination| {
        ask(&format!("GET {url}"))
            .no_cors()
            .set(|it| it.destination = destination)
    };
    for destination in [Image, Audio, Video] {
        let run = get("http://b.test/", destination).answered(&["200"]);
        run.sent(&["GET https://b.test/"]).ends("opaque 0");
        // An address has no certificate to hope for.
        assert_eq!(
            begins(&get("http://192.168.0.1/", destination)),
            "mixed-content of actual 0"
        );
        assert_eq!(
            begins(&get("http://[::2]/", destination)),
            "mixed-content of actual 0"
        );
        get("http://localhost/", destination)
            .answered(&["200"])
            .sent(&["GET http://localhost/"]);
        let plain =
            page("http://a.test/", "GET http://b.test/").set(|it| it.destination = destination);
        plain
            .answered(&[])
            .sent(&["GET http://b.test/ from http://a.test"]);
    }
    for destination in [Empty, Script, Style, Font, Track, Json, Manifest, Text] {
        assert_eq!(
            begins(&get("http://b.test/", destination)),
            "mixed-content of actual 0"
        );
    }
}

#[test]
fn an_upgrade_keeps_the_port_that_is_said() {
    let sent = |url: &str| {
        let get = ask(&format!("GET {url}"))
            .no_cors()
            .set(|it| it.destination = Destination::Image);
        get.answered(&[]).log.remove(0)
    };
    assert_eq!(
        sent("http://b.test:8080/x?y#z"),
        "GET https://b.test:8080/x?y#z"
    );
    assert_eq!(sent("http://b.test:80/"), "GET https://b.test/");
    assert_eq!(sent("http://b.test:443/"), "GET https://b.test/");
}

#[test]
fn the_hosts_policy_is_asked_on_every_hop_before_anything_is_sent() {
    let policy = |what: &str| ask(what).questions(|it| it.policy = true);
    policy("PUT https://b.test/")
        .answered(&["yes", "204 | O: * | M: PUT", "307 | O: * | L: /2", "no"])
        .sent(&[
            "? policy https://b.test/ Empty",
            "asks https://b.test/ from https://a.test for PUT",
            "PUT https://b.test/ from https://a.test",
            "? policy https://b.test/2 Empty",
        ])
        .ends("content-security-policy of actual 1");
    policy("GET https://b.test/")
        .answered(&["value x"])
        .ends("content-security-policy of actual 0");
    policy("GET data:,x")
        .answered(&["no"])
        .ends("content-security-policy of actual 0");
    // What is refused anyway is not asked about.
    assert_eq!(
        begins(&policy("GET http://b.test/")),
        "mixed-content of actual 0"
    );
    assert_eq!(
        begins(&policy("GET https://b.test:25/")),
        "bad-port of actual 0"
    );
    let image = policy("GET https://b.test/").set(|it| it.destination = Destination::Image);
    image
        .answered(&[])
        .sent(&["? policy https://b.test/ Image"]);
}

#[test]
fn questions_come_in_the_order_of_the_steps() {
    let all = page("http://a.test/", "GET http://a.test/").env(|it| it.questions = Questions::ALL);
    all.answered(&["yes", "no", "no", "no", "200"])
        .sent(&[
            "? policy http://a.test/ Empty",
            "? upgrade http://a.test/",
            "? cookies http://a.test/ StrictOrLess",
            "? authorization http://a.test/",
            "GET http://a.test/",
        ])
        .ends("basic 200");
}
