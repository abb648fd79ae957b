//! The vulnerabilities of others, each by the name that it has in the world: a request over HTTP,
//! and an answer that does not repeat them.

use std::sync::{
    Arc, Barrier, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use corsac_tower::{
    CorsLayer, Report,
    policy::{Listing, Mode, Outcome, Policy, PolicyConfig, PolicyMap, Preflights},
};
use http::{HeaderMap, HeaderValue, Request, Response, header};
use tower::{Layer, service_fn};

use crate::{
    ORIGIN, PUT, STRANGER, answering, built, call, head, listing, policy, request,
    unreachable_service,
};

/// What an allowed origin gets, and a bystander's.
const ALLOW_ORIGIN: &str = "access-control-allow-origin";

/// Whether a policy opens a response to an origin, be it a simple request's or a preflight's.
#[track_caller]
fn opens(policy: &Policy, origin: &str) -> bool {
    let service = CorsLayer::new(policy.clone()).layer(answering(200, &[]));
    let from = ("origin", origin);
    let get = ("access-control-request-method", "GET");
    let says = |asked| {
        let response = call(service.clone(), asked).unwrap();
        let (_, lines) = head(&response);
        let said = lines.iter().any(|(name, _)| *name == ALLOW_ORIGIN);
        // Whatever opens it opens it to this origin, and credentials never come alone.
        assert_eq!(said, lines.contains(&(ALLOW_ORIGIN, origin)), "{lines:?}");
        let credentials = ("access-control-allow-credentials", "true");
        assert_eq!(said, lines.contains(&credentials), "{lines:?}");
        said
    };
    let actual = says(request("GET", &[from]));
    assert_eq!(actual, says(request("OPTIONS", &[from, get])), "{origin}");
    actual
}

#[track_caller]
fn opens_none(policy: &Policy, strangers: &[&str]) {
    for stranger in strangers {
        assert!(!opens(policy, stranger), "{stranger}");
    }
}

/// jub0bs/cors before 0.1.3: two allowed hosts let a third one in that begins as one of them and
/// ends as the other.
#[test]
fn ghsa_vhxv_fg4m_p2w8() {
    let exact = listing(["https://foo.com", "https://bar.com"]);
    assert!(opens(&exact, "https://foo.com") && opens(&exact, "https://bar.com"));
    let mixed = listing(["https://*.foo.com", "https://bar.com", "https://baz.com:*"]);
    assert!(opens(&mixed, "https://x.foo.com") && opens(&mixed, "https://baz.com:1"));
    for policy in [&exact, &mixed] {
        opens_none(
            policy,
            &[
                "https://barfoo.com",
                "https://foobar.com",
                "https://bazfoo.com",
                "https://fbar.com",
                "https://foo.combar.com",
                "https://foo.com.bar.com",
                "https://x.bar.com",
                "https://oo.com",
                "https://com",
                "https://foo.co",
                "https://foo.comm",
            ],
        );
    }
}

/// rs/cors 1.9 and 1.10 (GHSA-vh9x-phq6-fx54 is the same): a megabyte of commas took 127 ms and
/// 121 MB, since the list was split. Here nobody reads further than the policy is long.
#[test]
fn go_2024_2883() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    let mebibyte = 1 << 20;
    let floods = [
        vec![",".repeat(mebibyte)],
        vec![" ".repeat(mebibyte)],
        vec!["a,".repeat(mebibyte / 2)],
        vec!["content-type,".repeat(mebibyte / 13)],
        vec!["x".repeat(mebibyte)],
        vec![String::new(); 4096],
        vec!["content-type".to_owned(); 4096],
    ];
    for flood in floods {
        let mut headers = vec![ORIGIN, PUT];
        headers.extend(
            flood
                .iter()
                .map(|line| ("access-control-request-headers", &**line)),
        );
        let asked = request("OPTIONS", &headers);
        let mut answered = None;
        let count = allocation_counter::measure(|| {
            answered = Some(call(service.clone(), asked));
        });
        assert_eq!(answered.unwrap().unwrap().status(), 403);
        // A few words for the refusal, whatever the length of the question.
        assert!(
            count.count_total <= 2 && count.bytes_total < 1024,
            "{count:?}"
        );
    }
}

