//! Redirects: each hop is judged, and origins get lost on the way.

use crate::{
    command::{check, check_of},
    raw::{Raw, response},
};

const ANY: &str = "Access-Control-Allow-Origin: *";

fn to(location: &str) -> Vec<u8> {
    response("302 Found", &[ANY, &format!("Location: {location}")])
}

#[test]
fn a_redirect_that_is_not_shared_is_not_followed() {
    let server = Raw::saying(response("302 Found", &["Location: /b"]));
    let ran = check(&[&server.url("/a")]);
    ran.is_blocked("allow-origin-missing", "actual", 0);
    assert_eq!(ran.wire(), ["GET /a"]);
}

#[test]
fn each_hop_is_judged() {
    let server = Raw::start(|asked| match asked.path.as_str() {
        "/a" => to("/b"),
        "/b" => to("/c"),
        _ => response("200 OK", &[]),
    });
    let ran = check(&[&server.url("/a")]);
    ran.is_blocked("allow-origin-missing", "actual", 2);
    assert_eq!(ran.wire(), ["GET /a", "GET /b", "GET /c"]);
    assert_eq!(ran.json["steps"][2]["kind"], "redirect");
    assert_eq!(ran.json["steps"][2]["hop"], 2);
    assert_eq!(ran.json["verdict"]["step"], 3);
    assert_eq!(ran.state(0, "redirect"), "ok");
}

/// A page of B asks A, A sends it to B, and B to A: from the second stranger on, nobody knows who
/// asks.
#[test]
fn from_a_to_b_to_a_the_origin_becomes_null() {
    let first = Raw::start(|asked| match asked.path.as_str() {
        "/end" => response("200 OK", &["Access-Control-Allow-Origin: http://sitea.com"]),
        path => to(path.strip_prefix("/to/").unwrap()),
    });
    let home = first.url("/end");
    let second = Raw::start(move |_| to(&home));
    let url = format!("{}{}", first.url("/to/"), second.url("/"));
    let ran = check(&[&url]);
    ran.is_blocked("allow-origin-null", "actual", 2);
    assert_eq!(ran.evidence(), ("Access-Control-Allow-Origin", 0, 0, 16));
    let headers = ran.json["steps"][2]["request"]["headers"].to_string();
    assert!(headers.contains(r#"["Origin","null"]"#), "{headers}");
}

#[test]
fn the_21st_redirect_is_one_too_many() {
    let server = Raw::start(|asked| {
        let n: u32 = asked.path.trim_start_matches('/').parse().unwrap();
        match n {
            0 => response("200 OK", &[ANY]),
            n => to(&format!("/{}", n - 1)),
        }
    });
    check(&[&server.url("/20")]).is_readable();
    let ran = check(&[&server.url("/21")]);
    ran.is_blocked("redirect-limit", "actual", 20);
    assert_eq!(ran.wire().len(), 21);
}

#[test]
fn a_password_in_location_is_refused() {
    let server = Raw::start(|asked| match asked.path.as_str() {
        "/a" => to("http://user:secret@127.0.0.1:8080/b"),
        _ => response("200 OK", &[ANY]),
    });
    let ran = check(&[&server.url("/a")]);
    ran.is_blocked("redirect-userinfo", "actual", 0);
    assert!(!ran.json.to_string().contains("secret"), "{:#}", ran.json);
}

#[test]
fn several_locations_and_other_schemes_are_refused() {
    let server = Raw::saying(response(
        "302 Found",
        &[ANY, "Location: /b", "Location: /c"],
    ));
    let ran = check(&[&server.url("/a")]);
    ran.is_blocked("redirect-location", "actual", 0);
    assert_eq!(ran.evidence().1, 2);
    let server = Raw::saying(to("ftp://a.example/"));
    check(&[&server.url("/a")]).is_blocked("redirect-scheme", "actual", 0);
}

#[test]
fn a_redirect_may_need_a_preflight_of_its_own() {
    let server = Raw::start(|asked| match (asked.method.as_str(), asked.path.as_str()) {
        ("OPTIONS", "/b") => response("204 No Content", &[ANY]),
        ("OPTIONS", _) => response(
            "204 No Content",
            &[ANY, "Access-Control-Allow-Methods: PUT"],
        ),
        _ => response("307 Temporary Redirect", &[ANY, "Location: /b"]),
    });
    let ran = check(&[&server.url("/a"), "-X", "PUT"]);
    ran.is_blocked("method-not-allowed", "preflight", 1);
    assert_eq!(ran.wire(), ["OPTIONS /a", "PUT /a", "OPTIONS /b"]);
    assert_eq!(ran.json["steps"][2]["hop"], 1);
}

#[test]
fn a_page_of_the_same_origin_needs_no_grant() {
    let server = Raw::saying(response("200 OK", &["X-A: 1"]));
    let origin = format!("http://{}", server.address());
    let ran = check_of(&[&server.url("/"), "-o", &origin]);
    ran.is_readable();
    assert_eq!(ran.json["script"]["type"], "basic");
    assert_eq!(ran.json["request"]["cross_origin"], false);
}
