//! The short way to a decision says what the long one says.

use corsac::{
    header::HeaderList,
    policy::{Brief, Listing, Mode, OriginPredicate, Policy, PolicyConfig, PolicyMap, RequestHead},
};
use http::Method;

const ORIGINS: [&[&str]; 8] = [
    &[],
    &["https://a.example"],
    &["https://b.example"],
    &["https://A.example"],
    &["https://x.w.example"],
    &["null"],
    &[""],
    &["https://a.example", "https://a.example"],
];

fn policies() -> Vec<(&'static str, PolicyConfig)> {
    let listed = |origins: &[&str]| PolicyConfig {
        allow_origins: origins.iter().map(|&origin| origin.to_owned()).collect(),
        allow_credentials: true,
        expose_headers: ["x-total"].into(),
        ..PolicyConfig::default()
    };
    let judged = OriginPredicate::new(|origin| origin == "https://b.example");
    vec![
        ("nobody", PolicyConfig::default()),
        ("one", listed(&["https://a.example"])),
        (
            "two of a length",
            listed(&["https://a.example", "https://b.example"]),
        ),
        (
            "a pattern",
            listed(&["https://a.example", "https://*.w.example"]),
        ),
        ("only a pattern", listed(&["https://*.w.example"])),
        (
            "a predicate",
            PolicyConfig {
                origin_predicate: Some(judged),
                ..listed(&["https://a.example"])
            },
        ),
        (
            "everybody",
            PolicyConfig {
                allow_origins: Listing::Any,
                ..PolicyConfig::default()
            },
        ),
        (
            "blocks",
            PolicyConfig {
                block_disallowed: true,
                ..listed(&["https://a.example"])
            },
        ),
        (
            "debugs",
            PolicyConfig {
                mode: Mode::Debug,
                ..listed(&["https://a.example"])
            },
        ),
        (
            "reports",
            PolicyConfig {
                mode: Mode::ReportOnly,
                ..listed(&["https://a.example"])
            },
        ),
    ]
}

#[test]
fn it_grants_and_varies_alike() {
    let mut brief_ones = 0;
    for (name, config) in policies() {
        let policy = Policy::new(config).unwrap();
        let map = PolicyMap::new(vec![(vec!["/a/**".to_owned()], policy.clone())]).unwrap();
        for method in [Method::GET, Method::HEAD, Method::PUT] {
            for origins in ORIGINS {
                let request: HeaderList =
                    origins.iter().map(|origin| ("Origin", *origin)).collect();
                let head = RequestHead::of_list(method.as_str().as_bytes(), &request);
                let long = policy.decide(&head);
                let lines = || origins.iter().map(|origin| origin.as_bytes());
                let brief = policy.decide_briefly(&method, lines);
                let on_the_map = map.decide_briefly(&method, || b"/a/b", lines);
                assert_eq!(on_the_map.map(|(_, brief)| brief), brief);
                if let Some(brief) = brief {
                    brief_ones += 1;
                    let long = Brief {
                        is_granted: long.ops().next().is_some(),
                        vary: long.vary(),
                    };
                    assert_eq!(brief, long, "{name}: {method} of {origins:?}");
                }
            }
        }
    }
    // All but two lines of Origin, of all policies but the one that blocks and the one on trial.
    assert_eq!(brief_ones, 8 * 3 * 7);
}

#[test]
fn it_leaves_the_rest_to_the_long_one() {
    let policy = |name: &str| {
        let (_, config) = policies().into_iter().find(|(of, _)| *of == name).unwrap();
        Policy::new(config).unwrap()
    };
    let ask = |policy: &Policy, method| {
        let lines = || [&b"https://a.example"[..]].into_iter();
        policy.decide_briefly(&method, lines).is_some()
    };
    assert!(ask(&policy("one"), Method::GET));
    assert!(!ask(&policy("one"), Method::OPTIONS));
    assert!(!ask(&policy("blocks"), Method::GET));
    assert!(!ask(&policy("reports"), Method::GET));
    let map = PolicyMap::new(vec![(vec!["/a".to_owned()], policy("one"))]).unwrap();
    let at = |path: &'static [u8]| {
        let lines = || [&b"https://a.example"[..]].into_iter();
        map.decide_briefly(&Method::GET, || path, lines).is_some()
    };
    assert!(at(b"/a"));
    assert!(!at(b"/b"));
    assert!(!at(b"/%2e/a"));
}
