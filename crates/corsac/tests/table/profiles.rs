//! Where engines leave the Standard (client.md 4): each rule, and who follows it.

use std::time::Duration;

use corsac::fetch::{CachedGrant, CredentialsMode, Profile, RedirectMode};

use crate::script::{Ask, OPEN, World, ask};

const CHROMIUM: Profile = Profile::CHROMIUM;
const FIREFOX: Profile = Profile::FIREFOX;
const WEBKIT: Profile = Profile::WEBKIT;

/// What a rule comes to by the Standard, in Chromium, in Firefox and in WebKit.
#[track_caller]
fn each<T: PartialEq + std::fmt::Debug>(expected: [T; 4], rule: impl Fn(Profile) -> T) {
    assert_eq!(Profile::ALL.map(rule), expected);
}

fn put(profile: Profile) -> Ask {
    ask("PUT https://b.test/").by(profile)
}

/// How many preflights are sent before the second of two requests, the first one ending so.
fn asks_again(first: &Ask, answers: &[&str], second: &Ask) -> bool {
    let mut world = World::default();
    world.run(first, answers);
    world.sends(second).starts_with("asks ")
}

#[test]
fn they_have_names() {
    each(["fetch", "chromium", "firefox", "webkit"], |profile| {
        profile.name
    });
    assert_eq!(Profile::default(), Profile::FETCH);
}

#[test]
fn the_cap_of_max_age() {
    each([7200, 7200, 86400, 600], |profile| {
        let mut world = World::default();
        world.run(&put(profile), &["204 | O: * | M: PUT | A: 100000"]);
        world
            .cache
            .entries(Duration::ZERO)
            .next()
            .unwrap()
            .max_age
            .as_secs()
    });
}

#[test]
fn a_max_age_that_does_not_parse() {
    let age = |profile, value: &str| {
        let mut world = World::default();
        world.run(
            &put(profile),
            &[&format!("204 | O: * | M: PUT | A: {value}")],
        );
        world
            .cache
            .entries(Duration::ZERO)
            .next()
            .map_or(0, |entry| entry.max_age.as_secs())
    };
    for value in ["abc", "1.5", "+7", "7, 7", "7 | A: 7", "-", "-x", "--1", ""] {
        each([5, 5, 0, 5], |profile| age(profile, value));
    }
    for value in ["-1", "-0", "-99999999999999999999"] {
        each([5, 0, 0, 0], |profile| age(profile, value));
    }
    each([5; 4], |profile| {
        let mut world = World::default();
        world.run(&put(profile), &["204 | O: * | M: PUT"]);
        world
            .cache
            .entries(Duration::ZERO)
            .next()
            .unwrap()
            .max_age
            .as_secs()
    });
}

#[test]
fn the_wildcard_covers_authorization() {
    each([false, true, true, true], |profile| {
        let get = ask("GET https://b.test/")
            .by(profile)
            .with("Authorization", "Basic x");
        get.answered(&["204 | O: * | H: *"]).end() == "waits"
    });
    // But a cached one does not, in any of them. Nor does one with credentials.
    each([true; 4], |profile| {
        let get = ask("GET https://b.test/").by(profile);
        let with = get.clone().with("Authorization", "Basic x");
        asks_again(&get.with("X", "1"), &["204 | O: * | H: *"], &with)
    });
    each([false; 4], |profile| {
        let get = ask("GET https://b.test/")
            .by(profile)
            .include()
            .with("Authorization", "Basic x");
        get.answered(&["204 | O: https://a.test | C: true | H: *"])
            .end()
            == "waits"
    });
}

#[test]
fn a_cached_wildcard_grants() {
    each([true, true, false, true], |profile| {
        let other = ask("DELETE https://b.test/").by(profile).with("Y", "1");
        !asks_again(
            &put(profile).with("X", "1"),
            &["204 | O: * | M: * | H: *"],
            &other,
        )
    });
}

#[test]
fn a_grant_with_credentials_serves_requests_without() {
    each([true, true, false, true], |profile| {
        let granted = "204 | O: https://a.test | C: true | M: PUT";
        !asks_again(&put(profile).include(), &[granted], &put(profile))
    });
}