/// What a policy of these origins with credentials would be: none.
#[track_caller]
fn is_no_policy(allow_origins: Listing<corsac_tower::policy::OriginPattern>) {
    let config = PolicyConfig {
        allow_credentials: true,
        allow_origins,
        ..PolicyConfig::default()
    };
    let errors = Policy::new(config.clone()).unwrap_err();
    assert_eq!(errors.mistakes().len(), 1, "{errors}");
}

/// rs/cors before 1.5.0: `*` with credentials was answered by the origin that asked.
#[test]
fn cve_2018_20744() {
    is_no_policy(Listing::Any);
    is_no_policy(["*"].into());
}

/// fiber before 2.52.1: the same, by its own default.
#[test]
fn cve_2024_25124() {
    is_no_policy(Listing::Any);
    let everybody = built(PolicyConfig {
        allow_origins: Listing::Any,
        ..PolicyConfig::default()
    });
    let service = CorsLayer::new(everybody).layer(answering(200, &[]));
    let response = call(service, request("GET", &[ORIGIN])).unwrap();
    // A star, which browsers take without credentials only.
    assert_eq!(head(&response), (200, vec![(ALLOW_ORIGIN, "*")]));
}

/// hono before 4.12.25: a fix made `*` work with credentials, by reflecting. What contradicts
/// itself stays an error, also when it comes by a handle, and the policy of before goes on.
#[test]
fn cve_2026_54290() {
    let (layer, handle) = CorsLayer::reloadable(policy());
    let contradiction = PolicyConfig {
        allow_origins: Listing::Any,
        ..policy().to_config()
    };
    if let Ok(policy) = Policy::new(contradiction) {
        handle.set(policy);
    }
    let service = layer.layer(answering(200, &[]));
    let response = call(service.clone(), request("GET", &[STRANGER])).unwrap();
    assert_eq!(head(&response), (200, vec![("vary", "Origin")]));
    let response = call(service, request("GET", &[ORIGIN])).unwrap();
    assert_eq!(response.headers()[ALLOW_ORIGIN], ORIGIN.1);
}

/// rs/cors, still open: `h*` and the like denote every origin, and are not spelled `*`.
#[test]
fn rs_cors_197() {
    for everything in [
        "h*",
        "https*",
        "https://*",
        "https://*:*",
        "*://*",
        "https://*.",
    ] {
        is_no_policy([everything].into());
    }
}

/// hono before 4.10.3: what a request's Vary said, the response's said.
#[test]
fn ghsa_q7jf_gf43_6x6p() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    for poison in ["*", "X-Poison", "Origin"] {
        for headers in [&[][..], &[ORIGIN], &[STRANGER], &[ORIGIN, PUT]] {
            for method in ["GET", "OPTIONS"] {
                let clean = call(service.clone(), request(method, headers)).unwrap();
                let headers = [headers, &[("vary", poison)]].concat();
                let poisoned = call(service.clone(), request(method, &headers)).unwrap();
                assert_eq!(head(&poisoned), head(&clean), "{method} {headers:?}");
            }
        }
    }
}

/// gin-contrib/cors before 1.6.0: `https://example.com/*` was cut one byte too short.
#[test]
fn cve_2019_25211() {
    for entry in [
        "https://example.com/*",
        "https://example.com/",
        "https://example.com*",
    ] {
        is_no_policy([entry].into());
    }
    let policy = listing(["https://example.com"]);
    assert!(opens(&policy, "https://example.com"));
    opens_none(
        &policy,
        &[
            "https://example.community",
            "https://example.com/",
            "https://example.co",
        ],
    );
}

/// go-restful before 3.8.0 (GHSA-r48q-9g5r-8q2h): a plain domain was an expression without ends.
#[test]
fn cve_2022_1996() {
    let policy = listing(["https://example.com"]);
    opens_none(
        &policy,
        &[
            "https://example.com.evil.com",
            "https://evil-example.com",
            "https://evil.com?https://example.com",
            "https://examplexcom",
            "https://a.example.com",
            "https://example.com:8443",
            "http://example.com",
            "HTTPS://EXAMPLE.COM",
        ],
    );
}

