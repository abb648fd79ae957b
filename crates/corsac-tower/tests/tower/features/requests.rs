//! What a request is, and whose origin is allowed: features 1 to 12.

use super::*;

/// One function says so, and the layer answers by it: OPTIONS, Origin, Access-Control-Request-Method.
#[test]
fn what_a_preflight_is() {
    let service = CorsLayer::new(policy()).layer(answering(299, &[]));
    for method in ["OPTIONS", "options", "GET", "PUT"] {
        for lines in [
            &[][..],
            &[ORIGIN],
            &[STRANGER],
            &[PUT],
            &[ORIGIN, PUT],
            &[STRANGER, PUT],
        ] {
            let asked = request(method, lines);
            let values = |name: &HeaderName| asked.headers().get_all(name).iter();
            let head = RequestHead::new(method.as_bytes(), |name| {
                values(name).map(HeaderValue::as_bytes)
            });
            let is_preflight = head.is_preflight();
            assert_eq!(is_preflight, method == "OPTIONS" && lines.len() == 2);
            let response = call(service.clone(), asked).unwrap();
            assert_eq!(response.status() != 299, is_preflight, "{method} {lines:?}");
        }
    }
}

#[test]
fn plain_options_reaches_the_service() {
    for asked in [&[][..], &[ORIGIN], &[STRANGER], &[PUT]] {
        let response = answer(policy().config(), "OPTIONS", asked);
        assert_eq!(response.body(), "from the service");
    }
}

#[test]
fn preflights_pass_on_trial() {
    let on_trial = PolicyConfig {
        mode: Mode::ReportOnly,
        ..policy().to_config()
    };
    let response = answer(&on_trial, "OPTIONS", &[STRANGER, PUT]);
    assert_eq!(head(&response), (200, vec![]));
    assert_eq!(response.body(), "from the service");
}

#[test]
fn several_origins_are_malformed() {
    for config in [policy().to_config(), anybody()] {
        for second in [ORIGIN, STRANGER] {
            let response = answer(&config, "GET", &[ORIGIN, second]);
            assert!(!response.headers().contains_key(ALLOW_ORIGIN));
            assert_eq!(preflight(&config, &[ORIGIN, second, PUT]).0, 403);
        }
    }
}

/// One look-up, whatever the number of origins: nothing is parsed, folded or allocated.
#[test]
fn exact_origins_match_by_bytes() {
    let tenants = (0..10_000).map(|tenant| format!("https://tenant-{tenant}.example"));
    let config = PolicyConfig {
        allow_origins: tenants.collect(),
        ..PolicyConfig::default()
    };
    opens(
        &config,
        &["https://tenant-0.example", "https://tenant-9999.example"],
    );
    closes(
        &config,
        &[
            "https://tenant-10000.example",
            "https://Tenant-0.example",
            "https://tenant-0.example:443",
            "https://tenant-0.example/",
            "https://tenant-0.exampl",
            "https://tenant-0.examplee",
        ],
    );
    let policy = built(config);
    let count = allocation_counter::measure(|| {
        assert!(policy.origins().allows(b"https://tenant-9999.example"));
        assert!(!policy.origins().allows(b"https://tenant-9999.example:444"));
    });
    assert_eq!(count.count_total, 0);
}

#[test]
fn wildcards_end_where_labels_end() {
    let any_depth = listing(["https://*.a.example"]);
    opens(
        &any_depth,
        &["https://x.a.example", "https://x.y.a.example"],
    );
    closes(
        &any_depth,
        &[
            "https://a.example",
            "https://xa.example",
            "https://x.a.example.evil",
            "http://x.a.example",
        ],
    );
    let one_label = listing([OriginPattern {
        depth: Depth::One,
        ..OriginPattern::from("https://*.a.example")
    }]);
    opens(&one_label, &["https://x.a.example"]);
    closes(&one_label, &["https://x.y.a.example", "https://a.example"]);
    let in_label = listing(["https://app-*-team.a.example"]);
    opens(&in_label, &["https://app-7-team.a.example"]);
    closes(
        &in_label,
        &[
            "https://app-7.x-team.a.example",
            "https://app-7-team.b.example",
        ],
    );
}

