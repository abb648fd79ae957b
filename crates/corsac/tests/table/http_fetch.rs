//! HTTP fetch and HTTP-network-or-cache fetch (client.md 1.3 HF, NC, NF).

use corsac::{
    diagnosis::{Reason, TransportError},
    fetch::{
        Body, CacheMode, CredentialsMode, Destination, EmbedderPolicy, HopKind, Mode, RedirectMode,
        Referrer, ReferrerPolicy,
    },
};

use crate::script::{Ask, OPEN, World, ask, page, value};

fn names(ask: &Ask) -> String {
    let hop = ask.first();
    let names = hop.header_list.iter();
    let names = names.map(|header| String::from_utf8_lossy(header.name()).into_owned());
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_cors_check_runs_on_every_response_redirects_included() {
    let closed = "302 | L: https://c.test/";
    ask("GET https://b.test/")
        .answered(&[closed])
        .ends("allow-origin-missing of actual 0");
    let open = "302 | O: * | L: https://c.test/";
    ask("GET https://b.test/")
        .answered(&[open, "200"])
        .ends("allow-origin-missing of actual 1");
    ask("GET https://b.test/")
        .answered(&["304"])
        .ends("allow-origin-missing of actual 0");
}

#[test]
fn same_origin_credentials_stop_at_the_first_stranger_and_never_resume() {
    let ask = |mode| {
        ask("GET https://a.test/")
            .credentials(mode)
            .questions(|it| it.cookies = true)
    };
    let to_b = "302 | O: https://a.test | C: true | L: https://b.test/";
    let home = "302 | O: https://a.test | C: true | L: https://a.test/2";
    let cookies = |mode, answers: &[&str]| {
        let run = ask(mode).answered(answers);
        let sent = run.hops.iter().map(|hop| {
            assert_eq!(hop.include_credentials, hop.header_list.contains("Cookie"));
            u8::from(hop.include_credentials)
        });
        sent.collect::<Vec<_>>()
    };
    let sid = "value sid=1";
    assert_eq!(
        cookies(CredentialsMode::SameOrigin, &[sid, to_b, home]),
        [1, 0, 0]
    );
    assert_eq!(
        cookies(CredentialsMode::Include, &[sid, to_b, sid, home, sid]),
        [1, 1, 1]
    );
    assert_eq!(cookies(CredentialsMode::Omit, &[to_b, home]), [0, 0, 0]);
}

#[test]
fn no_cors_carries_same_origin_credentials_home_only() {
    let ask = |what: &str, mode| {
        let ask = ask(what).no_cors().credentials(mode);
        ask.first().include_credentials
    };
    assert!(ask("GET https://a.test/", CredentialsMode::SameOrigin));
    assert!(!ask("GET https://b.test/", CredentialsMode::SameOrigin));
    assert!(ask("GET https://b.test/", CredentialsMode::Include));
    assert!(!ask("GET https://a.test/", CredentialsMode::Omit));
}

#[test]
fn which_cookies_may_travel() {
    let ask = |page_url: &str, what: &str| {
        page(page_url, what)
            .include()
            .questions(|it| it.cookies = true)
    };
    let mode = |ask: Ask, answers: &[&str]| {
        let log = ask.answered(answers).log;
        let last = log.last().unwrap().clone();
        last.rsplit_once(' ').unwrap().1.to_owned()
    };
    let first = |page_url, what| mode(ask(page_url, what), &[]);
    assert_eq!(
        first("https://a.test/", "GET https://a.test/"),
        "StrictOrLess"
    );
    assert_eq!(
        first("https://a.test/", "GET https://x.a.test/"),
        "StrictOrLess"
    );
    // SameSite cookies stay at home, though CORS works and the mode is include.
    assert_eq!(
        first("https://a.test/", "GET https://b.test/"),
        "UnsetOrLess"
    );
    assert_eq!(
        first("http://a.test/", "GET https://a.test/"),
        "UnsetOrLess"
    );
    assert_eq!(first("data:,", "GET https://a.test/"), "UnsetOrLess");
    let framed = ask("https://a.test/", "GET https://a.test/");
    let framed = framed.env(|it| it.has_cross_site_ancestor = true);
    assert_eq!(mode(framed, &[]), "UnsetOrLess");
    // Home by way of another site is not home; by way of the same site it is.
    let by = |via: &str| {
        let home = "302 | O: https://a.test | C: true | L: https://a.test/";
        mode(ask("https://a.test/", &format!("GET {via}")), &["no", home])
    };
    assert_eq!(by("https://b.test/"), "UnsetOrLess");
    assert_eq!(by("https://x.a.test/"), "StrictOrLess");
    assert_eq!(by("https://a.test/2"), "StrictOrLess");
}

#[test]
fn a_bodyless_post_or_put_says_zero() {
    let length = |ask: Ask| ask.header("Content-Length");
    for (what, value) in [
        ("POST", Some("0")),
        ("PUT", Some("0")),
        ("PATCH", None),
        ("GET", None),
        ("DELETE", None),
    ] {
        assert_eq!(
            length(ask(&format!("{what} https://a.test/"))).as_deref(),
            value,
            "{what}"
        );
    }
    assert_eq!(
        length(ask("POST https://a.test/").body(17)).as_deref(),
        Some("17")
    );
    assert_eq!(
        length(ask("POST https://a.test/").body(0)).as_deref(),
        Some("0")
    );
    assert_eq!(
        length(ask("DELETE https://a.test/").body(3)).as_deref(),
        Some("3")
    );
    assert_eq!(length(ask("POST https://a.test/").stream()), None);
}

#[test]
fn headers_come_in_this_order() {
    let env = |ask: Ask| {
        ask.env(|it| {
            it.accept_language = Some((*b"en").into());
            it.user_agent = Some((*b"fox").into());
        })
    };
    let post = env(ask("POST https://b.test/")).with("X-Z", "1").body(3);
    let mut world = World::default();
    world.run(&post, &["204 | O: * | H: x-z"]);
    let hop = world.run(&post, &[]).hops.remove(0);
    let list = hop.header_list.iter().map(|header| format!("{header:?}"));
    assert_eq!(
        list.collect::<Vec<_>>(),
        [
            "X-Z: 1",
            "Accept: */*",
            "Accept-Language: en",
            "Content-Length: 3",
            "Referer: https://a.test/",
            "Origin: https://a.test",
            "Sec-Fetch-Dest: empty",
            "Sec-Fetch-Mode: cors",
            "Sec-Fetch-Site: cross-site",
            "User-Agent: fox",
        ]
    );
    let reload = ask("GET https://a.test/").set(|it| it.cache_mode = CacheMode::Reload);
    let reload = reload.with("Range", "bytes=0-9");
    let all = "Range Accept Referer Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site Pragma \
         Cache-Control Accept-Encoding";
    assert_eq!(names(&reload), all);
}

#[test]
fn what_the_author_said_is_not_said_again() {
    let said = ask("GET https://a.test/")
        .with("accept", "text/html")
        .with("accept-language", "de")
        .with("user-agent", "mine")
        .env(|it| {
            it.accept_language = Some((*b"en").into());
            it.user_agent = Some((*b"fox").into());
        });
    let hop = said.first();
    for (name, text) in [
        ("Accept", "text/html"),
        ("Accept-Language", "de"),
        ("User-Agent", "mine"),
    ] {
        assert_eq!(value(&hop.header_list, name).as_deref(), Some(text));
    }
}

#[test]
fn accept_follows_the_destination() {
    for (destination, accept) in [
        (Destination::Empty, "*/*"),
        (Destination::Script, "*/*"),
        (
            Destination::Image,
            "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
        ),
        (Destination::Json, "application/json,*/*;q=0.5"),
        (Destination::Style, "text/css,*/*;q=0.1"),
        (Destination::Text, "text/plain,*/*;q=0.5"),
    ] {
        let ask = ask("GET https://a.test/").set(|it| it.destination = destination);
        assert_eq!(
            ask.header("Accept").as_deref(),
            Some(accept),
            "{destination:?}"
        );
    }
}

#[test]
fn cache_modes_speak_on_the_wire() {
    let say = |mode, name: Option<&str>| {
        let mut ask = ask("GET https://a.test/").set(|it| it.cache_mode = mode);
        if let Some(name) = name {
            ask = ask.with(name, "x");
        }
        (ask.header("Cache-Control"), ask.header("Pragma"))
    };
    let some = |text: &str| Some(text.to_owned());
    let nothing = (None, None);
    assert_eq!(say(CacheMode::Default, None), nothing);
    assert_eq!(say(CacheMode::ForceCache, None), nothing);
    assert_eq!(say(CacheMode::NoCache, None), (some("max-age=0"), None));
    let no_cache = (some("no-cache"), some("no-cache"));
    assert_eq!(say(CacheMode::NoStore, None), no_cache);
    assert_eq!(say(CacheMode::Reload, None), no_cache);
    for name in [
        "If-Modified-Since",
        "If-None-Match",
        "If-Unmodified-Since",
        "If-Match",
        "if-range",
    ] {
        assert_eq!(say(CacheMode::Default, Some(name)), no_cache, "{name}");
        assert_eq!(say(CacheMode::ForceCache, Some(name)), nothing, "{name}");
    }
    assert_eq!(say(CacheMode::Default, Some("If-Else")), nothing);
    // The author's own stays alone.
    assert_eq!(
        say(CacheMode::Reload, Some("cache-control")),
        (some("x"), some("no-cache"))
    );
    assert_eq!(
        say(CacheMode::Reload, Some("pragma")),
        (some("no-cache"), some("x"))
    );
    assert_eq!(
        say(CacheMode::NoCache, Some("Cache-Control")),
        (some("x"), None)
    );
}

#[test]
fn only_if_cached_is_never_sent() {
    let ask = ask("GET https://a.test/").mode(Mode::SameOrigin);
    let ask = ask.set(|it| it.cache_mode = CacheMode::OnlyIfCached);
    ask.answered(&[])
        .sent(&[])
        .ends("http-cache-miss of actual 0");
}

#[test]
fn range_asks_for_no_encoding() {
    let ask = ask("GET https://b.test/");
    assert_eq!(ask.header("Accept-Encoding"), None);
    let ask = ask.with("Range", "bytes=0-9");
    assert_eq!(ask.header("Accept-Encoding").as_deref(), Some("identity"));
}

#[test]
fn keepalive_requests_hold_64_kib_together() {
    let end = |keepalive, length, inflight| {
        let ask = ask("POST https://a.test/")
            .body(length)
            .set(|it| it.keepalive = keepalive);
        ask.env(|it| it.inflight_keepalive_bytes = inflight)
            .answered(&[])
            .end()
    };
    assert_eq!(end(true, 65536, 0), "waits");
    assert_eq!(end(true, 65537, 0), "keepalive-limit of actual 0");
    assert_eq!(end(true, 1, 65536), "keepalive-limit of actual 0");
    assert_eq!(end(true, 1, 65535), "waits");
    assert_eq!(end(true, u64::MAX, u64::MAX), "keepalive-limit of actual 0");
    assert_eq!(end(false, 65537, 65536), "waits");
    let post = ask("POST https://a.test/").set(|it| it.keepalive = true);
    post.env(|it| it.inflight_keepalive_bytes = 70_000)
        .answered(&[])
        .ends("waits");
    let run = ask("POST https://a.test/")
        .body(65536)
        .set(|it| it.keepalive = true);
    let run = run.env(|it| it.inflight_keepalive_bytes = 1).answered(&[]);
    assert_eq!(
        run.verdict().reason,
        Reason::KeepaliveLimit { bytes: 65537 }
    );
    // The preflight has gone before that is seen, and its grant is forgotten.
    let mut world = World::default();
    let put = ask("PUT https://b.test/")
        .body(65537)
        .set(|it| it.keepalive = true);
    world
        .run(&put, &["204 | O: * | M: PUT"])
        .ends("keepalive-limit of actual 0");
    assert_eq!(world.entries(), 0);
}

#[test]
fn authorization_of_the_author_is_sent_in_every_credentials_mode() {
    for mode in [
        CredentialsMode::Omit,
        CredentialsMode::SameOrigin,
        CredentialsMode::Include,
    ] {
        let ask = ask("GET https://a.test/")
            .credentials(mode)
            .with("Authorization", "Basic x");
        // And the host is not asked for another.
        let ask = ask.questions(|it| it.authorization = true);
        assert_eq!(ask.header("Authorization").as_deref(), Some("Basic x"));
    }
}

#[test]
fn cookies_and_authorization_are_asked_for_only_with_credentials() {
    let all = |ask: Ask| {
        ask.questions(|it| {
            it.cookies = true;
            it.authorization = true;
        })
    };
    all(ask("GET https://b.test/"))
        .answered(&[OPEN])
        .sent(&["GET https://b.test/ from https://a.test"]);
    let run = all(ask("GET https://b.test/")).include();
    let run = run.answered(&["value sid=1; x=2", "value Basic y"]);
    run.sent(&[
        "? cookies https://b.test/ UnsetOrLess",
        "? authorization https://b.test/",
        "GET https://b.test/ from https://a.test",
    ]);
    assert_eq!(run.header(0, "Cookie").as_deref(), Some("sid=1; x=2"));
    assert_eq!(run.header(0, "Authorization").as_deref(), Some("Basic y"));
    for answers in [["no", "no"], ["yes", "yes"]] {
        let run = all(ask("GET https://a.test/")).answered(&answers);
        assert_eq!(
            (run.header(0, "Cookie"), run.header(0, "Authorization")),
            (None, None)
        );
    }
    let one = ask("GET https://a.test/").questions(|it| it.authorization = true);
    one.answered(&["value x"])
        .sent(&["? authorization https://a.test/", "GET https://a.test/"]);
}

#[test]
fn a_401_is_a_response_like_any_other() {
    ask("GET https://a.test/")
        .answered(&["401 | WWW-Authenticate: Basic"])
        .ends("basic 401");
    ask("GET https://b.test/")
        .include()
        .answered(&["401 | O: https://a.test | C: true"])
        .ends("cors 401");
}

#[test]
fn a_407_is_a_network_error_where_nobody_can_be_asked() {
    ask("GET https://a.test/")
        .answered(&["407"])
        .ends("proxy-authentication of actual 0");
    ask("GET https://b.test/")
        .answered(&["407 | O: *"])
        .ends("proxy-authentication of actual 0");
    ask("PUT https://b.test/")
        .answered(&["407 | O: *"])
        .ends("proxy-authentication of preflight 0");
}

#[test]
fn a_421_is_tried_once_more_on_a_connection_of_its_own() {
    let misdirected = "421 | O: *";
    let run = ask("GET https://b.test/").answered(&[misdirected, OPEN]);
    run.ends("cors 200");
    let new: Vec<_> = run.hops.iter().map(|hop| hop.new_connection).collect();
    assert_eq!(new, [false, true]);
    assert_ne!(run.hops[0].id, run.hops[1].id);
    assert_eq!(run.hops[0].header_list, run.hops[1].header_list);
    ask("GET https://b.test/")
        .answered(&[misdirected, misdirected])
        .ends("cors 421");
    // A body that is at hand is sent again, a stream cannot be.
    let run = ask("POST https://a.test/")
        .body(3)
        .answered(&["421", "200"]);
    assert_eq!(
        run.ends("basic 200").hops[1].body,
        Body::Source { length: 3 }
    );
    ask("POST https://a.test/")
        .stream()
        .answered(&["421"])
        .ends("basic 421");
    // The answer to a 421 is not judged: it does not even need to be shared.
    ask("GET https://b.test/")
        .answered(&["421", OPEN])
        .ends("cors 200");
    // Each hop has a try of its own.
    let redirect = "302 | O: * | L: /2";
    ask("GET https://b.test/")
        .answered(&["421", redirect, "421", OPEN])
        .ends("cors 200");
    // And so has the preflight, a stream behind it or not.
    let run =
        ask("PUT https://b.test/")
            .stream()
            .answered(&["421", "204 | O: * | M: PUT", "421 | O: *"]);
    run.ends("cors 421");
    let kinds: Vec<_> = run
        .hops
        .iter()
        .map(|hop| (hop.kind, hop.new_connection))
        .collect();
    use HopKind::{Actual, Preflight};
    assert_eq!(
        kinds,
        [(Preflight, false), (Preflight, true), (Actual, false)]
    );
    ask("PUT https://b.test/")
        .answered(&["421", "421 | O: *"])
        .ends("preflight-status-not-ok of preflight 0");
}

#[test]
fn a_421_asks_for_cookies_again() {
    let ask = ask("GET https://a.test/").questions(|it| it.cookies = true);
    let run = ask.answered(&[
        "value sid=1",
        "421 | Set-Cookie: sid=2",
        "value sid=2",
        "200",
    ]);
    assert_eq!(run.header(0, "Cookie").as_deref(), Some("sid=1"));
    assert_eq!(run.header(1, "Cookie").as_deref(), Some("sid=2"));
    assert!(run.hops[1].new_connection);
}

#[test]
fn transport_failures() {
    use TransportError::*;
    for error in [
        Dns,
        Refused,
        ConnectTimeout,
        Tls,
        Closed,
        Timeout,
        Malformed,
        TooLarge,
        StreamNeedsHttp2,
    ] {
        let connected = !matches!(error, Dns | Refused | ConnectTimeout | Tls);
        let fails = format!("fails {error:?}");
        for what in ["GET https://a.test/", "GET https://b.test/"] {
            let run = ask(what).answered(&[&fails]);
            run.ends("network-failure of actual 0");
            assert_eq!(run.verdict().reason, Reason::NetworkFailure { error });
        }
        // A server that takes the connection and says nothing drops OPTIONS; one that is not there
        // has nothing to do with CORS.
        let code = if connected {
            "preflight-no-response"
        } else {
            "network-failure"
        };
        ask("PUT https://b.test/")
            .answered(&[&fails])
            .ends(&format!("{code} of preflight 0"));
        let granted = "204 | O: * | M: PUT";
        ask("PUT https://b.test/")
            .answered(&[granted, &fails])
            .ends("network-failure of actual 0");
    }
}

#[test]
fn fetch_metadata_goes_to_trustworthy_urls_only() {
    let site = |page_url: &str, what: &str| page(page_url, what).header("Sec-Fetch-Site");
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        site("https://a.test/", "GET https://a.test/"),
        some("same-origin")
    );
    assert_eq!(
        site("https://a.test/", "GET https://a.test:8443/"),
        some("same-site")
    );
    assert_eq!(
        site("https://a.test/", "GET https://x.a.test/"),
        some("same-site")
    );
    assert_eq!(
        site("https://a.test/", "GET https://b.test/"),
        some("cross-site")
    );
    assert_eq!(
        site("http://a.test/", "GET https://a.test/"),
        some("cross-site")
    );
    assert_eq!(site("data:,", "GET https://a.test/"), some("cross-site"));
    assert_eq!(site("http://a.test/", "GET http://a.test/"), None);
    assert_eq!(
        site("http://a.test/", "GET http://localhost/"),
        some("cross-site")
    );
    assert_eq!(
        site("http://a.test/", "GET http://127.0.0.1/"),
        some("cross-site")
    );
    // The farthest of all hops is told.
    let via = |via: &str| {
        let run = ask(&format!("GET {via}")).answered(&["302 | O: * | L: https://a.test/"]);
        run.header(1, "Sec-Fetch-Site").unwrap()
    };
    assert_eq!(via("https://x.a.test/"), "same-site");
    assert_eq!(via("https://b.test/"), "cross-site");
    assert_eq!(via("https://a.test/2"), "same-origin");
    use Destination::*;
    let header = |mode, destination, name| {
        let ask = ask("GET https://a.test/")
            .mode(mode)
            .set(|it| it.destination = destination);
        ask.header(name).unwrap()
    };
    for (mode, name) in [
        (Mode::Cors, "cors"),
        (Mode::NoCors, "no-cors"),
        (Mode::SameOrigin, "same-origin"),
    ] {
        assert_eq!(header(mode, Empty, "Sec-Fetch-Mode"), name);
    }
    for destination in [
        Empty, Audio, Font, Image, Json, Manifest, Script, Style, Text, Track, Video,
    ] {
        let name = format!("{destination:?}").to_ascii_lowercase();
        assert_eq!(header(Mode::Cors, destination, "Sec-Fetch-Dest"), name);
    }
}

