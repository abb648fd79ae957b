//! The binary's demo, run as people and programs run it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn corsac(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_corsac"));
    command
        .args(args)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE");
    command
}

fn run(args: &[&str]) -> (Output, String) {
    let output = corsac(args).stdin(Stdio::null()).output().unwrap();
    let stdout = String::from_utf8(output.stdout.clone()).unwrap();
    (output, stdout)
}

#[test]
fn every_scene_ends_as_told() {
    let (output, stdout) = run(&["demo"]);
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert_eq!(output.stderr, b"");
    for scene in 1..=10 {
        assert!(stdout.contains(&format!("\nS{scene} ")), "S{scene}");
    }
    let (count, is_not_run) = match cfg!(feature = "js") {
        true => ("10 scenes: 10 as told, 0 failed", false),
        false => ("10 scenes: 9 as told, 0 failed, 1 not run.", true),
    };
    assert!(stdout.contains(count), "{stdout}");
    assert_eq!(stdout.contains("NOT RUN "), is_not_run, "{stdout}");
}

#[test]
fn text_fits_a_plain_terminal() {
    let (_, stdout) = run(&["demo", "--keep"]);
    for line in stdout.lines() {
        assert!(line.len() <= 80, "{line}");
        assert!(
            line.bytes().all(|byte| matches!(byte, b' '..=b'~')),
            "{line:?}"
        );
        assert_eq!(line, line.trim_end());
    }
}

