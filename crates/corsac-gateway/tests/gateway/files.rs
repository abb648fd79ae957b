//! Files of a folder.

use std::{fs, path::PathBuf};

use super::{Served, Upstream, engines::says, exchange_at, serve};

const PAGE: &str = "Origin: https://a.example";

fn site(name: &str, upstreams: &[String]) -> Served {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("public/.git")).unwrap();
    fs::create_dir_all(folder.join("public/sub")).unwrap();
    fs::write(folder.join("secret.txt"), "secret").unwrap();
    fs::write(folder.join("public/.git/config"), "secret").unwrap();
    fs::write(folder.join("public/index.html"), "<p>hello").unwrap();
    fs::write(folder.join("public/data.json"), "{\"a\":1}").unwrap();
    serve(upstreams, |config| {
        config.folder = Some(folder.join("public"));
    })
}

#[test]
fn a_file_has_its_type_and_the_policys_headers() {
    let served = site("site-types", &[]);
    for (path, content_type, text) in [
        ("/", "text/html", "<p>hello"),
        ("/data.json", "application/json", "{\"a\":1}"),
    ] {
        let response = exchange_at(served.port, "GET", path, &[PAGE]);
        assert_eq!(says(&response).0, 200, "{response}");
        assert!(response.contains(&format!("content-type: {content_type}")));
        assert!(response.contains("access-control-allow-origin: https://a.example\r\n"));
        assert!(response.ends_with(text), "{response}");
    }
}

#[test]
fn ranges_and_conditions_are_answered() {
    let served = site("site-ranges", &[]);
    let part = exchange_at(
        served.port,
        "GET",
        "/data.json",
        &[PAGE, "Range: bytes=1-3"],
    );
    assert_eq!(says(&part).0, 206, "{part}");
    assert!(part.contains("content-range: bytes 1-3/7\r\n") && part.ends_with("\"a\""));
    let modified = part
        .lines()
        .find_map(|line| line.strip_prefix("last-modified: "));
    let condition = format!("If-Modified-Since: {}", modified.unwrap());
    let same = exchange_at(served.port, "GET", "/data.json", &[PAGE, &condition]);
    assert_eq!(says(&same).0, 304, "{same}");
    assert!(same.contains("access-control-allow-origin: https://a.example\r\n"));
}

#[test]
fn nothing_outside_and_nothing_hidden_is_served() {
    let served = site("site-outside", &[]);
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/sub/..%2f..%2fsecret.txt",
        "/sub/../../secret.txt",
        "/..\\secret.txt",
        "/.git/config",
        "/%2Egit/config",
        "//sub",
        "/none",
    ] {
        let response = exchange_at(served.port, "GET", path, &[PAGE]);
        let status = says(&response).0;
        assert!(matches!(status, 400 | 404), "{path}: {response}");
        assert!(!response.contains("secret\r\n") && !response.ends_with("secret"));
    }
    let written = exchange_at(served.port, "POST", "/data.json", &[PAGE]);
    assert_eq!(says(&written).0, 405, "{written}");
    assert!(written.contains("access-control-allow-origin: https://a.example\r\n"));
}

#[test]
fn paths_of_an_upstream_are_not_the_folders() {
    let upstream = Upstream::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    let served = site("site-beside", &[format!("/api={}", upstream.url())]);
    assert!(exchange_at(served.port, "GET", "/api/x", &[PAGE]).ends_with("hi"));
    assert!(exchange_at(served.port, "GET", "/", &[PAGE]).ends_with("<p>hello"));
}