#[test]
fn the_referrer_follows_the_policy() {
    use ReferrerPolicy::*;
    let page_url = "https://u:p@a.test/page?q=1#top";
    let (full, origin) = (Some("https://a.test/page?q=1"), Some("https://a.test/"));
    // To the same origin, to another one, and to an http one.
    let rows = [
        (NoReferrer, [None, None, None]),
        (NoReferrerWhenDowngrade, [full, full, None]),
        (SameOrigin, [full, None, None]),
        (Origin, [origin, origin, origin]),
        (StrictOrigin, [origin, origin, None]),
        (OriginWhenCrossOrigin, [full, origin, origin]),
        (StrictOriginWhenCrossOrigin, [full, origin, None]),
        (UnsafeUrl, [full, full, full]),
    ];
    for (policy, row) in rows {
        // An insecure URL would be blocked as mixed content, had its server not just been upgraded
        // away from: so the referrer is of https, and the page is not.
        let targets = [
            "GET https://a.test/x",
            "GET https://b.test/",
            "GET http://b.test/",
        ];
        for (target, referrer) in targets.into_iter().zip(row) {
            let ask = page("http://a.test/", target).set(|it| {
                it.referrer = Referrer::Url(page_url.parse().unwrap());
                it.referrer_policy = Some(policy);
            });
            assert_eq!(
                ask.header("Referer").as_deref(),
                referrer,
                "{policy:?} {target}"
            );
        }
    }
    // From http there is no downgrade.
    let ask =
        page("http://a.test/x", "GET http://b.test/").env(|it| it.referrer_policy = StrictOrigin);
    assert_eq!(ask.header("Referer").as_deref(), Some("http://a.test/"));
}

