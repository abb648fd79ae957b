//! `corsac policy`, as a process.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::{
    env, fs,
    path::PathBuf,
    process::{self, Command},
};

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

#[test]
fn a_file_that_is_not_there_is_said_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_corsac"))
        .args(["policy", "check", "no-such-file.toml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("no-such-file.toml"), "{error}");
}
