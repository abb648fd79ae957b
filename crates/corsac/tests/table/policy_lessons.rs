//! The vulnerabilities of others, each by its name: none of them is possible here.

use corsac::{
    header::HeaderList,
    policy::{
        AllowHeaders, Field, Listing, MistakeKind, OriginFault, OriginPattern, OriginPredicate,
        Outcome, Policy, PolicyConfig, Prohibited, Refusal, RequestHead,
    },
};

fn of(entries: &[&str]) -> PolicyConfig {
    PolicyConfig {
        allow_origins: entries.iter().copied().collect(),
        ..PolicyConfig::default()
    }
}

#[track_caller]
fn the_mistake(config: PolicyConfig) -> MistakeKind {
    let errors = Policy::new(config).unwrap_err();
    assert_eq!(errors.mistakes().len(), 1, "{errors}");
    errors.mistakes()[0].kind.clone()
}

#[track_caller]
fn never_matches(entry: &str, expected: OriginFault) {
    let MistakeKind::Invalid(corsac::policy::Invalid::Origin { fault, .. }) =
        the_mistake(of(&[entry]))
    else {
        panic!("{entry}");
    };
    assert_eq!(fault, expected, "{entry}");
}

#[test]
fn ghsa_vhxv_fg4m_p2w8() {
    let policy = Policy::new(of(&["https://foo.com", "https://bar.com"])).unwrap();
    assert!(!policy.origins().allows(b"https://barfoo.com"));
    let policy = Policy::new(of(&["https://*.foo.com", "https://bar.com"])).unwrap();
    for origin in [
        "https://barfoo.com",
        "https://x.barfoo.com",
        "https://foo.com",
        "https://x.bar.com",
    ] {
        assert!(!policy.origins().allows(origin.as_bytes()), "{origin}");
    }
}

/// Splitting a million commas took 121 MB: here the answer is the length's.
#[test]
fn go_2024_2883() {
    let policy = Policy::new(of(&["https://a.example"])).unwrap();
    for flood in [
        ",".repeat(1 << 20),
        " ,".repeat(1 << 19),
        "a,".repeat(1 << 19),
    ] {
        let request = HeaderList::from([
            ("Origin", "https://a.example"),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", &*flood),
        ]);
        let head = RequestHead::of_list(b"OPTIONS", &request);
        let outcome = Outcome::Preflight(Err(Refusal::HeadersTooLong));
        assert_eq!(policy.decide(&head).outcome(), outcome);
    }
}

/// And CVE-2024-25124, CVE-2026-54290: every origin with credentials, by whatever way.
#[test]
fn cve_2018_20744() {
    let kind = the_mistake(PolicyConfig {
        allow_origins: Listing::Any,
        allow_credentials: true,
        ..PolicyConfig::default()
    });
    assert_eq!(
        kind,
        MistakeKind::Prohibited(Prohibited::AnyOriginWithCredentials)
    );
    // What denotes the same by another spelling.
    for entry in [
        "h*",
        "https*",
        "*://a.example",
        "https://*",
        "https://*:*",
        "*",
    ] {
        assert!(Policy::new(of(&[entry])).is_err(), "{entry}");
    }
}

#[test]
fn cve_2019_25211() {
    never_matches("https://example.com/*", OriginFault::Path);
    never_matches("https://example.com/", OriginFault::Path);
}

/// And CVE-2026-37737: a dot is a dot, and an origin has two ends.
#[test]
fn cve_2022_1996() {
    let policy = Policy::new(of(&["https://a.example"])).unwrap();
    for origin in [
        "https://axexample",
        "https://a.example.evil.com",
        "https://evil.com/https://a.example",
    ] {
        assert!(!policy.origins().allows(origin.as_bytes()), "{origin}");
    }
    assert!(Policy::new(of(&["https://.*\\.example"])).is_err());
}

/// What flask-cors wrote into its log: a line break is escaped.
#[test]
fn cve_2024_1681() {
    let request = HeaderList::from([("Origin", "https://a.example\r\nforged")]);
    let explanation = Policy::default().explain(&RequestHead::of_list(b"GET", &request));
    let text = explanation.to_string();
    assert!(text.contains("\\r\\n") && !text.contains('\n'), "{text}");
    let path = Refusal::NoPolicy(b"/a\nb").to_string();
    assert!(!path.contains('\n'), "{path}");
}

/// And GHSA-67mh-4wv8-2f99, CVE-2025-24010: no default that allows an origin.
#[test]
fn cve_2020_28481() {
    assert!(!Policy::default().origins().allows(b"https://a.example"));
    assert!(
        !Policy::new(PolicyConfig::default())
            .unwrap()
            .origins()
            .allows(b"http://localhost")
    );
}

/// go-safeweb echoed `GET, DELETE` as a list.
#[test]
fn google_go_safeweb_372() {
    let policy = Policy::new(PolicyConfig {
        allow_methods: Listing::Any,
        ..of(&["https://a.example"])
    })
    .unwrap();
    let request = HeaderList::from([
        ("Origin", "https://a.example"),
        ("Access-Control-Request-Method", "GET, DELETE"),
    ]);
    let decision = policy.decide(&RequestHead::of_list(b"OPTIONS", &request));
    let refusal = Refusal::MethodNotAllowed(b"GET, DELETE");
    assert_eq!(decision.outcome(), Outcome::Preflight(Err(refusal)));
}