#[test]
fn one_answer_is_kept_for_a_url() {
    each([false, true, false, true], |profile| {
        let mut world = World::default();
        world.run(&put(profile), &["204 | O: * | M: PUT | A: 60"]);
        world.run(
            &ask("DELETE https://b.test/").by(profile),
            &["204 | O: * | M: DELETE | A: 60"],
        );
        world.sends(&put(profile)).starts_with("asks ")
    });
    // A miss forgets, even if the answer never comes.
    each([1, 0, 1, 0], |profile| {
        let mut world = World::default();
        world.run(&put(profile), &["204 | O: * | M: PUT | A: 60"]);
        world.run(&ask("DELETE https://b.test/").by(profile), &[]);
        world.entries()
    });
}

#[test]
fn grants_are_cached_for_the_page_though_redirects_taint() {
    // Granted to the page directly, and used when a stranger sends the page there, but by Chromium.
    each([true, true, false, false], |profile| {
        let mut world = World::default();
        world.run(&put(profile), &["204 | O: * | M: PUT | A: 60"]);
        world.run(
            &ask("PUT https://c.test/").by(profile),
            &["204 | O: * | M: PUT"],
        );
        let redirect = "307 | O: * | L: https://b.test/";
        let run = world.run(&ask("PUT https://c.test/").by(profile), &[redirect]);
        run.log[1].starts_with("asks ")
    });
}

#[test]
fn a_network_error_forgets_grants() {
    each([0, 1, 0, 1], |profile| {
        let mut world = World::default();
        world.run(
            &put(profile),
            &["204 | O: * | M: PUT | A: 60", "fails Closed"],
        );
        world.entries()
    });
}

#[test]
fn a_preflight_after_a_tainting_redirect_says_null() {
    let redirect = "307 | O: * | L: https://c.test/";
    let granted = "204 | O: * | M: PUT";
    let origins = |profile, answer: &str| {
        let run = put(profile).answered(&[granted, redirect, answer]);
        (run.header(2, "Origin").unwrap(), run.end())
    };
    let (null, own) = ("null".to_owned(), "https://a.test".to_owned());
    let refused = || "allow-origin-null of preflight 1".to_owned();
    let waits = || "waits".to_owned();
    each(
        [
            (null.clone(), refused()),
            (null.clone(), refused()),
            (own.clone(), waits()),
            (null.clone(), refused()),
        ],
        |profile| origins(profile, "204 | O: https://a.test | M: PUT"),
    );
    let mismatch = "allow-origin-mismatch of preflight 1".to_owned();
    each(
        [
            (null.clone(), waits()),
            (null.clone(), waits()),
            (own, mismatch),
            (null, waits()),
        ],
        |profile| origins(profile, "204 | O: null | M: PUT"),
    );
    // The verdict shows what was sent, and the actual request is tainted all the same.
    let run = put(FIREFOX).answered(&[granted, redirect, "204 | O: null | M: PUT"]);
    assert_eq!(run.verdict().origin, "https://a.test");
    let run =
        put(FIREFOX).answered(&[granted, redirect, "204 | O: https://a.test | M: PUT", "200"]);
    assert_eq!(run.header(3, "Origin").as_deref(), Some("null"));
    assert_eq!(run.verdict().origin, "null");
}

#[test]
fn empty_lines_count_in_the_cors_check() {
    let passes = |profile, lines: &str| {
        let get = ask("GET https://b.test/").by(profile).include();
        get.answered(&[&format!("200 | {lines}")]).end() == "cors 200"
    };
    for lines in [
        "O: https://a.test | C: true | C: ",
        "O: https://a.test | C:  | C: true",
    ] {
        each([false, false, true, false], |profile| {
            passes(profile, lines)
        });
    }
    for lines in [
        "O:  | C: true",
        "O:  | O: https://a.test | C: true",
        "O: https://a.test | C: ",
        "O: https://a.test | O: https://a.test | C: true",
        "O: https://a.test | O: \u{b} | C: true",
    ] {
        each([false; 4], |profile| passes(profile, lines));
    }
    let end = |profile, lines: &str| {
        ask("GET https://b.test/")
            .by(profile)
            .answered(&[&format!("200 | {lines}")])
            .end()
    };
    for (code, lines) in [
        ("allow-origin-invalid", "O: "),
        ("allow-origin-multiple", "O:  | O: "),
        ("allow-origin-multiple", "O:  | O: x | O: y"),
        ("allow-origin-missing", "X: "),
    ] {
        each([(); 4].map(|()| format!("{code} of actual 0")), |profile| {
            end(profile, lines)
        });
    }
}

