//! `corsac policy`, as a process.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use std::{
    env, fs,
    path::PathBuf,
    process::{self, Command},
};

use serde_json::Value;

/// A file with this text, by a name of its own.
fn file(name: &str, text: &str) -> PathBuf {
    let path = env::temp_dir().join(format!("corsac-{}-{name}", process::id()));
    fs::write(&path, text).unwrap();
    path
}

/// The exit code and what stands on standard output.
fn check(name: &str, text: &str) -> (Option<i32>, String) {
    let path = file(name, text);
    let output = Command::new(env!("CARGO_BIN_EXE_corsac"))
        .args(["policy", "check"])
        .arg(&path)
        .output()
        .unwrap();
    fs::remove_file(path).unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn a_file_with_lints_passes() {
    let text = "version = 1\n[[policy]]\npaths = [\"/**\"]\n\
                allow-origins = [\"https://a.example\"]\nmax-age = 9000\n";
    let (code, out) = check("lints.toml", text);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("lints.toml:5:11"), "{out}");
    assert!(out.contains("no mistake, 1 to consider"), "{out}");
}

#[test]
fn all_mistakes_are_shown_where_they_stand() {
    let text = "version = 1\n[[policy]]\npaths = [\"/**\"]\n\
                allow-origins = [\"http://siteA.com\"]\nmax-agee = 9000\n";
    let (code, out) = check("mistakes.toml", text);
    assert_eq!(code, Some(2), "{out}");
    assert!(out.contains("mistakes.toml:4:18"), "{out}");
    assert!(out.contains("write \"http://sitea.com\""), "{out}");
    assert!(out.contains("mistakes.toml:5:1"), "{out}");
    assert!(out.contains("did you mean `max-age`?"), "{out}");
}

const FILE: &str = "version = 1\n\n[[policy]]\npaths = [\"/api/**\"]\n\
                    allow-origins = [\"https://app.example\"]\nallow-methods = [\"PUT\"]\n\
                    allow-headers = [\"Content-Type\"]\nallow-credentials = true\nmax-age = 600\n";

fn corsac(args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_corsac"))
        .arg("policy")
        .args(args)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

/// A document, which its schema holds for valid.
#[track_caller]
fn document(name: &str, text: &str) -> Value {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/");
    let schema = fs::read_to_string(format!("{root}{name}-1.json")).unwrap();
    let schema = serde_json::from_str(&schema).unwrap();
    let document: Value = serde_json::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(&document).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    assert_eq!(document["schema"], format!("corsac/{name}/1"));
    document
}

/// What `explain` says of [`FILE`].
fn explain(name: &str, args: &[&str]) -> (Option<i32>, String) {
    let path = file(name, FILE);
    let mut all = vec!["explain", path.to_str().unwrap()];
    all.extend(args);
    let (code, out, error) = corsac(&all);
    fs::remove_file(&path).unwrap();
    let at = path.display().to_string();
    (code, (out + &error).replace(&at, "corsac.toml"))
}

#[test]
fn a_preflight_and_its_request_are_explained_with_the_lines_that_decide() {
    let (code, out) = explain(
        "granted.toml",
        &[
            "--origin=https://app.example",
            "-X=PUT",
            "-HContent-Type: application/json",
            "--credentials",
            "https://api.example/api/orders/7?x",
        ],
    );
    assert_eq!(code, Some(0), "{out}");
    assert_eq!(
        out,
        "OPTIONS /api/orders/7  preflight granted
  > Access-Control-Request-Method: PUT
  > Access-Control-Request-Headers: content-type
  > Origin: https://app.example
  < 204
  < Access-Control-Allow-Origin: https://app.example
  < Access-Control-Allow-Credentials: true
  < Access-Control-Allow-Methods: PUT
  < Access-Control-Allow-Headers: content-type
  < Access-Control-Max-Age: 600
  corsac.toml:4:10  paths: \"/api/**\"
  corsac.toml:5:18  allow-origins: \"https://app.example\"
  corsac.toml:6:18  allow-methods: \"PUT\"
  corsac.toml:7:18  allow-headers: \"Content-Type\"

PUT /api/orders/7  granted
  > Origin: https://app.example
  < 200
  < Access-Control-Allow-Origin: https://app.example
  < Access-Control-Allow-Credentials: true
  < Vary: Origin
  corsac.toml:4:10  paths: \"/api/**\"
  corsac.toml:5:18  allow-origins: \"https://app.example\"

readable: the page gets the answer
"
    );
}

#[test]
fn a_refusal_is_blocked_and_names_its_line() {
    let app = "--origin=https://app.example";
    let url = "https://api.example/api/x";
    for (name, args, line) in [
        (
            "origin.toml",
            ["--origin=https://evil.example", url].as_slice(),
            "corsac.toml:5:17  allow-origins: [\"https://app.example\"]",
        ),
        (
            "method.toml",
            &[app, "-XPATCH", url],
            "corsac.toml:6:17  allow-methods: [\"PUT\"]",
        ),
        (
            "header.toml",
            &[app, "-HX-Trace: 1", url],
            "corsac.toml:7:17  allow-headers: [\"Content-Type\"]",
        ),
        (
            "path.toml",
            &[app, "https://api.example/elsewhere"],
            "no policy is for the path \"/elsewhere\"",
        ),
    ] {
        let (code, out) = explain(name, args);
        assert_eq!(code, Some(1), "{out}");
        assert!(out.contains(line), "{name}: {out}");
        assert!(out.contains("blocked: allow-origin-missing"), "{out}");
    }
}

#[test]
fn a_request_of_the_servers_own_page_needs_no_grant() {
    let args = ["--origin=https://api.example", "https://api.example/"];
    let (code, out) = explain("own.toml", &args);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("the page's own origin"), "{out}");
}

