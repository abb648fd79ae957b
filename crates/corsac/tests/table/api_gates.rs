//! What throws before the network: Headers and Request (client.md 1.7).

use corsac::{
    diagnosis::Code,
    fetch::{
        Body, CacheMode, CredentialsMode, Guard, Headers, HeadersError, Mode, RedirectMode,
        Request, check, new_request,
    },
};

fn text(headers: &Headers) -> String {
    let list = headers
        .header_list
        .iter()
        .map(|header| format!("{header:?}"));
    list.collect::<Vec<_>>().join(" | ")
}

fn appended(guard: Guard, lines: &[(&str, &str)]) -> String {
    let mut headers = Headers::new(guard);
    for (name, value) in lines {
        headers.append(name.as_bytes(), value.as_bytes()).unwrap();
    }
    text(&headers)
}

#[test]
fn names_are_tokens_and_values_hold_no_line_ends() {
    for guard in [
        Guard::None,
        Guard::Request,
        Guard::RequestNoCors,
        Guard::Response,
        Guard::Immutable,
    ] {
        let mut headers = Headers::new(guard);
        assert_eq!(headers.guard(), guard);
        for name in ["", "a b", "a:", "\u{e9}", "(x)", "a\r"] {
            let name = name.as_bytes();
            assert_eq!(headers.append(name, b"1"), Err(HeadersError::Name));
            assert_eq!(headers.set(name, b"1"), Err(HeadersError::Name));
            assert_eq!(headers.delete(name), Err(HeadersError::Name));
        }
        for value in ["a\0b", "a\rb", "a\nb", "\0"] {
            let value = value.as_bytes();
            assert_eq!(headers.append(b"accept", value), Err(HeadersError::Value));
            assert_eq!(headers.set(b"accept", value), Err(HeadersError::Value));
        }
        assert!(headers.header_list.is_empty());
    }
    // What stands around a value is trimmed, line ends too; anything else stays.
    assert_eq!(
        appended(Guard::None, &[("A", " \t\r\nx \ty\n ")]),
        "A: x \\ty"
    );
    assert_eq!(
        appended(Guard::None, &[("A", "\u{b}x\u{7f}")]),
        "A: \\x0bx\\x7f"
    );
    assert_eq!(appended(Guard::None, &[("A", "")]), "A: ");
}

#[test]
fn immutable_headers_throw() {
    let mut headers = Headers::new(Guard::Immutable);
    assert_eq!(headers.append(b"A", b"1"), Err(HeadersError::Immutable));
    assert_eq!(headers.set(b"A", b"1"), Err(HeadersError::Immutable));
    assert_eq!(headers.delete(b"A"), Err(HeadersError::Immutable));
}

#[test]
fn a_request_guard_drops_forbidden_headers_without_a_word() {
    let lines = [
        ("Origin", "x"),
        ("Cookie", "x"),
        ("Host", "x"),
        ("Sec-X", "x"),
        ("Proxy-X", "x"),
        ("Access-Control-Request-Method", "x"),
        ("Set-Cookie", "x"),
        ("X-Method-Override", "TRACE"),
        ("X-Method-Override", "PUT"),
        ("User-Agent", "x"),
        ("Authorization", "x"),
    ];
    let kept = "X-Method-Override: PUT | User-Agent: x | Authorization: x";
    assert_eq!(appended(Guard::Request, &lines), kept);
    let mut headers = Headers::new(Guard::Request);
    headers.set(b"Cookie", b"x").unwrap();
    headers.header_list.append("Cookie", "mine");
    headers.delete(b"Cookie").unwrap();
    assert_eq!(text(&headers), "Cookie: mine");
    headers.set(b"A", b"1").unwrap();
    headers.append(b"a", b"2").unwrap();
    headers.set(b"a", b"3").unwrap();
    assert_eq!(text(&headers), "Cookie: mine | A: 3");
    headers.delete(b"A").unwrap();
    assert_eq!(text(&headers), "Cookie: mine");
}

#[test]
fn a_response_guard_drops_set_cookie_only() {
    let lines = [
        ("Set-Cookie", "x"),
        ("set-cookie2", "x"),
        ("Cookie", "x"),
        ("Origin", "x"),
    ];
    assert_eq!(appended(Guard::Response, &lines), "Cookie: x | Origin: x");
    assert_eq!(appended(Guard::None, &lines[..1]), "Set-Cookie: x");
}

