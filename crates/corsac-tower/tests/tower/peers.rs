//! What went wrong in other libraries, each by its name there.

use corsac_tower::{
    CorsLayer,
    policy::{Listing, Policy, PolicyConfig},
};
use http::HeaderValue;
use tower::Layer;

use crate::{
    ORIGIN, PUT, STRANGER, answering, built, call, head, policy, request, unreachable_service,
};

fn listing<const ENTRIES: usize>(origins: [&str; ENTRIES]) -> Policy {
    built(PolicyConfig {
        allow_origins: origins.into(),
        allow_credentials: true,
        ..PolicyConfig::default()
    })
}

/// Whether a policy opens a response to an origin.
fn opens(policy: &Policy, origin: &str) -> bool {
    let service = CorsLayer::new(policy.clone()).layer(answering(200, &[]));
    let response = call(service, request("GET", &[("origin", origin)])).unwrap();
    response
        .headers()
        .contains_key("access-control-allow-origin")
}

/// jub0bs/cors 0.1.0: two allowed hosts let a third in that begins as one and ends as the other.
#[test]
fn ghsa_vhxv_fg4m_p2w8() {
    let policy = listing(["https://foo.com", "https://bar.com"]);
    assert!(opens(&policy, "https://foo.com") && opens(&policy, "https://bar.com"));
    for stranger in [
        "https://barfoo.com",
        "https://foobar.com",
        "https://foo.combar.com",
    ] {
        assert!(!opens(&policy, stranger), "{stranger}");
    }
}

/// gin-contrib/cors before 1.6.0, CVE-2019-25211; go-restful before 3.8.0, CVE-2022-1996;
/// sanic-cors, CVE-2026-37737: a name was taken for its beginning, its end, or a pattern.
#[test]
fn an_origin_is_all_of_its_bytes() {
    let policy = listing(["https://example.com"]);
    assert!(opens(&policy, "https://example.com"));
    for stranger in [
        "https://example.community",
        "https://example.com.evil.com",
        "https://evil-example.com",
        "https://examplexcom",
        "https://example.com:8443",
        "https://example.com/",
        "http://example.com",
        "HTTPS://EXAMPLE.COM",
        "https://a.example.com",
        "null",
        "",
        "*",
    ] {
        assert!(!opens(&policy, stranger), "{stranger}");
    }
}

/// rs/cors, CVE-2018-20744; fiber before 2.52.1, CVE-2024-25124; hono before 4.12.25,
/// CVE-2026-54290; very_permissive() of tower-http: everybody's scripts, with everybody's cookies.
#[test]
fn nobody_gets_credentials_by_way_of_a_wildcard() {
    for allow_origins in [
        Listing::Any,
        ["*"].into(),
        ["h*"].into(),
        ["https://*"].into(),
    ] {
        let config = PolicyConfig {
            allow_origins,
            allow_credentials: true,
            ..PolicyConfig::default()
        };
        assert!(Policy::new(config).is_err());
    }
}

/// hono before 4.10.3, GHSA-q7jf-gf43-6x6p: a response's Vary held what the request's had.
#[test]
fn vary_holds_nothing_of_the_request() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    let asked = [ORIGIN, ("vary", "*"), ("vary", "X-Poison")];
    let response = call(service, request("GET", &asked)).unwrap();
    assert_eq!(
        response
            .headers()
            .get_all("vary")
            .iter()
            .collect::<Vec<_>>(),
        ["Origin"]
    );
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    let asked = [ORIGIN, PUT, ("vary", "*")];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    assert_eq!(response.headers().get_all("vary").iter().count(), 1);
    assert_ne!(response.headers()["vary"], "*");
}

/// flask-cors before 4.0.2, CVE-2024-6221: a new power was on by default.
#[test]
fn private_networks_stay_private() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    let asked = [
        ORIGIN,
        PUT,
        ("access-control-request-private-network", "true"),
    ];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    assert!(
        !response
            .headers()
            .contains_key("access-control-allow-private-network")
    );
}