#[test]
fn what_is_typed_wrong_is_said() {
    let app = "--origin=https://app.example";
    let url = "https://api.example/";
    for (args, word) in [
        (
            ["--origin=https://APP.example", url].as_slice(),
            "lower case",
        ),
        (&[app, "ftp://api.example/"], "only http and https"),
        (&[app, "api.example"], "api.example"),
        (&[app, "-XTRACE", url], "TRACE"),
        (&[app, "-HCookie: a=1", url], "no script can set"),
        (&[app, "-HX-Trace", url], "`Name: value`"),
        (&[app, "-Ha b: 1", url], "no header"),
        (&[app, "--credential", url], "--credentials"),
        (&[app, "--format=yaml", url], "json"),
        (&[url], "--origin"),
    ] {
        let (code, out) = explain("typed.toml", args);
        assert_eq!(code, Some(2), "{out}");
        assert!(out.contains(word), "{args:?}: {out}");
    }
}

#[test]
fn json_says_the_same() {
    let args = [
        "--format=json",
        "--origin=https://app.example",
        "-XDELETE",
        "https://api.example/api/x",
    ];
    let (code, out) = explain("json.toml", &args);
    assert_eq!(code, Some(1));
    let document = document("policy-explain", &out);
    assert_eq!(document["outcome"], "blocked");
    assert_eq!(document["code"], "allow-origin-missing");
    let exchange = &document["exchanges"][0];
    assert_eq!(exchange["kind"], "preflight");
    assert_eq!(exchange["status"], 403);
    let last = exchange["decided_by"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["key"], &last["line"]),
        (&"allow-methods".into(), &6.into())
    );
}

fn diff(name: &str, new: &str, format: &str) -> (Option<i32>, String) {
    let old = file(&format!("old-{name}"), FILE);
    let new = file(&format!("new-{name}"), new);
    let paths = [old.to_str().unwrap(), new.to_str().unwrap()];
    let (code, out, error) = corsac(&["diff", paths[0], paths[1], "--format", format]);
    fs::remove_file(&old).unwrap();
    fs::remove_file(&new).unwrap();
    (code, out + &error)
}

#[test]
fn what_widens_fails_and_what_narrows_says_for_how_long_browsers_hold_it() {
    let narrow = FILE.replace("\"PUT\"", "");
    let (code, out) = diff("narrow.toml", &narrow, "text");
    assert_eq!(code, Some(0), "{out}");
    assert_eq!(
        out,
        "/api/**
  - narrows  allow-methods: PUT
    browsers may hold preflights of the old file for 10m more

it narrows what is granted
"
    );
    let wide = FILE.replace("\"PUT\"", "\"PUT\", \"DELETE\"");
    let (code, out) = diff("wide.toml", &wide, "text");
    assert_eq!(code, Some(1), "{out}");
    assert_eq!(
        out,
        "/api/**\n  + widens   allow-methods: DELETE\n\nit widens what is granted\n"
    );
    let (code, out) = diff("same.toml", FILE, "text");
    assert_eq!((code, &*out), (Some(0), "it grants the same as before\n"));
    let (code, out) = diff("wide-json.toml", &wide, "json");
    assert_eq!(code, Some(1));
    let document = document("policy-diff", &out);
    assert_eq!(document["widens"], true);
    assert_eq!(document["paths"][0]["widens"][0]["value"], "DELETE");
    let (code, out) = diff("broken.toml", "version = 2", "text");
    assert_eq!(code, Some(2));
    assert!(out.contains("version holds 1"), "{out}");
}

#[test]
fn mistakes_as_json_have_their_places() {
    let path = file("mistakes-json.json", "{ \"version\": 1, \"polcy\": [] }");
    let (code, out, _) = corsac(&["check", "--format=json", path.to_str().unwrap()]);
    fs::remove_file(&path).unwrap();
    assert_eq!(code, Some(2));
    let document = document("policy-check", &out);
    let finding = &document["findings"][0];
    assert_eq!(finding["kind"], "mistake");
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&1.into(), &17.into())
    );
    assert_eq!(finding["help"], "did you mean `policy`?");
}