#[test]
fn wildcards_for_ports_and_sets_of_ports() {
    let any = listing(["http://localhost:*"]);
    opens(
        &any,
        &[
            "http://localhost",
            "http://localhost:1",
            "http://localhost:65535",
        ],
    );
    closes(
        &any,
        &[
            "http://localhost:00",
            "http://localhost:080",
            "http://localhost:65536",
        ],
    );
    let set = listing([OriginPattern {
        ports: Ports::OneOf(vec![80, 8080]),
        ..OriginPattern::from("http://a.example")
    }]);
    opens(&set, &["http://a.example", "http://a.example:8080"]);
    closes(
        &set,
        &[
            "http://a.example:80",
            "http://a.example:8081",
            "https://a.example:8080",
        ],
    );
}

/// Firefox's extensions have a UUID for a host, which may begin with a digit.
#[test]
fn schemes_of_apps_and_extensions() {
    let origins = [
        "tauri://localhost",
        "capacitor://localhost",
        "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
        "moz-extension://0a1b2c3d-9e8f-4d5c-8b7a-0123456789ab",
    ];
    let config = PolicyConfig {
        allow_credentials: true,
        ..listing(origins)
    };
    opens(&config, &origins);
    closes(
        &config,
        &[
            "tauri://localhost.evil",
            "moz-extension://1a1b2c3d-9e8f-4d5c-8b7a-0123456789ab",
        ],
    );
}

#[test]
fn null_is_nobody_unless_it_is_dangerously_somebody() {
    let prohibited = |with_credentials| {
        let kind = Prohibited::NullOrigin { with_credentials };
        [(Field::AllowOrigins, MistakeKind::Prohibited(kind))]
    };
    assert_eq!(mistakes(listing(["null"])), prohibited(false));
    let config = PolicyConfig {
        dangerously_allow_null: true,
        ..listing(["null"])
    };
    opens(&config, &["null"]);
    let with_credentials = PolicyConfig {
        allow_credentials: true,
        ..config
    };
    assert_eq!(mistakes(with_credentials), prohibited(true));
}

#[test]
fn what_is_no_origin_matches_no_pattern() {
    let config = PolicyConfig {
        allow_credentials: true,
        ..listing(["https://*.a.example", "https://b.example:*"])
    };
    closes(
        &config,
        &[
            "https://evil.com/.a.example",
            "https://evil.com#.a.example",
            "https://evil.com?.a.example",
            "https://me@x.a.example",
            "https://X.a.example",
            "https://x..a.example",
            "https://x.a.example:443",
            "https://b.example:",
            "https://b.example:08",
            "https://b.example:99999",
            " https://x.a.example,",
        ],
    );
}

/// It is asked only about what is an origin, and what it depends on is known: the Origin.
#[test]
fn code_may_decide_on_origins() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let config = PolicyConfig {
        origin_predicate: Some(OriginPredicate::new(move |origin| {
            log.lock().unwrap().push(origin.to_owned());
            origin.ends_with(".a.example")
        })),
        ..listing(["https://listed.example"])
    };
    opens(&config, &["https://x.a.example", "https://listed.example"]);
    closes(
        &config,
        &["https://evil/.a.example", "https://x.b.example", "null"],
    );
    assert_eq!(
        *seen.lock().unwrap(),
        ["https://x.a.example", "https://x.b.example"]
    );
    assert_eq!(vary(&answer(&config, "GET", &[])), ["Origin"]);
}

/// The core never waits: it says which origin is in question, and takes the verdict.
#[test]
fn code_may_take_its_time_to_decide_on_origins() {
    let policy = built(listing(["https://listed.example"]));
    for (origin, in_question) in [
        ("https://other.example", Some("https://other.example")),
        ("https://listed.example", None),
        ("https://other.example/", None),
        ("null", None),
    ] {
        let head = RequestHead::new(b"GET", |name| {
            let line = (*name == http::header::ORIGIN).then_some(origin.as_bytes());
            line.into_iter()
        });
        assert_eq!(policy.origin_in_question(&head), in_question);
        let decision = policy.decide_with(&head, true);
        let is_granted = decision.outcome() == Outcome::Actual(Ok(()));
        assert_eq!(
            is_granted,
            in_question.is_some() || origin == "https://listed.example"
        );
        assert_eq!(decision.vary().due([]), Some("Origin"));
        let refused = policy.decide_with(&head, false).outcome();
        assert_eq!(refused, policy.decide(&head).outcome());
    }
}