/// flask-cors 4.0.0, CVE-2024-1681: a request wrote lines into the log.
#[test]
fn a_refusal_is_one_line_of_a_log() {
    let layer = CorsLayer::new(policy()).report_to(|report| {
        if let corsac_tower::Report::Decided { outcome, .. } = report {
            let corsac_tower::policy::Outcome::Actual(Err(why)) = outcome else {
                panic!("{outcome:?}");
            };
            let line = why.to_string();
            assert!(
                line.bytes().all(|byte| (b' '..0x7f).contains(&byte)),
                "{line}"
            );
        }
    });
    let mut asked = request("GET", &[]);
    let origin = HeaderValue::from_bytes(b"https://a\t\xff\x1b").or_else(|_| {
        // Control bytes never get as far as this.
        HeaderValue::from_bytes(b"https://a\t\xff")
    });
    asked.headers_mut().insert("origin", origin.unwrap());
    call(layer.layer(answering(200, &[])), asked).unwrap();
}

/// google/go-safeweb#372; jub0bs/cors 1.0.2: a list asked for as one method was granted as a list.
#[test]
fn a_method_is_one_token() {
    let any = built(PolicyConfig {
        allow_origins: Listing::Any,
        allow_methods: Listing::Any,
        ..PolicyConfig::default()
    });
    let service = CorsLayer::new(any).layer(unreachable_service());
    for asked in ["GET, DELETE", "PUT,", "a b", ""] {
        let asked = [ORIGIN, ("access-control-request-method", asked)];
        let response = call(service.clone(), request("OPTIONS", &asked)).unwrap();
        assert_eq!(head(&response).0, 403, "{asked:?}");
    }
}

/// tower-rs/tower-http#497: every OPTIONS was a preflight, and no handler ever saw one.
#[test]
fn tower_http_497() {
    let service = CorsLayer::new(policy()).layer(answering(207, &[]));
    let response = call(service, request("OPTIONS", &[])).unwrap();
    assert_eq!(response.body(), "from the service");
}

/// tower-rs/tower-http#198, expressjs/cors#332, rack-cors#71: a handler's Vary was lost, or said
/// again.
#[test]
fn a_handlers_vary_is_kept() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[("vary", "Accept, Origin")]));
    let response = call(service, request("GET", &[ORIGIN])).unwrap();
    assert_eq!(
        response
            .headers()
            .get_all("vary")
            .iter()
            .collect::<Vec<_>>(),
        ["Accept, Origin"]
    );
}

/// actix/actix-extras#19, fastapi/fastapi#457, expressjs/cors#106, django-cors-headers#888: an
/// error without CORS headers is no error to a page, it is nothing; and a stranger's response
/// spoke of credentials.
#[test]
fn errors_are_readable_and_strangers_are_told_nothing() {
    let service = CorsLayer::new(policy()).layer(answering(500, &[]));
    let response = call(service.clone(), request("GET", &[ORIGIN])).unwrap();
    assert!(
        response
            .headers()
            .contains_key("access-control-allow-origin")
    );
    let response = call(service, request("GET", &[STRANGER])).unwrap();
    assert_eq!(head(&response), (500, vec![("vary", "Origin")]));
}

/// quarkus#31631: a form posted under `no-referrer` has the Origin `null`, and is not CORS's to stop.
#[test]
fn a_form_of_nobody_reaches_the_service() {
    let service = CorsLayer::new(policy()).layer(answering(303, &[]));
    let response = call(service, request("POST", &[("origin", "null")])).unwrap();
    assert_eq!(head(&response), (303, vec![("vary", "Origin")]));
}

/// rs/cors before 1.11.0, GO-2024-2883: a megabyte of commas took 127 ms and 121 MB.
#[test]
fn go_2024_2883() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    let commas = ",".repeat(1 << 20);
    let asked = [ORIGIN, PUT, ("access-control-request-headers", &*commas)];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    assert_eq!(head(&response).0, 403);
}

