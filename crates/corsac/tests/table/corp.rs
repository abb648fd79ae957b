//! Cross-Origin-Resource-Policy (client.md 1.6).

use corsac::{
    diagnosis::Code,
    fetch::{CredentialsMode, EmbedderPolicy, cross_origin_resource_policy_check},
    origin::{OpaqueId, Origin},
};

use crate::script::{A, ask, lines, page};

const NAME: &str = "Cross-Origin-Resource-Policy";

fn judge(
    page: &str,
    url: &str,
    value: Option<&str>,
    policy: EmbedderPolicy,
    credentials: bool,
) -> bool {
    let origin = match page {
        "null" => Origin::Opaque(OpaqueId(1)),
        page => Origin::parse(page.as_bytes()).unwrap(),
    };
    let line = value.map(|value| format!("{NAME}: {value}"));
    let list = lines(line.as_deref());
    let url = url.parse().unwrap();
    cross_origin_resource_policy_check(&origin, policy, &url, &list, credentials).is_ok()
}

#[test]
fn same_origin_same_site_and_cross_origin() {
    // The page, where the response came from, and whether each policy lets it through.
    let rows = [
        ("https://a.test", "https://a.test/", [true, true]),
        ("https://a.test", "https://a.test:8443/", [false, true]),
        ("https://a.test", "https://x.a.test/", [false, true]),
        ("https://x.a.test", "https://y.a.test/", [false, true]),
        ("https://a.test", "https://b.test/", [false, false]),
        ("null", "https://a.test/", [false, false]),
        // Same site is schemeless, but what came securely stays with pages that did.
        ("https://a.test", "http://a.test/", [false, true]),
        ("http://a.test", "https://a.test/", [false, false]),
        ("http://a.test", "http://x.a.test/", [false, true]),
        ("http://127.0.0.1", "http://127.0.0.1:8080/", [false, true]),
        ("http://127.0.0.1", "http://127.0.0.2/", [false, false]),
    ];
    for (page, url, [same_origin, same_site]) in rows {
        let judge = |value| judge(page, url, Some(value), EmbedderPolicy::UnsafeNone, true);
        assert_eq!(judge("same-origin"), same_origin, "{page} {url}");
        assert_eq!(judge("same-site"), same_site, "{page} {url}");
        assert!(judge("cross-origin"), "{page} {url}");
    }
}

#[test]
fn anything_else_is_no_policy() {
    let other = [
        "",
        "Same-Origin",
        "same-origin ",
        "same-origin,",
        "same-origin, same-origin",
        "same-site, same-origin",
        "\"same-origin\"",
        "same-origin;report-to=x",
        "none",
    ];
    for value in other {
        let judge =
            |policy, credentials| judge(A, "https://b.test/", Some(value), policy, credentials);
        assert!(judge(EmbedderPolicy::UnsafeNone, true), "{value}");
        // So an embedder policy sees nothing there.
        assert!(!judge(EmbedderPolicy::RequireCorp, false), "{value}");
        assert!(!judge(EmbedderPolicy::Credentialless, true), "{value}");
        assert!(judge(EmbedderPolicy::Credentialless, false), "{value}");
    }
    let two = ask("GET https://b.test/").no_cors();
    two.answered(&["200 | Cross-Origin-Resource-Policy: same-origin | Cross-Origin-Resource-Policy: same-origin"])
        .ends("opaque 0");
}

