//! Which policy is for which path.

use corsac::{
    header::HeaderList,
    policy::{Listing, Outcome, PathFault, Policy, PolicyConfig, PolicyMap, Refusal, RequestHead},
};

fn map(patterns: &[&str]) -> PolicyMap {
    let policies = patterns
        .iter()
        .map(|path| (vec![(*path).to_owned()], Policy::default()));
    PolicyMap::new(policies.collect()).unwrap()
}

#[test]
fn literal_beats_one_beats_rest_from_left_to_right() {
    let patterns = [
        "/**",
        "/api/**",
        "/api/*",
        "/api/users",
        "/api/*/x",
        "/*/users/x",
        "/api/",
        "/",
    ];
    let map = map(&patterns);
    for (path, expected) in [
        ("/", Some("/")),
        ("/x", Some("/**")),
        ("/api", Some("/api/**")),
        ("/api/", Some("/api/")),
        ("/api/users", Some("/api/users")),
        ("/api/other", Some("/api/*")),
        ("/api/users/", Some("/api/**")),
        ("/api/users/x", Some("/api/*/x")),
        ("/v2/users/x", Some("/*/users/x")),
        ("/API/users", Some("/**")),
        ("/api/us%65rs", Some("/api/*")),
        ("/api/...", Some("/api/*")),
    ] {
        let found = map
            .place(path.as_bytes())
            .map(|(policy, _)| patterns[policy]);
        assert_eq!(found, expected, "{path}");
    }
}

/// `GHSA-7rxf-gvfg-47g4`, `GHSA-8vgw-p6qm-5gr7`, `GHSA-43qf-4rqw-9q2g` (CVE-2024-6839, -6844,
/// -6866): a policy for a path that the router did not serve.
#[test]
fn what_routers_read_differently_is_granted_nothing() {
    let open = Policy::new(PolicyConfig {
        allow_origins: Listing::Any,
        ..PolicyConfig::default()
    })
    .unwrap();
    let map = PolicyMap::new(vec![(vec!["/**".into()], open)]).unwrap();
    let request = HeaderList::from([("Origin", "https://a.example")]);
    for path in [
        "",
        "*",
        "x",
        "/a/../b",
        "/a/./b",
        "/..",
        "/a/%2e%2E/b",
        "/a/.%2e",
        "/%2e",
        "/a%2Fb",
        "/a%2fb",
        "/a%5Cb",
        "/a%5cb",
        "/a\\b",
        "/a//b",
        "//a",
        "/a%",
        "/a%2",
        "/a%zz",
    ] {
        let head = RequestHead::of_list(b"GET", &request).with_path(path.as_bytes());
        let decision = map.decide(&head);
        let refusal = Refusal::NoPolicy(path.as_bytes());
        assert_eq!(decision.outcome(), Outcome::Actual(Err(refusal)), "{path}");
        assert_eq!(decision.ops().count(), 0);
    }
    for path in ["/a+b", "/a%20b", "/a/", "/a...b"] {
        let head = RequestHead::of_list(b"GET", &request).with_path(path.as_bytes());
        assert_eq!(
            map.decide(&head).outcome(),
            Outcome::Actual(Ok(())),
            "{path}"
        );
    }
}

#[test]
fn one_policy_is_for_everything() {
    let open = Policy::new(PolicyConfig {
        allow_origins: Listing::Any,
        ..PolicyConfig::default()
    });
    let map = PolicyMap::from(open.unwrap());
    let request = HeaderList::from([("Origin", "https://a.example")]);
    let head = RequestHead::of_list(b"GET", &request).with_path(b"/a//../b");
    assert_eq!(map.decide(&head).outcome(), Outcome::Actual(Ok(())));
}

#[test]
fn mistakes_all_at_once() {
    use PathFault::*;
    let paths = [
        ("x", NoSlash),
        ("/**/x", InnerDoubleStar),
        ("/a*", PartialStar),
        ("/a//b", EmptySegment),
        ("/a/../b", DotSegment),
        ("/a/%2e", DotSegment),
        ("/a%2Fb", EncodedSlash),
        ("/a%5cb", EncodedSlash),
        ("/a%x", PercentEncoding),
        ("/a?b", Byte),
        ("/a b", Byte),
        (
            "/same",
            Duplicate {
                policy: 0,
                entry: 0,
            },
        ),
    ];
    let written = paths.iter().map(|(path, _)| (*path).to_owned()).collect();
    let errors = PolicyMap::new(vec![
        (vec!["/same".into()], Policy::default()),
        (written, Policy::default()),
        (vec![], Policy::default()),
    ])
    .unwrap_err();
    let mistakes = errors.mistakes();
    for (place, (path, fault)) in paths.into_iter().enumerate() {
        let mistake = &mistakes[place];
        let found = (
            mistake.policy,
            mistake.entry,
            &*mistake.value,
            mistake.fault,
        );
        assert_eq!(found, (1, Some(place), path, fault));
    }
    assert_eq!(mistakes.last().unwrap().fault, NoPath);
    assert!(
        errors
            .to_string()
            .starts_with(r#"paths: "x": a path begins with a slash"#)
    );
}
