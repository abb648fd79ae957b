//! Policy x request -> outcome, status, and the exact headers of the response.

use corsac::{
    header::HeaderList,
    policy::{
        AllowHeaders, Listing, MaxAge, Outcome, Policy, PolicyConfig, Preflights, Refusal,
        RequestHead,
    },
};

const A: &str = "https://a.example";
const ALL_THREE: &str =
    "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

fn listed() -> PolicyConfig {
    PolicyConfig {
        allow_origins: [A, "http://[::1]:3000", "moz-extension://0a1b-2c"].into(),
        allow_methods: ["PUT", "DELETE", "PUT", "patch"].into(),
        allow_headers: ["X-Custom", "Content-Type", "content-TYPE"].into(),
        expose_headers: ["X-Total", "ETag", "x-total"].into(),
        max_age: MaxAge::Seconds(600),
        cacheable_preflights: true,
        ..PolicyConfig::default()
    }
}

fn credentialed() -> PolicyConfig {
    PolicyConfig {
        allow_credentials: true,
        preflights: Preflights::TellLists,
        max_age: MaxAge::Disabled,
        ..listed()
    }
}

fn any() -> PolicyConfig {
    PolicyConfig {
        allow_origins: Listing::Any,
        allow_methods: Listing::Any,
        allow_headers: AllowHeaders::Any,
        expose_headers: Listing::Any,
        cacheable_preflights: true,
        ..PolicyConfig::default()
    }
}

fn policy(config: PolicyConfig) -> Policy {
    Policy::new(config).unwrap()
}

/// Lines as a person writes them: `Name: value`, apart by `\n`.
fn lines(text: &str) -> HeaderList {
    let lines = text.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| line.split_once(": ").unwrap_or((line, "")))
        .collect()
}

#[track_caller]
fn says(config: PolicyConfig, method: &str, request: &str, outcome: Outcome<'_>, response: &str) {
    says_into("", config, method, request, outcome, response);
}

#[track_caller]
fn says_into(
    handler: &str,
    config: PolicyConfig,
    method: &str,
    request: &str,
    outcome: Outcome<'_>,
    response: &str,
) {
    let policy = policy(config);
    let request = lines(request);
    let decision = policy.decide(&RequestHead::of_list(method.as_bytes(), &request));
    assert_eq!(decision.outcome(), outcome);
    let answer = decision.answer().map(|status| status.as_u16());
    let expected = match outcome {
        Outcome::NotCors | Outcome::Actual(_) => None,
        Outcome::Preflight(Ok(())) => Some(204),
        Outcome::Preflight(Err(_)) => Some(403),
    };
    assert_eq!(answer, expected);
    let mut said = lines(handler);
    decision.apply(&request, &mut said);
    assert_eq!(said, lines(response));
}

fn preflight(method: &str, headers: &str) -> String {
    let mut request = format!("Origin: {A}\nAccess-Control-Request-Method: {method}");
    for line in headers.lines() {
        request += &format!("\nAccess-Control-Request-Headers: {line}");
    }
    request
}

const GRANTED: Outcome<'_> = Outcome::Preflight(Ok(()));

