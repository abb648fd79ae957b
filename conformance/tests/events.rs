//! What the named cases predict of XMLHttpRequest's events, and what of them is compared.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use std::path::Path;

use conformance::{
    cases::Case,
    expectations::{CHROMIUM, FIREFOX, JS, WEBKIT},
    judge::{Expectations, differences},
    observation::Event,
    scenario::{Body, Call},
    subject::events::{settled, shown},
};

/// A case, and what the script of its last call hears.
const HEARD: &[(&str, &str)] = &[
    (
        "events-of-a-response",
        "loadstart@1 0/0, readystatechange@2, readystatechange@3, progress@3 5/0, \
         readystatechange@4, load@4 5/0, loadend@4 5/0",
    ),
    (
        "events-of-a-response-without-a-body",
        "loadstart@1 0/0, readystatechange@2, progress@2 0/0, readystatechange@4, load@4 0/0, \
         loadend@4 0/0",
    ),
    (
        "events-say-how-much-there-is",
        "loadstart@1 0/0, readystatechange@2, readystatechange@3, progress@3 5/5, \
         readystatechange@4, load@4 5/5, loadend@4 5/5",
    ),
    (
        "events-of-a-refused-response",
        "loadstart@1 0/0, readystatechange@4, error@4 0/0, loadend@4 0/0",
    ),
    (
        "events-of-an-upload",
        "loadstart@1 0/0, upload loadstart@1 0/2, upload progress@1 2/2, upload load@1 2/2, \
         upload loadend@1 2/2, readystatechange@2, readystatechange@3, progress@3 5/0, \
         readystatechange@4, load@4 5/0, loadend@4 5/0",
    ),
    (
        "events-of-an-upload-that-a-preflight-stops",
        "loadstart@1 0/0, upload loadstart@1 0/2, readystatechange@4, upload error@4 0/0, \
         upload loadend@4 0/0, error@4 0/0, loadend@4 0/0",
    ),
    (
        "events-of-an-upload-whose-answer-is-refused",
        "loadstart@1 0/0, upload loadstart@1 0/2, upload progress@1 2/2, upload load@1 2/2, \
         upload loadend@1 2/2, readystatechange@4, error@4 0/0, loadend@4 0/0",
    ),
    (
        "events-of-an-upload-and-redirects",
        "loadstart@1 0/0, upload loadstart@1 0/2, upload progress@1 2/2, upload load@1 2/2, \
         upload loadend@1 2/2, readystatechange@2, readystatechange@3, progress@3 5/0, \
         readystatechange@4, load@4 5/0, loadend@4 5/0",
    ),
    (
        "events-of-a-timeout-before-the-upload",
        "loadstart@1 0/0, upload loadstart@1 0/2, readystatechange@4, upload timeout@4 0/0, \
         upload loadend@4 0/0, timeout@4 0/0, loadend@4 0/0",
    ),
    (
        "events-of-an-abort-after-the-upload",
        "loadstart@1 0/0, upload loadstart@1 0/2, upload progress@1 2/2, upload load@1 2/2, \
         upload loadend@1 2/2, readystatechange@4, abort@4 0/0, loadend@4 0/0",
    ),
];

fn case(name: &str) -> Case {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut cases = Case::read(&folder).unwrap();
    cases.retain(|case| case.name == name);
    cases.pop().unwrap()
}

fn heard(expectations: Expectations, name: &str) -> String {
    let mut views = expectations
        .predict(&case(name).scenario())
        .observation
        .views;
    shown(&views.pop().unwrap().events.unwrap())
}

#[test]
fn a_script_hears_what_the_standard_says() {
    for (name, expected) in HEARD {
        assert_eq!(heard(JS, name), *expected, "{name}");
    }
}

#[test]
fn engines_tell_some_of_it_in_their_own_way() {
    let name = "events-of-a-response-without-a-body";
    let silent =
        "loadstart@1 0/0, readystatechange@2, readystatechange@4, load@4 0/0, loadend@4 0/0";
    assert_eq!(heard(CHROMIUM, name), silent);
    assert_eq!(heard(WEBKIT, name), silent);
    let name = "events-of-an-upload-whose-answer-is-refused";
    let stopped = "loadstart@1 0/0, upload loadstart@1 0/2, readystatechange@4, upload error@4 0/0, \
                   upload loadend@4 0/0, error@4 0/0, loadend@4 0/0";
    assert_eq!(heard(FIREFOX, name), stopped);
}

#[test]
fn a_listener_without_a_body_hears_nothing() {
    let told = heard(CHROMIUM, "upload-listener-without-a-body");
    assert!(!told.contains("upload"), "{told}");
}

#[test]
fn a_missing_event_is_a_difference() {
    let scenario = case("events-of-an-upload").scenario();
    let predicted = JS.predict(&scenario).observation;
    let events = predicted.views[0].events.clone().unwrap();
    for (place, event) in events.iter().enumerate() {
        let mut seen = predicted.clone();
        seen.views[0].events.as_mut().unwrap().remove(place);
        let fields: Vec<_> = differences(&scenario, &predicted, &seen)
            .into_iter()
            .map(|difference| difference.field)
            .collect();
        assert_eq!(fields, ["view 0 events"], "{event:?}");
    }
}

fn event(upload: bool, kind: &str, ready_state: u8, bytes: Option<(u64, u64)>) -> Event {
    Event {
        upload,
        r#type: kind.to_owned(),
        ready_state,
        bytes,
    }
}

#[test]
fn what_time_decides_is_not_compared() {
    let call = Call::default();
    let in_parts = [
        event(false, "readystatechange", 3, None),
        event(false, "progress", 3, Some((2, 5))),
        event(false, "readystatechange", 3, None),
        event(false, "progress", 3, Some((5, 5))),
    ];
    let settled_parts = shown(&settled(Some(&call), &in_parts));
    assert_eq!(settled_parts, "readystatechange@3, progress@3");
    let given_up = [
        event(true, "loadstart", 1, Some((0, 9))),
        event(true, "progress", 1, Some((4, 9))),
        event(true, "abort", 4, Some((0, 0))),
    ];
    let settled_upload = shown(&settled(Some(&call), &given_up));
    assert_eq!(settled_upload, "upload loadstart@1 0/9, upload abort@4 0/0");
    let form = Call {
        body: Body::FormData {
            text: "hi".to_owned(),
        },
        ..Call::default()
    };
    let settled_form = shown(&settled(Some(&form), &given_up));
    assert_eq!(settled_form, "upload loadstart@1, upload abort@4");
}
