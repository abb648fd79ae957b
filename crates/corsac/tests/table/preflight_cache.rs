//! The CORS-preflight cache (client.md 1.5, and what 1.4 stores).

use std::time::Duration;

use corsac::fetch::{CachedGrant, CredentialsMode, NetworkPartitionKey, PreflightCache, Profile};

use crate::script::{Ask, OPEN, World, ask, page};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A world in which this was asked once and this answered.
fn after(asked: &Ask, answer: &str) -> World {
    let mut world = World::default();
    world.run(asked, &[answer]).ends("waits");
    world
}

impl World {
    /// Whether a preflight goes first.
    fn asks(&mut self, ask: &Ask) -> bool {
        self.sends(ask).starts_with("asks ")
    }

    fn grants(&self) -> Vec<String> {
        let grants = self
            .cache
            .entries(self.now)
            .map(|entry| match &entry.grant {
                CachedGrant::Method(method) => format!("{method} {}", entry.max_age.as_secs()),
                CachedGrant::HeaderName(name) => format!("{name}: {}", entry.max_age.as_secs()),
            });
        grants.collect()
    }
}

fn put() -> Ask {
    ask("PUT https://b.test/")
}

#[test]
fn there_is_an_entry_for_each_method_and_each_name() {
    let mut world = after(&put(), "204 | O: * | M: PUT, DELETE | H: X-A, x-b | A: 60");
    assert_eq!(
        world.grants(),
        ["DELETE 60", "PUT 60", "x-a: 60", "x-b: 60"]
    );
    assert!(!world.asks(&put()));
    // What was granted beyond the request is remembered too.
    assert!(!world.asks(&ask("DELETE https://b.test/").with("X-B", "1")));
    assert!(!world.asks(&put().with("x-A", "1").with("X-B", "2")));
    assert!(world.asks(&put().with("X-C", "1").with("X-B", "2")));
    assert!(world.asks(&ask("PATCH https://b.test/")));
    // A name is no method and a method no name.
    assert!(world.asks(&ask("x-a https://b.test/")));
    assert!(world.asks(&put().with("PUT", "1")));
}

#[test]
fn methods_match_by_byte_and_names_in_any_case() {
    let mut world = after(
        &ask("patch https://b.test/"),
        "204 | O: * | M: patch | H: X-CART",
    );
    assert!(!world.asks(&ask("patch https://b.test/")));
    assert!(world.asks(&ask("PATCH https://b.test/")));
    assert!(!world.asks(&ask("GET https://b.test/").with("x-Cart", "1")));
    // Written twice it is kept once.
    let world = after(&put(), "204 | O: * | M: PUT, PUT | H: x-a, X-A, X-a");
    assert_eq!(world.entries(), 2);
}

#[test]
fn a_wildcard_is_remembered_as_one() {
    let mut world = after(&put(), "204 | O: * | M: * | H: *");
    assert!(!world.asks(&ask("CHICKEN https://b.test/").with("X-Cart", "7")));
    // But not for Authorization.
    assert!(world.asks(&put().with("Authorization", "Basic x")));
    let mut world = after(
        &put().with("Authorization", "x"),
        "204 | O: * | M: PUT | H: *, authorization",
    );
    assert!(!world.asks(&put().with("authorization", "Basic x")));
}

#[test]
fn the_age_is_5_seconds_if_it_is_absent_or_does_not_parse() {
    let kept = |lines: &str| {
        let world = after(&put(), &format!("204 | O: * | M: PUT{lines}"));
        world
            .cache
            .entries(world.now)
            .map(|entry| entry.max_age.as_secs())
            .next()
    };
    let five = [
        "",
        " | A: ",
        " | A: abc",
        " | A: -1",
        " | A: +7",
        " | A: 1.5",
        " | A: 7s",
        " | A: \"7\"",
        " | A: 7, 7",
        " | A: 7 | A: 7",
        " | A: 7 8",
        " | A: 0x10",
        " | A: 7\u{b}",
        " | A:  7",
    ];
    for lines in five {
        assert_eq!(kept(lines), Some(5), "{lines}");
    }
    let rows = [
        ("0", None),
        ("00", None),
        ("1", Some(1)),
        ("007", Some(7)),
        ("600", Some(600)),
        ("7199", Some(7199)),
    ];
    for (value, age) in rows {
        assert_eq!(kept(&format!(" | A: {value}")), age, "{value}");
    }
    // The cap, and numbers of any length.
    for value in [
        "7200",
        "7201",
        "86400",
        "18446744073709551615",
        "18446744073709551616",
        &"9".repeat(1000),
    ] {
        assert_eq!(kept(&format!(" | A: {value}")), Some(7200), "{value}");
    }
}

