//! What must hold of every hop and every delivered response.

use corsac::{
    fetch::{
        Body, CredentialsMode, Environment, Fetch, Hop, HopKind, Response, ResponseTainting,
        ResponseType,
    },
    header::HeaderList,
};

pub(super) fn sent(fetch: &Fetch, environment: &Environment, hop: &Hop, gave_cookie: bool) {
    let list = &hop.header_list;
    let count = |name: &'static str| list.lines(name).count();
    let origins: Vec<_> = list.lines("Origin").map(|(_, value)| value).collect();
    let page = environment.origin.to_string();
    let is_cross_origin = fetch.response_tainting() == ResponseTainting::Cors;
    match origins.as_slice() {
        [] => assert!(!is_cross_origin, "no Origin: {hop:?}"),
        [origin] => assert!(*origin == page.as_bytes() || *origin == b"null", "{hop:?}"),
        _ => panic!("two Origins: {hop:?}"),
    }
    for header in list {
        let value = header.value();
        let is_line = !value.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n'));
        assert!(is_line && !header.name().is_empty(), "{hop:?}");
    }
    let request = fetch.request();
    match hop.kind {
        HopKind::Preflight => {
            assert_eq!(hop.method, "OPTIONS");
            assert_eq!(hop.body, Body::None);
            assert!(!hop.include_credentials);
            assert_eq!(count("Origin"), 1);
            assert_eq!(count("Access-Control-Request-Method"), 1);
            assert!(is_cross_origin, "a preflight to the page's own origin");
            for header in list {
                let name = header.name().to_ascii_lowercase();
                let known = [
                    &b"accept"[..],
                    b"origin",
                    b"referer",
                    b"user-agent",
                    b"access-control-request-method",
                    b"access-control-request-headers",
                ];
                assert!(
                    known.contains(&&*name) || name.starts_with(b"sec-fetch-"),
                    "{hop:?}"
                );
            }
            let names = list
                .get("Access-Control-Request-Headers")
                .unwrap_or_default();
            let names: Vec<_> = names.split(|&byte| byte == b',').collect();
            assert!(names.is_sorted_by(|one, next| one < next), "{hop:?}");
            assert!(
                !names
                    .iter()
                    .any(|name| name.iter().any(u8::is_ascii_uppercase))
            );
        }
        HopKind::Actual => {
            assert_eq!(hop.method, request.method);
            assert_eq!(count("Access-Control-Request-Method"), 0);
            assert_eq!(count("Access-Control-Request-Headers"), 0);
            assert!(
                count("Cookie") == 0 || (hop.include_credentials && gave_cookie),
                "{hop:?}"
            );
            let may_have = match request.credentials_mode {
                CredentialsMode::Omit => false,
                CredentialsMode::SameOrigin => !is_cross_origin,
                CredentialsMode::Include => true,
            };
            assert!(may_have || !hop.include_credentials, "{hop:?}");
            assert!(matches!(hop.url.scheme(), "http" | "https"));
            if fetch.response_tainting() == ResponseTainting::Opaque {
                assert!(
                    ["GET", "HEAD", "POST"].contains(&hop.method.as_str()),
                    "{hop:?}"
                );
                assert_eq!(count("X-Custom"), 0, "{hop:?}");
            }
        }
        HopKind::Scheme => assert!(!matches!(hop.url.scheme(), "http" | "https")),
    }
}

pub(super) fn delivered(fetch: &Fetch, environment: &Environment, response: &Response) {
    let list = &response.header_list;
    assert!(!list.contains("Set-Cookie") && !list.contains("Set-Cookie2"));
    assert!(
        response
            .url
            .as_ref()
            .is_none_or(|url| url.fragment().is_none())
    );
    match response.response_type {
        ResponseType::Basic => {
            let is_own = |url: &url::Url| {
                url.scheme() == "data" || environment.origin.is_same_origin_with_url(url)
            };
            assert!(fetch.url_list().iter().all(is_own), "{response:?}");
        }
        ResponseType::Cors => shared(fetch, environment, response),
        ResponseType::Opaque | ResponseType::OpaqueRedirect => {
            assert_eq!((response.status, list.len()), (0, 0));
            assert!(response.status_message.is_empty());
        }
    }
    if response.response_type == ResponseType::Opaque {
        assert_eq!((&response.url, response.redirected), (&None, false));
    }
}

/// Someone said so: the response names the origin, and every header that script gets.
fn shared(fetch: &Fetch, environment: &Environment, response: &Response) {
    const SAFELISTED: [&str; 7] = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    let said = &response.internal.header_list;
    let filled = |name| -> Vec<_> { filled(said, name).collect() };
    let include = fetch.request().credentials_mode == CredentialsMode::Include;
    let page = environment.origin.to_string();
    match filled("Access-Control-Allow-Origin").as_slice() {
        [b"*"] => assert!(!include, "{response:?}"),
        [origin] => assert!(
            *origin == page.as_bytes() || *origin == b"null",
            "{response:?}"
        ),
        _ => panic!("{response:?}"),
    }
    if include {
        assert_eq!(
            filled("Access-Control-Allow-Credentials"),
            [b"true"],
            "{response:?}"
        );
    }
    let exposed = filled("Access-Control-Expose-Headers").join(&b',');
    let exposed: Vec<_> = exposed
        .split(|&byte| byte == b',')
        .map(<[u8]>::trim_ascii)
        .collect();
    for header in &response.header_list {
        let is_named = |name: &[u8]| header.is_named(name) || (name == b"*" && !include);
        let safelisted = SAFELISTED.iter().any(|name| header.is_named(name));
        assert!(
            safelisted || exposed.iter().any(|name| is_named(name)),
            "{response:?}"
        );
    }
}

fn filled<'a>(list: &'a HeaderList, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
    list.lines(name)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}
