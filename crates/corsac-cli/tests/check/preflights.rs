//! Answers to preflights, good and bad, and what is remembered of them.

use std::net::TcpListener;

use crate::{
    command::{check, check_of},
    raw::{Raw, response},
};

const ANY: &str = "Access-Control-Allow-Origin: *";

/// A server whose answer to the preflight is this, and whose other answers are fine.
fn answering(status: &str, lines: &[&str]) -> Raw {
    Raw::preflighted(response(status, lines), response("200 OK", &[ANY]))
}

#[track_caller]
fn blocked(status: &str, lines: &[&str], code: &str) {
    let server = answering(status, lines);
    let ran = check(&[&server.url("/a"), "-X", "PUT"]);
    ran.is_blocked(code, "preflight", 0);
    assert_eq!(ran.wire(), ["OPTIONS /a"]);
}

#[test]
fn a_status_that_is_not_ok_blocks() {
    for status in [
        "401 Unauthorized",
        "404 Not Found",
        "405 Method Not Allowed",
        "500 No",
    ] {
        blocked(status, &[ANY], "preflight-status-not-ok");
    }
    blocked("302 Found", &[ANY, "Location: /b"], "preflight-redirected");
}

#[test]
fn the_first_failing_step_is_told_and_the_rest_too() {
    let server = answering("401 Unauthorized", &["WWW-Authenticate: Bearer"]);
    let ran = check(&[&server.url("/"), "-X", "PUT", "-H", "x-cart: 7"]);
    ran.is_blocked("allow-origin-missing", "preflight", 0);
    assert_eq!(
        ran.json["verdict"]["also"],
        serde_json::json!([
            "preflight-status-not-ok",
            "method-not-allowed",
            "header-not-allowed"
        ])
    );
    let words = |engine: usize| {
        let engine = &ran.json["verdict"]["engines"][engine];
        engine["wording"].as_str().unwrap().to_owned()
    };
    assert!(words(0).contains("No 'Access-Control-Allow-Origin' header"));
    assert!(words(1).contains("missing"));
    assert_eq!(
        words(2),
        "Preflight response is not successful. Status code: 401"
    );
    for check in ["allow-origin", "status", "allow-methods", "allow-headers"] {
        assert_eq!(ran.state(0, check), "failed");
    }
}

#[test]
fn an_answer_without_headers_blocks() {
    blocked("204 No Content", &[], "allow-origin-missing");
}

#[test]
fn a_bad_list_is_told_by_its_byte() {
    let server = answering(
        "204 No Content",
        &[
            ANY,
            "Access-Control-Allow-Methods: GET; PUT",
            "Access-Control-Allow-Headers: a b",
        ],
    );
    let ran = check(&[&server.url("/"), "-X", "PUT"]);
    ran.is_blocked("allow-methods-invalid", "preflight", 0);
    assert_eq!(ran.evidence(), ("Access-Control-Allow-Methods", 1, 3, 1));
}

#[test]
fn no_answer_to_a_preflight_blocks_once_there_was_a_connection() {
    let server = Raw::preflighted("", response("200 OK", &[ANY]));
    let ran = check(&[&server.url("/"), "-X", "PUT"]);
    ran.is_blocked("preflight-no-response", "preflight", 0);
    assert_eq!(ran.json["verdict"]["transport"]["error"], "closed");

    // Never: somebody takes the connection, and that is all.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let ran = check(&[&url, "-X", "PUT", "-m", "0.5"]);
    ran.is_blocked("preflight-no-response", "preflight", 0);
    assert_eq!(ran.json["verdict"]["transport"]["error"], "timeout");
}

#[test]
fn credentials_need_more_than_a_wildcard() {
    let server = answering("204 No Content", &[ANY, "Access-Control-Allow-Methods: *"]);
    let url = server.url("/");
    check(&[&url, "-X", "PUT"]).is_readable();
    let ran = check(&[&url, "-X", "PUT", "--credentials", "include"]);
    ran.is_blocked("wildcard-with-credentials", "preflight", 0);
    assert_eq!(ran.evidence(), ("Access-Control-Allow-Origin", 0, 0, 1));
}

/// The only case known in which the Standard blocks and no browser does: so a page gets it.
#[test]
fn authorization_under_a_wildcard_is_a_warning() {
    let server = answering("204 No Content", &[ANY, "Access-Control-Allow-Headers: *"]);
    let url = server.url("/");
    let asked = [&*url, "-H", "authorization: Bearer abc"];
    let ran = check(&asked);
    ran.is_readable();
    assert!(
        ran.notes().contains("authorization-not-covered"),
        "{}",
        ran.notes()
    );
    // Once as the Standard has it, and once as browsers do.
    assert_eq!(ran.wire(), ["OPTIONS /", "OPTIONS /", "GET /"]);
    let strict = check(&[&asked[..], &["--profile", "fetch"]].concat());
    strict.is_blocked("authorization-not-covered", "preflight", 0);
    for profile in ["chromium", "firefox", "webkit"] {
        let ran = check(&[&asked[..], &["--profile", profile]].concat());
        ran.is_readable();
        assert_eq!(ran.engines(), [format!("{profile} readable")]);
    }
}

