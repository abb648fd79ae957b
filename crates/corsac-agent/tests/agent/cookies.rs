//! Which cookies travel, which are kept, and what is told about the others.

use corsac::fetch::{CredentialsMode, Environment, Profile, Request};
use corsac_agent::{Agent, AgentConfig, CookieRefusal, Exchange, WithheldReason};
use http::Method;
use std::io::Write;

use crate::server::*;

const GRANT: &str = "Access-Control-Allow-Credentials: true\r\n\
    Access-Control-Allow-Origin: http://";

/// A site B that sets these cookies with every answer, for a page of this host.
fn site_b(page: &str, set: &[&str], mut config: AgentConfig) -> Agent {
    let set: String = set
        .iter()
        .map(|it| format!("Set-Cookie: {it}\r\n"))
        .collect();
    let answer = format!(
        "HTTP/1.1 200 OK\r\n{GRANT}{page}\r\nAccess-Control-Allow-Methods: PUT\r\n{set}\
         Content-Length: 0\r\n\r\n"
    );
    let address = serve(move |listener| {
        for stream in listener.incoming() {
            let (mut stream, answer) = (stream.unwrap(), answer.clone());
            std::thread::spawn(move || {
                while !read_head(&mut stream).is_empty() {
                    if stream.write_all(answer.as_bytes()).is_err() {
                        break;
                    }
                }
            });
        }
    });
    for host in ["siteb.com", "api.siteb.com", "localhost"] {
        config.resolver.map(host, 80, address);
    }
    Agent::new(config)
}

async fn ask(agent: &Agent, page: &str, url: &str, method: Method) -> Vec<Exchange> {
    let mut page = Environment::of_page(format!("http://{page}/").parse().unwrap());
    page.address_space = corsac::fetch::AddressSpace::Loopback;
    let mut request = Request::new(url.parse().unwrap());
    request.method = method;
    request.credentials_mode = CredentialsMode::Include;
    agent.fetch(page, request, "").await.exchanges
}

fn cookie(exchange: &Exchange) -> String {
    let value = exchange.request_lines.get("Cookie").unwrap_or_default();
    String::from_utf8_lossy(&value).into_owned()
}

fn withheld(exchange: &Exchange) -> Vec<(&str, WithheldReason)> {
    let withheld = exchange.cookies.withheld.iter();
    withheld.map(|it| (&*it.name, it.reason)).collect()
}

fn refusals(exchange: &Exchange) -> Vec<Option<CookieRefusal>> {
    exchange.cookies.set.iter().map(|it| it.refusal).collect()
}

const URL: &str = "http://siteb.com/a/b";

#[tokio::test]
async fn within_a_site_all_of_them_travel() {
    let set = [
        "s=1; SameSite=Strict",
        "l=2; SameSite=Lax",
        "u=3",
        "deep=4; Path=/a",
    ];
    let agent = site_b("api.siteb.com", &set, Profile::CHROMIUM.into());
    let first = ask(&agent, "api.siteb.com", URL, Method::GET).await;
    assert_eq!(cookie(&first[0]), "");
    assert_eq!(refusals(&first[0]), [None; 4]);
    let second = ask(&agent, "api.siteb.com", URL, Method::GET).await;
    assert_eq!(cookie(&second[0]), "s=1; l=2; u=3; deep=4");
    assert_eq!(second[0].cookies.sent, ["s", "l", "u", "deep"]);
    assert!(withheld(&second[0]).is_empty());
    // The name is another one, and nobody said that they share.
    let api = "http://api.siteb.com/a/b";
    assert_eq!(
        cookie(&ask(&agent, "api.siteb.com", api, Method::GET).await[0]),
        ""
    );
}

#[tokio::test]
async fn another_site_gets_what_is_meant_for_it() {
    let lines = [
        "strict=1; SameSite=Strict",
        "lax=1; SameSite=Lax",
        "unset=1",
        "none=1; SameSite=None",
        "elsewhere=1; Path=/c; SameSite=None",
        "secure=1; Secure; SameSite=None",
    ];
    let told = [
        (Profile::FETCH, "unset=1; none=1"),
        (Profile::CHROMIUM, "none=1"),
        (Profile::FIREFOX, "unset=1; none=1"),
    ];
    for (profile, sent) in told {
        let agent = site_b("sitea.com", &[], profile.into());
        for line in lines {
            agent
                .set_cookie(&"http://siteb.com/".parse().unwrap(), line)
                .unwrap();
        }
        let exchanges = ask(&agent, "sitea.com", URL, Method::GET).await;
        assert_eq!(cookie(&exchanges[0]), sent, "{}", profile.name);
        let mut reasons = withheld(&exchanges[0]);
        reasons.retain(|(name, _)| *name != "unset");
        assert_eq!(
            reasons,
            [
                ("elsewhere", WithheldReason::Path),
                ("strict", WithheldReason::SameSiteStrict),
                ("lax", WithheldReason::SameSiteLax),
                ("secure", WithheldReason::Secure),
            ],
        );
        let unset = exchanges[0]
            .cookies
            .withheld
            .iter()
            .find(|it| it.name == "unset");
        let is_chromium = profile == Profile::CHROMIUM;
        assert_eq!(
            unset.map(|it| it.reason),
            is_chromium.then_some(WithheldReason::SameSiteDefault),
        );
    }
}