#[test]
fn a_no_cors_guard_judges_the_values_together() {
    let no_cors = |lines: &[(&str, &str)]| appended(Guard::RequestNoCors, lines);
    let rest = [
        ("X-A", "1"),
        ("Authorization", "1"),
        ("Range", "bytes=0-1"),
        ("DPR", "1"),
        ("Origin", "x"),
    ];
    assert_eq!(no_cors(&rest), "");
    assert_eq!(
        no_cors(&[("accept", "a"), ("Accept", "b")]),
        "accept: a | accept: b"
    );
    // Each for itself would do; together they are 129 bytes long.
    let (long, more) = ("x".repeat(64), "x".repeat(63));
    assert_eq!(
        no_cors(&[("Accept", &long), ("Accept", &more)]),
        format!("Accept: {long}")
    );
    let fits = no_cors(&[("Accept", &long), ("Accept", &more[1..])]);
    assert_eq!(fits, format!("Accept: {long} | Accept: {}", &more[1..]));
    // Two types are none.
    let types = [
        ("Content-Type", "text/plain"),
        ("Content-Type", "text/plain"),
    ];
    assert_eq!(no_cors(&types), "Content-Type: text/plain");
    assert_eq!(no_cors(&[("Content-Type", "application/json")]), "");
    assert_eq!(
        no_cors(&[("Content-Language", "de"), ("Accept-Language", "a(")]),
        "Content-Language: de"
    );
}

#[test]
fn a_no_cors_guard_sets_by_the_new_value_alone() {
    let mut headers = Headers::new(Guard::RequestNoCors);
    let long = "x".repeat(128);
    headers.append(b"Accept", long.as_bytes()).unwrap();
    headers.set(b"Accept", b"y").unwrap();
    assert_eq!(text(&headers), "Accept: y");
    headers.set(b"Accept", b"(").unwrap();
    headers.set(b"X-A", b"1").unwrap();
    assert_eq!(text(&headers), "Accept: y");
    // What a privileged API put there stays out of a script's reach.
    headers.header_list.append("X-A", "1");
    headers.delete(b"X-A").unwrap();
    assert_eq!(text(&headers), "Accept: y | X-A: 1");
    headers.delete(b"Accept").unwrap();
    assert_eq!(text(&headers), "X-A: 1");
}

#[test]
fn any_change_of_a_no_cors_request_takes_range_away() {
    let with_range = || {
        let mut headers = Headers::new(Guard::RequestNoCors);
        headers.header_list.append("Accept", "x");
        headers.header_list.append("Range", "bytes=0-1");
        headers
    };
    let kept = "Accept: x | Range: bytes=0-1";
    let after = |change: fn(&mut Headers)| {
        let mut headers = with_range();
        change(&mut headers);
        text(&headers)
    };
    assert_eq!(
        after(|it| it.append(b"Accept-Language", b"de").unwrap()),
        "Accept: x | Accept-Language: de"
    );
    assert_eq!(after(|it| it.set(b"Accept", b"y").unwrap()), "Accept: y");
    assert_eq!(after(|it| it.delete(b"Accept").unwrap()), "");
    assert_eq!(after(|it| it.delete(b"Range").unwrap()), "Accept: x");
    // What changes nothing takes nothing.
    assert_eq!(after(|it| it.append(b"X-A", b"1").unwrap()), kept);
    assert_eq!(after(|it| it.set(b"Accept", b"(").unwrap()), kept);
    assert_eq!(after(|it| it.delete(b"Content-Type").unwrap()), kept);
    assert_eq!(after(|it| it.delete(b"X-A").unwrap()), kept);
    // Other guards know no such rule.
    let mut headers = Headers::new(Guard::Request);
    headers
        .fill([("Range", "bytes=0-1"), ("Accept", "x")])
        .unwrap();
    headers.delete(b"Accept").unwrap();
    assert_eq!(text(&headers), "Range: bytes=0-1");
}

#[test]
fn fill_stops_at_the_first_error() {
    let mut headers = Headers::new(Guard::None);
    let error = headers.fill([("A", "1"), ("b c", "2"), ("D", "3")]);
    assert_eq!((error, &*text(&headers)), (Err(HeadersError::Name), "A: 1"));
}

fn request(url: &str, method: &str) -> Result<Request, Code> {
    new_request(url.parse().unwrap(), method).map_err(|reason| reason.code())
}