/// Only Firefox takes an empty line for none.
#[test]
fn one_engine_that_blocks_is_enough() {
    let origin = "Access-Control-Allow-Origin: http://sitea.com";
    let (yes, nothing) = (
        "Access-Control-Allow-Credentials: true",
        "Access-Control-Allow-Credentials: ",
    );
    let server = Raw::saying(response("200 OK", &[origin, yes, nothing]));
    let url = server.url("/");
    let asked = [&*url, "--credentials", "include"];
    let ran = check(&asked);
    ran.is_blocked("allow-credentials-not-true", "actual", 0);
    assert_eq!(
        ran.engines(),
        ["chromium blocked", "firefox readable", "webkit blocked"]
    );
    check(&[&asked[..], &["--profile", "firefox"]].concat()).is_readable();
}

#[test]
fn an_engine_that_would_have_sent_something_else_is_not_judged() {
    let server = answering("204 No Content", &[ANY, "Access-Control-Allow-Headers: *"]);
    // Chromium safelists client hints; the others ask first.
    let ran = check(&[&server.url("/"), "-H", "dpr: 2"]);
    ran.is_readable();
    assert_eq!(
        ran.engines(),
        ["chromium not judged", "firefox readable", "webkit readable"]
    );
    let why = ran.json["verdict"]["engines"][0]["not_judged"]
        .as_str()
        .unwrap();
    assert_eq!(why, "it would have sent no preflight");
    assert_eq!(
        check(&[&server.url("/"), "-H", "dpr: 2", "--profile", "chromium"]).wire(),
        ["GET /"]
    );
}

#[test]
fn an_upload_listener_asks_first() {
    let server = answering("204 No Content", &[ANY]);
    let ran = check(&[&server.url("/"), "-d", "a=1", "--upload-listener"]);
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /", "POST /"]);
    assert_eq!(
        ran.json["request"]["preflight_because"],
        serde_json::json!(["upload listener"])
    );
    assert_eq!(check(&[&server.url("/"), "-d", "a=1"]).wire(), ["POST /"]);
}

#[test]
fn the_second_time_no_preflight_is_needed() {
    let lines = [
        ANY,
        "Access-Control-Allow-Methods: PUT",
        "Access-Control-Max-Age: 86400",
    ];
    let server = answering("204 No Content", &lines);
    let ran = check(&[&server.url("/"), "-X", "PUT", "--repeat", "3"]);
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /", "PUT /", "PUT /", "PUT /"]);
    assert_eq!(ran.json["steps"][3]["round"], 3);
    assert_eq!(
        ran.json["cache"],
        serde_json::json!([
            { "engine": "chromium", "max_age": 7200 },
            { "engine": "firefox", "max_age": 86400 },
            { "engine": "webkit", "max_age": 600 },
        ])
    );
    let none = answering(
        "204 No Content",
        &[ANY, lines[1], "Access-Control-Max-Age: 0"],
    );
    let ran = check(&[&none.url("/"), "-X", "PUT", "--repeat", "2"]);
    assert_eq!(ran.wire(), ["OPTIONS /", "PUT /", "OPTIONS /", "PUT /"]);
}

#[test]
fn cookies_travel_where_a_browser_would_send_them() {
    let lines = [
        "Access-Control-Allow-Origin: http://127.0.0.1:1",
        "Access-Control-Allow-Credentials: true",
    ];
    let server = Raw::saying(response("200 OK", &lines));
    let url = server.url("/");
    let asked = [&*url, "-b", "session=abc", "-o", "http://127.0.0.1:1"];
    let withheld = check_of(&asked);
    withheld.is_readable();
    assert_eq!(withheld.json["cookies"][0]["sent"], false);
    let sent = check_of(&[&asked[..], &["--credentials", "include"]].concat());
    sent.is_readable();
    assert_eq!(
        sent.json["cookies"],
        serde_json::json!([{ "name": "session", "sent": true }])
    );
    let text = sent.json.to_string();
    assert!(
        text.contains("session=<masked>") && !text.contains("session=abc"),
        "{text}"
    );
    let shown = check_of(&[&asked[..], &["--credentials", "include", "--show-secrets"]].concat());
    assert!(shown.json.to_string().contains("session=abc"));
}
