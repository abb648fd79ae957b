//! CORS-preflight fetch: when it is due, what it says, and how its answer is judged (client.md 1.4
//! and 1.3 MF12, HF4.1).

use corsac::{
    diagnosis::{Evidence, Reason},
    fetch::{Body, CredentialsMode, HopKind, Mode},
    header::Unsafe,
};

use crate::script::{A, Ask, OPEN, Run, World, ask, header};

/// Whether a preflight goes first.
fn asks(ask: &Ask) -> bool {
    ask.first().kind == HopKind::Preflight
}

#[test]
fn a_preflight_is_due_for_methods_and_headers_no_form_could_send() {
    let rows = [
        ("GET", None, false),
        ("HEAD", None, false),
        ("POST", None, false),
        ("PUT", None, true),
        ("DELETE", None, true),
        ("PATCH", None, true),
        ("OPTIONS", None, true),
        ("CHICKEN", None, true),
        ("GET", Some(("Accept", "text/html")), false),
        ("GET", Some(("Accept-Language", "de")), false),
        ("POST", Some(("Content-Language", "de")), false),
        ("POST", Some(("Content-Type", "text/plain")), false),
        (
            "POST",
            Some(("Content-Type", "multipart/form-data; boundary=x")),
            false,
        ),
        (
            "POST",
            Some(("Content-Type", "application/x-www-form-urlencoded")),
            false,
        ),
        ("GET", Some(("Range", "bytes=0-9")), false),
        ("GET", Some(("Range", "bytes=-9")), true),
        ("POST", Some(("Content-Type", "application/json")), true),
        ("POST", Some(("Content-Type", "text/xml")), true),
        ("GET", Some(("Accept", "a(b")), true),
        ("GET", Some(("X-Cart", "7")), true),
        ("GET", Some(("Authorization", "Basic x")), true),
        ("GET", Some(("User-Agent", "mine")), true),
        ("GET", Some(("If-None-Match", "x")), true),
        ("GET", Some(("Cache-Control", "no-cache")), true),
        ("GET", Some(("DPR", "2")), true),
    ];
    for (method, line, due) in rows {
        let mut ask = ask(&format!("{method} https://b.test/"));
        if let Some((name, value)) = line {
            ask = ask.with(name, value);
        }
        assert_eq!(asks(&ask), due, "{method} {line:?}");
        // Nothing of the kind at home, or for loads that no author shaped.
        let mut home = ask.clone();
        home.request.url = "https://a.test/".parse().unwrap();
        assert!(!asks(&home));
        assert!(!asks(&ask.clone().set(|it| it.unsafe_request = false)));
        // Mode no-cors never asks; that only simple requests get there is the API's affair.
        assert!(!asks(&ask.no_cors()));
    }
}

#[test]
fn what_the_browser_adds_later_needs_no_preflight() {
    let ask = ask("POST https://b.test/").body(3).env(|it| {
        it.user_agent = Some((*b"fox").into());
        it.accept_language = Some((*b"de").into());
    });
    assert!(!asks(&ask));
}

#[test]
fn what_the_browser_adds_before_counts_for_the_sum() {
    // 1024 bytes of safelisted values may be; `*/*` is three of them.
    let long = |count: usize, rest: usize| {
        let mut ask = ask("GET https://b.test/");
        for _ in 0..count {
            ask = ask.with("Content-Language", &"x".repeat(128));
        }
        ask.with("Content-Language", &"x".repeat(rest))
    };
    assert!(!asks(&long(7, 125)));
    assert!(asks(&long(7, 126)));
    let names = long(7, 126).header("Access-Control-Request-Headers");
    assert_eq!(names.as_deref(), Some("accept,content-language"));
    // And so is an Accept-Language.
    let german = long(7, 124).env(|it| it.accept_language = Some((*b"de").into()));
    assert!(asks(&german));
    let none = long(7, 123).env(|it| it.accept_language = Some((*b"de").into()));
    assert!(!asks(&none));
}

#[test]
fn the_flag_asks_even_for_a_simple_request() {
    for what in [
        "GET https://b.test/",
        "HEAD https://b.test/",
        "POST https://b.test/",
    ] {
        assert!(asks(&ask(what).forced()));
        assert!(asks(
            &ask(what).forced().set(|it| it.unsafe_request = false)
        ));
    }
    assert!(!asks(&ask("POST https://a.test/").forced()));
    assert!(!asks(&ask("POST https://b.test/").forced().no_cors()));
}

