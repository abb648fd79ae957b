//! Python's `http.server`, which many a page is tried with, and which grants nothing.

use std::{fs, process::Command};

use super::{Server, program};
use crate::command::check;

fn start() -> Option<Server> {
    let python = program("python3")?;
    Some(Server::start("python", move |folder, address| {
        let files = folder.join("files");
        fs::create_dir_all(&files).unwrap();
        fs::write(files.join("a.json"), "{}").unwrap();
        let mut command = Command::new(&python);
        command
            .args([
                "-m",
                "http.server",
                "--bind",
                &address.ip().to_string(),
                "--directory",
            ])
            .arg(files)
            .arg(address.port().to_string());
        command
    }))
}

#[test]
fn it_grants_nothing() {
    let Some(python) = start() else {
        return;
    };
    let ran = check(&[&python.url("/a.json")]);
    ran.is_blocked("allow-origin-missing", "actual", 0);
    // It speaks HTTP/1.0.
    assert_eq!(ran.json["steps"][0]["response"]["http"], "1.0");
    assert_eq!(ran.json["verdict"].get("evidence"), None);
}

#[test]
fn it_does_not_know_options() {
    let Some(python) = start() else {
        return;
    };
    let ran = check(&[&python.url("/a.json"), "-X", "PUT"]);
    ran.is_blocked("allow-origin-missing", "preflight", 0);
    assert_eq!(ran.json["steps"][0]["response"]["status"], 501);
    assert_eq!(
        ran.json["verdict"]["also"],
        serde_json::json!(["preflight-status-not-ok", "method-not-allowed"])
    );
    // Without CORS, an image is nobody's business but the page's.
    let ran = check(&[&python.url("/a.json"), "--as", "image"]);
    assert_eq!((ran.outcome(), ran.exit), ("opaque", 0));
}