#[test]
fn colour_only_repeats_what_words_say() {
    let colourful = corsac(&["demo"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    let stdout = String::from_utf8(colourful.stdout).unwrap();
    assert!(stdout.contains("\x1b[1m\x1b[31mBLOCKED"), "{stdout:?}");
    let plain = corsac(&["demo"]).env("NO_COLOR", "1").output().unwrap();
    let stdout = String::from_utf8(plain.stdout).unwrap();
    assert!(!stdout.contains('\x1b'));
}

fn json() -> Value {
    let (output, stdout) = run(&["demo", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_str(&stdout).unwrap()
}

#[test]
fn json_has_the_bytes_of_every_exchange() {
    let document = json();
    assert_eq!(document["schema"], "corsac/demo/1");
    let scenes = document["scenes"].as_array().unwrap();
    let ids: Vec<_> = scenes
        .iter()
        .map(|scene| scene["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10"]
    );
    for scene in scenes {
        let not_run = scene["id"] == "S5" && !cfg!(feature = "js");
        assert_eq!(scene["status"], if not_run { "not-run" } else { "passed" });
        assert_eq!(scene["fetches"].as_array().unwrap().is_empty(), not_run);
        for fetch in scene["fetches"].as_array().unwrap() {
            assert_eq!(
                fetch.get("verdict").is_some(),
                fetch["outcome"] == "blocked"
            );
            for exchange in fetch["exchanges"].as_array().unwrap() {
                let method = exchange["method"].as_str().unwrap();
                assert!(exchange["request"].as_str().unwrap().starts_with(method));
                assert!(
                    exchange["response"]
                        .as_str()
                        .unwrap()
                        .starts_with("HTTP/1.1 ")
                );
            }
        }
    }
}

#[test]
fn json_tells_where_a_verdict_comes_from() {
    let document = json();
    let verdict = &document["scenes"][0]["fetches"][3]["verdict"];
    assert_eq!(verdict["code"], "allow-origin-mismatch");
    assert_eq!(verdict["phase"], "actual");
    assert_eq!(verdict["origin"], "http://sitea.com");
    assert_eq!(verdict["evidence"]["header"], "Access-Control-Allow-Origin");
    assert_eq!(verdict["evidence"]["line"], 0);
    assert_eq!(
        verdict["spec"]["anchor"],
        "https://fetch.spec.whatwg.org/#concept-cors-check"
    );
}

#[test]
fn the_refused_put_is_in_no_log() {
    let document = json();
    for fetch in document["scenes"][7]["fetches"].as_array().unwrap() {
        assert_eq!(fetch["method"], "PUT");
        let received = fetch["received"].as_array().unwrap();
        assert_eq!(received.len(), 1);
        assert!(received[0].as_str().unwrap().starts_with("OPTIONS "));
        assert_eq!(fetch["verdict"]["phase"], "preflight");
    }
}

/// The lines of a raw head that the canonical exchange has, in the order they were sent.
fn cors_lines(raw: &Value) -> Vec<&str> {
    let raw = raw.as_str().unwrap();
    let is_shown = |line: &&str| {
        ["Origin:", "Access-Control-", "Content-Type: application"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    raw.split("\r\n").filter(is_shown).collect()
}

#[test]
fn the_canonical_exchange() {
    let document = json();
    let exchanges = &document["scenes"][9]["fetches"][0]["exchanges"];
    assert_eq!(exchanges[0]["kind"], "preflight");
    assert_eq!(
        cors_lines(&exchanges[0]["request"]),
        [
            "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: content-type",
            "Origin: http://sitea.com",
        ],
    );
    assert_eq!(exchanges[0]["status"], 204);
    assert_eq!(
        cors_lines(&exchanges[0]["response"]),
        [
            "Access-Control-Allow-Origin: http://sitea.com",
            "Access-Control-Allow-Methods: GET, POST, PUT",
            "Access-Control-Allow-Headers: Content-Type",
        ],
    );
    let request = exchanges[1]["request"].as_str().unwrap();
    assert!(request.starts_with("PUT /somePage HTTP/1.1\r\n"));
    assert!(request.ends_with("\r\n\r\n{\"myRequestContent\": \"JSON is so great\"}"));
    assert_eq!(
        cors_lines(&exchanges[1]["request"]),
        ["Content-Type: application/json", "Origin: http://sitea.com"],
    );
    assert_eq!(exchanges[1]["status"], 200);
    assert_eq!(
        cors_lines(&exchanges[1]["response"]),
        ["Access-Control-Allow-Origin: http://sitea.com"],
    );
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for format in ["text", "json"] {
        let mut child = corsac(&["demo", "--format", format])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Gone before the first line.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn a_misspelled_flag_is_usage() {
    let (output, stdout) = run(&["demo", "--kep"]);
    assert_eq!((output.status.code(), &*stdout), (Some(2), ""));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("'--keep'"), "{stderr}");
}

#[test]
fn kept_site_b_answers_until_standard_input_ends() {
    let mut child = corsac(&["demo", "--keep"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = stdout.by_ref().map(Result::unwrap);
    let line = lines.find(|line| line.starts_with("  http://")).unwrap();
    let address = line.split('/').nth(2).unwrap();

    let mut stream = TcpStream::connect(address).unwrap();
    let request = b"GET /somePage HTTP/1.1\r\nHost: x\r\nOrigin: http://sitea.com\r\n\r\n";
    stream.write_all(request).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.contains("\r\nAccess-Control-Allow-Origin: http://sitea.com\r\n"));

    drop(child.stdin.take());
    assert!(stdout.all(|line| line.is_ok()));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"GET /somePage from http://sitea.com\n");
}

#[test]
fn a_kept_page_has_scenes_for_a_real_browser() {
    let mut child = corsac(&["demo", "--keep"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut lines = stdout.by_ref().map(Result::unwrap);
    let line = lines
        .find(|line| line.contains("http://sitea.localhost:"))
        .unwrap();
    let site_a = line.split('/').nth(2).unwrap().to_owned();
    let port = site_a.split(':').nth(1).unwrap();
    let get = |path: &str, host: &str, origin: &str| {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{origin}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    };
    let page = get("/", &site_a, "");
    assert!(page.contains("\r\nContent-Type: text/html; charset=utf-8\r\n"));
    assert!(page.contains("<script src=\"/page.js\">"));

    let scenes = get("/scenes", &site_a, "");
    let scenes: Value = serde_json::from_str(scenes.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(scenes.as_array().unwrap().len(), 10);
    let ask = &scenes[9]["asks"][0];
    assert_eq!(
        ask["url"],
        format!("http://siteb.localhost:{port}/somePage")
    );
    assert_eq!(ask["sent"], serde_json::json!(["OPTIONS", "PUT"]));

    let origin = format!("Origin: http://{site_a}\r\n");
    let granted = get("/somePage?ask=1", "siteb.localhost", &origin);
    let grant = format!("\r\nAccess-Control-Allow-Origin: http://{site_a}\r\n");
    assert!(granted.contains(&grant), "{granted}");
    let exchanges = get("/exchanges?ask=1", &site_a, "");
    assert!(exchanges.contains("GET /somePage"), "{exchanges}");

    drop(child.stdin.take());
    assert!(stdout.all(|line| line.is_ok()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