#[test]
fn it_is_options_with_nothing_of_the_authors() {
    let put = ask("PUT https://b.test/x?y#z")
        .include()
        .with("X-Cart", "7")
        .with("Authorization", "Basic x")
        .with("Accept", "text/html")
        .with("Content-Type", "application/json")
        .body(2)
        .questions(|it| {
            it.cookies = true;
            it.authorization = true;
        })
        .env(|it| {
            it.user_agent = Some((*b"fox").into());
            it.accept_language = Some((*b"de").into());
        });
    let hop = put.first();
    let list: Vec<_> = hop
        .header_list
        .iter()
        .map(|header| format!("{header:?}"))
        .collect();
    assert_eq!(
        list,
        [
            "Accept: */*",
            "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: authorization,content-type,x-cart",
            "Referer: https://a.test/",
            "Origin: https://a.test",
            "Sec-Fetch-Dest: empty",
            "Sec-Fetch-Mode: cors",
            "Sec-Fetch-Site: cross-site",
            "User-Agent: fox",
        ]
    );
    assert_eq!((hop.method.as_str(), hop.body), ("OPTIONS", Body::None));
    assert_eq!(hop.url.as_str(), "https://b.test/x?y#z");
    assert!(!hop.include_credentials && !hop.new_connection);
}

#[test]
fn requested_names_are_sorted_lower_case_and_said_once() {
    let ask = ask("GET https://b.test/")
        .with("X-B", "1")
        .with("x-a", "1")
        .with("X-b", "2")
        .with("Z", "1")
        .with("content-TYPE", "text/xml")
        .with("X-1", "1");
    let names = ask.header("Access-Control-Request-Headers");
    // A comma and no space.
    assert_eq!(names.as_deref(), Some("content-type,x-1,x-a,x-b,z"));
    let none = crate::script::ask("PUT https://b.test/").first();
    assert_eq!(header(&none, "Access-Control-Request-Headers"), None);
}

#[test]
fn the_method_is_said_as_it_is() {
    for method in [
        "PUT", "PATCH", "patch", "PaTcH", "CHICKEN", "cHiCkEn", "unicorn",
    ] {
        let said =
            ask(&format!("{method} https://b.test/")).header("Access-Control-Request-Method");
        assert_eq!(said.as_deref(), Some(method));
    }
    // Six methods are upper case before they get here.
    let said = ask("delete https://b.test/").header("Access-Control-Request-Method");
    assert_eq!(said.as_deref(), Some("DELETE"));
}

#[test]
fn a_tainted_chain_asks_as_null() {
    ask("PUT https://a.test/")
        .answered(&[
            "307 | L: https://b.test/",
            "204 | O: https://a.test | M: PUT",
            "307 | O: https://a.test | L: https://c.test/",
        ])
        .sent(&[
            "PUT https://a.test/ from https://a.test",
            "asks https://b.test/ from https://a.test for PUT",
            "PUT https://b.test/ from https://a.test",
            "asks https://c.test/ from null for PUT",
        ]);
}

/// What becomes of a PUT with one X-Cart.
fn judged(answer: &str) -> Run {
    let ask = ask("PUT https://b.test/").with("X-Cart", "7");
    ask.answered(&[&format!("204 | O: *{answer}")])
}

#[test]
fn a_grant_lets_the_request_follow_and_its_response_is_checked_too() {
    let granted = "204 | O: * | M: PUT | H: x-cart";
    let put = ask("PUT https://b.test/").with("X-Cart", "7");
    put.answered(&[granted, OPEN]).ends("cors 200");
    put.answered(&[granted, "200"])
        .ends("allow-origin-missing of actual 0");
    put.answered(&[granted, "200 | O: https://b.test"])
        .ends("allow-origin-mismatch of actual 0");
}

#[test]
fn the_status_is_200_to_299() {
    for status in 100..600u16 {
        let end = ask("PUT https://b.test/")
            .answered(&[&format!("{status} | O: * | M: PUT | L: /z")])
            .end();
        let expected = match status {
            200..=299 => "waits",
            301 | 302 | 303 | 307 | 308 => "preflight-redirected of preflight 0",
            407 => "proxy-authentication of preflight 0",
            // Tried once more: nothing is decided yet.
            421 => "waits",
            _ => "preflight-status-not-ok of preflight 0",
        };
        assert_eq!(end, expected, "{status}");
    }
    let run = ask("PUT https://b.test/").answered(&["302 | O: * | M: PUT | L: /z"]);
    let location = Some(b"/z".to_vec());
    assert_eq!(
        run.verdict().reason,
        Reason::PreflightRedirected {
            status: 302,
            location
        }
    );
}