#[test]
fn at_home_again_the_mode_still_counts() {
    let home = "302 | O: * | L: https://a.test/";
    let end = |profile, mode, last: &str| {
        let get = ask("GET https://b.test/").by(profile).credentials(mode);
        get.answered(&[home, last]).end()
    };
    let cors = "cors 200".to_owned();
    for mode in [CredentialsMode::SameOrigin, CredentialsMode::Omit] {
        each([(); 4].map(|()| cors.clone()), |profile| {
            end(profile, mode, OPEN)
        });
    }
}

#[test]
fn another_origin_loses_authorization() {
    each([false; 4], |profile| {
        let get = ask("GET https://a.test/")
            .by(profile)
            .with("Authorization", "Basic x");
        let to_b = "302 | L: https://b.test/";
        let asks = usize::from(profile == FIREFOX);
        let run = get.answered(&[to_b, "204 | O: *"][..=asks]);
        run.hops
            .last()
            .unwrap()
            .header_list
            .contains("Authorization")
    });
}

#[test]
fn the_next_redirect_brings_authorization_back() {
    each([false, false, true, false], |profile| {
        let get = ask("GET https://b.test/")
            .by(profile)
            .with("Authorization", "Basic x");
        let granted = "204 | O: * | H: authorization";
        let (to_c, on) = ("302 | O: * | L: https://c.test/", "302 | O: * | L: /on");
        let answers: &[&str] = match profile == FIREFOX || profile == WEBKIT {
            true => &[granted, to_c, granted, on, granted],
            false => &[granted, to_c, on],
        };
        let run = get.answered(answers);
        let last = run.hops.last().unwrap();
        assert_eq!(last.url.as_str(), "https://c.test/on");
        last.header_list.contains("Authorization")
    });
}

#[test]
fn a_type_comes_back_where_the_method_is_kept() {
    // 303 makes a GET of it, and 307 keeps the GET.
    each([false, false, true, false], |profile| {
        let put = ask("PUT https://a.test/")
            .by(profile)
            .with("Content-Type", "text/plain")
            .body(1);
        let run = put.answered(&["303 | L: /2", "307 | L: /3"]);
        let list = |place: usize| &run.hops[place].header_list;
        assert!(list(0).contains("Content-Type") && !list(1).contains("Content-Type"));
        list(2).contains("Content-Type")
    });
}

#[test]
fn a_type_stayed_once_it_had_come_back() {
    // Each redirect asks whether it would have dropped the body that there was at first.
    each(["1", "1", "1 3 5", "1"].map(str::to_owned), |profile| {
        let post = ask("POST https://a.test/")
            .by(profile)
            .with("Content-Type", "text/plain")
            .body(1);
        let run = post.answered(&["303 | L: /2", "307 | L: /3", "302 | L: /4", "308 | L: /5"]);
        let hops = run.hops.iter().zip(1..);
        let saying = hops.filter(|(hop, _)| hop.header_list.contains("Content-Type"));
        let places: Vec<_> = saying
            .map(|(_, place): (_, u8)| place.to_string())
            .collect();
        places.join(" ")
    });
}

#[test]
fn a_type_comes_back_where_a_put_is_moved() {
    // 302 would have left a PUT as it is, though there is none any more.
    each([false, false, true, false], |profile| {
        let put = ask("PUT https://a.test/")
            .by(profile)
            .with("Content-Type", "text/plain")
            .body(1);
        let run = put.answered(&["303 | L: /2", "302 | L: /3"]);
        run.hops[2].header_list.contains("Content-Type")
    });
}

