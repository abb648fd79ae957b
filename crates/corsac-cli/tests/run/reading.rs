//! What scripts get of servers, and what people are told.

use std::net::TcpListener;

use crate::{
    command::{eval, json, run},
    raw::{Raw, response},
};

const GRANTS: &[&str] = &["Access-Control-Allow-Origin: http://sitea.com"];

/// Tells all that XMLHttpRequest shows at its end.
fn by_xhr(method: &str, url: &str) -> String {
    format!(
        "const xhr = new XMLHttpRequest();
        xhr.open({method:?}, {url:?});
        xhr.onload = xhr.onerror = ({{ type }}) =>
          console.log(type, xhr.status, JSON.stringify(xhr.getAllResponseHeaders()), xhr.responseText);
        xhr.send();"
    )
}

fn by_fetch(url: &str, options: &str) -> String {
    format!(
        "fetch({url:?}, {options}).then(
          async (response) => console.log(response.status, await response.text()),
          (reason) => console.log(reason instanceof TypeError, Object.keys(reason).length));"
    )
}

#[test]
fn what_is_granted_is_read() {
    let server = Raw::saying(response("200 OK", GRANTS));
    let ran = eval(&by_xhr("GET", &server.url("/a")));
    ran.is(0, "load 200 \"content-length: 2\\r\\n\" hi\n");
    ran.says(&format!("READABLE  GET {}  200\n", server.url("/a")));
    eval(&by_fetch(&server.url("/a"), "{}")).is(0, "200 hi\n");
}

#[test]
fn of_what_is_denied_nothing_is_read_and_people_are_told_why() {
    let server = Raw::saying(response("200 OK", &["X-Secret: 1"]));
    let ran = eval(&by_xhr("GET", &server.url("/a")));
    ran.is(0, "error 0 \"\" \n");
    ran.says(&format!(
        "BLOCKED   GET {}  allow-origin-missing   more: corsac explain allow-origin-missing\n",
        server.url("/a")
    ));
    ran.says("has been blocked by CORS policy");
    eval(&by_fetch(&server.url("/a"), "{}")).is(0, "true 0\n");
}

#[test]
fn what_the_preflight_refuses_is_not_sent() {
    let (tells, told) = std::sync::mpsc::channel();
    let server = Raw::start(move |asked| {
        tells.send(asked.method.clone()).unwrap();
        response("200 OK", GRANTS)
    });
    let ran = eval(&by_fetch(
        &server.url("/a"),
        "{ method: \"PUT\", body: \"x\" }",
    ));
    ran.is(0, "true 0\n");
    ran.says("method-not-allowed at the preflight   more: corsac explain method-not-allowed");
    assert_eq!(told.try_iter().collect::<Vec<_>>(), ["OPTIONS"]);
}

#[test]
fn a_preflight_that_grants_lets_the_request_go() {
    let grants = [GRANTS, &["Access-Control-Allow-Methods: PUT"]].concat();
    let server = Raw::preflighted(
        response("204 No Content", &grants),
        response("200 OK", GRANTS),
    );
    let ran = eval(&by_xhr("PUT", &server.url("/a")));
    ran.is(0, "load 200 \"content-length: 2\\r\\n\" hi\n");
}

#[test]
fn a_synchronous_request_blocks() {
    let server = Raw::saying(response("200 OK", GRANTS));
    let url = server.url("/a");
    eval(&format!(
        "const xhr = new XMLHttpRequest();
        setTimeout(() => console.log('later'));
        xhr.open('GET', {url:?}, false);
        xhr.send();
        console.log(xhr.status, xhr.responseText);"
    ))
    .is(0, "200 hi\nlater\n");
    let server = Raw::saying(response("200 OK", &[]));
    let url = server.url("/a");
    eval(&format!(
        "const xhr = new XMLHttpRequest();
        xhr.open('GET', {url:?}, false);
        try {{ xhr.send(); }} catch (error) {{ console.log(error.name); }}"
    ))
    .is(0, "NetworkError\n");
}

#[test]
fn a_port_that_is_dead_is_not_cors() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let ran = eval(&by_xhr("GET", &format!("http://127.0.0.1:{port}/")));
    ran.is(0, "error 0 \"\" \n");
    ran.says("NOT CORS  GET").says("Is the server running");
}

#[test]
fn the_origin_is_whose_page_it_is() {
    let server = Raw::saying(response("200 OK", &["Access-Control-Allow-Origin: null"]));
    let code = by_fetch(&server.url("/"), "{}");
    let code = format!("console.log(origin); {code}");
    let code = &*code;
    run(&["--origin", "null", "-e", code]).is(0, "null\n200 hi\n");
    run(&["-e", code]).is(0, "http://sitea.localhost\ntrue 0\n");
    let page = run(&[
        "--page-url",
        "http://b.example/x/y",
        "-e",
        "console.log(location.href)",
    ]);
    page.is(0, "http://b.example/x/y\n");
    // Its own origin a page may always read.
    let own = server.url("");
    run(&["-o", &own, "-e", &by_fetch("/own", "{}")]).is(0, "200 hi\n");
}

#[test]
fn hosts_are_where_resolve_says() {
    let server = Raw::saying(response("200 OK", GRANTS));
    let entry = format!("siteb.com:80:{}", server.address().ip());
    let at_its_port = format!(
        "siteb.com:{}:{}",
        server.address().port(),
        server.address().ip()
    );
    let url = format!("http://siteb.com:{}/", server.address().port());
    let code = by_fetch(&url, "{}");
    let args = [
        "-o",
        "http://sitea.com",
        "--resolve",
        &entry,
        "--resolve",
        &at_its_port,
        "-e",
        &code,
    ];
    run(&args).is(0, "200 hi\n");
}

#[test]
fn a_profile_has_its_own_rules() {
    // A star grants no Authorization by the Standard; Chromium takes it.
    let grants = [
        "Access-Control-Allow-Origin: *",
        "Access-Control-Allow-Headers: *",
    ];
    let server = Raw::saying(response("200 OK", &grants));
    let code = by_fetch(&server.url("/"), "{ headers: { authorization: \"x\" } }");
    run(&["-e", &code])
        .is(0, "true 0\n")
        .says("authorization-not-covered");
    run(&["--profile", "chromium", "-e", &code]).is(0, "200 hi\n");
}

#[test]
fn secrets_are_masked_unless_asked_for() {
    let server = Raw::saying(response("200 OK", GRANTS));
    let code = by_fetch(&server.url("/?token=abc"), "{}");
    let ran = run(&["-o", "http://sitea.com", "-e", &code]);
    ran.is(0, "200 hi\n").says("?token=<masked>  200");
    let ran = run(&["-o", "http://sitea.com", "--show-secrets", "-e", &code]);
    ran.says("?token=abc  200");
    let (_, document) = json(&code);
    assert!(!document.to_string().contains("abc"), "{document:#}");
}
