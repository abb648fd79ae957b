//! Origin: when it is sent, and what it says after redirects (client.md 1.2).

use corsac::{
    fetch::{
        CredentialsMode, Environment, Mode, RedirectTaint, ReferrerPolicy, redirect_taint,
        serializing_a_request_origin,
    },
    origin::{OpaqueId, Origin},
};

use crate::script::{A, Ask, ask, page};

fn chain(origin: &Origin, urls: &str) -> (RedirectTaint, String) {
    let urls: Vec<_> = urls.split(' ').map(|url| url.parse().unwrap()).collect();
    let serialized = serializing_a_request_origin(origin, &urls);
    (redirect_taint(origin, &urls), serialized.into_owned())
}

#[test]
fn redirect_taint_walks_pairs_of_the_url_list() {
    use RedirectTaint::{CrossSite, SameOrigin, SameSite};
    let rows = [
        ("https://a.test/", SameOrigin),
        ("https://b.test/", SameOrigin),
        ("https://a.test/ https://b.test/", SameOrigin),
        (
            "https://a.test/ https://a.test/2 https://b.test/",
            SameOrigin,
        ),
        ("https://b.test/ https://b.test/2", SameOrigin),
        (
            "https://a.test/ https://b.test/ https://b.test/2",
            SameOrigin,
        ),
        ("https://a.test/ https://b.test/ https://c.test/", CrossSite),
        ("https://a.test/ https://b.test/ https://a.test/", CrossSite),
        ("https://b.test/ https://a.test/", CrossSite),
        // A port is another origin of the same site; a scheme is another site.
        (
            "https://a.test/ https://a.test:8443/ https://b.test/",
            SameSite,
        ),
        ("https://x.a.test/ https://a.test/", SameSite),
        ("https://x.a.test/ https://b.test/", SameSite),
        ("http://a.test/ https://a.test/", CrossSite),
        ("https://b.test/ https://y.b.test/", SameSite),
        // Once same-site, cross-site still counts.
        (
            "https://x.a.test/ https://b.test/ https://c.test/",
            CrossSite,
        ),
        (
            "https://b.test/ https://c.test/ https://a.test/ https://x.a.test/",
            CrossSite,
        ),
        // URLs without an origin share none, not even with themselves.
        ("data:,1 data:,1", CrossSite),
    ];
    let a = Origin::parse(A.as_bytes()).unwrap();
    for (urls, taint) in rows {
        let origin = if taint == SameOrigin { A } else { "null" };
        assert_eq!(chain(&a, urls), (taint, origin.to_owned()), "{urls}");
    }
}

#[test]
fn an_opaque_origin_is_null_and_same_origin_with_no_url() {
    for id in [0, 7, u64::MAX - 1, u64::MAX] {
        let sandbox = Origin::Opaque(OpaqueId(id));
        let (taint, origin) = chain(&sandbox, "https://b.test/");
        assert_eq!((taint, &*origin), (RedirectTaint::SameOrigin, "null"));
        let (taint, _) = chain(&sandbox, "https://b.test/ https://c.test/");
        assert_eq!(taint, RedirectTaint::CrossSite);
        // What is sent is CORS even to where the sandbox came from.
        let frame = |what| {
            let mut ask = page("https://a.test/", what);
            ask.environment = Environment::new(sandbox.clone());
            ask
        };
        let run = frame("GET https://a.test/").answered(&["200 | O: null"]);
        run.sent(&["GET https://a.test/ from null"])
            .ends("cors 200");
        let run = frame("GET https://a.test/").answered(&["200 | O: https://a.test"]);
        run.ends("allow-origin-null of actual 0");
    }
}

#[test]
fn a_data_page_and_a_file_page_send_null() {
    for url in ["data:text/html,x", "file:///home/page.html"] {
        page(url, "GET https://b.test/")
            .answered(&["200 | O: null"])
            .sent(&["GET https://b.test/ from null"])
            .ends("cors 200");
    }
}

fn origin(ask: &Ask) -> Option<String> {
    ask.header("Origin")
}

#[test]
fn cors_tainting_always_sends_origin() {
    for method in ["GET", "HEAD", "POST"] {
        for policy in POLICIES {
            let ask = ask(&format!("{method} https://b.test/"));
            let ask = ask.set(|request| request.referrer_policy = Some(policy));
            assert_eq!(origin(&ask).as_deref(), Some(A), "{method} {policy:?}");
        }
    }
}