#[test]
fn a_preflight_asks_for_a_type_that_an_earlier_redirect_has_dropped() {
    // The first 303 has made a GET of it, and the second one would have.
    each(
        ["", "", "content-type", "content-type"].map(str::to_owned),
        |profile| {
            let post = ask("POST https://b.test/")
                .by(profile)
                .with("Content-Type", "application/json")
                .body(1);
            let granted = "204 | O: * | H: content-type";
            let (to_c, to_d) = (
                "303 | O: * | L: https://c.test/",
                "303 | O: * | L: https://d.test/",
            );
            let answers: &[&str] = match profile == FIREFOX || profile == WEBKIT {
                true => &[granted, to_c, granted, to_d, granted],
                false => &[granted, to_c, to_d],
            };
            let run = post.answered(answers);
            let last = run.hops.last().unwrap();
            assert!(!last.header_list.contains("Content-Type"));
            let before = &run.hops[run.hops.len() - 2].header_list;
            let asked = before.get("Access-Control-Request-Headers");
            String::from_utf8(asked.unwrap_or_default().into_owned()).unwrap()
        },
    );
}

#[test]
fn userinfo_in_a_redirect_is_refused_everywhere() {
    for (what, to) in [
        ("GET https://a.test/", "https://u:p@a.test/"),
        ("GET https://b.test/", "https://u@b.test/"),
    ] {
        each([false, true, false, false], |profile| {
            let get = ask(what).no_cors().by(profile);
            get.answered(&[&format!("302 | L: {to}")]).end() == "redirect-userinfo of actual 0"
        });
    }
}

#[test]
fn an_upload_listener_needs_a_body_to_ask() {
    each([true, false, true, true], |profile| {
        let post = ask("POST https://b.test/").by(profile).forced();
        post.answered(&[]).log[0].starts_with("asks ")
    });
    each([true; 4], |profile| {
        let post = ask("POST https://b.test/").by(profile).forced().body(1);
        post.answered(&[]).log[0].starts_with("asks ")
    });
}

#[test]
fn an_upload_listener_still_asks_where_a_303_has_dropped_the_body() {
    each([true; 4], |profile| {
        let post = ask("POST https://b.test/").by(profile).forced().body(1);
        let see_other = "303 | O: * | L: https://c.test/";
        let run = post.answered(&["204 | O: *", see_other, "204 | O: *"]);
        run.log[2].starts_with("asks ")
    });
}

#[test]
fn a_redirect_that_leaves_a_request_simple_spares_the_preflight() {
    let asks = |request: Ask, answers: &[&str]| {
        let run = request.answered(answers);
        run.log.last().unwrap().starts_with("asks ")
    };
    let (see_other, found) = ("303 | O: * | L: /2", "302 | O: * | L: /2");
    let some = [false, false, true, true];
    each(some, |profile| {
        asks(put(profile), &["204 | O: * | M: PUT", see_other])
    });
    let typed = |profile, what: &str| {
        let post = ask(what).by(profile).with("Content-Type", "text/xml");
        post.body(1)
    };
    each(some, |profile| {
        let granted = "204 | O: * | H: content-type";
        asks(typed(profile, "POST https://b.test/"), &[granted, found])
    });
    // At home it needed no leave, but has the headers that would have.
    let away = "303 | L: https://b.test/";
    each(some, |profile| {
        asks(typed(profile, "POST https://a.test/"), &[away])
    });
    each([false; 4], |profile| {
        asks(ask("PUT https://a.test/").by(profile), &[away])
    });
    // What was simple before is simple after.
    for what in ["POST https://b.test/", "HEAD https://b.test/"] {
        each([false; 4], |profile| {
            asks(ask(what).by(profile), &[see_other])
        });
    }
}

#[test]
fn an_upload_listener_grants_its_method() {
    let end = |profile, what: &str| {
        let request = ask(what).by(profile).forced().body(1);
        request.answered(&["204 | O: *"]).end()
    };
    each([true, false, false, false], |profile| {
        end(profile, "PATCH https://b.test/") == "waits"
    });
    each([true; 4], |profile| {
        end(profile, "POST https://b.test/") == "waits"
    });
}

#[test]
fn any_grant_spares_an_upload_listener_of_a_safelisted_method() {
    each([true, false, false, false], |profile| {
        let post = ask("POST https://b.test/").by(profile).forced().body(1);
        let granted = "204 | O: * | M: PUT | H: x | A: 60";
        asks_again(&post, &[granted], &post)
    });
}