#[test]
fn some_pages_have_no_referrer() {
    let referrer = |ask: Ask| {
        ask.env(|it| it.referrer_policy = ReferrerPolicy::UnsafeUrl)
            .header("Referer")
    };
    assert_eq!(referrer(page("data:,", "GET https://b.test/")), None);
    assert_eq!(referrer(page("file:///x", "GET https://b.test/")), None);
    assert_eq!(
        referrer(page("blob:https://a.test/1", "GET https://b.test/")),
        None
    );
    assert_eq!(referrer(page("about:blank", "GET https://b.test/")), None);
    let mut unknown = ask("GET https://b.test/");
    unknown.environment.creation_url = None;
    assert_eq!(referrer(unknown), None);
    let none = ask("GET https://b.test/").set(|it| it.referrer = Referrer::NoReferrer);
    assert_eq!(referrer(none), None);
    for url in [
        "data:,x",
        "about:blank",
        "blob:https://a.test/1",
        "file:///x",
        "mailto:x@a.test",
    ] {
        let named =
            ask("GET https://b.test/").set(|it| it.referrer = Referrer::Url(url.parse().unwrap()));
        assert_eq!(referrer(named), None, "{url}");
    }
}

#[test]
fn a_long_referrer_shrinks_to_its_origin() {
    // "https://a.test/" is 15 bytes long.
    for (length, referrer) in [(4096, 4096), (4097, 15)] {
        let url = format!("https://a.test/{}", "x".repeat(length - 15));
        let ask = page(&url, "GET https://a.test/");
        assert_eq!(ask.header("Referer").unwrap().len(), referrer);
    }
}

