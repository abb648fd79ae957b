//! What becomes of a decision: blocked, debugged, only reported; and what is said about policies.

use corsac::{
    header::HeaderList,
    policy::{
        AllowHeaders, Field, LintKind, Listing, MaxAge, Mode, Policy, PolicyConfig, RequestHead,
    },
};

const A: &str = "https://a.example";

fn config() -> PolicyConfig {
    PolicyConfig {
        allow_origins: [A].into(),
        allow_methods: ["PUT"].into(),
        allow_headers: ["X-Custom"].into(),
        max_age: MaxAge::Seconds(600),
        ..PolicyConfig::default()
    }
}

fn said(config: PolicyConfig, method: &str, request: &[(&str, &str)]) -> (Option<u16>, HeaderList) {
    let policy = Policy::new(config).unwrap();
    let request: HeaderList = request.iter().copied().collect();
    let decision = policy.decide(&RequestHead::of_list(method.as_bytes(), &request));
    let mut response = HeaderList::from([("Access-Control-Allow-Origin", "https://stale.example")]);
    decision.apply(&request, &mut response);
    (decision.answer().map(|status| status.as_u16()), response)
}

const PATCH: [(&str, &str); 2] = [("Origin", A), ("Access-Control-Request-Method", "PATCH")];

#[test]
fn debugging_names_the_culprit() {
    let debug = PolicyConfig {
        mode: Mode::Debug,
        ..config()
    };
    let (status, response) = said(debug.clone(), "OPTIONS", &PATCH);
    assert_eq!(status, Some(204));
    assert_eq!(
        response.get("Access-Control-Allow-Origin").as_deref(),
        Some(A.as_bytes())
    );
    assert_eq!(
        response.get("Access-Control-Allow-Methods").as_deref(),
        Some(&b"PUT"[..])
    );
    assert_eq!(
        response.get("Access-Control-Allow-Headers").as_deref(),
        Some(&b"X-Custom"[..])
    );
    assert!(!response.contains("Access-Control-Max-Age"));
    let evil = [("Origin", "https://evil.example"), PATCH[1]];
    let (status, response) = said(debug, "OPTIONS", &evil);
    assert_eq!(
        (status, response.contains("Access-Control-Allow-Origin")),
        (Some(403), false)
    );
    let (status, response) = said(config(), "OPTIONS", &PATCH);
    assert_eq!(
        (status, response.contains("Access-Control-Allow-Methods")),
        (Some(403), false)
    );
}

#[test]
fn only_reported() {
    let report_only = PolicyConfig {
        mode: Mode::ReportOnly,
        ..config()
    };
    for method in ["OPTIONS", "GET"] {
        let (status, response) = said(report_only.clone(), method, &PATCH);
        assert_eq!(status, None);
        let stale = HeaderList::from([("Access-Control-Allow-Origin", "https://stale.example")]);
        assert_eq!(response, stale);
    }
}

#[test]
fn statuses() {
    let config = PolicyConfig {
        preflight_status: 200,
        refusal_status: 204,
        ..config()
    };
    let put = [PATCH[0], ("Access-Control-Request-Method", "PUT")];
    assert_eq!(said(config.clone(), "OPTIONS", &put).0, Some(200));
    assert_eq!(said(config, "OPTIONS", &PATCH).0, Some(204));
}

/// `GHSA-583g-g682-crxf`: simple requests run, although CORS hides what they are answered.
#[test]
fn blocked_unless_it_is_of_the_server_itself() {
    let blocking = PolicyConfig {
        block_disallowed: true,
        ..config()
    };
    let evil = ("Origin", "https://evil.example");
    let own = ("Origin", "https://api.example:8443");
    let host = ("Host", "api.example:8443");
    for (request, status) in [
        (vec![], None),
        (vec![PATCH[0]], None),
        (vec![evil], Some(403)),
        (vec![evil, host], Some(403)),
        (vec![own, host], None),
        (vec![("Origin", "http://api.example:8443"), host], None),
        (vec![own, ("Host", "api.example")], Some(403)),
        (vec![own, host, host], Some(403)),
        (vec![own, host, ("Sec-Fetch-Site", "cross-site")], Some(403)),
        (vec![own, host, ("Sec-Fetch-Site", "same-site")], Some(403)),
        (
            vec![("Origin", "null"), ("Sec-Fetch-Site", "same-origin")],
            None,
        ),
        (vec![("Origin", "null")], Some(403)),
        (vec![evil, evil], Some(403)),
    ] {
        assert_eq!(
            said(blocking.clone(), "POST", &request).0,
            status,
            "{request:?}"
        );
        assert_eq!(said(config(), "POST", &request).0, None);
    }
}

#[test]
fn a_policy_is_made_of_its_configuration() {
    let policy = Policy::new(config()).unwrap();
    assert_eq!(Policy::new(policy.to_config()).unwrap(), policy);
    assert_ne!(policy, Policy::default());
    assert!(policy.diff(&policy).widens.is_empty() && policy.diff(&policy).narrows.is_empty());
}