/// sanic-cors, and many more (starlette#800, gotify#1052, flask-cors#400): an expression was held
/// against the beginning only. A pattern here has two ends.
#[test]
fn cve_2026_37737() {
    let policy = listing(["https://*.example.com", "https://app-*.example.org"]);
    assert!(opens(&policy, "https://a.b.example.com"));
    assert!(opens(&policy, "https://app-1.example.org"));
    opens_none(
        &policy,
        &[
            "https://a.example.com.evil.com",
            "https://a.example.community",
            "https://a.example.com:8443",
            "https://example.com",
            "https://app-1.example.org.evil.com",
            "https://app-1.evil.example.org",
            "https://evil/.example.com",
            "https://evil#.example.com",
            "https://evil@a.example.com",
        ],
    );
    is_no_policy([r"https://.*\.example\.com"].into());
}

/// flask-cors before 4.0.2 (GHSA-hxwh-jpp2-84pm): private networks were open by default.
#[test]
fn cve_2024_6221() {
    let asks = ("access-control-request-private-network", "true");
    for mode in [Mode::Enforce, Mode::Debug] {
        let policy = built(PolicyConfig {
            mode,
            ..policy().to_config()
        });
        let service = CorsLayer::new(policy).layer(answering(200, &[]));
        for headers in [
            &[ORIGIN, PUT, asks][..],
            &[STRANGER, PUT, asks],
            &[ORIGIN, asks],
        ] {
            for method in ["OPTIONS", "GET"] {
                let response = call(service.clone(), request(method, headers)).unwrap();
                let name = "access-control-allow-private-network";
                assert!(!response.headers().contains_key(name), "{headers:?}");
            }
        }
    }
}

/// One path for everybody, one for our app, and nothing else.
fn by_path() -> CorsLayer {
    let open = built(PolicyConfig {
        allow_origins: Listing::Any,
        ..PolicyConfig::default()
    });
    let map = PolicyMap::new(vec![
        (vec!["/public/**".to_owned()], open.clone()),
        (vec!["/public/secret".to_owned()], policy()),
        (vec!["/a b".to_owned(), "/a+b".to_owned()], policy()),
    ]);
    // `/a b` is no path: nothing decodes `+` or `%20` into it.
    assert!(map.is_err());
    CorsLayer::new(
        PolicyMap::new(vec![
            (vec!["/public/**".to_owned()], open),
            (
                vec!["/public/secret".to_owned(), "/public/a+b".to_owned()],
                policy(),
            ),
        ])
        .unwrap(),
    )
}

#[track_caller]
fn opens_path(path: &str) -> bool {
    let service = by_path().layer(answering(200, &[]));
    let mut asked = request("GET", &[STRANGER]);
    *asked.uri_mut() = path.parse().unwrap();
    let response = call(service, asked).unwrap();
    response.headers().contains_key(ALLOW_ORIGIN)
}

/// flask-cors before 6.0 (GHSA-7rxf-gvfg-47g4): the longest expression won, however little it
/// meant. Here a literal goes before `*`, and that before `**`.
#[test]
fn cve_2024_6839() {
    assert!(opens_path("/public/data"));
    assert!(!opens_path("/public/secret"));
    assert!(opens_path("/public/secret/"));
    assert!(opens_path("/public/secrets"));
}

/// flask-cors before 6.0 (GHSA-8vgw-p6qm-5gr7): a `+` in a path was read as a space.
#[test]
fn cve_2024_6844() {
    assert!(!opens_path("/public/a+b"));
    // These are other paths; to the router, too.
    assert!(opens_path("/public/a%20b"));
    assert!(opens_path("/public/a%2Bb"));
}

/// flask-cors before 6.0 (GHSA-43qf-4rqw-9q2g): paths were compared without regard to case.
#[test]
fn cve_2024_6866() {
    assert!(!opens_path("/PUBLIC/data"));
    assert!(!opens_path("/Public/data"));
    assert!(opens_path("/public/SECRET"));
}

/// flask-cors 3.0.9: `/api/../x` was judged as a path below `/api`.
#[test]
fn flask_cors_3_0_9() {
    for path in [
        "/public/../private",
        "/public/x/../secret",
        "/public/./secret",
        "/public/%2e%2e/private",
        "/public/%2E./private",
        "/public/..%2Fprivate",
        "/public/..%5Cprivate",
        "/public//secret",
        "/public/%zz",
        "/public/%",
    ] {
        assert!(!opens_path(path), "{path}");
    }
}