#[test]
fn an_entry_dies_when_its_time_is_over() {
    let mut world = after(&put(), "204 | O: * | M: PUT | A: 60");
    assert!(!world.after(59).asks(&put()));
    assert_eq!(world.entries(), 1);
    assert!(world.after(1).asks(&put()));
    assert_eq!(world.entries(), 0);
}

#[test]
fn an_age_of_0_evicts_what_was_granted() {
    let mut world = after(&put(), "204 | O: * | M: PUT, DELETE | A: 60");
    world
        .run(
            &put().with("X-A", "1"),
            &["204 | O: * | M: PUT | H: x-a | A: 0"],
        )
        .ends("waits");
    assert_eq!(world.grants(), ["DELETE 60"]);
    assert!(world.asks(&put()));
}

#[test]
fn a_grant_said_again_starts_its_clock_again() {
    let mut world = after(&put(), "204 | O: * | M: PUT, DELETE | A: 60");
    world
        .after(50)
        .run(
            &put().with("X-A", "1"),
            &["204 | O: * | M: PUT | H: x-a | A: 30"],
        )
        .ends("waits");
    assert_eq!(world.grants(), ["DELETE 60", "PUT 30", "x-a: 30"]);
    assert!(!world.after(29).asks(&put()));
    assert!(world.asks(&ask("DELETE https://b.test/")));
    assert!(world.after(1).asks(&put()));
    // Sooner, too.
    let mut world = after(&put(), "204 | O: * | M: PUT | A: 60");
    world.run(
        &put().with("X-A", "1"),
        &["204 | O: * | M: PUT | H: x-a | A: 1"],
    );
    assert!(world.after(1).asks(&put()));
}

#[test]
fn entries_are_of_one_partition_one_origin_and_one_url() {
    let mut world = after(&put(), "204 | O: * | M: PUT");
    assert!(!world.asks(&put()));
    for url in [
        "https://b.test/x",
        "https://b.test/?",
        "https://b.test/#",
        "https://b.test:8443/",
        "http://localhost/",
        "https://x.b.test/",
    ] {
        assert!(world.asks(&ask(&format!("PUT {url}"))), "{url}");
    }
    assert!(!world.asks(&ask("PUT https://b.test:443")));
    let framed = put().env(|it| it.network_partition_key.top_level_site = "https://c.test".into());
    assert!(world.asks(&framed));
    let second = put().env(|it| it.network_partition_key.second_key = Some("x".into()));
    assert!(world.asks(&second));
    let sibling = page("https://x.a.test/", "PUT https://b.test/");
    assert_eq!(
        sibling.environment.network_partition_key,
        put().environment.network_partition_key
    );
    assert!(world.asks(&sibling));
    // The fragment is part of the URL.
    let mut world = after(&ask("PUT https://b.test/#x"), "204 | O: * | M: PUT");
    assert!(world.asks(&put()) && !world.asks(&ask("PUT https://b.test/#x")));
}

#[test]
fn a_grant_with_credentials_serves_requests_without_but_not_the_other_way_round() {
    let with = "204 | O: https://a.test | C: true | M: PUT";
    let modes = [CredentialsMode::Omit, CredentialsMode::SameOrigin];
    let mut world = after(&put().include(), with);
    for mode in modes {
        assert!(!world.asks(&put().credentials(mode)));
    }
    assert!(!world.asks(&put().include()));
    for mode in modes {
        let mut world = after(&put().credentials(mode), with);
        assert!(world.asks(&put().include()));
        assert!(!world.asks(&put()));
    }
}

#[test]
fn a_forced_preflight_is_remembered() {
    let post = ask("POST https://b.test/").forced();
    let mut world = after(&post, "204 | O: *");
    assert_eq!(world.grants(), ["POST 5"]);
    assert!(!world.asks(&post));
    assert!(world.asks(&ask("GET https://b.test/").forced()));
    // With a list, only what it lists is.
    let mut world = after(&post, "204 | O: * | M: PUT");
    assert!(world.asks(&post));
}

#[test]
fn a_refused_preflight_stores_nothing() {
    for answer in [
        "204 | M: PUT | H: x",
        "403 | O: * | M: PUT | H: x",
        "204 | O: * | M: PATCH | H: x",
        "204 | O: * | M: \" | H: x",
        "fails Closed",
    ] {
        let mut world = World::default();
        world.run(&put(), &[answer]);
        assert_eq!(world.entries(), 0, "{answer}");
    }
}

