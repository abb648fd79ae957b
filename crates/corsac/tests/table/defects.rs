//! The Standard's own defects and hazards (client.md 1.8): what is done about each.

use corsac::fetch::Profile;

use crate::script::{OPEN, World, ask};

#[test]
fn defect_1_a_wildcard_cached_with_credentials_is_no_wildcard_later() {
    let answer = "204 | O: https://a.test | C: true | M: PUT, * | H: x-a, * | A: 600";
    for profile in Profile::ALL {
        let put = |method: &str| {
            ask(&format!("{method} https://b.test/"))
                .by(profile)
                .include()
        };
        let mut world = World::default();
        world
            .run(&put("PUT").with("X-A", "1"), &[answer])
            .ends("waits");
        // Exactly what was granted needs no other preflight.
        assert!(
            world
                .sends(&put("PUT").with("X-A", "1"))
                .starts_with("PUT ")
        );
        // By the Standard's text these would go out, though no answer ever granted them.
        for fetch in [
            put("DELETE"),
            put("GET").with("X-B", "1"),
            put("PATCH").with("X-A", "1"),
        ] {
            let mut world = World {
                cache: world.cache.clone(),
                now: world.now,
            };
            assert!(world.sends(&fetch).starts_with("asks "), "{}", profile.name);
        }
        // Nor does the request without credentials profit.
        let mut plain = World {
            cache: world.cache.clone(),
            now: world.now,
        };
        let delete = ask("DELETE https://b.test/").by(profile);
        assert!(
            plain.sends(&delete).starts_with("asks "),
            "{}",
            profile.name
        );
    }
    // The literal method of that name is granted all the same.
    let mut world = World::default();
    let star = ask("* https://b.test/").include().with("*", "1");
    world
        .run(&star, &["204 | O: https://a.test | C: true | M: * | H: *"])
        .ends("waits");
    assert!(world.sends(&star).starts_with("* "));
}

#[test]
fn defect_2_expose_headers_that_fail_are_an_empty_list() {
    let run =
        ask("GET https://b.test/").answered(&["200 | O: * | E: X-A, \" | X-A: 1 | Expires: 2"]);
    let list = &run.ends("cors 200").response().header_list;
    assert!(!list.contains("X-A") && list.contains("Expires"));
}

#[test]
fn defect_3_absent_methods_and_names_are_empty_lists_to_the_cache() {
    let mut world = World::default();
    world
        .run(
            &ask("GET https://b.test/").with("X-A", "1"),
            &["204 | O: * | H: x-a", OPEN],
        )
        .ends("cors 200");
    assert_eq!(world.entries(), 1);
    let mut world = World::default();
    world
        .run(&ask("PUT https://b.test/"), &["204 | O: * | M: PUT", OPEN])
        .ends("cors 200");
    assert_eq!(world.entries(), 1);
}

#[test]
fn defect_4_a_cached_wildcard_absorbs_no_concrete_grant() {
    // By the text the answer's DELETE would only set the age of the `*` that matches it.
    let mut world = World::default();
    world
        .run(&ask("PUT https://b.test/"), &["204 | O: * | M: * | A: 60"])
        .ends("waits");
    let delete = ask("DELETE https://b.test/").with("X-A", "1");
    world
        .run(&delete, &["204 | O: * | M: DELETE | H: x-a | A: 600"])
        .ends("waits");
    assert!(
        world
            .after(59)
            .sends(&ask("PUT https://b.test/"))
            .starts_with("PUT ")
    );
    assert!(
        world
            .after(1)
            .sends(&ask("PUT https://b.test/"))
            .starts_with("asks ")
    );
    assert!(world.sends(&delete).starts_with("DELETE "));
    // And an answer that grants less cuts it short.
    let mut world = World::default();
    world
        .run(
            &ask("PUT https://b.test/"),
            &["204 | O: * | M: * | H: x | A: 60"],
        )
        .ends("waits");
    world
        .run(&delete, &["204 | O: * | M: DELETE | H: x-a | A: 10"])
        .ends("waits");
    assert!(
        world
            .after(10)
            .sends(&ask("PUT https://b.test/"))
            .starts_with("asks ")
    );
    assert_eq!(world.entries(), 1, "what it did not speak of lives on");
    // The same for names, and nothing across.
    let mut world = World::default();
    let get = |name: &str| ask("GET https://b.test/").with(name, "1");
    world
        .run(&get("X-A"), &["204 | O: * | M: * | H: * | A: 60"])
        .ends("waits");
    let authorized = get("X-A").with("Authorization", "x");
    world
        .run(&authorized, &["204 | O: * | H: x-a, authorization | A: 10"])
        .ends("waits");
    assert!(world.after(10).sends(&get("X-B")).starts_with("asks "));
    assert!(world.sends(&ask("PUT https://b.test/")).starts_with("PUT "));
    // A grant with credentials that an answer without speaks of ends no later.
    let mut world = World::default();
    let put = ask("PUT https://b.test/");
    world
        .run(
            &put.clone().include(),
            &["204 | O: https://a.test | C: true | M: PUT | A: 60"],
        )
        .ends("waits");
    world
        .run(
            &put.clone().with("X-A", "1"),
            &["204 | O: * | M: PUT | H: x-a | A: 10"],
        )
        .ends("waits");
    assert!(
        world
            .after(9)
            .sends(&put.clone().include())
            .starts_with("PUT ")
    );
    assert!(world.after(1).sends(&put.include()).starts_with("asks "));
}

#[test]
fn defect_5_cookies_are_determined_for_every_method() {
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "CHICKEN"] {
        let ask = ask(&format!("{method} https://a.test/")).questions(|it| it.cookies = true);
        ask.answered(&[])
            .sent(&["? cookies https://a.test/ StrictOrLess"]);
    }
}

#[test]
fn defect_6_a_preflight_answered_407_has_nobody_to_ask() {
    let put = ask("PUT https://b.test/");
    put.answered(&["407 | O: * | M: PUT"])
        .ends("proxy-authentication of preflight 0");
    let firefox = put.by(Profile::FIREFOX);
    firefox
        .answered(&["407 | O: * | M: PUT"])
        .ends("preflight-status-not-ok of preflight 0");
}

#[test]
fn defect_7_scheme_fetch_is_one_thing_by_either_name() {
    // The label is the Standard's; what is overridden here is nothing.
    ask("GET data:,x").answered(&["200"]).ends("basic 200");
}

#[test]
fn defect_8_authorization_by_wildcard_is_the_profiles_to_decide() {
    let end = |profile| {
        let get = ask("GET https://b.test/")
            .by(profile)
            .with("Authorization", "x");
        get.answered(&["204 | O: * | H: *"]).end()
    };
    let refused = "authorization-not-covered of preflight 0";
    assert_eq!(Profile::ALL.map(end), [refused, "waits", "waits", "waits"]);
}

#[test]
fn the_embedders_credentials_are_kept_at_home() {
    // The text asks for a redirect-taint that is not same-origin where it means one that is.
    use corsac::fetch::EmbedderPolicy;
    let ask = ask("GET https://a.test/").no_cors();
    let ask = ask.env(|it| it.embedder_policy = EmbedderPolicy::Credentialless);
    assert!(ask.first().include_credentials);
}