#[test]
fn a_url_with_userinfo_throws() {
    for url in [
        "https://u@b.test/",
        "https://u:p@b.test/",
        "https://:p@b.test/",
    ] {
        assert_eq!(request(url, "GET"), Err(Code::UrlUserinfo), "{url}");
    }
    for url in [
        "https://@b.test/",
        "https://:@b.test/",
        "https://b.test/u:p@x",
        "data:u:p@x",
    ] {
        assert!(request(url, "GET").is_ok(), "{url}");
    }
}

#[test]
fn a_method_is_a_token_that_is_not_forbidden() {
    for method in ["", "G T", "GET,", "G\u{e9}T", "GET\n", "\"GET\"", "a/b"] {
        assert_eq!(
            request("https://b.test/", method),
            Err(Code::MethodInvalid),
            "{method:?}"
        );
    }
    for method in ["CONNECT", "TRACE", "TRACK", "connect", "tRaCe", "track"] {
        assert_eq!(
            request("https://b.test/", method),
            Err(Code::MethodForbidden),
            "{method}"
        );
    }
    for (method, normalized) in [
        ("get", "GET"),
        ("pOSt", "POST"),
        ("patch", "patch"),
        ("PATCH", "PATCH"),
        ("!#$%&'*+-.^_`|~", "!#$%&'*+-.^_`|~"),
    ] {
        assert_eq!(
            request("https://b.test/", method).unwrap().method.as_str(),
            normalized
        );
    }
}

#[test]
fn what_fetch_of_a_url_asks_for() {
    let request = request("https://b.test/#x", "GET").unwrap();
    assert_eq!(request, Request::new("https://b.test/#x".parse().unwrap()));
    assert_eq!(request.mode, Mode::Cors);
    assert_eq!(request.credentials_mode, CredentialsMode::SameOrigin);
    assert_eq!(request.redirect_mode, RedirectMode::Follow);
    assert_eq!(request.cache_mode, CacheMode::Default);
    assert!(request.unsafe_request && !request.use_cors_preflight && !request.keepalive);
}

fn checked(method: &str, set: impl FnOnce(&mut Request)) -> Result<Request, Code> {
    let mut request = request("https://b.test/", method).unwrap();
    set(&mut request);
    check(&mut request).map_err(|reason| reason.code())?;
    Ok(request)
}

#[test]
fn mode_no_cors_takes_three_methods() {
    for method in ["GET", "HEAD", "POST"] {
        assert!(checked(method, |it| it.mode = Mode::NoCors).is_ok());
    }
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "CHICKEN"] {
        assert_eq!(
            checked(method, |it| it.mode = Mode::NoCors),
            Err(Code::NoCorsMethod)
        );
        assert!(checked(method, |it| it.mode = Mode::SameOrigin).is_ok());
        assert!(checked(method, |_| ()).is_ok());
    }
}

#[test]
fn only_if_cached_needs_mode_same_origin() {
    for (mode, code) in [
        (Mode::SameOrigin, None),
        (Mode::Cors, Some(Code::OnlyIfCachedMode)),
        (Mode::NoCors, Some(Code::OnlyIfCachedMode)),
    ] {
        let result = checked("GET", |it| {
            it.mode = mode;
            it.cache_mode = CacheMode::OnlyIfCached;
        });
        assert_eq!(result.err(), code, "{mode:?}");
        assert!(checked("GET", |it| it.mode = mode).is_ok());
    }
}

#[test]
fn get_and_head_take_no_body() {
    for body in [Body::Source { length: 0 }, Body::Stream] {
        for method in ["GET", "HEAD"] {
            assert_eq!(checked(method, |it| it.body = body), Err(Code::BodyOnGet));
        }
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "patch"] {
            assert!(checked(method, |it| it.body = body).is_ok());
        }
    }
}

#[test]
fn a_stream_needs_a_mode_and_asks_for_a_preflight() {
    let stream = |mode| {
        checked("POST", |it| {
            it.mode = mode;
            it.body = Body::Stream;
        })
    };
    assert!(stream(Mode::Cors).unwrap().use_cors_preflight);
    assert!(stream(Mode::SameOrigin).unwrap().use_cors_preflight);
    assert_eq!(stream(Mode::NoCors), Err(Code::StreamMode));
    let source = checked("POST", |it| it.body = Body::Source { length: 1 });
    assert!(!source.unwrap().use_cors_preflight);
    assert!(
        checked("POST", |it| it.use_cors_preflight = true)
            .unwrap()
            .use_cors_preflight
    );
}