/// Mistakes and lints, granted and refused, wider and narrower, and nothing at all.
#[test]
fn every_kind_of_document_is_one_of_its_schema() {
    let policy = "version = 1\n[[policy]]\npaths = [\"/**\"]\n";
    let origins = "allow-origins = [\"https://a.example\"]\n";
    for (name, lines, findings) in [
        ("none.toml", origins.to_owned(), 0),
        ("one-lint.toml", format!("{origins}max-age = 9000\n"), 1),
        (
            "two-mistakes.toml",
            "max-agee = 1\nmode = 2\n".to_owned(),
            2,
        ),
    ] {
        let path = file(name, &format!("{policy}{lines}"));
        let (_, out, _) = corsac(&["check", "--format=json", path.to_str().unwrap()]);
        fs::remove_file(&path).unwrap();
        let said = document("policy-check", &out);
        assert_eq!(said["findings"].as_array().unwrap().len(), findings);
    }

    let (app, api) = ("--origin=https://app.example", "https://api.example/api/x");
    for (number, (args, outcome, exchanges)) in [
        ([app, "-XPUT", api].as_slice(), "readable", 2),
        (&[app, api], "readable", 1),
        (&[app, "-HX-Trace: 1", api], "blocked", 1),
        (&["--origin=https://evil.example", api], "blocked", 1),
        (&[app, "https://api.example/elsewhere"], "blocked", 1),
        (&["--origin=https://api.example", api], "readable", 1),
    ]
    .into_iter()
    .enumerate()
    {
        let args = [&["--format=json"], args].concat();
        let (_, out) = explain(&format!("schema-{number}.toml"), &args);
        let said = document("policy-explain", &out);
        assert_eq!(said["outcome"], outcome, "{out}");
        assert_eq!(said["exchanges"].as_array().unwrap().len(), exchanges);
        assert_eq!(said["code"].is_null(), outcome == "readable");
    }

    for (name, new, paths) in [
        ("schema-same.toml", FILE.to_owned(), 0),
        ("schema-other.toml", FILE.replace("PUT", "PATCH"), 1),
        ("schema-none.toml", "version = 1\n".to_owned(), 1),
    ] {
        let (_, out) = diff(name, &new, "json");
        let said = document("policy-diff", &out);
        assert_eq!(said["paths"].as_array().unwrap().len(), paths, "{out}");
    }
}

/// By every command, with the file's name.
#[test]
fn a_file_that_cannot_be_read_is_said_so() {
    let folder = env::temp_dir().display().to_string();
    let latin1 = env::temp_dir().join(format!("corsac-{}-latin1.toml", process::id()));
    fs::write(&latin1, b"version = 1\n# \xfc\n").unwrap();
    let huge = file("huge.toml", &" ".repeat(1024 * 1024 + 1));
    for (name, word) in [
        ("no-such-file.toml", "No such file"),
        (&*folder, "directory"),
        (latin1.to_str().unwrap(), "byte 14, in line 2"),
        (huge.to_str().unwrap(), "more than a mebibyte"),
    ] {
        for args in [
            ["check", name].as_slice(),
            &["diff", name, name],
            &[
                "explain",
                name,
                "--origin=https://a.example",
                "https://b.example",
            ],
        ] {
            let (code, out, error) = corsac(args);
            assert_eq!(code, Some(2), "{args:?}: {error}");
            assert!(out.is_empty(), "{out}");
            assert!(error.contains(name) && error.contains(word), "{error}");
        }
    }
    fs::remove_file(latin1).unwrap();
    fs::remove_file(huge).unwrap();
}

#[test]
fn whoever_closes_the_pipe_has_read_enough() {
    let text: String = (0..2000)
        .map(|n| format!("[[policy]]\nkey-{n} = 1\n"))
        .collect();
    let path = file("pipe.toml", &format!("version = 1\n{text}"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_corsac"))
        .args(["policy", "check"])
        .arg(&path)
        .stdout(process::Stdio::piped())
        .stderr(process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    fs::remove_file(path).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}

/// Every `console` block of a document that begins with a command, against the files that the
/// document shows before it.
fn transcripts(document: &str) -> usize {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    let text = fs::read_to_string(format!("{root}{document}")).unwrap();
    let folder = env::temp_dir().join(format!("corsac-{}-{}", process::id(), document.len()));
    fs::create_dir_all(&folder).unwrap();
    let mut ran = 0;
    for block in text.split("\n```") {
        if let Some((name, content)) = block
            .strip_prefix("toml title=")
            .and_then(|it| it.split_once('\n'))
        {
            fs::write(folder.join(name), format!("{content}\n")).unwrap();
        }
        let Some(transcript) = block.strip_prefix("console\n$ corsac policy ") else {
            continue;
        };
        let (line, expected) = transcript.split_once('\n').unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_corsac"))
            .current_dir(&folder)
            .arg("policy")
            .args(line.split(' '))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said.trim_end(), expected.trim_end(), "{document}: {line}");
        ran += 1;
    }
    fs::remove_dir_all(folder).unwrap();
    ran
}

#[test]
fn the_documents_show_what_happens() {
    assert_eq!(transcripts("README.md"), 2);
    assert_eq!(transcripts("docs/corsac-toml.md"), 2);
}
