//! What goes out beside what the fetch wants.

use corsac::fetch::{Destination, Mode, Profile};
use corsac_agent::{Agent, AgentConfig, Exchange};
use http::Method;

use crate::server::*;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
    Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08";

fn value(exchange: &Exchange, name: &str) -> String {
    let value = exchange.request_lines.get(name).unwrap_or_default();
    String::from_utf8_lossy(&value).into_owned()
}

#[tokio::test]
async fn a_request_is_a_browsers() {
    let fetched = get(&[ANSWER]).await;
    let exchange = &fetched.exchanges[0];
    let lines = exchange.request_lines.iter();
    let lines: Vec<_> = lines.map(|line| format!("{line:?}")).collect();
    let user_agent = format!("User-Agent: corsac/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        lines,
        [
            "Host: siteb.com",
            "Connection: keep-alive",
            "Accept: */*",
            "Accept-Language: en",
            "Referer: http://sitea.com/",
            "Origin: http://sitea.com",
            &user_agent,
            "Accept-Encoding: identity",
        ],
    );
    let raw = format!("GET /first HTTP/1.1\r\n{}\r\n\r\n", lines.join("\r\n"));
    assert_eq!(exchange.sent, raw.as_bytes());
    // What comes encoded all the same stays as it is.
    assert_readable(&fetched, 200, b"\x1f\x8b\x08");
}

#[tokio::test]
async fn each_engine_has_its_manners() {
    let told = [
        (Profile::CHROMIUM, "Chrome/", "en-US,en;q=0.9", "image/apng"),
        (Profile::FIREFOX, "Gecko/", "en-US,en;q=0.5", "image/avif"),
        (
            Profile::WEBKIT,
            "Safari/",
            "en-US,en;q=0.9",
            "image/svg+xml",
        ),
    ];
    for (profile, user_agent, accept_language, accept) in told {
        let mut config = config(server(&[ANSWER]));
        config.profile = profile;
        let mut request = request(Method::GET);
        request.mode = Mode::NoCors;
        request.destination = Destination::Image;
        let fetched = Agent::new(config).fetch(page(), request, "").await;
        let exchange = &fetched.exchanges[0];
        assert!(value(exchange, "User-Agent").contains(user_agent));
        assert_eq!(value(exchange, "Accept-Language"), accept_language);
        assert!(value(exchange, "Accept").contains(accept));
    }
}

#[tokio::test]
async fn what_is_chosen_is_sent() {
    let mut config: AgentConfig = config(server(&[ANSWER]));
    config.user_agent = Some((*b"me").into());
    config.accept_language = Some((*b"de").into());
    config.accept_encoding = (*b"gzip, br").into();
    let mut request = request(Method::GET);
    request.header_list.append("Accept", "text/plain");
    let fetched = Agent::new(config).fetch(page(), request, "").await;
    let exchange = &fetched.exchanges[0];
    assert_eq!(value(exchange, "User-Agent"), "me");
    assert_eq!(value(exchange, "Accept-Language"), "de");
    assert_eq!(value(exchange, "Accept-Encoding"), "gzip, br");
    assert_eq!(value(exchange, "Accept"), "text/plain");
}

#[tokio::test]
async fn trustworthy_servers_learn_what_the_request_is_for() {
    let address = server(&[ANSWER]);
    let url = format!("http://localhost:{}/", address.port());
    let request = corsac::fetch::Request::new(url.parse().unwrap());
    let fetched = Agent::new(Profile::FETCH).fetch(page(), request, "").await;
    let exchange = &fetched.exchanges[0];
    assert_eq!(value(exchange, "Sec-Fetch-Mode"), "cors");
    assert_eq!(value(exchange, "Sec-Fetch-Site"), "cross-site");
    assert_eq!(value(exchange, "Sec-Fetch-Dest"), "empty");
}
