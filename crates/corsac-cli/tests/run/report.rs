//! `--format json`, held against its schema.

use serde_json::json;

use crate::{
    command::{json, json_of},
    raw::{Raw, response},
};

#[test]
fn a_document_tells_all_of_a_run() {
    let grants = ["Access-Control-Allow-Origin: http://sitea.com"];
    let server = Raw::preflighted(
        response("204 No Content", &grants),
        response("200 OK", &grants),
    );
    let url = server.url("/a");
    let (exit, document) = json(&format!(
        "console.log('a', 1); console.warn('b');
        (async () => {{
          await (await fetch({url:?})).text();
          await fetch({url:?}, {{ method: 'PUT', credentials: 'omit' }}).catch(() => {{}});
          await Promise.reject(new RangeError('c'));
        }})()"
    ));
    assert_eq!(exit, 1);
    assert_eq!(document["schema"], "corsac/run/1");
    assert_eq!(
        document["page"],
        json!({ "origin": "http://sitea.com", "url": "http://sitea.com/", "profile": "fetch" })
    );
    assert_eq!(
        document["console"][0],
        json!({ "level": "log", "text": "a 1" })
    );
    assert_eq!(
        document["console"][1],
        json!({ "level": "warn", "text": "b" })
    );
    let errors = document["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0]["kind"], "rejection");
    assert_eq!(errors[0]["message"], "RangeError: c");
    assert_eq!(document["ended"], "idle");
    assert_eq!(document["pending"], 0);

    let requests = document["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 2);
    let (got, put) = (&requests[0], &requests[1]);
    assert_eq!(
        (&got["as"], &got["method"], &got["url"]),
        (&json!("fetch"), &json!("GET"), &json!(url))
    );
    assert_eq!(got["verdict"]["outcome"], "readable");
    assert_eq!(got["script"]["status"], 200);
    assert_eq!(got["steps"][0]["response"]["status"], 200);
    assert_eq!(got["steps"][0]["checks"][0]["state"], "ok", "{got:#}");

    assert_eq!(put["credentials"], "omit");
    let verdict = &put["verdict"];
    assert_eq!(verdict["outcome"], "blocked");
    assert_eq!(verdict["code"], "method-not-allowed");
    assert_eq!(verdict["phase"], "preflight");
    assert_eq!(verdict["step"], 1);
    assert_eq!(put["steps"].as_array().unwrap().len(), 1);
    assert_eq!(put["steps"][0]["kind"], "preflight");
    let fix = put["fix"]["changes"].to_string();
    assert!(fix.contains("Access-Control-Allow-Methods"), "{fix}");
}

#[test]
fn what_was_given_up_has_no_verdict() {
    let server = Raw::start(|_| {
        std::thread::sleep(std::time::Duration::from_secs(2));
        Vec::new()
    });
    let url = server.url("/a");
    let (exit, document) = json(&format!(
        "const controller = new AbortController();
        fetch({url:?}, {{ signal: controller.signal }}).catch((error) => console.log(error.name));
        setTimeout(() => controller.abort(), 50);"
    ));
    assert_eq!(exit, 0);
    assert_eq!(document["console"][0]["text"], "AbortError");
    let request = &document["requests"][0];
    assert_eq!(request["aborted"], true, "{document:#}");
    assert_eq!(request.get("verdict"), None);
}

#[test]
fn a_limit_is_told() {
    let (exit, document) = json_of(&["--timeout", "0.3", "-e", "for (;;);"]);
    assert_eq!(exit, 3);
    assert_eq!(document["ended"], "limit");
    let errors = document["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0]["kind"], "timeout");
}

#[test]
fn a_preflight_that_is_remembered_is_not_sent_again() {
    let grants = [
        "Access-Control-Allow-Origin: http://sitea.com",
        "Access-Control-Allow-Methods: PUT",
        "Access-Control-Max-Age: 60",
    ];
    let server = Raw::preflighted(
        response("204 No Content", &grants),
        response("200 OK", &grants),
    );
    let url = server.url("/a");
    let (_, document) = json(&format!(
        "const put = () => fetch({url:?}, {{ method: 'PUT' }}).then((response) => response.text());
        put().then(put);"
    ));
    let steps = |request: usize| document["requests"][request]["steps"].as_array().unwrap();
    assert_eq!((steps(0).len(), steps(1).len()), (2, 1), "{document:#}");
    // What is remembered counts for the judgement as well.
    assert_eq!(steps(1)[0]["checks"][0]["state"], "ok");
    assert_eq!(document["requests"][1]["verdict"]["outcome"], "readable");
}