#[test]
fn head_is_looked_up() {
    each([false, false, true, false], |profile| {
        let get = ask("GET https://b.test/").by(profile).with("X", "1");
        let head = ask("HEAD https://b.test/").by(profile).with("X", "1");
        asks_again(&get, &["204 | O: * | H: x | A: 60"], &head)
    });
}

#[test]
fn any_grant_spared_a_head_with_an_upload_listener() {
    // Chromium asks for nothing where there is nothing to upload.
    each([true, false, true, false], |profile| {
        let head = ask("HEAD https://b.test/").by(profile).forced();
        asks_again(&head, &["204 | O: * | M: PUT | H: x | A: 60"], &head)
    });
}

#[test]
fn a_preflight_to_the_page_itself_need_not_name_it() {
    each([false, false, true, false], |profile| {
        let granted = "204 | O: * | M: PUT";
        let home = "307 | O: * | L: https://a.test/";
        let run = put(profile).answered(&[granted, home, "204 | O: x | M: PUT"]);
        run.end() == "waits"
    });
}

#[test]
fn several_values_of_a_hint_are_not_safe() {
    each([true, false, true, true], |profile| {
        let get = ask("GET https://b.test/").by(profile).with("Downlink", "1");
        get.answered(&[]).log[0].starts_with("asks ")
    });
    each([true; 4], |profile| {
        let get = ask("GET https://b.test/")
            .by(profile)
            .with("Downlink", "1, 1");
        get.answered(&[]).log[0].starts_with("asks ")
    });
}

#[test]
fn a_comma_in_a_parameter_of_a_type_is_safe() {
    each([false, false, true, false], |profile| {
        let post = ask("POST https://b.test/")
            .by(profile)
            .with("Content-Type", "text/plain; x=a,b");
        post.answered(&[]).log[0].starts_with("asks ")
    });
}

#[test]
fn which_failure_of_a_preflight_is_reported() {
    let first = |profile, answer: &str| put(profile).answered(&[answer]).codes()[0];
    let missing = "allow-origin-missing";
    let status = "preflight-status-not-ok";
    let redirected = "preflight-redirected";
    each([missing, missing, missing, status], |profile| {
        first(profile, "403")
    });
    each([missing, redirected, redirected, redirected], |profile| {
        first(profile, "302 | L: /2")
    });
    each([missing; 4], |profile| first(profile, "204"));
    each([status; 4], |profile| first(profile, "403 | O: *"));
    // All of it is told anyway.
    each(
        [
            vec![missing, status, "method-not-allowed"],
            vec![missing, status, "method-not-allowed"],
            vec![missing, status, "method-not-allowed"],
            vec![status, missing, "method-not-allowed"],
        ],
        |profile| put(profile).answered(&["403"]).codes(),
    );
}

#[test]
fn a_redirect_without_a_location_is_a_redirect() {
    for lines in ["", " | L: "] {
        let head = format!("302 | O: *{lines}");
        let end = |profile, mode| {
            ask("GET https://b.test/")
                .by(profile)
                .redirect(mode)
                .answered(&[&head])
                .end()
        };
        let cors = "cors 302".to_owned();
        let error = "redirect-mode of actual 0".to_owned();
        each(
            [error.clone(), cors.clone(), error.clone(), error],
            |profile| end(profile, RedirectMode::Error),
        );
        let manual = "opaqueredirect 0".to_owned();
        each(
            [manual.clone(), manual.clone(), manual.clone(), manual],
            |profile| end(profile, RedirectMode::Manual),
        );
        let followed = if lines.is_empty() {
            "cors 302"
        } else {
            "waits"
        }
        .to_owned();
        each(
            [followed.clone(), cors, followed.clone(), followed],
            |profile| end(profile, RedirectMode::Follow),
        );
    }
    each([true; 4], |profile| {
        let ask = ask("GET https://b.test/")
            .by(profile)
            .redirect(RedirectMode::Error);
        ask.answered(&["302 | O: * | L: /2"]).end() == "redirect-mode of actual 0"
    });
}

