//! What people read of real runs: the whole of it, but for how long it took.

use std::path::Path;

use snapbox::{Assert, Data};

use crate::{
    command::{Ran, check_of, output_in},
    raw::{Raw, response},
};

const PAGE: &str = "http://site-a.example";

/// A look: its name, and the environment that asks for it.
const LOOKS: [(&str, [(&str, &str); 2]); 3] = [
    ("plain", [("LC_ALL", "C.UTF-8"), ("NO_COLOR", "1")]),
    ("ascii", [("LC_ALL", "C"), ("NO_COLOR", "1")]),
    ("coloured", [("LC_ALL", "C.UTF-8"), ("CLICOLOR_FORCE", "1")]),
];

/// `2.5 ms` and `1.0 s` are `T ms`, and what stands beside them is two spaces off: the clock has no say.
fn timeless(text: &str) -> String {
    let mut timeless = String::new();
    for line in text.split_inclusive('\n') {
        let mut words: Vec<_> = line.split(' ').map(ToOwned::to_owned).collect();
        for at in 1..words.len() {
            let unit = words[at].trim_end().trim_end_matches("\u{1b}[0m");
            let number = words[at - 1].trim_start_matches("\u{1b}[2m").to_owned();
            if !matches!(unit, "ms" | "s") || number.parse::<f64>().is_err() {
                continue;
            }
            words[at] = words[at].replacen(unit, "ms", 1);
            words[at - 1] = words[at - 1].replace(&number, "T");
            let spaces = words.iter().skip(at + 1).take_while(|word| word.is_empty());
            let spaces = spaces.count();
            if spaces > 1 {
                words.drain(at + 2..at + 1 + spaces);
            }
            break;
        }
        timeless.push_str(&words.join(" "));
    }
    timeless
}

fn there(server: &Raw) -> String {
    format!("api.example:80:127.0.0.1:{}", server.address().port())
}

/// The same run as JSON, which is held against the schema.
fn as_json((server, args): (Raw, &[&str])) -> Ran {
    let there = there(&server);
    check_of(&[args, &["-o", PAGE, "--connect-to", &there]].concat())
}

/// Checks a URL of `http://api.example`, which this server is; `SNAPSHOTS=overwrite` writes anew.
fn reads(name: &str, exit: i32, server: &Raw, args: &[&str]) {
    let there = there(server);
    reads_of(name, exit, &[args, &["--connect-to", &there]].concat());
}

fn reads_of(name: &str, exit: i32, args: &[&str]) {
    let all = [args, &["-o", PAGE]].concat();
    for (look, environment) in LOOKS {
        let output = output_in(&environment, &all);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr, "");
        assert_eq!(output.status.code(), Some(exit));
        let text = timeless(&String::from_utf8(output.stdout).unwrap());
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/check/expected")
            .join(format!("{name}.{look}.txt"));
        Assert::new()
            .action_env("SNAPSHOTS")
            .eq(text, Data::read_from(&path, None).raw());
    }
}

fn simple() -> (Raw, &'static [&'static str]) {
    let server = Raw::saying(response(
        "200 OK",
        &[
            "Content-Type: application/json",
            "Access-Control-Allow-Origin: *",
            "ETag: \"7\"",
            "X-Request-Id: 41",
        ],
    ));
    (server, &["http://api.example/v1/menu"])
}

fn preflighted() -> (Raw, &'static [&'static str]) {
    let granted = "Access-Control-Allow-Origin: http://site-a.example";
    let credentials = "Access-Control-Allow-Credentials: true";
    let server = Raw::preflighted(
        response(
            "204 No Content",
            &[
                granted,
                credentials,
                "Access-Control-Allow-Methods: GET, PUT, DELETE",
                "Access-Control-Allow-Headers: content-type, x-cart",
                "Access-Control-Max-Age: 7200",
                "Vary: Origin",
            ],
        ),
        response("200 OK", &[granted, credentials, "Vary: Origin"]),
    );
    let args = &[
        "http://api.example/v1/orders/7",
        "-X",
        "PUT",
        "-H",
        "content-type: application/json",
        "-H",
        "x-cart: 7",
        "-d",
        "{\"qty\":2}",
        "--credentials",
        "include",
        "-b",
        "session=1",
    ];
    (server, args)
}