#[test]
fn the_cors_check_is_made_with_the_requests_mode() {
    // The preflight carries no credentials, and `*` does not do all the same.
    let put = ask("PUT https://b.test/").include();
    put.answered(&["204 | O: * | M: PUT"])
        .ends("wildcard-with-credentials of preflight 0");
    put.answered(&["204 | O: https://a.test | M: PUT"])
        .ends("allow-credentials-not-true of preflight 0");
    put.answered(&["204 | O: https://a.test | C: true | M: PUT"])
        .ends("waits");
    for mode in [CredentialsMode::Omit, CredentialsMode::SameOrigin] {
        ask("PUT https://b.test/")
            .credentials(mode)
            .answered(&["204 | O: * | M: PUT"])
            .ends("waits");
    }
    judged(" | O: *").ends("allow-origin-multiple of preflight 0");
}

#[test]
fn methods_match_byte_for_byte() {
    let ends = |method: &str, answer: &str| {
        let run =
            ask(&format!("{method} https://b.test/")).answered(&[&format!("204 | O: *{answer}")]);
        run.end() == "waits"
    };
    let rows = [
        ("PUT", " | M: PUT", true),
        ("PUT", " | M: put", false),
        ("PUT", " | M: Put", false),
        ("PUT", "", false),
        ("PUT", " | M: ", false),
        ("PUT", " | M: PUTT", false),
        ("PUT", " | M: GET, PUT", true),
        ("PUT", " | M: GET | M: PUT", true),
        ("PUT", " | M: GET,PUT,", true),
        ("PUT", " | M: *", true),
        ("PUT", " | M: GET, *", true),
        ("PUT", " | M: **", false),
        // Not one of the six that change case.
        ("patch", " | M: PATCH", false),
        ("patch", " | M: patch", true),
        ("PATCH", " | M: patch", false),
        ("PATCH", " | M: PATCH", true),
        ("patch", " | M: *", true),
        ("CHICKEN", " | M: CHICKEN", true),
        ("OPTIONS", "", false),
    ];
    for (method, answer, granted) in rows {
        assert_eq!(ends(method, answer), granted, "{method} {answer}");
    }
}

#[test]
fn safelisted_methods_need_not_be_listed() {
    for method in ["GET", "HEAD", "POST"] {
        let ask = ask(&format!("{method} https://b.test/")).with("X-Cart", "7");
        for answer in ["", " | M: PUT", " | M: "] {
            ask.answered(&[&format!("204 | O: * | H: x-cart{answer}")])
                .ends("waits");
        }
    }
}

#[test]
fn names_match_in_any_case() {
    let rows = [
        (" | H: x-cart", true),
        (" | H: X-CART", true),
        (" | H: a, X-Cart", true),
        (" | H: a | H: x-cart", true),
        (" | H: *", true),
        (" | H: a, *", true),
        ("", false),
        (" | H: ", false),
        (" | H: x-car", false),
        (" | H: x-cart-1", false),
        (" | H: x-*", false),
        (" | H: **", false),
    ];
    for (answer, granted) in rows {
        let end = judged(&format!(" | M: PUT{answer}")).end();
        let expected = if granted {
            "waits"
        } else {
            "header-not-allowed of preflight 0"
        };
        assert_eq!(end, expected, "{answer}");
    }
    // Safelisted headers need no grant.
    let ask = ask("PUT https://b.test/")
        .with("Content-Type", "text/plain")
        .with("Accept", "x");
    ask.answered(&["204 | O: * | M: PUT"]).ends("waits");
}

#[test]
fn with_include_the_wildcard_is_a_name() {
    let answer = |answer: &str| format!("204 | O: https://a.test | C: true{answer}");
    let put = ask("PUT https://b.test/").include();
    put.answered(&[&answer(" | M: *")])
        .ends("method-not-allowed of preflight 0");
    put.answered(&[&answer(" | M: *, PUT")]).ends("waits");
    let star = ask("* https://b.test/").include();
    star.answered(&[&answer(" | M: *")]).ends("waits");
    let get = ask("GET https://b.test/").include().with("X-Cart", "7");
    get.answered(&[&answer(" | H: *")])
        .ends("header-not-allowed of preflight 0");
    get.answered(&[&answer(" | H: *, x-cart")]).ends("waits");
    let star = ask("GET https://b.test/").include().with("*", "7");
    star.answered(&[&answer(" | H: *")]).ends("waits");
}