/// `null` is no `file://`, and nobody gets credentials by it.
#[test]
fn rack_cors_134() {
    never_matches("file://", OriginFault::File);
    let null = |dangerously_allow_null, allow_credentials| PolicyConfig {
        dangerously_allow_null,
        allow_credentials,
        ..of(&["null"])
    };
    assert!(Policy::new(null(false, false)).is_err());
    let with_credentials = true;
    let prohibited = Prohibited::NullOrigin { with_credentials };
    assert_eq!(
        the_mistake(null(true, true)),
        MistakeKind::Prohibited(prohibited)
    );
    let policy = Policy::new(null(true, false)).unwrap();
    assert!(policy.origins().allows(b"null") && !policy.origins().allows(b"file://"));
}

/// actor-ts#1516: a predicate that says yes to everything still echoes no line break.
#[test]
fn predicates_see_origins_only() {
    let policy = Policy::new(PolicyConfig {
        origin_predicate: Some(OriginPredicate::new(|_| true)),
        ..PolicyConfig::default()
    })
    .unwrap();
    assert!(policy.origins().allows(b"https://a.example:8443"));
    for origin in [
        "null",
        "",
        "https://a.example/",
        "https://a.example\r\nX: y",
        "https://A.example",
        "https://evil.com/.a.com",
    ] {
        assert!(!policy.origins().allows(origin.as_bytes()), "{origin}");
        let request = HeaderList::from([("Origin", origin)]);
        let head = RequestHead::of_list(b"GET", &request);
        assert_eq!(Policy::default().origin_in_question(&head), None);
        let outcome = Policy::default().decide_with(&head, true).outcome();
        assert!(matches!(outcome, Outcome::Actual(Err(_))), "{origin}");
    }
    let request = HeaderList::from([("Origin", "https://a.example")]);
    let head = RequestHead::of_list(b"GET", &request);
    assert_eq!(
        Policy::default().origin_in_question(&head),
        Some("https://a.example")
    );
    let nobody = Policy::default();
    let decision = nobody.decide_with(&head, true);
    assert_eq!(decision.outcome(), Outcome::Actual(Ok(())));
    assert_eq!(
        Policy::default().decide_with(&head, false).vary().due([]),
        Some("Origin")
    );
}

/// What attackers on the wire, or anybody with a name under a public suffix, would have of
/// credentials.
#[test]
fn credentials_need_encryption_and_a_name_of_ones_own() {
    let with = |entry: &str| PolicyConfig {
        allow_credentials: true,
        ..of(&[entry])
    };
    for entry in [
        "http://a.example",
        "http://*.a.b",
        "http://a.example:*",
        "ws://a.example",
    ] {
        let kind = the_mistake(with(entry));
        let value = entry.to_owned();
        assert_eq!(
            kind,
            MistakeKind::Prohibited(Prohibited::InsecureWithCredentials { value })
        );
        let config = PolicyConfig {
            dangerously_allow_insecure_origins: true,
            ..with(entry)
        };
        assert!(Policy::new(config).is_ok());
    }
    for entry in [
        "http://localhost",
        "http://127.0.0.1:*",
        "http://[::1]",
        "http://*.localhost",
        "tauri://localhost",
    ] {
        assert!(Policy::new(with(entry)).is_ok(), "{entry}");
    }
    for (entry, suffix) in [
        ("https://*.com", "com"),
        ("https://*.co.uk", "co.uk"),
        ("https://*.github.io", "github.io"),
        ("https://app-*-team.vercel.app", "vercel.app"),
    ] {
        let (value, suffix) = (entry.to_owned(), suffix.to_owned());
        let prohibited = Prohibited::PublicSuffixWithCredentials { value, suffix };
        assert_eq!(
            the_mistake(with(entry)),
            MistakeKind::Prohibited(prohibited)
        );
        let config = PolicyConfig {
            dangerously_allow_public_suffixes: true,
            ..with(entry)
        };
        assert!(Policy::new(config).is_ok());
        assert!(Policy::new(of(&[entry])).is_ok_and(|policy| !policy.lints().is_empty()));
    }
    assert!(Policy::new(with("https://*.me.github.io")).is_ok());
}

#[test]
fn patterns_that_mean_nothing() {
    for entry in [
        "https://**.a.example",
        "https://a.*.example",
        "https://*",
        "https://*.*.a.example",
    ] {
        never_matches(entry, OriginFault::Pattern);
    }
    // Whatever stands before it, a host that ends in a number is an address.
    never_matches("https://*.1.2.3", OriginFault::Spelling);
    let ports = |origin: &str, ports| PolicyConfig {
        allow_origins: [OriginPattern {
            ports,
            ..origin.into()
        }]
        .into(),
        ..PolicyConfig::default()
    };
    use corsac::policy::Ports;
    for config in [
        ports("https://a.example:1", Ports::Any),
        ports("https://a.example:*", Ports::OneOf(vec![1])),
        ports("https://a.example", Ports::OneOf(vec![])),
    ] {
        let errors = Policy::new(config).unwrap_err();
        assert!(
            errors
                .to_string()
                .contains("ports stand in the origin or beside it")
        );
        assert_eq!(errors.mistakes()[0].field, Field::AllowOrigins);
    }
    let long = format!("https://{}", "a.".repeat(127) + "aa");
    never_matches(&long, OriginFault::TooLong);
    assert!(
        Policy::new(PolicyConfig {
            allow_headers: AllowHeaders::Any,
            preflight_status: 302,
            refusal_status: 100,
            ..of(&[])
        })
        .is_err_and(|errors| errors.mistakes().len() == 2)
    );
}
