//! The binary's explanations, asked for as people ask.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::Value;

const CHROME: &str = "Access to fetch at 'http://siteb.com/closed' from origin 'http://sitea.com' \
    has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the \
    requested resource.";

/// Runs `corsac explain`: its exit code, stdout and stderr.
fn explain(args: &[&str], stdin: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_corsac"))
        .arg("explain")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may not read what it does not need.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn json(args: &[&str]) -> Value {
    let (code, stdout, _) = explain(&[args, &["--format", "json"]].concat(), "");
    assert_eq!(code, Some(0));
    let document: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(document["schema"], "corsac/explain/1");
    document
}

#[test]
fn a_page_says_which_consoles_say_nothing() {
    let (code, stdout, _) = explain(&["proxy-authentication"], "");
    assert_eq!(code, Some(0));
    assert!(
        stdout.contains("\nFirefox does not refuse it.\n"),
        "{stdout}"
    );
    let (_, stdout, _) = explain(&["redirect-mode"], "");
    assert!(stdout.contains("\nFirefox does not say why.\n"), "{stdout}");
}

#[test]
fn a_code_has_its_page() {
    let (code, stdout, stderr) = explain(&["allow-origin-missing"], "");
    assert_eq!((code, &*stderr), (Some(0), ""));
    assert!(stdout.starts_with("# allow-origin-missing\n"), "{stdout}");
    assert!(
        stdout.ends_with("\nhttps://fetch.spec.whatwg.org/#concept-cors-check\n"),
        "{stdout}"
    );
}

#[test]
fn an_unknown_code_is_guessed_at() {
    let (code, stdout, stderr) = explain(&["alow-origin-mising"], "");
    assert_eq!((code, &*stdout), (Some(2), ""));
    assert!(
        stderr.contains("did you mean `allow-origin-missing`"),
        "{stderr}"
    );

    let (code, _, stderr) = explain(&["zebra"], "");
    assert_eq!(code, Some(2));
    assert!(stderr.contains("corsac explain --list"), "{stderr}");
}

#[test]
fn every_listed_code_is_explained() {
    let (code, stdout, _) = explain(&["--list"], "");
    assert_eq!(code, Some(0));
    let listed = stdout.lines().filter(|line| !line.starts_with(' ')).count();
    let document = json(&["--list"]);
    let codes = document["codes"].as_array().unwrap();
    assert_eq!(codes.len(), listed);
    for code in codes {
        let name = code["code"].as_str().unwrap();
        let document = json(&[name]);
        let page = document["codes"][0]["page"].as_str().unwrap();
        assert!(page.starts_with(&format!("# {name}\n")), "{name}");
    }
}

#[test]
fn a_console_line_is_recognised() {
    for (args, stdin) in [(&[CHROME][..], ""), (&["-"], CHROME)] {
        let (code, stdout, stderr) = explain(args, stdin);
        assert_eq!((code, &*stderr), (Some(0), ""));
        assert!(
            stdout.starts_with("Chrome says: allow-origin-missing\n"),
            "{stdout}"
        );
        assert!(stdout.contains("http://siteb.com/closed"), "{stdout}");
        assert!(stdout.contains("\n# allow-origin-missing\n"), "{stdout}");
    }
    // Without quotes it is so many words.
    let words: Vec<_> = CHROME.split(' ').collect();
    assert_eq!(explain(&words, "").0, Some(0));

    let document = json(&[CHROME]);
    let recognised = &document["recognised"][0];
    assert_eq!(recognised["browser"], "Chrome");
    assert_eq!(recognised["codes"][0], "allow-origin-missing");
    assert_eq!(recognised["origin"], "http://sitea.com");
}

#[test]
fn what_is_not_recognised_is_said_so() {
    for (args, stdin) in [
        (&["Uncaught TypeError: x is undefined"][..], ""),
        (&["-"], ""),
    ] {
        let (code, stdout, stderr) = explain(args, stdin);
        assert_eq!((code, &*stdout), (Some(2), ""));
        assert!(stderr.starts_with("error: "), "{stderr}");
    }
}

#[test]
fn nothing_to_explain_is_usage() {
    let (code, _, stderr) = explain(&[], "");
    assert_eq!(code, Some(2));
    assert!(stderr.contains("--list"), "{stderr}");
}