#[test]
fn authorization_is_listed_by_name_before_any_wildcard() {
    let get = ask("GET https://b.test/")
        .with("X-Cart", "7")
        .with("aUTHORIZATION", "Basic x");
    get.answered(&["204 | O: * | H: *"])
        .ends("authorization-not-covered of preflight 0");
    get.answered(&["204 | O: * | H: *, Authorization"])
        .ends("waits");
    get.answered(&["204 | O: * | H: x-cart, authorization"])
        .ends("waits");
    let run = get.answered(&["204 | O: * | H: x-cart"]);
    run.ends("header-not-allowed of preflight 0");
    // It comes first, though another name is first in the list.
    let run = get.answered(&["204 | O: *"]);
    let Reason::HeaderNotAllowed { name, .. } = &run.verdict().reason else {
        panic!()
    };
    assert_eq!(name, "authorization");
    assert_eq!(run.codes(), ["header-not-allowed", "header-not-allowed"]);
    let run = get.answered(&["204 | X: 1 | O: * | H: x | H: *"]);
    let Reason::AuthorizationNotCovered { evidence } = run.verdict().reason else {
        panic!()
    };
    let place = Evidence {
        header: "Access-Control-Allow-Headers",
        line: 2,
        byte: 0,
        length: 1,
    };
    assert_eq!(evidence, Some(place));
    // With credentials `*` is no wildcard at all.
    let run = get
        .include()
        .answered(&["204 | O: https://a.test | C: true | H: *"]);
    assert_eq!(run.codes(), ["header-not-allowed", "header-not-allowed"]);
}

#[test]
fn one_bad_line_fails_the_answer_even_for_what_needs_no_grant() {
    // As in both engines, value by value.
    let bad = [
        "PUT X",
        "\"PUT\"",
        "PUT;",
        "PUT, @",
        "PUT, (x)",
        "PUT/1",
        "P\u{e9}",
        "PUT\u{b}",
        "PUT\u{c}",
        "PUT,\u{b}",
        "PUT=1",
        "[PUT]",
        "{PUT}",
        "PUT:",
        "PUT?",
        "<PUT>",
        "\u{7f}",
        "\u{1}",
    ];
    for value in bad {
        let get = ask("GET https://b.test/").forced();
        for (name, code) in [
            ("M", "allow-methods-invalid"),
            ("H", "allow-headers-invalid"),
        ] {
            let end = format!("{code} of preflight 0");
            get.answered(&[&format!("204 | O: * | {name}: {value}")])
                .ends(&end);
            get.answered(&[&format!("204 | O: * | {name}: PUT | {name}: {value}")])
                .ends(&end);
            get.answered(&[&format!("204 | O: * | {name}: {value} | {name}: *")])
                .ends(&end);
        }
    }
    for value in [
        "",
        ",",
        ",PUT",
        "PUT,,",
        " PUT ,\tX",
        "'PUT'",
        "*",
        "!#$%&'*+-.^_`|~",
    ] {
        let get = ask("GET https://b.test/").forced();
        get.answered(&[&format!("204 | O: * | M: {value} | H: {value}")])
            .ends("waits");
    }
}

#[test]
fn evidence_of_a_bad_line_points_at_the_byte() {
    let place = |answer: &str| {
        let run = judged(answer);
        let place = run.verdict().reason.evidence().unwrap();
        (run.end(), [place.line, place.byte, place.length])
    };
    let methods = "allow-methods-invalid of preflight 0".to_owned();
    assert_eq!(place(" | M: PUT DELETE"), (methods.clone(), [1, 3, 1]));
    assert_eq!(
        place(" | M: PUT | X: 1 | M: A, \"B\""),
        (methods.clone(), [3, 3, 1])
    );
    let headers = "allow-headers-invalid of preflight 0".to_owned();
    assert_eq!(place(" | M: PUT | H: x-cart; x"), (headers, [2, 6, 1]));
    let both = judged(" | M: a b | H: c d").codes();
    assert_eq!(both, ["allow-methods-invalid", "allow-headers-invalid"]);
}

