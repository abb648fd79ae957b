//! Redirects, as a fetch follows them.

use std::io::Write;

use corsac::diagnosis::{Code, Phase};
use http::Method;

use crate::server::*;

const GRANT: &str = "Access-Control-Allow-Origin: *\r\n";

#[tokio::test]
async fn the_twenty_first_redirect_is_one_too_many() {
    let address = serve(|listener| {
        let (mut stream, _) = listener.accept().unwrap();
        for count in 0..21 {
            read_head(&mut stream);
            let answer = format!(
                "HTTP/1.1 302 Found\r\n{GRANT}Location: /{count}\r\nContent-Length: 0\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    let fetched = fetch(&agent(address), Method::GET).await;
    assert_blocked(&fetched, Code::RedirectLimit, Phase::Actual);
    assert_eq!(fetched.exchanges.len(), 21);
    // All of them over one connection.
    let connections = fetched
        .exchanges
        .iter()
        .filter_map(|it| it.connection.as_ref());
    let reused: Vec<_> = connections.map(|it| it.is_reused).collect();
    assert_eq!(reused, [&[false][..], &[true; 20]].concat());
}

#[tokio::test]
async fn two_locations_lead_nowhere() {
    let fetched = get(
        &[b"HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\n\
        Location: /a\r\nLocation: /b\r\n\r\n"],
    )
    .await;
    assert_blocked(&fetched, Code::RedirectLocation, Phase::Actual);
}

#[tokio::test]
async fn a_redirect_may_lead_to_names_with_passwords() {
    let fetched = get(
        &[b"HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\n\
        Location: http://me:secret@siteb.com/\r\n\r\n"],
    )
    .await;
    assert_blocked(&fetched, Code::RedirectUserinfo, Phase::Actual);
    assert_eq!(fetched.exchanges.len(), 1);
}

#[tokio::test]
async fn a_preflight_is_never_redirected() {
    let fetched = put(
        &[b"HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\n\
        Location: /elsewhere\r\n\r\n"],
    )
    .await;
    assert_blocked(&fetched, Code::PreflightRedirected, Phase::Preflight);
    assert_eq!(fetched.exchanges.len(), 1);
}