#[test]
fn a_network_error_forgets_the_current_url_for_both_kinds_of_credentials() {
    let with = "204 | O: https://a.test | C: true | M: PUT, DELETE";
    let fill = |asked: &str| {
        let mut world = World::default();
        for mode in [CredentialsMode::Omit, CredentialsMode::Include] {
            world.run(
                &ask(&format!("PUT {asked}"))
                    .credentials(mode)
                    .with("X", "1"),
                &[&format!("{with} | H: x")],
            );
        }
        assert_eq!(world.entries(), 6);
        world
    };
    // The actual request fails: by CORS, by the network, by giving up.
    for answer in ["200", "fails Closed", "aborts", "302 | O: * | L: data:,"] {
        let mut world = fill("https://b.test/");
        let run = world.run(&put(), &[answer]);
        assert!(run.end().contains(" of actual 0"), "{}", run.end());
        assert_eq!(world.entries(), 0, "{answer}");
    }
    // The preflight does.
    for answer in ["403 | O: *", "fails Dns", "aborts"] {
        let mut world = fill("https://b.test/");
        world.run(&put().with("Y", "1"), &[answer]);
        assert_eq!(world.entries(), 0, "{answer}");
    }
    // Others stay: another URL, another origin, another partition.
    let mut world = fill("https://b.test/x");
    world.run(&put(), &["403"]);
    assert_eq!(world.entries(), 6);
    let mut world = fill("https://b.test/");
    world.run(&page("https://x.a.test/", "PUT https://b.test/"), &["403"]);
    world.run(
        &put().env(|it| it.network_partition_key.second_key = Some("x".into())),
        &["403"],
    );
    assert_eq!(world.entries(), 6);
}

#[test]
fn a_simple_request_that_fails_forgets_nothing() {
    let mut world = after(&put(), "204 | O: * | M: PUT");
    world
        .run(&ask("GET https://b.test/"), &["200"])
        .ends("allow-origin-missing of actual 0");
    world.run(&ask("GET https://b.test/").no_cors(), &["fails Closed"]);
    assert_eq!(world.entries(), 1);
    // A response that came is no network error, whatever it says.
    world.run(&put(), &["500 | O: *"]).ends("cors 500");
    assert_eq!(world.entries(), 1);
    // An aborted fetch that was over is none either.
    let mut fetch = put().begin();
    fetch.poll(&mut world.cache, world.now);
    let mut done = ask("GET https://a.test/").begin();
    done.abort();
    done.poll(&mut world.cache, world.now);
    assert_eq!(world.entries(), 1);
}

#[test]
fn after_redirects_the_last_hop_is_forgotten_not_the_first() {
    let granted = "204 | O: * | M: PUT";
    let redirect = "307 | O: * | L: https://b.test/2";
    let mut world = World::default();
    world
        .run(&put(), &[granted, redirect, granted, "200"])
        .ends("allow-origin-missing of actual 1");
    let urls: Vec<_> = world
        .cache
        .entries(world.now)
        .map(|entry| entry.url.as_str())
        .collect();
    assert_eq!(urls, ["https://b.test/"]);
    // Also if the last hop needed no preflight itself: the error passes through the hop that did.
    let mut world = after(&ask("PUT https://b.test/2"), granted);
    let see_other = "303 | O: * | L: https://b.test/2";
    world
        .run(&put(), &[granted, see_other, "fails Closed"])
        .ends("network-failure of actual 1");
    let urls: Vec<_> = world
        .cache
        .entries(world.now)
        .map(|entry| entry.url.as_str())
        .collect();
    assert_eq!(urls, ["https://b.test/"]);
    // What fails before the next hop begins is the redirecting one's.
    let mut world = World::default();
    world
        .run(&put(), &[granted, "307 | O: * | L: data:,"])
        .ends("redirect-scheme of actual 0");
    assert_eq!(world.entries(), 0);
    // And what its checks stop is the next one's: nothing was granted there.
    let mut world = World::default();
    world
        .run(&put(), &[granted, "307 | O: * | L: https://b.test:25/"])
        .ends("bad-port of actual 1");
    assert_eq!(world.entries(), 1);
}