fn refused(refusal: Refusal<'_>) -> Outcome<'_> {
    Outcome::Preflight(Err(refusal))
}

#[test]
fn the_default_grants_nothing() {
    for policy in [Policy::default(), policy(PolicyConfig::default())] {
        assert_eq!(*policy.config(), PolicyConfig::default());
        let request = lines(&preflight("GET", ""));
        let decision = policy.decide(&RequestHead::of_list(b"OPTIONS", &request));
        let refusal = Refusal::OriginNotAllowed(A.as_bytes());
        assert_eq!(decision.outcome(), refused(refusal));
    }
    says(PolicyConfig::default(), "GET", "", Outcome::NotCors, "");
    let refusal = Refusal::OriginNotAllowed(A.as_bytes());
    let outcome = Outcome::Actual(Err(refusal));
    says(
        PolicyConfig::default(),
        "GET",
        &format!("Origin: {A}"),
        outcome,
        "",
    );
}

#[test]
fn not_cors() {
    says(
        listed(),
        "GET",
        "Host: b.example",
        Outcome::NotCors,
        "Vary: Origin",
    );
    // A plain OPTIONS, or one that only claims to ask, is for the handler.
    let asks = "Access-Control-Request-Method: PUT\nAccess-Control-Request-Headers: x-custom";
    for request in ["", asks] {
        says(listed(), "OPTIONS", request, Outcome::NotCors, ALL_THREE);
    }
    // Under `*` the answer to everybody is the same, so that a cache may keep any of them.
    let star = "Access-Control-Allow-Origin: *\nAccess-Control-Expose-Headers: *";
    says(any(), "GET", "", Outcome::NotCors, star);
}

#[test]
fn actual_requests() {
    let granted = format!(
        "Access-Control-Allow-Origin: {A}\n\
         Access-Control-Expose-Headers: X-Total, ETag\n\
         Vary: Origin"
    );
    let from_a = format!("Origin: {A}");
    // Every method is the handler's business, listed or not, case or not.
    for method in ["GET", "POST", "PUT", "PATCH", "options", "TRACE"] {
        says(listed(), method, &from_a, Outcome::Actual(Ok(())), &granted);
    }
    // An OPTIONS without a question is an actual request, and so is a question of another method.
    let granted_options = granted.replace("Vary: Origin", ALL_THREE);
    says(
        listed(),
        "OPTIONS",
        &from_a,
        Outcome::Actual(Ok(())),
        &granted_options,
    );
    let only_headers = format!("{from_a}\nAccess-Control-Request-Headers: x-custom");
    says(
        listed(),
        "OPTIONS",
        &only_headers,
        Outcome::Actual(Ok(())),
        &granted_options,
    );
    let asks = preflight("PUT", "");
    says(listed(), "GET", &asks, Outcome::Actual(Ok(())), &granted);
    says(
        listed(),
        "Options",
        &asks,
        Outcome::Actual(Ok(())),
        &granted,
    );

    let with_credentials = granted.replace(
        "\nAccess-Control-Expose",
        "\nAccess-Control-Allow-Credentials: true\nAccess-Control-Expose",
    );
    says(
        credentialed(),
        "GET",
        &from_a,
        Outcome::Actual(Ok(())),
        &with_credentials,
    );
    let star = "Access-Control-Allow-Origin: *\nAccess-Control-Expose-Headers: *";
    says(any(), "GET", &from_a, Outcome::Actual(Ok(())), star);
}

/// What decides is the method in its case, and whether the two lines are there.
#[test]
fn a_preflight_is_options_with_an_origin_and_a_question() {
    let both = preflight("PUT", "x-custom");
    let (origin, question) = both.split_once('\n').unwrap();
    for (method, request, is_preflight) in [
        ("OPTIONS", both.as_str(), true),
        ("OPTIONS", &preflight("", ""), true),
        ("OPTIONS", &format!("{both}\n{both}"), true),
        ("OPTIONS", origin, false),
        ("OPTIONS", question, false),
        ("OPTIONS", "", false),
        ("options", &both, false),
        ("GET", &both, false),
    ] {
        let request = lines(request);
        let head = RequestHead::of_list(method.as_bytes(), &request);
        assert_eq!(head.is_preflight(), is_preflight, "{method} {request:?}");
        for config in [listed(), any(), PolicyConfig::default()] {
            let policy = policy(config);
            let outcome = policy.decide(&head).outcome();
            let decided = matches!(outcome, Outcome::Preflight(_));
            assert_eq!(decided, is_preflight, "{method} {request:?}");
        }
    }
}

/// By the rules no cache keeps an answer to OPTIONS.
#[test]
fn answers_to_options_do_not_vary_unless_that_is_asked_for() {
    let config = |cacheable_preflights, allow_private_network| PolicyConfig {
        cacheable_preflights,
        allow_private_network,
        block_disallowed: true,
        ..listed()
    };
    let network = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
                   Access-Control-Request-Private-Network";
    let evil = "Origin: https://evil.example";
    for (config, due) in [
        (config(false, false), None),
        (config(false, true), None),
        (config(true, false), ALL_THREE.strip_prefix("Vary: ")),
        (config(true, true), Some(network)),
    ] {
        let policy = policy(config);
        for request in [
            "",
            evil,
            &format!("{evil}\n{evil}"),
            &preflight("PUT", "x-custom"),
            &preflight("PATCH", ""),
            &preflight("PUT", "").replace(A, "https://evil.example"),
        ] {
            let request = lines(request);
            let vary = policy
                .decide(&RequestHead::of_list(b"OPTIONS", &request))
                .vary();
            assert_eq!(vary.due([]), due, "{request:?}");
            let value = vary.value();
            assert_eq!(value.as_ref().map(|it| it.to_str().unwrap()), due);
            let vary = policy
                .decide(&RequestHead::of_list(b"GET", &request))
                .vary();
            assert_eq!(vary.due([]), Some("Origin"), "{request:?}");
        }
    }
    let policy = policy(config(true, true));
    let request = HeaderList::new();
    let vary = policy
        .decide(&RequestHead::of_list(b"OPTIONS", &request))
        .vary();
    let names: Vec<_> = network.split(", ").collect();
    for bits in 0..16 {
        let (said, due): (Vec<_>, Vec<_>) = (0..4).partition(|place| bits >> place & 1 == 1);
        let of = |places: Vec<usize>| {
            let names: Vec<_> = places.into_iter().map(|place| names[place]).collect();
            names.join(", ")
        };
        let said = of(said);
        let due = Some(of(due)).filter(|due| !due.is_empty());
        assert_eq!(vary.due([said.as_bytes()]), due.as_deref(), "{said}");
    }
}

#[test]
fn private_networks_are_granted_with_the_preflight_that_asks() {
    let asks = "\nAccess-Control-Request-Private-Network: true";
    let grants = "Access-Control-Allow-Private-Network";
    let said = |config: &PolicyConfig, method: &str, request: String| {
        let policy = policy(config.clone());
        let request = lines(&request);
        let mut response = HeaderList::new();
        let head = RequestHead::of_list(method.as_bytes(), &request);
        policy.decide(&head).apply(&request, &mut response);
        response.get(grants).map(|value| value.into_owned())
    };
    let config = PolicyConfig {
        allow_private_network: true,
        ..listed()
    };
    let put = preflight("PUT", "");
    let granted = said(&config, "OPTIONS", put.clone() + asks);
    assert_eq!(granted.as_deref(), Some(&b"true"[..]));
    for (method, request) in [
        ("OPTIONS", put.clone()),
        ("OPTIONS", put.clone() + asks + asks),
        ("OPTIONS", put.clone() + &asks.replace("true", "TRUE")),
        ("OPTIONS", preflight("PATCH", "") + asks),
        ("OPTIONS", preflight("PUT", "x-other") + asks),
        ("OPTIONS", format!("Origin: {A}{asks}")),
        ("PUT", put.clone() + asks),
    ] {
        assert_eq!(said(&config, method, request.clone()), None, "{request}");
    }
    let evil = put.replace(A, "https://evil.example") + asks;
    assert_eq!(said(&config, "OPTIONS", evil), None);
    assert_eq!(said(&listed(), "OPTIONS", put + asks), None);
}

#[test]
fn origins_are_bytes() {
    for origin in [A, "http://[::1]:3000", "moz-extension://0a1b-2c"] {
        let request = format!("Origin: {origin}");
        let response = format!("Access-Control-Allow-Origin: {origin}\nVary: Origin");
        let config = PolicyConfig {
            expose_headers: Listing::default(),
            ..listed()
        };
        says(config, "GET", &request, Outcome::Actual(Ok(())), &response);
    }
    for origin in [
        "",
        "null",
        "*",
        "https://A.example",
        "http://a.example",
        "https://a.example/",
        "https://a.example:443",
        "https://a.example.evil",
        "https://x.a.example",
        "https://a.exampl",
        "https://a.example https://a.example",
        "https://a.example, https://a.example",
    ] {
        let refusal = Refusal::OriginNotAllowed(origin.as_bytes());
        let request = format!("Origin: {origin}");
        says(
            listed(),
            "GET",
            &request,
            Outcome::Actual(Err(refusal)),
            "Vary: Origin",
        );
        let request = format!("{request}\nAccess-Control-Request-Method: PUT");
        says(listed(), "OPTIONS", &request, refused(refusal), ALL_THREE);
        // Every origin is every origin, even a nonsensical one: nothing of it is echoed.
        let star = "Access-Control-Allow-Origin: *\nAccess-Control-Expose-Headers: *";
        says(
            any(),
            "GET",
            &format!("Origin: {origin}"),
            Outcome::Actual(Ok(())),
            star,
        );
    }
}

#[test]
fn several_origins_are_nobody() {
    let twice = format!("Origin: {A}\nOrigin: {A}");
    let outcome = Outcome::Actual(Err(Refusal::SeveralOrigins));
    for config in [listed(), any()] {
        says(config.clone(), "GET", &twice, outcome, "Vary: Origin");
        says(config.clone(), "OPTIONS", &twice, outcome, ALL_THREE);
        let asks = format!("{twice}\nAccess-Control-Request-Method: PUT");
        says(
            config,
            "OPTIONS",
            &asks,
            refused(Refusal::SeveralOrigins),
            ALL_THREE,
        );
    }
}

#[test]
fn preflights_are_told_what_they_asked() {
    let granted = |allow: &str| {
        format!(
            "Access-Control-Allow-Origin: {A}\n{allow}\n\
             Access-Control-Max-Age: 600\n{ALL_THREE}"
        )
    };
    for (method, headers, allow) in [
        ("PUT", "", "Access-Control-Allow-Methods: PUT"),
        ("patch", "", "Access-Control-Allow-Methods: patch"),
        // Safelisted methods need no listing: upload listeners make browsers ask for them.
        ("GET", "", ""),
        ("HEAD", "", ""),
        ("POST", "", ""),
        ("POST", "x-custom", "Access-Control-Allow-Headers: x-custom"),
        (
            "DELETE",
            "content-type,x-custom",
            "Access-Control-Allow-Methods: DELETE\n\
             Access-Control-Allow-Headers: content-type,x-custom",
        ),
        // What only other clients and proxies write: case, disorder, repetition, space, lines.
        (
            "POST",
            "X-CUSTOM\t, content-type",
            "Access-Control-Allow-Headers: X-CUSTOM\t, content-type",
        ),
        (
            "POST",
            "x-custom,x-custom",
            "Access-Control-Allow-Headers: x-custom,x-custom",
        ),
        (
            "POST",
            "x-custom\ncontent-type",
            "Access-Control-Allow-Headers: x-custom\nAccess-Control-Allow-Headers: content-type",
        ),
        (
            "POST",
            ",, x-custom,",
            "Access-Control-Allow-Headers: ,, x-custom,",
        ),
        // Nothing asked, nothing told.
        ("POST", " ,\t,", ""),
    ] {
        says(
            listed(),
            "OPTIONS",
            &preflight(method, headers),
            GRANTED,
            &granted(allow),
        );
    }
}

#[test]
fn preflights_can_be_told_the_lists() {
    let granted = format!(
        "Access-Control-Allow-Origin: {A}\n\
         Access-Control-Allow-Credentials: true\n\
         Access-Control-Allow-Methods: PUT, DELETE, patch\n\
         Access-Control-Allow-Headers: X-Custom, Content-Type\n\
         Access-Control-Max-Age: 0\n{ALL_THREE}"
    );
    for (method, headers) in [("GET", ""), ("PUT", ""), ("POST", "x-custom")] {
        says(
            credentialed(),
            "OPTIONS",
            &preflight(method, headers),
            GRANTED,
            &granted,
        );
    }
    let nothing = PolicyConfig {
        allow_origins: [A].into(),
        preflights: Preflights::TellLists,
        cacheable_preflights: true,
        ..PolicyConfig::default()
    };
    let granted = format!("Access-Control-Allow-Origin: {A}\n{ALL_THREE}");
    says(
        nothing,
        "OPTIONS",
        &preflight("POST", ""),
        GRANTED,
        &granted,
    );
}

#[test]
fn preflights_are_refused_in_the_order_origin_method_headers() {
    for config in [listed(), credentialed()] {
        for (method, headers, refusal) in [
            ("PATCH", "", Refusal::MethodNotAllowed(b"PATCH")),
            ("put", "", Refusal::MethodNotAllowed(b"put")),
            ("get", "", Refusal::MethodNotAllowed(b"get")),
            ("", "", Refusal::MethodNotAllowed(b"")),
            ("PUT, DELETE", "", Refusal::MethodNotAllowed(b"PUT, DELETE")),
            ("\u{e9}", "", Refusal::MethodNotAllowed("\u{e9}".as_bytes())),
            ("PATCH", "x-other", Refusal::MethodNotAllowed(b"PATCH")),
            ("PUT", "x-other", Refusal::HeaderNotAllowed(b"x-other")),
            (
                "PUT",
                "content-type, x-other ,x-custom",
                Refusal::HeaderNotAllowed(b"x-other"),
            ),
            (
                "PUT",
                "x-custom\nx-other",
                Refusal::HeaderNotAllowed(b"x-other"),
            ),
            (
                "PUT",
                "x-custom content-type",
                Refusal::HeaderNotAllowed(b"x-custom content-type"),
            ),
            ("PUT", "x-custo", Refusal::HeaderNotAllowed(b"x-custo")),
            ("PUT", "x-customs", Refusal::HeaderNotAllowed(b"x-customs")),
            (
                "PUT",
                "x-custom\x0b",
                Refusal::HeaderNotAllowed(b"x-custom\x0b"),
            ),
            // Safelisted names have no grant of their own: they are asked for when unsafe.
            ("PUT", "accept", Refusal::HeaderNotAllowed(b"accept")),
            ("PUT", "*", Refusal::HeaderNotAllowed(b"*")),
        ] {
            says(
                config.clone(),
                "OPTIONS",
                &preflight(method, headers),
                refused(refusal),
                ALL_THREE,
            );
        }
        let twice = preflight("PUT", "x-other") + "\nAccess-Control-Request-Method: PUT";
        says(
            config,
            "OPTIONS",
            &twice,
            refused(Refusal::SeveralMethods),
            ALL_THREE,
        );
    }
}

#[test]
fn wildcards() {
    let granted = |headers: &str| {
        format!(
            "Access-Control-Allow-Origin: *\n\
             Access-Control-Allow-Methods: *\n\
             Access-Control-Allow-Headers: {headers}\n{ALL_THREE}"
        )
    };
    let authorization = || PolicyConfig {
        allow_headers: AllowHeaders::AnyAndAuthorization,
        ..any()
    };
    for (method, headers) in [
        ("GET", ""),
        ("patch", "x-other"),
        ("PUT", "accept, Content-Type"),
    ] {
        let request = preflight(method, headers);
        says(any(), "OPTIONS", &request, GRANTED, &granted("*"));
        says(
            authorization(),
            "OPTIONS",
            &request,
            GRANTED,
            &granted("*, Authorization"),
        );
    }
    // `*` does not cover Authorization.
    let asks = preflight("PUT", "accept,AUTHORIZATION");
    let refusal = Refusal::HeaderNotAllowed(b"AUTHORIZATION");
    says(any(), "OPTIONS", &asks, refused(refusal), ALL_THREE);
    says(
        authorization(),
        "OPTIONS",
        &asks,
        GRANTED,
        &granted("*, Authorization"),
    );
    // Nor what is no method and no name.
    for (method, headers, refusal) in [
        ("GET, PUT", "", Refusal::MethodNotAllowed(b"GET, PUT")),
        ("", "", Refusal::MethodNotAllowed(b"")),
        ("PUT", "a b", Refusal::HeaderNotAllowed(b"a b")),
    ] {
        for config in [any(), authorization()] {
            says(
                config,
                "OPTIONS",
                &preflight(method, headers),
                refused(refusal),
                ALL_THREE,
            );
        }
    }
}

#[test]
fn questions_longer_than_the_policy_are_not_read() {
    // x-custom and content-type with a comma and two spaces each, and 512 bytes to spare; the
    // line itself counts for one.
    let longest = (8 + 3) + (12 + 3) + 512 - 1;
    let fits = format!("x-custom{}", " ".repeat(longest - 8));
    let outcome = |config, headers: &str| {
        let request = lines(&preflight("PUT", headers));
        let policy = policy(config);
        let decision = policy.decide(&RequestHead::of_list(b"OPTIONS", &request));
        match decision.outcome() {
            Outcome::Preflight(Err(Refusal::HeadersTooLong)) => Some("too long"),
            Outcome::Preflight(Err(_)) => Some("not allowed"),
            Outcome::Preflight(Ok(())) => None,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(outcome(listed(), &fits), None);
    assert_eq!(outcome(listed(), &(fits.clone() + ",")), Some("too long"));
    assert_eq!(outcome(listed(), &(fits + "\nx-custom")), Some("too long"));
    // Lines cost, even empty ones: here the spaces are trimmed to nothing.
    assert_eq!(outcome(listed(), &" \n".repeat(longest.div_ceil(2))), None);
    assert_eq!(outcome(listed(), &" \n".repeat(longest)), Some("too long"));
    assert_eq!(outcome(listed(), &"a,".repeat(1 << 15)), Some("too long"));
    let small = PolicyConfig {
        allow_origins: [A].into(),
        ..PolicyConfig::default()
    };
    // What is short enough is read, so that the refusal names the header.
    assert_eq!(outcome(small, "x-other"), Some("not allowed"));
    assert_eq!(outcome(any(), &"a".repeat(4095)), None);
    assert_eq!(outcome(any(), &"a".repeat(4096)), Some("too long"));
}

#[test]
fn what_a_handler_says_of_cors_is_replaced() {
    let handler = "access-control-allow-origin: *\nContent-Type: text/plain\n\
        Access-Control-Allow-Credentials: true\nAccess-Control-Allow-Methods: *\n\
        Access-Control-Allow-Headers: *\nAccess-Control-Max-Age: 9\n\
        Access-Control-Expose-Headers: *\nVary: Accept";
    let kept = "Content-Type: text/plain\nVary: Accept";
    let request = "Origin: https://evil.example";
    let outcome = Outcome::Actual(Err(Refusal::OriginNotAllowed(b"https://evil.example")));
    let response = format!("{kept}\nVary: Origin");
    says_into(handler, listed(), "GET", request, outcome, &response);
    says_into(
        handler,
        PolicyConfig::default(),
        "GET",
        request,
        outcome,
        kept,
    );
    let response =
        format!("{kept}\nAccess-Control-Allow-Origin: *\nAccess-Control-Expose-Headers: *");
    says_into(
        handler,
        any(),
        "GET",
        request,
        Outcome::Actual(Ok(())),
        &response,
    );
}

#[test]
fn vary_is_added_once_and_never_joined() {
    let vary = |config, method: &str| {
        policy(config)
            .decide(&RequestHead::of_list(method.as_bytes(), &HeaderList::new()))
            .vary()
    };
    let origin = vary(listed(), "GET");
    assert_eq!(origin.due([]), Some("Origin"));
    assert_eq!(
        origin.due([&b"Origins"[..], b"X-Origin, Accept"]),
        Some("Origin")
    );
    for existing in ["origin", "Accept ,\tORIGIN", "*", "Accept, *"] {
        assert_eq!(
            origin.due([&b"Accept"[..], existing.as_bytes()]),
            None,
            "{existing}"
        );
    }
    let (o, m, h) = (
        "Origin",
        "access-control-request-method",
        "Access-Control-Request-Headers",
    );
    let preflight = vary(any(), "OPTIONS");
    for (existing, due) in [
        (
            vec![],
            Some("Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
        ),
        (
            vec![o],
            Some("Access-Control-Request-Method, Access-Control-Request-Headers"),
        ),
        (vec![m], Some("Origin, Access-Control-Request-Headers")),
        (vec![h], Some("Origin, Access-Control-Request-Method")),
        (vec![o, m], Some("Access-Control-Request-Headers")),
        (vec![h, o], Some("Access-Control-Request-Method")),
        (vec![m, h], Some("Origin")),
        (vec![m, o, h], None),
        (vec!["*"], None),
    ] {
        assert_eq!(
            preflight.due(existing.iter().map(|line| line.as_bytes())),
            due
        );
    }
    assert_eq!(vary(any(), "GET").due([]), None);
}

#[test]
fn a_head_can_be_any_header_map() {
    let mut headers = http::HeaderMap::new();
    headers.append("origin", A.parse().unwrap());
    let policy = policy(listed());
    let outcome = |headers: &http::HeaderMap| {
        let head = RequestHead::new(b"GET", |name| {
            headers
                .get_all(name)
                .iter()
                .map(http::HeaderValue::as_bytes)
        });
        format!("{:?}", policy.decide(&head).outcome())
    };
    assert_eq!(outcome(&headers), "Actual(Ok(()))");
    headers.append("origin", A.parse().unwrap());
    assert_eq!(outcome(&headers), "Actual(Err(SeveralOrigins))");
}

#[test]
fn refusals_in_words() {
    for (refusal, text) in [
        (
            Refusal::SeveralOrigins,
            "the request has more than one Origin",
        ),
        (
            Refusal::OriginNotAllowed(b"null"),
            "the policy never lists \"null\"",
        ),
        (
            Refusal::OriginNotAllowed(b"https://a.example"),
            "the policy does not list \"https://a.example\"",
        ),
        (
            Refusal::OriginNotAllowed(b"https://a.example/\n"),
            "\"https://a.example/\\n\" is no origin of a browser: \
             an origin ends after its host or port, without a slash",
        ),
        (
            Refusal::SeveralMethods,
            "the preflight has more than one Access-Control-Request-Method",
        ),
        (
            Refusal::MethodNotAllowed(b"PUT"),
            "the policy does not list the method \"PUT\"",
        ),
        (
            Refusal::HeadersTooLong,
            "the preflight asks for more headers than the policy lists",
        ),
        (
            Refusal::HeaderNotAllowed(b"x-\"\r"),
            "the policy does not list the request header \"x-\\\"\\r\"",
        ),
    ] {
        assert_eq!(refusal.to_string(), text);
    }
}
