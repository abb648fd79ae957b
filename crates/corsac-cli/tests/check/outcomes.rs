//! Every row of the table of outcomes and exit codes.

use std::net::TcpListener;

use crate::{
    command::{ORIGIN, Ran, check, check_of, output, ran},
    raw::{Raw, response},
};

const ANY: &str = "Access-Control-Allow-Origin: *";

fn granting() -> Raw {
    Raw::saying(response(
        "200 OK",
        &[ANY, "Content-Type: text/plain", "X-Hidden: 1"],
    ))
}

#[test]
fn readable_is_0_and_says_what_script_sees() {
    let server = granting();
    let ran = check(&[&server.url("/a")]);
    ran.is_readable();
    assert_eq!(ran.wire(), ["GET /a"]);
    assert_eq!(
        ran.engines(),
        ["chromium readable", "firefox readable", "webkit readable"]
    );
    let script = &ran.json["script"];
    assert_eq!(script["type"], "cors");
    assert_eq!(script["status"], 200);
    assert_eq!(script["statusText"], "OK");
    assert_eq!(script["url"], server.url("/a"));
    assert_eq!(script["bodyLength"], 2);
    assert_eq!(
        script["headers"][0],
        serde_json::json!(["Content-Type", "text/plain"])
    );
    assert_eq!(
        script["hidden"],
        serde_json::json!(["Access-Control-Allow-Origin", "X-Hidden", "Connection"])
    );
    assert_eq!(ran.state(0, "allow-origin"), "ok");
    assert_eq!(ran.json["steps"][0]["checks"][0]["line"], 0);
}

#[test]
fn opaque_as_asked_is_0() {
    let server = Raw::saying(response("200 OK", &[]));
    for asked in [["--as", "image"], ["--as", "script"], ["--mode", "no-cors"]] {
        let ran = check(&[&[&*server.url("/")], &asked[..]].concat());
        assert_eq!((ran.outcome(), ran.exit), ("opaque", 0));
        assert_eq!(ran.json["script"]["type"], "opaque");
        assert_eq!(ran.json["script"].get("bodyLength"), None);
    }
    // A module and a font ask by the CORS protocol.
    check(&[&server.url("/"), "--as", "module"]).is_blocked("allow-origin-missing", "actual", 0);
    check(&[&server.url("/"), "--as", "font"]).is_blocked("allow-origin-missing", "actual", 0);
}

#[test]
fn opaque_redirect_as_asked_is_0() {
    let server = Raw::saying(response("302 Found", &[ANY, "Location: /b"]));
    let ran = check(&[&server.url("/a"), "--redirect", "manual"]);
    assert_eq!((ran.outcome(), ran.exit), ("opaque-redirect", 0));
    assert_eq!(ran.json["script"]["type"], "opaqueredirect");
    assert_eq!(ran.wire(), ["GET /a"]);
    check(&[&server.url("/a"), "--redirect", "error"]).is_blocked("redirect-mode", "actual", 0);
}

#[test]
fn blocked_at_the_actual_request_is_1() {
    let server = Raw::saying(response(
        "200 OK",
        &["Access-Control-Allow-Origin: http://b.example"],
    ));
    let ran = check(&[&server.url("/")]);
    ran.is_blocked("allow-origin-mismatch", "actual", 0);
    assert_eq!(ran.evidence(), ("Access-Control-Allow-Origin", 0, 0, 16));
    assert_eq!(ran.state(0, "allow-origin"), "failed");
    assert_eq!(ran.json["verdict"]["step"], 1);
    assert_eq!(
        ran.json["fix"]["changes"],
        serde_json::json!([
            { "kind": "remove", "name": "Access-Control-Allow-Origin", "value": "http://b.example" },
            { "kind": "add", "name": "Access-Control-Allow-Origin", "value": ORIGIN },
            { "kind": "add", "name": "Vary", "value": "Origin" },
        ])
    );
    for engine in ran.json["verdict"]["engines"].as_array().unwrap() {
        assert!(
            engine["wording"].as_str().is_some_and(|it| !it.is_empty()),
            "{engine}"
        );
    }
}

