//! What a policy may be, and what becomes of it: features 29 to 41.

use super::*;

/// By `*` or by a list of it, and by a pattern that is as good as `*`.
#[test]
fn credentials_are_never_everybodys() {
    let with_credentials = |config| PolicyConfig {
        allow_credentials: true,
        ..config
    };
    let any = Prohibited::AnyOriginWithCredentials;
    assert_eq!(
        mistakes(with_credentials(anybody())),
        [(Field::AllowOrigins, MistakeKind::Prohibited(any))]
    );
    for entry in ["*", "https://*", "*://*", "https://*.com", "https://h*"] {
        mistakes(with_credentials(listing([entry])));
    }
    let insecure = listing(["http://a.example"]);
    assert_eq!(mistakes(with_credentials(insecure)).len(), 1);
}

#[test]
fn with_credentials_headers_are_exposed_by_name() {
    let config = PolicyConfig {
        expose_headers: Listing::Any,
        ..policy().to_config()
    };
    let wildcard = Prohibited::WildcardWithCredentials;
    assert_eq!(
        mistakes(config),
        [(Field::ExposeHeaders, MistakeKind::Prohibited(wildcard))]
    );
}

#[test]
fn a_max_age_is_at_most_a_day_and_can_be_none() {
    let aged = |max_age| PolicyConfig {
        max_age,
        ..policy().to_config()
    };
    let told = |max_age| {
        let response = answer(&aged(max_age), "OPTIONS", &[ORIGIN, PUT]);
        let value = response.headers().get("access-control-max-age");
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(told(MaxAge::Unset), None);
    assert_eq!(told(MaxAge::Disabled).unwrap(), "0");
    assert_eq!(told(MaxAge::Seconds(0)).unwrap(), "0");
    assert_eq!(told(MaxAge::Seconds(86_400)).unwrap(), "86400");
    let too_long = Prohibited::MaxAge { seconds: 86_401 };
    assert_eq!(
        mistakes(aged(MaxAge::Seconds(86_401))),
        [(Field::MaxAge, MistakeKind::Prohibited(too_long))]
    );
    let lints = |seconds| built(aged(MaxAge::Seconds(seconds))).lints();
    assert_eq!(lints(7200), []);
    assert_eq!(lints(7201)[0].kind, LintKind::MaxAgeBeyondChromium);
}

/// As values with the place in the list, and in a file with the place in the text.
#[test]
fn all_mistakes_are_told_at_once_each_with_its_place() {
    let errors = Policy::new(PolicyConfig {
        allow_methods: ["TRACE"].into(),
        allow_headers: ["X-A", "Cookie"].into(),
        max_age: MaxAge::Seconds(u32::MAX),
        ..listing(["https://a.example", "https://A.example"])
    })
    .unwrap_err();
    let places: Vec<_> = errors
        .mistakes()
        .iter()
        .map(|it| (it.field, it.entry))
        .collect();
    let expected = [
        (Field::AllowOrigins, Some(1)),
        (Field::AllowMethods, Some(0)),
        (Field::AllowHeaders, Some(1)),
        (Field::MaxAge, None),
    ];
    assert_eq!(places, expected);
    let report = corsac_config::parse(
        "corsac.toml",
        "version = 1\n[[policy]]\npaths = [\"/**\"]\nallow-origins = [\"https://a.example\",\n  \
         \"https://A.example\"]\nallow-methods = [\"TRACE\"]\nmax-age = 86401\n",
    )
    .unwrap_err();
    let findings = report.findings().iter();
    let places: Vec<_> = findings.map(|finding| report.place(finding)).collect();
    assert_eq!(places, [(5, 3), (6, 18), (7, 11)]);
}

/// Without a lock, and a request under way keeps the policy that it began with.
#[test]
fn the_policy_can_be_another_one_at_any_time() {
    let (layer, handle) = CorsLayer::reloadable(policy());
    let mut service = layer.layer(answering(200, &[]));
    let mut context = Context::from_waker(Waker::noop());
    assert!(matches!(
        service.poll_ready(&mut context),
        Poll::Ready(Ok(()))
    ));
    let under_way = service.call(request("GET", &[ORIGIN]));
    handle.set(Policy::default());
    let Poll::Ready(Ok(response)) = std::pin::pin!(under_way).poll(&mut context) else {
        panic!("it waits");
    };
    assert_eq!(response.headers()[ALLOW_ORIGIN], ORIGIN.1);
    let response = call(service, request("GET", &[ORIGIN])).unwrap();
    assert_eq!(head(&response), (200, vec![]));
}

#[test]
fn a_policy_says_what_it_was_made_of() {
    let config = PolicyConfig {
        max_age: MaxAge::Disabled,
        cacheable_preflights: true,
        ..listing([
            "http://[::1]:3000",
            "https://*.a.example",
            "tauri://localhost",
        ])
    };
    let policy = built(config.clone());
    assert_eq!(*policy.config(), config);
    assert_eq!(built(policy.to_config()), policy);
    let paths = ["/**".to_owned()];
    let text = corsac_config::to_toml([(&paths[..], &config)]).unwrap();
    let read = corsac_config::parse("corsac.toml", &text).unwrap();
    assert_eq!(read.written().next(), Some((&paths[..], &config)));
}

#[test]
fn files_are_toml_or_json_and_hold_what_is_known() {
    let toml =
        "version = 1\n[[policy]]\npaths = [\"/**\"]\nallow-origins = [\"https://a.example\"]\n";
    let json =
        r#"{"version": 1, "policy": [{"paths": ["/**"], "allow-origins": ["https://a.example"]}]}"#;
    let read = |name: &str, text: &str| {
        let format = corsac_config::Format::of(name.as_ref());
        corsac_config::parse_as(format, name, text)
    };
    let (one, other) = (read("x.toml", toml).unwrap(), read("x.json", json).unwrap());
    assert!(one.written().eq(other.written()));
    for (name, text) in [("x.toml", toml), ("x.json", json)] {
        let unknown = text.replace("allow-origins", "allowed-origins");
        let report = read(name, &unknown).unwrap_err().to_string();
        assert!(report.contains("did you mean `allow-origins`?"), "{report}");
    }
}

#[test]
fn a_path_has_one_policy_or_none() {
    let map = |paths: [&str; 2]| {
        PolicyMap::new(vec![
            (vec![paths[0].to_owned()], built(anybody())),
            (vec![paths[1].to_owned()], policy()),
        ])
    };
    assert!(map(["/a/*", "/a/*"]).is_err());
    let service = CorsLayer::new(map(["/**", "/a/*"]).unwrap()).layer(answering(200, &[]));
    for (path, opens) in [
        ("/b", true),
        ("/a/x", false),
        ("/b/../a/x", false),
        ("/b%2Fx", false),
        ("/b//x", false),
        ("/b/%zz", false),
    ] {
        let mut asked = request("GET", &[STRANGER]);
        *asked.uri_mut() = path.parse().unwrap();
        let response = call(service.clone(), asked).unwrap();
        assert_eq!(
            response.headers().contains_key(ALLOW_ORIGIN),
            opens,
            "{path}"
        );
    }
}

/// As a value that names the entry, as a report for logs, and in the browser's own console.
#[test]
fn why_a_request_was_refused_can_be_learned() {
    let asked = [ORIGIN, ("access-control-request-method", "DELETE")];
    let headers: HeaderMap = request("OPTIONS", &asked).headers().clone();
    let policy = policy();
    let values = |name: &HeaderName| headers.get_all(name).iter();
    let head = RequestHead::new(b"OPTIONS", |name| values(name).map(HeaderValue::as_bytes));
    let explanation = policy.explain(&head);
    assert_eq!(
        explanation.to_string(),
        "preflight refused: the policy does not list the method \"DELETE\""
    );
    let decided_by = [(Field::AllowOrigins, Some(0)), (Field::AllowMethods, None)];
    assert_eq!(explanation.decided_by, decided_by);

    let codes = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&codes);
    let layer = CorsLayer::new(policy.clone()).report_to(move |report| {
        if let Report::Decided {
            outcome: Outcome::Preflight(Err(refusal)),
            ..
        } = report
        {
            log.lock().unwrap().push(refusal.code());
        }
    });
    let response = call(layer.layer(answering(200, &[])), request("OPTIONS", &asked));
    assert_eq!(response.unwrap().status(), 403);
    assert_eq!(*codes.lock().unwrap(), ["method-not-allowed"]);

    let debug = PolicyConfig {
        mode: Mode::Debug,
        ..policy.to_config()
    };
    let response = answer(&debug, "OPTIONS", &asked);
    // The browser goes on to the check that fails, and its console names the method.
    assert_eq!(response.status(), 204);
    assert_eq!(response.headers()["access-control-allow-methods"], "PUT");
}

