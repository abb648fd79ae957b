//! Local network access: a question to the host, never a header (client.md 4).

use corsac::fetch::{AddressSpace, Profile};

use crate::script::{Ask, OPEN, World, ask, page};

fn chromium(page_url: &str, what: &str) -> Ask {
    let ask = page(page_url, what).by(Profile::CHROMIUM);
    ask.questions(|it| it.local_network = true)
}

#[test]
fn a_public_page_needs_leave_to_reach_in() {
    for space in ["Local", "Loopback"] {
        let get = chromium("https://a.test/", "GET https://b.test/");
        let connects = format!("connects {space}");
        get.answered(&[&connects, "yes", OPEN])
            .sent(&[
                "GET https://b.test/ from https://a.test",
                &format!("? local network https://b.test/ {space}"),
                "GET https://b.test/ from https://a.test",
            ])
            .ends("cors 200");
        for answer in ["no", "value x"] {
            get.answered(&[&connects, answer])
                .ends("local-network-denied of actual 0");
        }
    }
}

#[test]
fn who_reaches_where() {
    use AddressSpace::{Local, Loopback, Public};
    for page in [Public, Local, Loopback] {
        for server in [Public, Local, Loopback] {
            let get = chromium("https://a.test/", "GET https://b.test/")
                .env(|it| it.address_space = page);
            let run = get.answered(&[&format!("connects {server:?}")]);
            let asked = run.log.last().unwrap().starts_with("? local");
            assert_eq!(
                asked,
                page == Public && server != Public,
                "{page:?} {server:?}"
            );
        }
    }
}

#[test]
fn the_request_is_the_same_after_leave_is_given() {
    let get = chromium("https://a.test/", "GET https://b.test/");
    let mut fetch = get.begin();
    let mut world = World::default();
    let mut sent = || match fetch.poll(&mut world.cache, world.now) {
        corsac::fetch::Output::Send(hop) => Some(hop.clone()),
        _ => None,
    };
    let before = sent().unwrap();
    let mut fetch = get.begin();
    let _ = fetch.poll(&mut world.cache, world.now);
    fetch.handle_connection(before.id, AddressSpace::Local);
    assert!(matches!(
        fetch.poll(&mut world.cache, world.now),
        corsac::fetch::Output::Ask(_)
    ));
    fetch.handle_answer(corsac::fetch::Answer::Yes);
    match fetch.poll(&mut world.cache, world.now) {
        corsac::fetch::Output::Send(after) => assert_eq!(*after, before),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_preflight_is_asked_about_too() {
    let put = chromium("https://a.test/", "PUT https://b.test/");
    put.answered(&["connects Local", "no"])
        .ends("local-network-denied of preflight 0");
    put.answered(&["connects Local", "aborts"])
        .ends("aborted of preflight 0");
    let granted = "204 | O: * | M: PUT";
    put.answered(&[
        "connects Local",
        "yes",
        granted,
        "connects Local",
        "yes",
        OPEN,
    ])
    .ends("cors 200");
    put.answered(&["connects Public", granted, "connects Loopback", "no"])
        .ends("local-network-denied of actual 0");
}

#[test]
fn every_hop_is_asked_about() {
    let get = chromium("https://a.test/", "GET https://b.test/");
    let redirect = "302 | O: * | L: https://c.test/";
    get.answered(&["connects Public", redirect, "connects Local", "no"])
        .ends("local-network-denied of actual 1");
}

#[test]
fn an_insecure_page_is_not_even_asked() {
    let get = chromium("http://a.test/", "GET https://b.test/");
    get.answered(&["connects Local"])
        .ends("local-network-insecure of actual 0");
    get.answered(&["connects Public", OPEN]).ends("cors 200");
    let put = chromium("http://a.test/", "PUT https://b.test/");
    put.answered(&["connects Loopback"])
        .ends("local-network-insecure of preflight 0");
}

#[test]
fn a_host_that_is_not_asked_says_no() {
    let get = ask("GET https://b.test/").by(Profile::CHROMIUM);
    get.answered(&["connects Local"])
        .ends("local-network-denied of actual 0");
    // A host that does not say where servers are lets everything in.
    get.answered(&[OPEN]).ends("cors 200");
}

#[test]
fn no_header_asks_or_opens() {
    let put = chromium("https://a.test/", "PUT https://b.test/");
    let granted = "204 | O: * | M: PUT | Access-Control-Allow-Private-Network: true \
         | Access-Control-Allow-Local-Network: true";
    let run = put.answered(&["connects Public", granted, "connects Local"]);
    for hop in &run.hops {
        for header in &hop.header_list {
            let name = String::from_utf8_lossy(header.name()).to_ascii_lowercase();
            assert!(!name.ends_with("-network"), "{name}");
        }
    }
    assert!(run.log.last().unwrap().starts_with("? local network"));
}
