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
fn a_file_that_is_still_the_same_is_not_sent_again() {
    let served = site("site-etag", &[]);
    let get = |lines: &[&str]| {
        let lines = [&[PAGE][..], lines].concat();
        exchange_at(served.port, "GET", "/data.json", &lines)
    };
    let whole = get(&[]);
    let tag = whole.lines().find_map(|line| line.strip_prefix("etag: "));
    let tag = tag.unwrap();
    for (lines, status) in [
        (&[format!("If-None-Match: {tag}")][..], 304),
        (&[format!("If-None-Match: \"other\", {tag}")], 304),
        (&[format!("If-None-Match: W/{tag}")], 304),
        (&["If-None-Match: *".to_owned()], 304),
        (&["If-None-Match: \"other\"".to_owned()], 200),
        (&["If-Match: \"other\"".to_owned()], 412),
        (&["Range: bytes=7-".to_owned()], 416),
        (&["Range: bytes=-3".to_owned()], 206),
    ] {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let response = get(&lines);
        assert_eq!(says(&response).0, status, "{lines:?}: {response}");
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("access-control-allow-origin: https://a.example"));
        assert!(head.contains("vary: Origin"), "{head}");
        assert_eq!(
            body.is_empty(),
            matches!(status, 304 | 412 | 416),
            "{response}"
        );
    }
}

/// Whoever may write into the folder says what is in it.
#[cfg(unix)]
#[test]
fn links_in_the_folder_are_followed() {
    let served = site("site-links", &[]);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("site-links");
    let _ = fs::remove_file(folder.join("public/link.txt"));
    std::os::unix::fs::symlink(folder.join("secret.txt"), folder.join("public/link.txt")).unwrap();
    let response = exchange_at(served.port, "GET", "/link.txt", &[PAGE]);
    assert_eq!(says(&response).0, 200, "{response}");
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
        "/sub%2f..%2f..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/sub/%00/../../secret.txt",
        "/data.json%00.txt",
        "/%c0%ae%c0%ae/secret.txt",
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