#[test]
fn blocked_at_the_preflight_is_1_and_the_request_stays_here() {
    let server = Raw::preflighted(
        response(
            "204 No Content",
            &[ANY, "Access-Control-Allow-Methods: GET"],
        ),
        response("200 OK", &[ANY]),
    );
    let ran = check(&[&server.url("/a"), "-X", "PUT"]);
    ran.is_blocked("method-not-allowed", "preflight", 0);
    assert_eq!(ran.wire(), ["OPTIONS /a"]);
    assert_eq!(ran.json["not_sent"]["method"], "PUT");
    assert_eq!(ran.json["not_sent"]["why"], "blocked");
    assert_eq!(
        ran.json["request"]["preflight_because"],
        serde_json::json!(["PUT"])
    );
    assert_eq!(ran.state(0, "allow-methods"), "failed");
    assert_eq!(ran.state(0, "allow-origin"), "ok");
}

#[test]
fn what_the_api_refuses_is_blocked_and_nothing_is_sent() {
    let server = granting();
    let refused: [(&[&str], &str); 4] = [
        (&["-X", "TRACE"], "method-forbidden"),
        (&["-X", "PU T"], "method-invalid"),
        (&["-X", "GET", "-d", "a=1"], "body-on-get"),
        (&["-X", "PUT", "--mode", "no-cors"], "no-cors-method"),
    ];
    for (asked, code) in refused {
        let ran = check(&[&[&*server.url("/")], asked].concat());
        ran.is_blocked(code, "actual", 0);
        assert_eq!(ran.wire(), [""; 0]);
    }
    let userinfo = format!("http://u:p@{}/", server.address());
    check(&[&userinfo]).is_blocked("url-userinfo", "actual", 0);
}

/// A name whose server is on this machine as far as anybody can tell is not withheld; one whose
/// address is elsewhere is, and 203.0.113.0/24 leads nowhere, so the connection can't be made at all.
#[test]
fn an_unsafe_request_to_this_machine_is_sent() {
    let server = Raw::preflighted(
        response(
            "204 No Content",
            &[ANY, "Access-Control-Allow-Methods: DELETE"],
        ),
        response("200 OK", &[ANY]),
    );
    let ran = check(&[&server.url("/a"), "-X", "DELETE"]);
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /a", "DELETE /a"]);
}

#[test]
fn an_unsafe_request_to_another_machine_is_undecided_and_4() {
    let Some(address) = own_address() else {
        // Without a network there is no machine but this one.
        assert!(
            std::env::var_os("CI").is_none(),
            "this machine has no address but loopback"
        );
        return;
    };
    let server = Raw::start_on(&format!("{address}:0"), |asked| match &*asked.method {
        "OPTIONS" => response(
            "204 No Content",
            &[ANY, "Access-Control-Allow-Methods: DELETE"],
        ),
        _ => response("200 OK", &[ANY]),
    });
    let url = server.url("/a?token=abc");
    let ran = check(&[&url, "-X", "DELETE"]);
    assert_eq!(
        (ran.outcome(), ran.exit),
        ("undecided", 4),
        "{:#}",
        ran.json
    );
    assert_eq!(ran.wire(), ["OPTIONS /a"]);
    assert_eq!(ran.json["not_sent"]["why"], "withheld");
    let again = ran.json["not_sent"]["repeat_with"].as_str().unwrap();
    assert!(again.starts_with("corsac check "), "{again}");
    assert!(again.ends_with(" --send"), "{again}");
    assert!(!again.contains("abc"), "{again}");

    let sent = check(&[&url, "-X", "DELETE", "--send"]);
    sent.is_readable();
    assert_eq!(sent.wire(), ["OPTIONS /a", "DELETE /a"]);
    // A simple POST has no preflight to send first.
    let post = check(&[&url, "-d", "a=1"]);
    assert_eq!((post.outcome(), post.wire().len()), ("undecided", 0));
}

