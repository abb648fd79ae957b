//! What an upstream says of itself.

use corsac_gateway::Rewrites;

use super::{Upstream, exchange_at, serve};

fn upstream() -> Upstream {
    Upstream::doing(|head, stream| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: "));
        let answer = format!(
            "HTTP/1.1 302 Found\r\nLocation: http://{}/next\r\n\
             Set-Cookie: a=b; Domain=internal; Secure\r\nSet-Cookie: c=d; Path=/\r\n\
             Content-Length: 0\r\n\r\n",
            host.unwrap()
        );
        std::io::Write::write_all(stream, answer.as_bytes()).is_ok()
    })
}

#[test]
fn it_is_said_anew_when_asked_and_only_then() {
    let upstream = upstream();
    let url = upstream.url();
    let both = Rewrites {
        location: true,
        cookies: true,
    };
    for (rewrites, lines) in [
        (
            both,
            [
                "location: /next".to_owned(),
                "set-cookie: a=b".to_owned(),
                "set-cookie: c=d; Path=/".to_owned(),
            ],
        ),
        (
            Rewrites::default(),
            [
                format!("location: {url}/next"),
                "set-cookie: a=b; Domain=internal; Secure".to_owned(),
                "set-cookie: c=d; Path=/".to_owned(),
            ],
        ),
    ] {
        let served = serve(std::slice::from_ref(&url), |config| {
            config.rewrites = rewrites;
        });
        let response = exchange_at(served.port, "GET", "/x", &[]);
        for line in lines {
            assert!(response.contains(&format!("\r\n{line}\r\n")), "{response}");
        }
    }
}
