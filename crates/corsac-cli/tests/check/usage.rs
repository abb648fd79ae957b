//! Mistakes of the user's own: 2, and words that teach.

use crate::{
    command::{check, output},
    raw::{Raw, response},
};

#[track_caller]
fn mistaken(args: &[&str], words: &str) {
    let output = output(args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains(words), "{stderr}");
    assert!(output.stdout.is_empty());
}

const URL: &str = "http://127.0.0.1:8080/";

#[test]
fn mistakes_are_told() {
    mistaken(&[URL], "whose page asks? Say --origin");
    mistaken(&[URL, "-o", "http://siteA.com/"], "an origin has no path");
    mistaken(
        &[URL, "-o", "http://siteA.com/"],
        "`Origin: http://sitea.com`",
    );
    mistaken(
        &[URL, "-o", "sitea.com"],
        "https://sitea.com or http://sitea.com",
    );
    mistaken(
        &["127.0.0.1:8080", "-o", "null"],
        "a URL begins with its scheme",
    );
    mistaken(
        &["localhost:8080/a", "-o", "null"],
        "did you mean https://localhost:8080/a",
    );
    mistaken(
        &[URL, "-o", "null", "-H", "nonsense"],
        "a header is NAME: VALUE",
    );
    mistaken(
        &[URL, "-o", "null", "-H", "a b: c"],
        "no header can have this name",
    );
    mistaken(
        &[URL, "-o", "null", "-d", "@/no/such/file"],
        "/no/such/file",
    );
    mistaken(
        &[URL, "-o", "null", "--cacert", "/no/such/file"],
        "/no/such/file",
    );
    mistaken(
        &[URL, "-o", "null", "--resolve", "a.example"],
        "HOST:PORT:ADDRESS",
    );
    mistaken(
        &[URL, "-o", "null", "--as", "image", "-X", "PUT"],
        "an element asks by GET",
    );
    mistaken(
        &[URL, "-o", "null", "--expect", "red"],
        "there is no outcome `red`",
    );
    mistaken(
        &[URL, "-o", "null", "--expect", "blocked:red"],
        "there is no code `red`",
    );
    mistaken(
        &[
            URL,
            "-o",
            "https://b.example",
            "--page-url",
            "https://a.example/x",
        ],
        "is of the origin https://a.example",
    );
    mistaken(&[URL, "-o", "null", "--no-such-flag"], "--no-such-flag");
}

#[test]
fn what_no_script_can_set_is_left_out_with_a_note() {
    let server = Raw::saying(response("200 OK", &["Access-Control-Allow-Origin: *"]));
    let ran = check(&[
        &server.url("/"),
        "-H",
        "Host: b.example",
        "-H",
        "sec-fetch-site: none",
    ]);
    ran.is_readable();
    assert!(ran.notes().contains("Host is left out"), "{}", ran.notes());
    assert_eq!(ran.json["request"]["headers"], serde_json::json!([]));
    let headers = ran.json["steps"][0]["request"]["headers"].to_string();
    assert!(
        headers.contains("cross-site") && !headers.contains("b.example"),
        "{headers}"
    );
}

#[test]
fn curls_flags_mean_what_they_mean_to_curl() {
    let server = Raw::start(|asked| {
        let path = &asked.path;
        response(
            &format!("200 {} {path}", asked.method),
            &["Access-Control-Allow-Origin: *"],
        )
    });
    let said = |args: &[&str]| {
        let ran = check(&[&[&*server.url("/a?b=1")], args].concat());
        ran.is_readable();
        ran.json["steps"][0]["response"]["reason"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(said(&["-d", "c=2"]), "POST /a?b=1");
    assert_eq!(
        said(&["-G", "-d", "c=2", "--data-urlencode", "d=x y"]),
        "GET /a?b=1&c=2&d=x%20y"
    );
    assert_eq!(said(&["-I"]), "HEAD /a?b=1");
    assert_eq!(
        said(&["-L", "-s", "-i", "--compressed", "-F", "a=1"]),
        "POST /a?b=1"
    );
    let url = format!("http://b.example:{}/", server.address().port());
    let to = format!("b.example:{}:127.0.0.1", server.address().port());
    check(&[&url, "--resolve", &to]).is_readable();
    let to = format!("::127.0.0.1:{}", server.address().port());
    check(&["http://c.example/", "--connect-to", &to]).is_readable();
}

#[test]
fn json_is_what_needs_a_preflight() {
    let grants = [
        "Access-Control-Allow-Origin: *",
        "Access-Control-Allow-Headers: content-type",
    ];
    let server = Raw::preflighted(
        response("204 No Content", &grants),
        response("200 OK", &grants),
    );
    let ran = check(&[&server.url("/"), "--json", "{\"a\":1}"]);
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /", "POST /"]);
    assert_eq!(
        ran.json["request"]["preflight_because"],
        serde_json::json!(["content-type: application/json"])
    );
    assert_eq!(ran.json["steps"][1]["request"]["body_length"], 7);
}