#[test]
fn strangers_can_be_kept_from_the_service() {
    let blocking = PolicyConfig {
        block_disallowed: true,
        ..policy().to_config()
    };
    let response = answer(&blocking, "POST", &[STRANGER]);
    assert_eq!((response.status().as_u16(), &**response.body()), (403, ""));
    for asked in [&[][..], &[ORIGIN]] {
        assert_eq!(answer(&blocking, "POST", asked).body(), "from the service");
    }
    let response = answer(policy().config(), "POST", &[STRANGER]);
    assert_eq!(response.body(), "from the service");
}

/// Sec-Fetch-Site counts, and where there is none, Host.
#[test]
fn the_servers_own_pages_are_no_strangers() {
    let blocking = PolicyConfig {
        block_disallowed: true,
        ..policy().to_config()
    };
    let own = ("origin", "https://api.example");
    let host = ("host", "api.example");
    for (asked, passes) in [
        (&[own, host][..], true),
        (&[own, ("sec-fetch-site", "same-origin")], true),
        (&[own, ("sec-fetch-site", "none")], true),
        (&[own, host, ("sec-fetch-site", "cross-site")], false),
        (&[own, host, ("sec-fetch-site", "same-site")], false),
        (&[own, ("host", "other.example")], false),
        (&[own], false),
    ] {
        let response = answer(&blocking, "POST", asked);
        assert_eq!(response.status() == 200, passes, "{asked:?}");
        // To be let in is not to be granted: a page of one's own needs no grant.
        assert!(!response.headers().contains_key(ALLOW_ORIGIN));
    }
}

