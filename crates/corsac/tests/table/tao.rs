//! The TAO check: who may see timings (client.md 1.6).

use corsac::fetch::Mode;

use crate::script::ask;

fn passes(what: &str, mode: Mode, answers: &[&str]) -> bool {
    let run = ask(what).mode(mode).answered(answers);
    run.response().timing_allow_passed
}

#[test]
fn the_wildcard_or_the_origin_among_the_values_passes() {
    let rows = [
        ("*", true),
        ("https://a.test", true),
        ("https://b.test, https://a.test", true),
        ("https://b.test , *", true),
        ("https://a.test | Timing-Allow-Origin: https://c.test", true),
        ("https://c.test | Timing-Allow-Origin: *", true),
        ("", false),
        ("https://A.test", false),
        ("https://a.test/", false),
        ("http://a.test", false),
        ("**", false),
        ("* https://b.test", false),
        ("null", false),
        ("\"*\"", false),
        ("\"https://a.test\"", false),
        ("\"x, *, y\"", false),
    ];
    for (value, passed) in rows {
        let head = format!("200 | O: * | Timing-Allow-Origin: {value}");
        assert_eq!(
            passes("GET https://b.test/", Mode::Cors, &[&head]),
            passed,
            "{value}"
        );
        assert_eq!(
            passes("GET https://b.test/", Mode::NoCors, &[&head]),
            passed,
            "{value}"
        );
    }
}

#[test]
fn without_a_value_only_basic_passes() {
    assert!(passes("GET https://a.test/", Mode::Cors, &["200"]));
    assert!(passes(
        "GET https://a.test/",
        Mode::Cors,
        &["200 | Timing-Allow-Origin: no"]
    ));
    assert!(!passes("GET https://b.test/", Mode::Cors, &["200 | O: *"]));
    assert!(!passes("GET https://b.test/", Mode::NoCors, &["200"]));
    // Back at home it is no longer basic.
    let back = "302 | O: * | Timing-Allow-Origin: * | L: https://a.test/";
    assert!(!passes(
        "GET https://b.test/",
        Mode::Cors,
        &[back, "200 | O: *"]
    ));
}

#[test]
fn the_failed_flag_is_sticky() {
    let open = "200 | O: * | Timing-Allow-Origin: *";
    let silent = "302 | O: * | L: https://c.test/";
    let allowing = "302 | O: * | Timing-Allow-Origin: * | L: https://c.test/";
    assert!(!passes("GET https://b.test/", Mode::Cors, &[silent, open]));
    assert!(passes("GET https://b.test/", Mode::Cors, &[allowing, open]));
    assert!(!passes(
        "GET https://b.test/",
        Mode::Cors,
        &[allowing, "200 | O: *"]
    ));
    assert!(!passes(
        "GET https://b.test/",
        Mode::Cors,
        &[silent, allowing, open]
    ));
    // The first hop at home passes by being basic.
    assert!(passes(
        "GET https://a.test/",
        Mode::Cors,
        &["302 | L: https://b.test/", open]
    ));
}

#[test]
fn it_decides_nothing_but_the_timings() {
    let run = ask("GET https://b.test/").answered(&["200 | O: * | Timing-Allow-Origin: no"]);
    run.ends("cors 200");
    let manual = ask("GET https://b.test/").redirect(corsac::fetch::RedirectMode::Manual);
    let run = manual.answered(&["302 | O: * | Timing-Allow-Origin: *"]);
    assert!(run.response().timing_allow_passed);
    let run = manual.answered(&["302 | O: *"]);
    assert!(!run.response().timing_allow_passed);
}

#[test]
fn the_preflight_is_not_asked() {
    let ask = ask("PUT https://b.test/");
    let granted = "204 | O: * | M: PUT | Timing-Allow-Origin: no";
    let run = ask.answered(&[granted, "200 | O: * | Timing-Allow-Origin: *"]);
    assert!(run.response().timing_allow_passed);
}