#[test]
fn embedder_policies_say_what_absence_means() {
    use EmbedderPolicy::{Credentialless, RequireCorp, UnsafeNone};
    for (policy, credentials, cross, same) in [
        (UnsafeNone, true, true, true),
        (UnsafeNone, false, true, true),
        (Credentialless, true, false, true),
        (Credentialless, false, true, true),
        (RequireCorp, true, false, true),
        (RequireCorp, false, false, true),
    ] {
        assert_eq!(
            judge(A, "https://b.test/", None, policy, credentials),
            cross,
            "{policy:?}"
        );
        assert_eq!(
            judge(A, "https://a.test/", None, policy, credentials),
            same,
            "{policy:?}"
        );
        // A policy that is there is obeyed, not widened.
        assert!(judge(
            A,
            "https://b.test/",
            Some("cross-origin"),
            policy,
            credentials
        ));
        assert!(!judge(
            A,
            "https://b.test/",
            Some("same-origin"),
            policy,
            credentials
        ));
        assert!(judge(
            A,
            "https://x.a.test/",
            Some("same-site"),
            policy,
            credentials
        ));
    }
}

#[test]
fn only_opaque_responses_are_asked() {
    let head = "200 | O: * | Cross-Origin-Resource-Policy: same-origin";
    ask("GET https://b.test/")
        .answered(&[head])
        .ends("cors 200");
    ask("GET https://a.test/")
        .no_cors()
        .answered(&[head])
        .ends("basic 200");
    ask("GET https://b.test/")
        .no_cors()
        .answered(&[head])
        .ends("resource-policy of actual 0");
}

#[test]
fn every_hop_is_asked() {
    let closed = "302 | Cross-Origin-Resource-Policy: same-origin | L: https://c.test/";
    ask("GET https://b.test/")
        .no_cors()
        .answered(&[closed])
        .ends("resource-policy of actual 0");
    let open = "302 | L: https://c.test/";
    let last = "200 | Cross-Origin-Resource-Policy: same-site";
    ask("GET https://b.test/")
        .no_cors()
        .answered(&[open, last])
        .ends("resource-policy of actual 1");
    // Home again it is of the same origin, though still opaque.
    let home = "302 | L: https://a.test/";
    let last = "200 | Cross-Origin-Resource-Policy: same-origin";
    ask("GET https://b.test/")
        .no_cors()
        .answered(&[home, last])
        .ends("opaque 0");
}

#[test]
fn credentialless_pages_send_none_and_get_what_has_none() {
    let page = |what: &str| {
        let ask = ask(what).no_cors().credentials(CredentialsMode::Include);
        ask.env(|it| it.embedder_policy = EmbedderPolicy::Credentialless)
            .questions(|it| it.cookies = true)
    };
    // Not even asked for cookies.
    page("GET https://b.test/")
        .answered(&["200"])
        .ends("opaque 0");
    page("GET https://a.test/")
        .answered(&["value sid=1", "200"])
        .sent(&[
            "? cookies https://a.test/ StrictOrLess",
            "GET https://a.test/",
        ])
        .ends("basic 200");
    // Home by way of a stranger is not home.
    let home = "302 | L: https://a.test/";
    page("GET https://b.test/")
        .answered(&[home, "200"])
        .ends("opaque 0");
    // The policy is about mode no-cors.
    page("GET https://b.test/")
        .mode(corsac::fetch::Mode::Cors)
        .answered(&["no", "200 | O: https://a.test | C: true"])
        .ends("cors 200");
    let require = ask("GET https://b.test/").no_cors();
    require
        .env(|it| it.embedder_policy = EmbedderPolicy::RequireCorp)
        .answered(&["200"])
        .ends("resource-policy of actual 0");
}

#[test]
fn the_verdict_shows_the_policy() {
    let head = "200 | X: 1 | cross-origin-resource-policy: same-site";
    let run = page("http://a.test/", "GET https://a.test/")
        .no_cors()
        .answered(&[head]);
    let verdict = run.verdict();
    let evidence = verdict.reason.evidence().unwrap();
    assert_eq!(verdict.code(), Code::ResourcePolicy);
    assert_eq!((evidence.line, evidence.byte, evidence.length), (1, 0, 9));
    let run = ask("GET https://b.test/").no_cors();
    let run = run
        .env(|it| it.embedder_policy = EmbedderPolicy::RequireCorp)
        .answered(&["200"]);
    assert_eq!(run.verdict().reason.evidence(), None);
}
