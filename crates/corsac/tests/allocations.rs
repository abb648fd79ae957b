//! Deciding allocates nothing, whatever is asked.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use corsac::{
    header::HeaderList,
    policy::{AllowHeaders, Listing, Outcome, Policy, PolicyConfig, Preflights, RequestHead},
};

#[test]
fn decide_allocates_nothing() {
    let listed = PolicyConfig {
        allow_origins: ["https://a.example", "https://b.example"].into(),
        allow_methods: ["PUT", "DELETE"].into(),
        allow_headers: ["Content-Type", "X-Custom"].into(),
        allow_credentials: true,
        expose_headers: ["X-Total"].into(),
        ..PolicyConfig::default()
    };
    let tenants = (0..10_000).map(|tenant| format!("https://tenant-{tenant}.example"));
    let many = PolicyConfig {
        allow_origins: tenants
            .chain(["https://*.b.example:*".into(), "https://b*.example".into()])
            .chain(["https://b.example".into()])
            .collect(),
        dangerously_allow_public_suffixes: true,
        block_disallowed: true,
        ..listed.clone()
    };
    let wild = PolicyConfig {
        allow_origins: ["https://b.example:*", "https://*.b.example"].into(),
        ..listed.clone()
    };
    let policies = [
        many,
        wild,
        PolicyConfig::default(),
        PolicyConfig {
            preflights: Preflights::TellLists,
            ..listed.clone()
        },
        listed,
        PolicyConfig {
            allow_origins: Listing::Any,
            allow_methods: Listing::Any,
            allow_headers: AllowHeaders::Any,
            ..PolicyConfig::default()
        },
    ]
    .map(|config| Policy::new(config).unwrap());
    let flood = "a,".repeat(1 << 15);
    let names = ["X-CUSTOM ,\tcontent-type", "x-other", "", flood.as_str()];
    let mut granted = 0;
    for policy in &policies {
        for origin in [None, Some("https://b.example"), Some("null")] {
            for method in ["GET", "OPTIONS"] {
                for asked in ["PUT", "PATCH"] {
                    for names in names {
                        let mut headers = HeaderList::from([
                            ("Access-Control-Request-Method", asked),
                            ("Access-Control-Request-Headers", names),
                        ]);
                        if let Some(origin) = origin {
                            headers.push("Origin", origin);
                        }
                        let head = RequestHead::of_list(method.as_bytes(), &headers);
                        let vary = [&b"Accept, Origin"[..]];
                        let count = allocation_counter::measure(|| {
                            let decision = policy.decide(&head);
                            let said = decision.ops().count();
                            let due = decision.vary().due(vary);
                            granted += usize::from(said > 0 && due.is_some());
                            granted += usize::from(decision.outcome() == Outcome::NotCors);
                        });
                        assert_eq!(count.count_total, 0, "{method} {headers:?}");
                    }
                }
            }
        }
    }
    // The loop has seen grants, not only early refusals.
    assert!(granted > 20, "{granted}");
}