/// flask-cors 4.0.0 (GHSA-84pr-m4jr-85g5): a request's path wrote lines into the log.
#[test]
fn cve_2024_1681() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let layer = by_path().report_to(move |report| {
        if let Report::Decided { uri, outcome, .. } = report
            && let Outcome::Actual(Err(why)) | Outcome::Preflight(Err(why)) = outcome
        {
            log.lock().unwrap().push(format!("{uri}: {why}"));
        }
    });
    let service = layer.layer(answering(200, &[]));
    let evil = HeaderValue::from_bytes(b"https://a\t\xe2\x80\xa8\xff").unwrap();
    for path in ["/other%0aforged", "/public/secret"] {
        let mut asked = request("GET", &[]);
        *asked.uri_mut() = path.parse().unwrap();
        asked.headers_mut().insert(header::ORIGIN, evil.clone());
        call(service.clone(), asked).unwrap();
    }
    let mut asked = request("OPTIONS", &[ORIGIN]);
    *asked.uri_mut() = "/public/secret".parse().unwrap();
    let name = header::ACCESS_CONTROL_REQUEST_METHOD;
    asked.headers_mut().insert(name, evil);
    call(service, asked).unwrap();
    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), 3);
    for line in &*lines {
        let printable = line.bytes().all(|byte| (b' '..0x7f).contains(&byte));
        assert!(printable, "{line:?}");
    }
}

/// spring-framework#26490: where two handlers could answer, the preflight was granted everything.
/// Two policies for the same path are no map, and a path that nobody is for is granted nothing.
#[test]
fn spring_framework_26490() {
    let twice = PolicyMap::new(vec![
        (vec!["/orders/*".to_owned()], policy()),
        (vec!["/orders/*".to_owned()], Policy::default()),
    ]);
    assert!(twice.is_err());
    let service = by_path().layer(unreachable_service());
    for path in ["/nobodys", "/public/x/../secret", "/public//x"] {
        let mut asked = request("OPTIONS", &[ORIGIN, PUT]);
        *asked.uri_mut() = path.parse().unwrap();
        let response = call(service.clone(), asked).unwrap();
        assert_eq!(response.status(), 403, "{path}");
        assert!(!response.headers().contains_key(ALLOW_ORIGIN), "{path}");
    }
}

/// A layer by which nobody was told whom to let in.
#[track_caller]
fn lets_nobody_in(config: PolicyConfig) {
    let policy = built(config);
    opens_none(
        &policy,
        &[
            "http://localhost:5173",
            "http://127.0.0.1",
            "http://[::1]:3000",
            "https://app.example",
            "null",
            "file://",
        ],
    );
}

/// socket.io before 2.4.0: every origin, unless told otherwise.
#[test]
fn cve_2020_28481() {
    lets_nobody_in(PolicyConfig::default());
}

/// esbuild's server before 0.25: any site read the sources.
#[test]
fn ghsa_67mh_4wv8_2f99() {
    lets_nobody_in(PolicyConfig {
        allow_methods: Listing::Any,
        expose_headers: Listing::Any,
        ..PolicyConfig::default()
    });
}

/// Vite's server before 6.0.9 (GHSA-vg6x-rcgg-rjx6): the same.
#[test]
fn cve_2025_24010() {
    lets_nobody_in(PolicyConfig {
        allow_credentials: true,
        ..PolicyConfig::default()
    });
}

/// Micronaut before 3.8.3: a page posted to localhost; it might not read the answer, but the
/// handler had run.
#[test]
fn ghsa_583g_g682_crxf() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counting = |policy: Policy| {
        let runs = Arc::clone(&runs);
        CorsLayer::new(policy).layer(service_fn(move |_: Request<()>| {
            runs.fetch_add(1, Ordering::Relaxed);
            async { Ok::<_, std::convert::Infallible>(Response::new(String::new())) }
        }))
    };
    let simple_post = [
        STRANGER,
        ("host", "localhost:8080"),
        ("content-type", "text/plain"),
        ("sec-fetch-site", "cross-site"),
    ];
    // CORS itself hides, and prevents nothing.
    let response = call(counting(policy()), request("POST", &simple_post)).unwrap();
    assert_eq!(
        (response.status().as_u16(), runs.load(Ordering::Relaxed)),
        (200, 1)
    );
    let blocking = built(PolicyConfig {
        block_disallowed: true,
        ..policy().to_config()
    });
    let response = call(counting(blocking), request("POST", &simple_post)).unwrap();
    assert_eq!(
        (response.status().as_u16(), runs.load(Ordering::Relaxed)),
        (403, 1)
    );
}