#[test]
fn connections_are_told_apart_by_credentials_and_partition() {
    let run = ask("PUT https://b.test/").include();
    let run = run.answered(&["204 | O: https://a.test | C: true | M: PUT"]);
    let with: Vec<_> = run.hops.iter().map(|hop| hop.include_credentials).collect();
    assert_eq!(with, [false, true]);
    for hop in &run.hops {
        assert_eq!(&*hop.network_partition_key.top_level_site, "https://a.test");
    }
    let page = |url: &str| {
        page(url, "GET https://c.test/")
            .first()
            .network_partition_key
    };
    assert_eq!(
        &*page("https://x.a.test:8443/").top_level_site,
        "https://a.test"
    );
    assert_eq!(
        &*page("https://127.0.0.1/").top_level_site,
        "https://127.0.0.1"
    );
    assert_eq!(&*page("data:,").top_level_site, "opaque 0");
    assert_eq!(page("https://a.test/").second_key, None);
}

#[test]
fn mode_error_and_embedders_change_nothing_else() {
    let ask = ask("GET https://b.test/").redirect(RedirectMode::Error);
    ask.answered(&[OPEN]).ends("cors 200");
    let ask = ask.env(|it| it.embedder_policy = EmbedderPolicy::RequireCorp);
    ask.answered(&[OPEN]).ends("cors 200");
}