#[test]
fn an_answer_for_no_time_ends_what_an_earlier_one_granted() {
    each([true, true, false, true], |profile| {
        let mut world = World::default();
        world.run(&put(profile), &["204 | O: * | M: PUT | A: 60", OPEN]);
        let delete = ask("DELETE https://b.test/").by(profile);
        world.run(&delete, &["204 | O: * | M: PUT, DELETE | A: 0", OPEN]);
        world.sends(&put(profile)).starts_with("asks ")
    });
}

#[test]
fn an_answer_that_does_not_cover_the_request_is_not_kept() {
    each([true, true, true, false], |profile| {
        let first = put(profile).with("X", "1");
        asks_again(&first, &["204 | O: * | M: PUT | A: 60"], &put(profile))
    });
    // Nor is one of a status that is not ok, by anybody.
    each([true; 4], |profile| {
        asks_again(&put(profile), &["404 | O: * | M: PUT"], &put(profile))
    });
}

#[test]
fn a_preflight_asks_for_what_the_redirect_has_dropped() {
    each([false, false, false, true], |profile| {
        let get = ask("GET https://a.test/")
            .by(profile)
            .with("Authorization", "Basic x");
        let run = get.answered(&["302 | L: https://b.test/"]);
        let list = &run.hops.last().unwrap().header_list;
        list.get("Access-Control-Request-Headers").as_deref() == Some(b"authorization")
    });
}

#[test]
fn a_407_is_a_network_error() {
    let error = "proxy-authentication of actual 0".to_owned();
    let cors = "cors 407".to_owned();
    each([error.clone(), error, cors.clone(), cors], |profile| {
        ask("GET https://b.test/")
            .by(profile)
            .answered(&["407 | O: *"])
            .end()
    });
}

#[test]
fn the_local_network_is_open() {
    each([true, false, true, true], |profile| {
        let get = ask("GET https://b.test/").by(profile);
        get.answered(&["connects Local", OPEN][..if profile == CHROMIUM { 1 } else { 2 }])
            .end()
            == "cors 200"
    });
}

#[test]
fn what_needs_no_preflight() {
    let simple = |profile, name: &str, value: &str| {
        let get = ask("GET https://b.test/").by(profile).with(name, value);
        !get.answered(&[]).log[0].starts_with("asks ")
    };
    for hint in [
        "Device-Memory",
        "downlink",
        "DPR",
        "ECT",
        "RTT",
        "Save-Data",
        "Viewport-Width",
        "Width",
    ] {
        each([false, true, false, false], |profile| {
            let value = match hint {
                "Save-Data" => "on",
                "ECT" => "4g",
                _ => "1",
            };
            simple(profile, hint, value)
        });
    }
    each([false; 4], |profile| simple(profile, "Save-Data", "off"));
    each([true, true, false, true], |profile| {
        simple(profile, "Accept", "\u{e9}")
    });
    each([false, false, true, true], |profile| {
        let long = "x".repeat(128);
        let get = ask("GET https://b.test/").by(profile);
        let get = (0..9).fold(get, |get, _| get.with("Content-Language", &long));
        !get.answered(&[]).log[0].starts_with("asks ")
    });
    each([false; 4], |profile| simple(profile, "X-Cart", "7"));
}

#[test]
fn the_rest_is_the_same_for_all() {
    for profile in Profile::ALL {
        let mut world = World::default();
        let granted = "204 | O: https://a.test | C: true | M: PUT | H: x-cart | A: 60";
        let put = put(profile).include().with("X-Cart", "7");
        world
            .run(&put, &[granted, "200 | O: https://a.test | C: true"])
            .ends("cors 200");
        world
            .run(&put, &["200 | O: https://a.test | C: true"])
            .ends("cors 200");
        let grants: Vec<_> = world
            .cache
            .entries(world.now)
            .map(|entry| entry.grant.clone())
            .collect();
        let (method, name) = ("PUT".to_owned(), "x-cart".to_owned());
        assert_eq!(
            grants,
            [CachedGrant::Method(method), CachedGrant::HeaderName(name)]
        );
        world
            .run(&ask("GET https://b.test/").by(profile), &["200"])
            .ends("allow-origin-missing of actual 0");
    }
}