#[test]
fn a_same_origin_get_never_sends_origin() {
    for method in ["GET", "HEAD"] {
        for mode in [Mode::Cors, Mode::SameOrigin, Mode::NoCors] {
            let ask = ask(&format!("{method} https://a.test/")).mode(mode);
            assert_eq!(origin(&ask), None, "{method} {mode:?}");
        }
        let ask = ask(&format!("{method} https://b.test/")).no_cors();
        assert_eq!(origin(&ask), None);
    }
}

#[test]
fn a_same_origin_post_of_mode_cors_sends_its_origin_whatever_the_policy() {
    for policy in POLICIES {
        let ask = ask("POST https://a.test/").set(|request| request.referrer_policy = Some(policy));
        assert_eq!(origin(&ask).as_deref(), Some(A), "{policy:?}");
    }
}

const POLICIES: [ReferrerPolicy; 8] = [
    ReferrerPolicy::NoReferrer,
    ReferrerPolicy::NoReferrerWhenDowngrade,
    ReferrerPolicy::SameOrigin,
    ReferrerPolicy::Origin,
    ReferrerPolicy::StrictOrigin,
    ReferrerPolicy::OriginWhenCrossOrigin,
    ReferrerPolicy::StrictOriginWhenCrossOrigin,
    ReferrerPolicy::UnsafeUrl,
];

#[test]
fn other_methods_and_modes_follow_the_referrer_policy() {
    // To the same origin, to another one, and to http from https (a trustworthy one, or it would be
    // blocked as mixed content).
    let targets = ["https://a.test/", "https://b.test/", "http://localhost/"];
    let hidden = [
        [true, true, true],
        [false, false, true],
        [false, true, true],
        [false, false, false],
        [false, false, true],
        [false, false, false],
        [false, false, true],
        [false, false, false],
    ];
    for (policy, row) in POLICIES.into_iter().zip(hidden) {
        for (target, hidden) in targets.into_iter().zip(row) {
            let ask = ask(&format!("POST {target}")).no_cors();
            let value = if hidden { "null" } else { A };
            let by_request = ask.clone().set(|it| it.referrer_policy = Some(policy));
            assert_eq!(
                origin(&by_request).as_deref(),
                Some(value),
                "{policy:?} {target}"
            );
            let by_page = ask.env(|it| it.referrer_policy = policy);
            assert_eq!(
                origin(&by_page).as_deref(),
                Some(value),
                "{policy:?} {target}"
            );
        }
    }
    // A page of http has no downgrade to fear, whatever the target.
    let ask = page("http://a.test/", "POST http://b.test/").no_cors();
    assert_eq!(origin(&ask).as_deref(), Some("http://a.test"));
}

#[test]
fn a_tainted_origin_is_null_in_the_header_the_check_the_cache_and_the_timing_check() {
    let to_c = "302 | O: https://a.test | L: https://c.test/";
    let run = |last: &str| {
        let ask = ask("GET https://b.test/").credentials(CredentialsMode::Omit);
        ask.answered(&[to_c, last])
    };
    run("200 | O: null")
        .sent(&[
            "GET https://b.test/ from https://a.test",
            "GET https://c.test/ from null",
        ])
        .ends("cors 200");
    // The page's own origin is not what went out, so it grants nothing.
    run("200 | O: https://a.test").ends("allow-origin-null of actual 1");
    let timed = |value: &str| run(&format!("200 | O: * | Timing-Allow-Origin: {value}"));
    // Its first hop has to allow it too.
    let ask = ask("GET https://b.test/");
    let first = "302 | O: * | Timing-Allow-Origin: * | L: https://c.test/";
    for (value, passed) in [("null", true), ("*", true), ("https://a.test", false)] {
        let last = format!("200 | O: * | Timing-Allow-Origin: {value}");
        let run = ask.answered(&[first, &last]);
        assert_eq!(run.response().timing_allow_passed, passed, "{value}");
        assert!(!timed(value).response().timing_allow_passed);
    }
    let mut world = crate::script::World::default();
    let ask = crate::script::ask("PUT https://b.test/");
    let granted = "204 | O: * | M: PUT";
    let redirect = "307 | O: * | L: https://c.test/";
    world.run(&ask, &[granted, redirect, granted]);
    let origins: Vec<_> = world.cache.entries(world.now).collect();
    let origins = origins.iter().map(|entry| &*entry.byte_serialized_origin);
    assert_eq!(origins.collect::<Vec<_>>(), [A, "null"]);
}