/// An address of this machine's that is not loopback: asking the system for a route sends nothing.
fn own_address() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("203.0.113.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

#[track_caller]
fn is_not_cors(ran: &Ran, error: &str, words: &str) {
    assert_eq!((ran.outcome(), ran.exit), ("not-cors", 3), "{:#}", ran.json);
    let transport = &ran.json["verdict"]["transport"];
    assert_eq!(transport["error"], error, "{:#}", ran.json);
    let message = transport["message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
}

#[test]
fn a_dead_port_is_not_cors_and_3() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{free}/");
    let ran = check(&[&url]);
    is_not_cors(&ran, "refused", "Is the server running");
    assert_eq!(ran.code(), "network-failure");
    assert_eq!(ran.wire(), [""; 0]);
    // In the preflight's phase, too.
    is_not_cors(&check(&[&url, "-X", "PUT"]), "refused", &free.to_string());
}

#[test]
fn an_unresolvable_name_is_not_cors() {
    let ran = check(&["http://nobody.invalid/"]);
    is_not_cors(&ran, "dns", "nobody.invalid");
}

#[test]
fn tls_that_is_none_is_not_cors() {
    let server = granting();
    let ran = check(&[&format!("https://{}/", server.address())]);
    is_not_cors(&ran, "tls", "not TLS");
}

#[test]
fn silence_is_not_cors_when_the_time_is_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let ran = check(&[&url, "-m", "0.5"]);
    is_not_cors(&ran, "timeout", "took too long");
}

#[test]
fn what_is_no_http_is_not_cors() {
    is_not_cors(
        &check(&[&Raw::saying("hello\r\n\r\n").url("/")]),
        "malformed",
        "",
    );
    is_not_cors(&check(&[&Raw::saying("").url("/")]), "closed", "");
    is_not_cors(
        &check(&[&Raw::saying("HTTP/1.1 200 OK\r\nAcc").url("/")]),
        "closed",
        "",
    );
}

#[test]
fn what_a_browser_never_connects_to_is_not_cors() {
    let ran = check(&["http://127.0.0.1:6000/"]);
    assert_eq!(
        (ran.outcome(), ran.code(), ran.exit),
        ("not-cors", "bad-port", 3)
    );
    let ran = check_of(&["http://a.example/", "--origin", "https://b.example"]);
    assert_eq!(
        (ran.outcome(), ran.code(), ran.exit),
        ("not-cors", "mixed-content", 3)
    );
    assert_eq!(ran.wire(), [""; 0]);
}

#[test]
fn an_expectation_gives_0_or_1() {
    let server = Raw::saying(response("200 OK", &[]));
    let url = server.url("/");
    for (expected, exit) in [
        ("blocked", 0),
        ("blocked:allow-origin-missing", 0),
        ("blocked:allow-origin-null", 1),
        ("readable", 1),
        ("not-cors", 1),
    ] {
        assert_eq!(
            check(&[&url, "--expect", expected]).exit,
            exit,
            "{expected}"
        );
    }
    assert_eq!(
        check(&[&granting().url("/"), "--expect", "readable"]).exit,
        0
    );
}

#[test]
fn several_origins_are_a_matrix_and_the_worst_counts() {
    let server = Raw::saying(response(
        "200 OK",
        &["Access-Control-Allow-Origin: http://a.example"],
    ));
    let url = server.url("/");
    let args = [&*url, "-o", "http://a.example", "-o", "http://b.example"];
    let ran = ran(&output(&[&args[..], &["--format", "json"]].concat()));
    assert_eq!(ran.exit, 1);
    assert_eq!(ran.json[0]["verdict"]["outcome"], "readable");
    assert_eq!(ran.json[1]["verdict"]["code"], "allow-origin-mismatch");
    let text = output(&args);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("http://a.example") && text.contains("http://b.example"),
        "{text}"
    );
}

/// Nothing at all of others' moves the cursor, and a report is text by default.
#[test]
fn text_is_for_people() {
    let server = Raw::saying(response(
        "200 OK",
        &["Access-Control-Allow-Origin: \x1b[2Jx"],
    ));
    let out = output(&[&server.url("/"), "-o", ORIGIN]);
    assert_eq!(out.status.code(), Some(1));
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(text.contains("BLOCKED"), "{text}");
    assert!(text.contains("allow-origin-invalid"), "{text}");
    assert!(!text.contains('\x1b'), "{text}");
}

#[test]
fn a_server_of_ipv6_alone_is_found() {
    let server = Raw::start_on("[::1]:0", |_| response("200 OK", &[ANY]));
    let ran = check(&[&server.url("/")]);
    ran.is_readable();
    assert!(
        ran.json["steps"][0]["peer"]
            .as_str()
            .unwrap()
            .starts_with("[::1]:")
    );
    check(&[&format!("http://localhost:{}/", server.address().port())]).is_readable();
}