fn header_not_allowed() -> (Raw, &'static [&'static str]) {
    let server = Raw::saying(response(
        "204 No Content",
        &[
            "Server: nginx/1.27.2",
            "Access-Control-Allow-Origin: http://site-a.example",
            "Access-Control-Allow-Methods: GET, PUT",
            "Access-Control-Allow-Headers: content-type, x-card",
        ],
    ));
    let args = &[
        "http://api.example/v1/orders/7",
        "-X",
        "PUT",
        "-H",
        "content-type: application/json",
        "-H",
        "x-cart: 7",
    ];
    (server, args)
}

fn preflight_401() -> (Raw, &'static [&'static str]) {
    let server = Raw::saying(response("401 Unauthorized", &["WWW-Authenticate: Bearer"]));
    let args = &[
        "http://api.example/v1/orders/7",
        "-X",
        "PUT",
        "--json",
        "{}",
        "-H",
        "authorization: Bearer secret",
    ];
    (server, args)
}

#[test]
fn a_simple_success() {
    let (server, args) = simple();
    reads("simple", 0, &server, args);
}

#[test]
fn a_preflighted_success() {
    let (server, args) = preflighted();
    reads("preflighted", 0, &server, args);
}

#[test]
fn a_header_that_is_not_allowed() {
    let (server, args) = header_not_allowed();
    reads("header-not-allowed", 1, &server, args);
}

#[test]
fn a_preflight_that_meets_the_login() {
    let (server, args) = preflight_401();
    reads("preflight-401", 1, &server, args);
}

#[test]
fn the_four_runs_validate_as_json() {
    let ran = as_json(simple());
    ran.is_readable();
    assert_eq!(ran.wire(), ["GET /v1/menu"]);

    let ran = as_json(preflighted());
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /v1/orders/7", "PUT /v1/orders/7"]);

    let ran = as_json(header_not_allowed());
    ran.is_blocked("header-not-allowed", "preflight", 0);
    assert_eq!(ran.wire(), ["OPTIONS /v1/orders/7"]);

    let ran = as_json(preflight_401());
    ran.is_blocked("allow-origin-missing", "preflight", 0);
    assert!(!ran.json.to_string().contains("secret"), "{:#}", ran.json);
    assert_eq!(ran.wire(), ["OPTIONS /v1/orders/7"]);
}

#[test]
fn no_http_at_all() {
    let server = Raw::saying("<html>\r\nhello\r\n\r\n");
    reads("not-cors", 3, &server, &["http://api.example/v1/menu"]);
}

/// 203.0.113.0/24 leads nowhere, and nothing goes there.
#[test]
fn a_request_that_is_not_sent() {
    let there = "api.example:80:203.0.113.1";
    let args = [
        "http://api.example/v1/menu",
        "-d",
        "a=1",
        "--resolve",
        there,
    ];
    reads_of("undecided", 4, &args);
}

#[test]
fn a_byte_that_nobody_sees() {
    let server = Raw::saying(response(
        "200 OK",
        &[
            "Access-Control-Allow-Origin: http://site-a.example",
            "Access-Control-Allow-Origin: \u{b}",
        ],
    ));
    reads("control-byte", 1, &server, &["http://api.example/v1/menu"]);
}

#[test]
fn nginx_without_always() {
    let server = Raw::saying(response("404 Not Found", &["Server: nginx/1.27.2"]));
    reads("nginx-404", 1, &server, &["http://api.example/v1/menu"]);
}

#[test]
fn the_readme_shows_what_happens() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, block) = readme.split_once("```console\n$ corsac check ").unwrap();
    let (block, _) = block.split_once("```\n").unwrap();
    let (line, expected) = block.split_once('\n').unwrap();
    let mut answer = b"HTTP/1.1 404 Not Found\r\nServer: nginx/1.22.1\r\n".to_vec();
    answer.extend(b"Content-Type: text/plain\r\nContent-Length: 14\r\n\r\nno such order\n");
    let server = Raw::saying(answer);
    let there = format!("localhost:8080:127.0.0.1:{}", server.address().port());
    let mut args: Vec<_> = line.split(' ').collect();
    args.extend(["--connect-to", &there]);
    let output = output_in(&[], &args);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(timeless(&text), timeless(expected));
}