/// jub0bs/cors#14, rs/cors#198, rs/cors#199: a middleware that changed a response's header values
/// changed the policy, which lent them.
#[test]
fn rs_cors_198() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    let mut first = call(service.clone(), request("GET", &[ORIGIN])).unwrap();
    let expected: HeaderMap = first.headers().clone();
    for (_, value) in first.headers_mut() {
        *value = HeaderValue::from_static("scribbled over");
    }
    let second = call(service, request("GET", &[ORIGIN])).unwrap();
    assert_eq!(*second.headers(), expected);
}

/// jub0bs/cors before 0.3.0: to switch debugging on while requests were served was a data race.
/// Here it is a part of the policy, and each request sees one policy or the other.
#[test]
fn set_debug_race_of_jub0bs_cors() {
    let debug = |mode| {
        built(PolicyConfig {
            preflights: Preflights::TellLists,
            mode,
            ..policy().to_config()
        })
    };
    let (layer, handle) = CorsLayer::reloadable(debug(Mode::Enforce));
    let service = layer.layer(unreachable_service());
    let (threads, rounds) = (4, 500);
    let start = Barrier::new(threads + 1);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                start.wait();
                let asked = [ORIGIN, ("access-control-request-method", "PATCH")];
                for _ in 0..rounds {
                    let response = call(service.clone(), request("OPTIONS", &asked)).unwrap();
                    let debugged = response.headers().contains_key(ALLOW_ORIGIN);
                    let told = response
                        .headers()
                        .contains_key("access-control-allow-methods");
                    let status = if debugged { 204 } else { 403 };
                    assert_eq!((response.status().as_u16(), told), (status, debugged));
                }
            });
        }
        start.wait();
        for round in 0..rounds {
            handle.set(debug(if round % 2 == 0 {
                Mode::Debug
            } else {
                Mode::Enforce
            }));
        }
    });
}

/// google/go-safeweb#372: `GET, DELETE` was asked for as one method, and granted as two.
#[test]
fn google_go_safeweb_372() {
    let any = built(PolicyConfig {
        allow_origins: Listing::Any,
        allow_methods: Listing::Any,
        ..PolicyConfig::default()
    });
    for policy in [policy(), any] {
        let service = CorsLayer::new(policy).layer(unreachable_service());
        for asked in ["GET, DELETE", "PUT,", "PUT DELETE", "a b", "", "PUT\t"] {
            let asked = [ORIGIN, ("access-control-request-method", asked)];
            let response = call(service.clone(), request("OPTIONS", &asked)).unwrap();
            assert_eq!(response.status(), 403, "{asked:?}");
            let granted = response
                .headers()
                .contains_key("access-control-allow-methods");
            assert!(!granted, "{asked:?}");
        }
    }
}

/// playframework.com#175 (Play 2.5): an answer that depended on the Origin did not say so, and a
/// cache handed it to others.
#[test]
fn playframework_175() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    for headers in [&[][..], &[ORIGIN], &[STRANGER], &[("origin", "null")]] {
        for method in ["GET", "HEAD", "POST", "PUT"] {
            let response = call(service.clone(), request(method, headers)).unwrap();
            assert_eq!(response.headers()["vary"], "Origin", "{method} {headers:?}");
        }
    }
}

/// rack-cors#134: `null`, which anybody's sandboxed frame sends, was taken for `file://`.
#[test]
fn rack_cors_134() {
    for entry in ["null", "file://", "file:///"] {
        is_no_policy([entry].into());
    }
    let of_null = built(PolicyConfig {
        allow_origins: ["null"].into(),
        dangerously_allow_null: true,
        ..PolicyConfig::default()
    });
    let service = CorsLayer::new(of_null).layer(answering(200, &[]));
    for (origin, opens) in [
        ("null", true),
        ("file://", false),
        ("NULL", false),
        ("", false),
    ] {
        let response = call(service.clone(), request("GET", &[("origin", origin)])).unwrap();
        assert_eq!(
            response.headers().contains_key(ALLOW_ORIGIN),
            opens,
            "{origin}"
        );
    }
}