#[test]
fn the_cache_is_bounded_and_the_oldest_go_first() {
    let mut world = World {
        cache: PreflightCache::with_capacity(3),
        now: Duration::ZERO,
    };
    for path in 1..=4 {
        world.run(
            &ask(&format!("PUT https://b.test/{path}")),
            &["204 | O: * | M: PUT | A: 60"],
        );
        assert_eq!(world.entries(), path.min(3));
    }
    assert!(world.asks(&ask("PUT https://b.test/1")));
    assert!(!world.asks(&ask("PUT https://b.test/2")));
    assert!(!world.asks(&ask("PUT https://b.test/4")));
    // One answer with more than there is room for.
    let many: Vec<_> = (0..100).map(|name| format!("x{name}")).collect();
    world.run(
        &ask("PUT https://b.test/5"),
        &[&format!("204 | O: * | M: PUT | H: {}", many.join(","))],
    );
    assert_eq!(world.entries(), 3);
    let mut none = World {
        cache: PreflightCache::with_capacity(0),
        now: Duration::ZERO,
    };
    none.run(&put(), &["204 | O: * | M: PUT", OPEN])
        .ends("cors 200");
    assert_eq!(none.entries(), 0);
    let mut default = World::default();
    for name in 0..40 {
        let names: Vec<_> = (0..30).map(|other| format!("x-{name}-{other}")).collect();
        let answer = format!("204 | O: * | M: PUT | H: {} | A: 60", names.join(","));
        default.run(&ask(&format!("PUT https://b.test/{name}")), &[&answer]);
    }
    assert_eq!(default.entries(), 1024);
}

#[test]
fn the_dead_make_room_for_the_living() {
    let mut world = World {
        cache: PreflightCache::with_capacity(2),
        now: Duration::ZERO,
    };
    world.run(
        &ask("PUT https://b.test/1"),
        &["204 | O: * | M: PUT | A: 60"],
    );
    world.run(
        &ask("PUT https://b.test/2"),
        &["204 | O: * | M: PUT | A: 1"],
    );
    world.after(1).run(
        &ask("PUT https://b.test/3"),
        &["204 | O: * | M: PUT | A: 60"],
    );
    assert!(!world.asks(&ask("PUT https://b.test/1")));
    assert!(!world.asks(&ask("PUT https://b.test/3")));
}

#[test]
fn what_is_too_long_to_keep_is_asked_for_every_time() {
    let url = |length: usize| ask(&format!("PUT https://b.test/{}", "x".repeat(length - 15)));
    let answer = "204 | O: * | M: PUT";
    for (length, kept) in [(4096, 1), (4097, 0)] {
        let world = after(&url(length), answer);
        assert_eq!(world.entries(), kept);
    }
    for (length, kept) in [(256, 2), (257, 1)] {
        let name = "x".repeat(length);
        let world = after(&put(), &format!("{answer} | H: {name}"));
        assert_eq!(world.entries(), kept);
    }
}

#[test]
fn memory_can_be_had_back() {
    let mut world = after(&put(), "204 | O: * | M: PUT | A: 60");
    world.after(10).run(
        &ask("PUT https://b.test/2"),
        &["204 | O: * | M: PUT | A: 20"],
    );
    assert_eq!(world.cache.next_expiry(), Some(seconds(30)));
    world.cache.remove_expired(seconds(30));
    assert_eq!(world.cache.next_expiry(), Some(seconds(60)));
    world.cache.remove_expired(seconds(59));
    assert_eq!(world.cache.next_expiry(), Some(seconds(60)));
    world.cache.clear();
    assert_eq!(world.cache.next_expiry(), None);
    assert_eq!(world.entries(), 0);
}

#[test]
fn a_partition_can_be_cleared() {
    let mut world = after(&put(), "204 | O: * | M: PUT");
    let other = put().env(|it| it.network_partition_key.top_level_site = "https://c.test".into());
    world.run(&other, &["204 | O: * | M: PUT"]);
    world
        .cache
        .clear_partition(&other.environment.network_partition_key);
    assert!(world.asks(&other) && !world.asks(&put()));
    let nobody = NetworkPartitionKey {
        top_level_site: "x".into(),
        second_key: None,
    };
    world.cache.clear_partition(&nobody);
    assert_eq!(world.entries(), 1);
}

#[test]
fn time_that_goes_backwards_grants_nothing() {
    let mut world = World {
        cache: PreflightCache::default(),
        now: seconds(100),
    };
    world.run(&put(), &["204 | O: * | M: PUT | A: 60"]);
    world.now = seconds(99);
    assert!(world.asks(&put()));
    world.now = seconds(100);
    assert!(!world.asks(&put()));
    world.now = Duration::MAX;
    world
        .run(&put(), &["204 | O: * | M: PUT | A: 60"])
        .ends("waits");
    assert!(world.asks(&put()), "nothing lives beyond the end of time");
}

#[test]
fn an_entry_says_what_it_is() {
    let world = after(
        &put().include().by(Profile::FETCH),
        "204 | O: https://a.test | C: true | M: PUT | A: 60",
    );
    let entry = world.cache.entries(world.now).next().unwrap();
    assert_eq!(entry.byte_serialized_origin, "https://a.test");
    assert_eq!(&*entry.key.top_level_site, "https://a.test");
    assert_eq!(
        (entry.stored, entry.max_age, entry.credentials),
        (Duration::ZERO, seconds(60), true)
    );
}