#[test]
fn a_forced_preflight_grants_the_method_by_passing() {
    let post = ask("POST https://b.test/").forced();
    post.answered(&["204 | O: *", OPEN]).ends("cors 200");
    // Only if there is no list at all; a safelisted method does not need one.
    let put = ask("PUT https://b.test/").forced();
    put.answered(&["204 | O: *", OPEN]).ends("cors 200");
    put.answered(&["204 | O: * | M: "])
        .ends("method-not-allowed of preflight 0");
    put.answered(&["204 | O: * | M: DELETE"])
        .ends("method-not-allowed of preflight 0");
    // What it buys is that it is remembered.
    let mut world = World::default();
    world.run(&post, &["204 | O: *", OPEN]).ends("cors 200");
    assert_eq!(
        world.sends(&post),
        "POST https://b.test/ from https://a.test"
    );
    assert_eq!(
        world.sends(&put),
        "asks https://b.test/ from https://a.test for PUT"
    );
    // A name still needs its grant.
    post.with("X-Cart", "7")
        .answered(&["204 | O: *"])
        .ends("header-not-allowed of preflight 0");
}

#[test]
fn all_that_fails_is_told_in_the_order_of_the_steps() {
    let put = ask("PUT https://b.test/")
        .with("X-Cart", "7")
        .with("X-B", "1")
        .include();
    assert_eq!(
        put.answered(&["403"]).codes(),
        [
            "allow-origin-missing",
            "allow-credentials-not-true",
            "preflight-status-not-ok",
            "method-not-allowed",
            "header-not-allowed",
            "header-not-allowed",
        ]
    );
    let run = put.answered(&["301 | O: https://a.test | C: true | M: \" | H: x-b, @"]);
    let codes = [
        "preflight-redirected",
        "allow-methods-invalid",
        "allow-headers-invalid",
    ];
    assert_eq!(run.codes(), codes);
    let run = put.answered(&["204 | O: https://a.test | C: true | M: GET, OPTIONS | H: x-B"]);
    assert_eq!(run.codes(), ["method-not-allowed", "header-not-allowed"]);
    let granted = vec!["GET".to_owned(), "OPTIONS".to_owned()];
    assert_eq!(
        run.verdict().reason,
        Reason::MethodNotAllowed {
            method: "PUT".to_owned(),
            granted
        }
    );
    let header = Reason::HeaderNotAllowed {
        name: "x-cart".to_owned(),
        because: Unsafe::Name,
        granted: ["x-B".to_owned()].into(),
    };
    assert_eq!(run.verdict().also, [header]);
    assert_eq!(run.verdict().origin, A);
}

#[test]
fn why_a_header_needs_a_grant_is_told() {
    let because = |name: &str, value: &str| {
        let run = ask("GET https://b.test/")
            .with(name, value)
            .answered(&["204 | O: *"]);
        match run.verdict().reason {
            Reason::HeaderNotAllowed { because, .. } => because,
            ref other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        because("Content-Type", "application/json"),
        Unsafe::ContentType
    );
    assert_eq!(because("Accept", &"x".repeat(129)), Unsafe::TooLong);
    assert_eq!(because("Accept", "a(b"), Unsafe::Byte { at: 1 });
    assert_eq!(because("Range", "bytes=-1"), Unsafe::Range);
    assert_eq!(because("X-Cart", "7"), Unsafe::Name);
}

#[test]
fn a_failed_preflight_sends_nothing_more() {
    for answer in ["204", "500 | O: *", "204 | O: *", "204 | O: * | M: \""] {
        let run = ask("PUT https://b.test/").answered(&[answer]);
        assert_eq!(run.hops.len(), 1, "{answer}");
        assert_eq!(run.hops[0].kind, HopKind::Preflight);
    }
}

#[test]
fn mode_same_origin_never_gets_so_far() {
    ask("PUT https://b.test/")
        .mode(Mode::SameOrigin)
        .answered(&[])
        .ends("mode-same-origin of actual 0");
}

#[test]
fn many_names_cost_a_look_up_each() {
    // Forty copies of eighty thousand names, if every refused header had its own.
    let mut ask = ask("GET https://b.test/");
    for name in 0..40 {
        ask = ask.with(&format!("X-{name}"), "");
    }
    let names: Vec<_> = (0..20_000).map(|name| format!("y-{name}")).collect();
    let run = ask.answered(&[&format!("204 | O: * | H: {}", names.join(","))]);
    let verdict = run.verdict();
    assert_eq!(verdict.also.len(), 39);
    let mut lists =
        std::iter::once(&verdict.reason)
            .chain(&verdict.also)
            .map(|reason| match reason {
                Reason::HeaderNotAllowed { granted, .. } => granted.as_ptr(),
                other => panic!("{other:?}"),
            });
    let first = lists.next().unwrap();
    assert!(lists.all(|list| list == first), "the list is shared");
}
