//! Main fetch: what is checked before anything is sent, and the order that tainting is made of
//! (client.md 1.3).

use corsac::fetch::ReferrerPolicy;

use crate::script::{OPEN, ask, page};

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
        .env(|it| it.origin = corsac::origin::Origin::Opaque(corsac::origin::OpaqueId(1)))
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
    let hsts = |it: crate::script::Ask| it.questions(|it| it.upgrade = true);
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