#[test]
fn what_a_change_widens_and_narrows() {
    let new = Policy::new(PolicyConfig {
        allow_origins: ["https://b.example", "https://*.c.example"].into(),
        allow_methods: ["PUT", "DELETE", "GET"].into(),
        allow_headers: ["x-custom", "Authorization"].into(),
        allow_credentials: true,
        expose_headers: ["ETag"].into(),
        allow_private_network: true,
        ..config()
    })
    .unwrap();
    let old = Policy::new(config()).unwrap();
    let diff = old.diff(&new);
    let facts = |changes: &[corsac::policy::Change]| -> Vec<(Field, String)> {
        changes
            .iter()
            .map(|change| (change.field, change.value.clone()))
            .collect()
    };
    let widens = [
        (Field::AllowOrigins, "https://b.example"),
        (Field::AllowOrigins, "https://*.c.example"),
        (Field::AllowMethods, "DELETE"),
        (Field::AllowHeaders, "Authorization"),
        (Field::AllowCredentials, "true"),
        (Field::ExposeHeaders, "ETag"),
        (Field::AllowPrivateNetwork, "true"),
    ];
    assert_eq!(
        facts(&diff.widens),
        widens.map(|(field, value)| (field, value.to_owned()))
    );
    assert_eq!(facts(&diff.narrows), [(Field::AllowOrigins, A.to_owned())]);
    assert_eq!(diff.held_for.as_secs(), 600);
    let back = new.diff(&old);
    assert_eq!((back.widens, back.narrows), (diff.narrows, diff.widens));
    let any = Policy::new(PolicyConfig {
        allow_origins: Listing::Any,
        allow_methods: Listing::Any,
        allow_headers: AllowHeaders::AnyAndAuthorization,
        expose_headers: Listing::Any,
        block_disallowed: true,
        ..config()
    })
    .unwrap();
    let diff = old.diff(&any);
    assert_eq!(diff.widens.len(), 5);
    assert_eq!(
        facts(&diff.narrows),
        [(Field::BlockDisallowed, "false".to_owned())]
    );
    assert_eq!(any.diff(&old).narrows.len(), 5);
}

#[test]
fn lints() {
    let policy = Policy::new(PolicyConfig {
        allow_origins: [
            "https://*.a.example",
            "http://a.example",
            "https://*.com",
            "https://b.example",
        ]
        .into(),
        allow_methods: ["PUT", "patch"].into(),
        allow_headers: ["X-Custom", "X-Forwarded-For"].into(),
        max_age: MaxAge::Seconds(7201),
        allow_private_network: true,
        mode: Mode::Debug,
        ..PolicyConfig::default()
    })
    .unwrap();
    let apex = A.to_owned();
    let suffix = "com".to_owned();
    let found: Vec<_> = policy
        .lints()
        .into_iter()
        .map(|lint| (lint.field, lint.entry, lint.kind))
        .collect();
    let expected = [
        (
            Field::AllowOrigins,
            Some(0),
            LintKind::ApexNotCovered { apex },
        ),
        (Field::AllowOrigins, Some(1), LintKind::Insecure),
        (
            Field::AllowOrigins,
            Some(2),
            LintKind::PublicSuffix { suffix },
        ),
        (Field::AllowMethods, Some(1), LintKind::LowerCaseMethod),
        (Field::AllowHeaders, Some(1), LintKind::ForwardedHeader),
        (Field::MaxAge, None, LintKind::MaxAgeBeyondChromium),
        (Field::AllowPrivateNetwork, None, LintKind::PrivateNetwork),
        (Field::Mode, None, LintKind::Debugging),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        policy.lints()[6].to_string(),
        "allow-private-network: browsers ask the person instead of the server by now; nothing \
         needs this"
    );
    let nobody = Policy::default().lints();
    assert_eq!(nobody[0].to_string(), "allow-origins: no origin is allowed");
    let any = Policy::new(PolicyConfig {
        allow_origins: Listing::Any,
        allow_headers: AllowHeaders::Any,
        ..PolicyConfig::default()
    });
    assert_eq!(
        any.unwrap().lints()[0].kind,
        LintKind::AuthorizationNotCovered
    );
}

#[test]
fn which_entry_decided() {
    let policy = Policy::new(PolicyConfig {
        allow_origins: ["https://b.example", "https://*.a.example"].into(),
        allow_headers: ["X-Other", "X-Custom"].into(),
        ..config()
    })
    .unwrap();
    let from = ("Origin", "https://x.a.example");
    let origin = (Field::AllowOrigins, Some(1));
    let put = ("Access-Control-Request-Method", "PUT");
    for (request, decided_by) in [
        (vec![], vec![]),
        (
            vec![("Origin", "https://evil.example")],
            vec![(Field::AllowOrigins, None)],
        ),
        (vec![from], vec![origin]),
        (
            vec![from, PATCH[1]],
            vec![origin, (Field::AllowMethods, None)],
        ),
        (
            vec![from, put],
            vec![origin, (Field::AllowMethods, Some(0))],
        ),
        (
            vec![
                from,
                put,
                ("Access-Control-Request-Headers", "x-custom, X-OTHER"),
            ],
            vec![
                origin,
                (Field::AllowMethods, Some(0)),
                (Field::AllowHeaders, Some(1)),
                (Field::AllowHeaders, Some(0)),
            ],
        ),
        (
            vec![from, put, ("Access-Control-Request-Headers", "x-custom, x")],
            vec![
                origin,
                (Field::AllowMethods, Some(0)),
                (Field::AllowHeaders, None),
            ],
        ),
    ] {
        let request: HeaderList = request.into_iter().collect();
        let explanation = policy.explain(&RequestHead::of_list(b"OPTIONS", &request));
        assert_eq!(explanation.decided_by, decided_by, "{explanation}");
    }
}
