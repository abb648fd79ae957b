//! Pasted curl lines.

use crate::{
    command::{output_with_stdin, ran},
    raw::{Raw, response},
};

#[test]
fn a_pasted_line_is_all_it_takes() {
    let grants = [
        "Access-Control-Allow-Origin: https://app.example",
        "Access-Control-Allow-Credentials: true",
        "Access-Control-Allow-Methods: PUT",
        "Access-Control-Allow-Headers: content-type",
    ];
    let server = Raw::preflighted(
        response("204 No Content", &grants),
        response("200 OK", &grants),
    );
    // Localhost is no mixed content to a secure page.
    let line = format!(
        "curl 'http://127.0.0.1:{}/a' \\\n  -X 'PUT' \\\n  -H 'origin: https://app.example' \\\n  \
         -H 'sec-ch-ua: \"x\"' \\\n  -b 'a=1' \\\n  -H 'content-type: application/json' \\\n  \
         --data-raw $'{{\"it\\'s\":1}}'\n",
        server.address().port()
    );
    let output = output_with_stdin(&["--curl", "-", "--format", "json"], &line);
    let ran = ran(&output);
    ran.is_readable();
    assert_eq!(ran.wire(), ["OPTIONS /a", "PUT /a"]);
    assert_eq!(ran.json["request"]["origin"], "https://app.example");
    assert_eq!(ran.json["request"]["credentials"], "include");
    assert_eq!(ran.json["request"]["body_length"], 10);
    assert_eq!(
        ran.json["request"]["headers"],
        serde_json::json!([["content-type", "application/json"]])
    );
    // What is typed besides counts.
    let output = output_with_stdin(
        &["--curl", &line, "--credentials", "omit", "--format", "json"],
        "",
    );
    let ran = crate::command::ran(&output);
    assert_eq!(ran.json["request"]["credentials"], "omit");
}

#[test]
fn what_is_no_curl_line_is_a_mistake() {
    let output = output_with_stdin(&["--curl", "-"], "GET / HTTP/1.1");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("does not begin with `curl`"), "{stderr}");
}