#[test]
fn private_networks_are_opened_by_those_who_ask_for_it() {
    let asks = ("access-control-request-private-network", "true");
    let grants = "access-control-allow-private-network";
    let mut config = policy().to_config();
    let says = |config: &PolicyConfig, method: &str, asked: Asked<'_>| {
        answer(config, method, asked).headers().contains_key(grants)
    };
    assert!(!says(&config, "OPTIONS", &[ORIGIN, PUT, asks]));
    config.allow_private_network = true;
    assert!(says(&config, "OPTIONS", &[ORIGIN, PUT, asks]));
    for (method, asked) in [
        ("OPTIONS", &[ORIGIN, PUT][..]),
        ("OPTIONS", &[ORIGIN, PUT, (asks.0, "1")]),
        ("OPTIONS", &[ORIGIN, PUT, asks, asks]),
        ("OPTIONS", &[STRANGER, PUT, asks]),
        (
            "OPTIONS",
            &[ORIGIN, ("access-control-request-method", "DELETE"), asks],
        ),
        ("OPTIONS", &[ORIGIN, asks]),
        ("PUT", &[ORIGIN, asks]),
    ] {
        assert!(!says(&config, method, asked), "{method} {asked:?}");
    }
    let lint = built(config).lints().pop().unwrap();
    assert_eq!(
        (lint.field, lint.kind),
        (Field::AllowPrivateNetwork, LintKind::PrivateNetwork)
    );
}

/// In the layer: what one growth of the response's header map costs, if that is full.
#[test]
fn a_decision_allocates_nothing() {
    let policy = policy();
    let layer = CorsLayer::new(policy.clone());
    let growth = allocation_counter::measure(|| {
        let value = HeaderValue::from_static("Origin");
        drop(HeaderMap::from_iter([(http::header::VARY, value)]));
    });
    for (method, lines, growth) in [
        ("GET", &[][..], growth.count_total),
        ("GET", &[ORIGIN], growth.count_total),
        ("GET", &[STRANGER], growth.count_total),
        ("OPTIONS", &[ORIGIN, PUT, (ASKED_NAMES, "x-custom")], 0),
    ] {
        let asked = request(method, lines);
        // The values of a test's request, and the policy's own, become shared when they are first
        // cloned. A server's request comes with shared values.
        let _others = asked.headers().clone();
        let values = |name: &HeaderName| asked.headers().get_all(name).iter();
        let head = RequestHead::new(method.as_bytes(), |name| {
            values(name).map(HeaderValue::as_bytes)
        });
        let count = allocation_counter::measure(|| {
            let decision = policy.decide(&head);
            assert!(decision.ops().count() + usize::from(decision.vary().due([]).is_some()) > 0);
        });
        assert_eq!(count.count_total, 0, "{method} {lines:?}");
        let bare = service_fn(|_| std::future::ready(Ok::<_, ()>(Response::new(()))));
        let mut service = layer.layer(bare);
        call(service.clone(), asked.clone()).unwrap();
        let mut answered = None;
        let count = allocation_counter::measure(|| answered = Some(call(&mut service, asked)));
        assert!(answered.unwrap().is_ok());
        assert!(count.count_total <= growth, "{method} {lines:?}: {count:?}");
    }
}