#[tokio::test]
async fn a_scheme_is_part_of_a_site() {
    let agent = site_b("sitea.com", &[], Profile::FETCH.into());
    let url = "http://siteb.com/".parse().unwrap();
    agent.set_cookie(&url, "strict=1; SameSite=Strict").unwrap();
    let page = Environment::of_page("https://siteb.com/".parse().unwrap());
    let mut request = Request::new("http://siteb.com/".parse().unwrap());
    request.credentials_mode = CredentialsMode::Include;
    // An https page may not ask http; a page of the same host and another scheme, sandboxed, may.
    let mut page = page;
    page.origin = corsac::origin::Origin::parse(b"ftp://siteb.com").unwrap();
    let exchanges = agent.fetch(page, request, "").await.exchanges;
    let reasons: Vec<_> = exchanges.iter().flat_map(withheld).collect();
    assert_eq!(reasons, [("strict", WithheldReason::SameSiteStrict)]);
}

#[tokio::test]
async fn without_credentials_nothing_travels_and_nothing_is_kept() {
    let agent = site_b(
        "sitea.com",
        &["new=1; SameSite=None; Secure"],
        Profile::FETCH.into(),
    );
    let url = "http://siteb.com/".parse().unwrap();
    agent.set_cookie(&url, "old=1").unwrap();
    let fetched = agent.fetch(page(), request(Method::PUT), "").await;
    let [preflight, actual] = &fetched.exchanges[..] else {
        panic!("{:?}", fetched.outcome);
    };
    assert_eq!(
        (cookie(preflight), cookie(actual)),
        (String::new(), String::new())
    );
    // Nobody expects cookies of a preflight.
    assert!(withheld(preflight).is_empty());
    assert_eq!(withheld(actual), [("old", WithheldReason::Credentials)]);
    let refused = [Some(CookieRefusal::Credentials)];
    assert_eq!(refusals(preflight), refused);
    assert_eq!(refusals(actual), refused);

    // With them the preflight still has none.
    let exchanges = ask(&agent, "sitea.com", "http://siteb.com/x", Method::PUT).await;
    assert_eq!(exchanges.len(), 2);
    assert_eq!(cookie(&exchanges[0]), "");
    assert_eq!(cookie(&exchanges[1]), "old=1");
}

#[tokio::test]
async fn what_is_not_kept_is_told() {
    let set = [
        "a=1; Domain=sitec.com",
        "b=1; Domain=com",
        "c=1; Secure",
        "__Host-d=1; Secure; Path=/",
        "e=1; SameSite=Strict",
        "f=1; Max-Age=0",
        "g",
        "h=1; Domain=siteb.com",
    ];
    let agent = site_b("sitea.com", &set, Profile::FIREFOX.into());
    let first = ask(&agent, "sitea.com", "http://api.siteb.com/", Method::GET).await;
    assert_eq!(
        refusals(&first[0]),
        [
            Some(CookieRefusal::Domain),
            Some(CookieRefusal::PublicSuffix),
            Some(CookieRefusal::Secure),
            Some(CookieRefusal::Secure),
            Some(CookieRefusal::SameSite),
            Some(CookieRefusal::Expired),
            Some(CookieRefusal::Malformed),
            None,
        ],
    );
    let second = ask(&agent, "sitea.com", URL, Method::GET).await;
    assert_eq!(cookie(&second[0]), "h=1");

    // This machine is as good as https.
    let set = [
        "__Host-a=1; Secure; Path=/",
        "__Host-b=1; Secure",
        "__secure-c=1",
        "d=1; SameSite=None",
    ];
    let agent = site_b("localhost", &set, Profile::CHROMIUM.into());
    let first = ask(&agent, "localhost", "http://localhost/", Method::GET).await;
    assert_eq!(
        refusals(&first[0]),
        [
            None,
            Some(CookieRefusal::Prefix),
            Some(CookieRefusal::Prefix),
            Some(CookieRefusal::SameSiteNoneInsecure),
        ],
    );
}

#[tokio::test]
async fn who_keeps_no_cookies_sends_none() {
    let mut config = AgentConfig::new(Profile::FETCH);
    config.keeps_cookies = false;
    let agent = site_b("sitea.com", &["a=1; SameSite=None; Secure"], config);
    let url = URL.parse().unwrap();
    agent.set_cookie(&url, "b=1").unwrap();
    for _ in 0..2 {
        let exchanges = ask(&agent, "sitea.com", URL, Method::GET).await;
        assert_eq!(cookie(&exchanges[0]), "");
    }
}
