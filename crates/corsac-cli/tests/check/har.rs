//! The archive of what went over the wire.

use serde_json::Value;

use crate::{
    command::check,
    raw::{Raw, response},
};

#[test]
fn the_archive_holds_every_exchange_and_no_secret() {
    let grants = [
        "Access-Control-Allow-Origin: *",
        "Access-Control-Allow-Headers: authorization",
        "Set-Cookie: a=secret",
    ];
    let server = Raw::preflighted(
        response("204 No Content", &grants),
        response("200 OK", &grants),
    );
    let path = std::env::temp_dir().join(format!("corsac-{}.har", std::process::id()));
    let ran = check(&[
        &server.url("/a?b=1"),
        "-H",
        "authorization: Bearer secret",
        "--har",
        path.to_str().unwrap(),
    ]);
    let text = std::fs::read_to_string(&path);
    let _ = std::fs::remove_file(&path);
    let text = text.unwrap();
    ran.is_readable();
    assert!(!text.contains("secret"), "{text}");
    let har: Value = serde_json::from_str(&text).unwrap();
    let log = &har["log"];
    assert_eq!(log["version"], "1.2");
    assert_eq!(log["entries"].as_array().unwrap().len(), 2);
    assert_eq!(log["entries"][0]["request"]["method"], "OPTIONS");
    let entry = &log["entries"][1];
    assert_eq!(entry["request"]["url"], server.url("/a?b=1"));
    assert_eq!(
        entry["request"]["queryString"],
        serde_json::json!([{ "name": "b", "value": "1" }])
    );
    assert_eq!(entry["response"]["status"], 200);
    assert_eq!(entry["response"]["content"]["size"], 2);
    assert_eq!(entry["serverIPAddress"], "127.0.0.1");
    assert!(entry["startedDateTime"].as_str().unwrap().ends_with('Z'));
}