/// rs/cors#174, #183, #184: names in another case or order, and a gateway that splits the line.
#[test]
fn names_are_names_however_they_are_written() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    for asked in [
        &["content-type,x-custom"][..],
        &["X-Custom,Content-Type"],
        &["x-custom, content-type"],
        &["x-custom", "CONTENT-TYPE"],
        &["", "x-custom,,content-type"],
    ] {
        let mut headers = vec![ORIGIN, PUT];
        headers.extend(
            asked
                .iter()
                .map(|it| ("access-control-request-headers", *it)),
        );
        let response = call(service.clone(), request("OPTIONS", &headers)).unwrap();
        assert_eq!(head(&response).0, 204, "{asked:?}");
    }
}

/// jub0bs/cors 1.0.2: with credentials, whatever was asked for was echoed unread.
#[test]
fn what_is_no_name_is_not_echoed() {
    let service = CorsLayer::new(policy()).layer(unreachable_service());
    for asked in [
        "x y;{}",
        "content-type;x-custom",
        "x-custom\u{7f}",
        "content-type x-custom",
    ] {
        let mut headers = request("OPTIONS", &[ORIGIN, PUT]);
        let Ok(asked) = HeaderValue::from_bytes(asked.as_bytes()) else {
            // No server passes these bytes on.
            continue;
        };
        let name = "access-control-request-headers";
        headers.headers_mut().insert(name, asked);
        let response = call(service.clone(), headers).unwrap();
        assert_eq!(head(&response).0, 403);
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-headers")
        );
    }
}

/// jub0bs/cors 1.0.2, axios/axios#1602: an upload with a listener asks first, for POST and nothing
/// else, of a policy that lists no method.
#[test]
fn an_upload_may_ask_for_what_it_needs_no_grant_for() {
    let service = CorsLayer::new(listing(["https://app.example"])).layer(unreachable_service());
    for method in ["GET", "HEAD", "POST"] {
        let asked = [ORIGIN, ("access-control-request-method", method)];
        let response = call(service.clone(), request("OPTIONS", &asked)).unwrap();
        assert_eq!(head(&response).0, 204, "{method}");
    }
    let asked = [ORIGIN, ("access-control-request-method", "DELETE")];
    let response = call(service, request("OPTIONS", &asked)).unwrap();
    assert_eq!(head(&response).0, 403);
}

/// playframework.com#175: answers that depend on the Origin did not say so, and caches mixed them.
#[test]
fn caches_are_told_whatever_is_answered() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    for headers in [&[][..], &[ORIGIN], &[STRANGER], &[("origin", "null")]] {
        for method in ["GET", "HEAD", "POST", "PUT"] {
            let response = call(service.clone(), request(method, headers)).unwrap();
            assert_eq!(response.headers()["vary"], "Origin", "{method} {headers:?}");
        }
    }
}

/// rack-cors#134: `null`, which anybody's sandboxed frame sends, was taken for `file://`; Vite's
/// CVE-2025-24010, esbuild's GHSA-67mh-4wv8-2f99 and socket.io's CVE-2020-28481: who was not told
/// whom to let in let everybody in.
#[test]
fn nobody_is_let_in_unasked() {
    for config in [
        PolicyConfig::default(),
        PolicyConfig {
            allow_methods: Listing::Any,
            ..PolicyConfig::default()
        },
    ] {
        let policy = built(config);
        for stranger in [
            "null",
            "file://",
            "http://localhost:5173",
            "http://127.0.0.1",
            "https://app.example",
        ] {
            assert!(!opens(&policy, stranger), "{stranger}");
        }
    }
    for origin in ["null", "file://"] {
        let config = PolicyConfig {
            allow_origins: [origin].into(),
            ..PolicyConfig::default()
        };
        assert!(Policy::new(config).is_err(), "{origin}");
    }
}

/// fastify-cors#297, starlette#2560: credentials were granted without an origin.
#[test]
fn credentials_come_with_an_origin_or_not_at_all() {
    let service = CorsLayer::new(policy()).layer(answering(200, &[]));
    for headers in [&[][..], &[ORIGIN], &[STRANGER]] {
        let response = call(service.clone(), request("GET", headers)).unwrap();
        let says = |name: &str| response.headers().contains_key(name);
        assert_eq!(
            says("access-control-allow-credentials"),
            says("access-control-allow-origin"),
            "{headers:?}"
        );
    }
}
