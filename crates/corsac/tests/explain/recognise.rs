//! Console lines as people paste them.

use corsac::diagnosis::{Browser, Code, Phase, Verdict, recognise};

use crate::verdict;

const CHROMIUM: &[(&str, Code)] = &[
    ("No 'Access-Control-Allow-Origin' header is present on the requested resource.", Code::AllowOriginMissing),
    ("The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.", Code::WildcardWithCredentials),
    ("A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true.", Code::WildcardWithCredentials),
    ("The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is allowed. Have the server send the header with a valid value.", Code::AllowOriginMultiple),
    ("The 'Access-Control-Allow-Origin' header contains multiple values 'https://a.example https://b.example', but only one is allowed.", Code::AllowOriginInvalid),
    ("The 'Access-Control-Allow-Origin' header contains the invalid value ''.", Code::AllowOriginInvalid),
    ("The 'Access-Control-Allow-Origin' header has a value 'https://b.example' that is not equal to the supplied origin.", Code::AllowOriginMismatch),
    ("The 'Access-Control-Allow-Origin' header has a value 'https://a.example/' that is not equal to the supplied origin.", Code::AllowOriginMismatch),
    ("The 'Access-Control-Allow-Origin' header has a value 'https://a.example/api' that is not equal to the supplied origin.", Code::AllowOriginInvalid),
    ("The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.", Code::AllowCredentialsNotTrue),
    ("Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is ''. It must be 'true' to allow credentials.", Code::AllowCredentialsNotTrue),
    ("Response to preflight request doesn't pass access control check: It does not have HTTP ok status.", Code::PreflightStatusNotOk),
    ("Response for preflight has invalid HTTP status code 405", Code::PreflightStatusNotOk),
    ("Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request.", Code::PreflightRedirected),
    ("Cannot parse Access-Control-Allow-Methods response header field in preflight response.", Code::AllowMethodsInvalid),
    ("Cannot parse Access-Control-Allow-Headers response header field in preflight response.", Code::AllowHeadersInvalid),
    ("Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response.", Code::MethodNotAllowed),
    ("Request header field x-cart is not allowed by Access-Control-Allow-Headers in preflight response.", Code::HeaderNotAllowed),
    ("Redirect location 'https://a:b@c.example/' contains a username and password, which is disallowed for cross-origin requests.", Code::RedirectUserinfo),
    ("Uncaught TypeError: Failed to execute 'fetch' on 'Window': 'PUT IT' is not a valid HTTP method.", Code::MethodInvalid),
    ("Failed to execute 'open' on 'XMLHttpRequest': 'TRACE' HTTP method is unsupported.", Code::MethodForbidden),
    ("Failed to execute 'fetch' on 'Window': Request cannot be constructed from a URL that includes credentials: https://a:b@c/", Code::UrlUserinfo),
    ("Failed to execute 'fetch' on 'Window': 'PUT' is unsupported in no-cors mode.", Code::NoCorsMethod),
    ("Failed to execute 'fetch' on 'Window': Request with GET/HEAD method cannot have body.", Code::BodyOnGet),
    ("Failed to construct 'Request': 'only-if-cached' can be set only with 'same-origin' mode", Code::OnlyIfCachedMode),
    ("Mixed Content: The page at 'https://a.example/' was loaded over HTTPS, but requested an insecure XMLHttpRequest endpoint 'http://b.example/'. This request has been blocked; the content must be served over HTTPS.", Code::MixedContent),
    ("Refused to connect to 'https://b.example/' because it violates the following Content Security Policy directive: \"connect-src 'self'\".", Code::ContentSecurityPolicy),
    ("Connecting to 'https://b.example/' violates the following Content Security Policy directive: \"connect-src 'self'\". The action has been blocked.", Code::ContentSecurityPolicy),
    ("Fetch API cannot load https://b.example/. Request mode is \"same-origin\" but the URL's origin is not same as the request origin https://a.example.", Code::ModeSameOrigin),
    ("Fetch API cannot load https://b.example/. Request mode is \"no-cors\" but the redirect mode is not \"follow\".", Code::NoCorsRedirectMode),
    ("Fetch API cannot load file:///x. URL scheme \"file\" is not supported.", Code::SchemeNotHttp),
    ("Cross origin requests are only supported for protocol schemes: chrome, chrome-extension, data, http, https.", Code::SchemeNotHttp),
    ("The request client is not a secure context and the resource is in more-private address space `local`.", Code::LocalNetworkInsecure),
    ("Permission was denied for this request to access the `loopback` address space.", Code::LocalNetworkDenied),
    ("Permission was denied for this request to access the loopback address space.", Code::LocalNetworkDenied),
    ("GET https://b.example/ net::ERR_CONNECTION_REFUSED", Code::NetworkFailure),
    ("GET https://b.example/ net::ERR_CERT_AUTHORITY_INVALID", Code::NetworkFailure),
    ("GET https://b.example/ net::ERR_TOO_MANY_REDIRECTS 302 (Found)", Code::RedirectLimit),
    ("GET https://b.example/a.png net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin 200 (OK)", Code::ResourcePolicy),
];

const FIREFOX: &[(&str, Code)] = &[
    ("(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.", Code::AllowOriginMissing),
    ("(Reason: Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).", Code::AllowOriginMultiple),
    ("(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://b.example’).", Code::AllowOriginMismatch),
    ("(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘https://b.example, *’).", Code::AllowOriginMultiple),
    ("(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘b.example’).", Code::AllowOriginInvalid),
    ("(Reason: Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).", Code::WildcardWithCredentials),
    ("(Reason: expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).", Code::AllowCredentialsNotTrue),
    ("(Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).", Code::MethodNotAllowed),
    ("(Reason: invalid token ‘GET PUT’ in CORS header ‘Access-Control-Allow-Methods’).", Code::AllowMethodsInvalid),
    ("(Reason: invalid token ‘a;b’ in CORS header ‘Access-Control-Allow-Headers’).", Code::AllowHeadersInvalid),
    ("(Reason: header ‘x-cart’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).", Code::HeaderNotAllowed),
    ("(Reason: missing token ‘x-cart’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel).", Code::HeaderNotAllowed),
    ("(Reason: When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. To include the `Authorization` header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`).", Code::AuthorizationNotCovered),
    ("(Reason: CORS request external redirect not allowed).", Code::PreflightRedirected),
    ("(Reason: CORS preflight response did not succeed). Status code: 404.", Code::PreflightStatusNotOk),
    ("(Reason: CORS preflight channel did not succeed).", Code::PreflightStatusNotOk),
    ("(Reason: CORS request did not succeed). Status code: (null).", Code::NetworkFailure),
    ("(Reason: CORS request not http).", Code::SchemeNotHttp),
    ("TypeError: Window.fetch: Invalid request method TRACE.", Code::MethodForbidden),
    ("TypeError: Window.fetch: Invalid request method PUT.", Code::NoCorsMethod),
    ("TypeError: Window.fetch: Invalid request method PUT IT.", Code::MethodInvalid),
    ("TypeError: Window.fetch: https://a:b@c/ is an url with embedded credentials.", Code::UrlUserinfo),
    ("TypeError: Window.fetch: HEAD or GET Request cannot have a body.", Code::BodyOnGet),
    ("Blocked loading mixed active content “http://b.example/”", Code::MixedContent),
    ("Content-Security-Policy: The page’s settings blocked the loading of a resource (connect-src) at https://b.example/ because it violates the following directive: “connect-src 'self'”", Code::ContentSecurityPolicy),
    ("Content Security Policy: The page’s settings blocked the loading of a resource at https://b.example/ (“connect-src”).", Code::ContentSecurityPolicy),
    ("The resource at “https://b.example/a.png” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). See https://developer.mozilla.org/", Code::ResourcePolicy),
];

const SAFARI: &[(&str, Code)] = &[
    ("Origin https://a.example is not allowed by Access-Control-Allow-Origin. Status code: 500", Code::AllowOriginMissing),
    ("Access-Control-Allow-Origin cannot contain more than one origin.", Code::AllowOriginMultiple),
    ("Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.", Code::WildcardWithCredentials),
    ("Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".", Code::AllowCredentialsNotTrue),
    ("Preflight response is not successful. Status code: 405", Code::PreflightStatusNotOk),
    ("Method PUT is not allowed by Access-Control-Allow-Methods.", Code::MethodNotAllowed),
    ("Request header field x-cart is not allowed by Access-Control-Allow-Headers.", Code::HeaderNotAllowed),
    ("Header Access-Control-Allow-Methods has an invalid value: GET PUT", Code::AllowMethodsInvalid),
    ("Header Access-Control-Allow-Headers has an invalid value: a;b", Code::AllowHeadersInvalid),
    ("[blocked] The page at https://a.example/ requested insecure content from http://b.example/. This content was blocked and must be served over HTTPS.", Code::MixedContent),
    ("Refused to connect to https://b.example/ because it does not appear in the connect-src directive of the Content Security Policy.", Code::ContentSecurityPolicy),
    ("Not allowed to use restricted network port 6000: https://b.example:6000/", Code::BadPort),
    ("Cross origin requests are only supported for HTTP.", Code::SchemeNotHttp),
    ("Cross origin requests are not allowed when using same-origin fetch mode.", Code::ModeSameOrigin),
    ("Cancelled load to https://b.example/a.js because it violates the resource's Cross-Origin-Resource-Policy response header.", Code::ResourcePolicy),
    ("TypeError: Method must be GET, POST or HEAD in no-cors mode.", Code::NoCorsMethod),
    ("TypeError: URL is not valid or contains user credentials.", Code::UrlUserinfo),
    ("TypeError: Request has method 'GET' and cannot have a body", Code::BodyOnGet),
    ("A server with the specified hostname could not be found.", Code::NetworkFailure),
    ("Fetch API cannot load https://b.example/ due to access control checks.", Code::AllowOriginMissing),
];

#[test]
fn every_line_is_recognised() {
    for (browser, lines) in [
        (Browser::Chromium, CHROMIUM),
        (Browser::Firefox, FIREFOX),
        (Browser::Safari, SAFARI),
    ] {
        for &(line, code) in lines {
            let found = recognise(line);
            assert_eq!(found.len(), 1, "{line}: {found:?}");
            assert_eq!(found[0].codes[0], code, "{line}");
            assert_eq!(found[0].browser, browser, "{line}");
        }
    }
}

#[test]
fn facts_are_captured() {
    let line = "app.js:7 Access to fetch at 'https://api.example/orders' (redirected from \
        'https://api.example/o') from origin 'https://app.example' has been blocked by CORS \
        policy: Response to preflight request doesn't pass access control check: The \
        'Access-Control-Allow-Origin' header has a value 'https://b.example' that is not equal \
        to the supplied origin.";
    let found = &recognise(line)[0];
    assert_eq!(found.url.as_deref(), Some("https://api.example/orders"));
    assert_eq!(found.origin.as_deref(), Some("https://app.example"));
    assert_eq!(found.value.as_deref(), Some("https://b.example"));
    assert_eq!(found.phase, Some(Phase::Preflight));

    let line = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote \
        resource at https://api.example/o?x=1. (Reason: CORS header \
        ‘Access-Control-Allow-Origin’ missing). Status code: 503.";
    let found = &recognise(line)[0];
    assert_eq!(found.url.as_deref(), Some("https://api.example/o?x=1"));
    assert_eq!((found.status, found.phase), (Some(503), None));

    let line = "Method PATCH is not allowed by Access-Control-Allow-Methods.";
    let found = &recognise(line)[0];
    assert_eq!(found.method.as_deref(), Some("PATCH"));
    assert_eq!(found.phase, Some(Phase::Preflight));
}

#[test]
fn the_origin_null_is_told_from_a_mismatch() {
    let line = "Access to fetch at 'https://b.example/' from origin 'null' has been blocked by \
        CORS policy: The 'Access-Control-Allow-Origin' header has a value 'https://a.example' \
        that is not equal to the supplied origin.";
    assert_eq!(recognise(line)[0].codes[0], Code::AllowOriginNull);
}

#[test]
fn wrapped_and_repeated_lines_are_taken_apart() {
    let pasted = "[Error] Origin https://app.example is not allowed\n   by \
        Access-Control-Allow-Origin. Status code: 500\n[Error] Fetch API cannot load \
        https://api.example/me due to access control checks.\n[Error] Request header field x-cart \
        is not allowed by Access-Control-Allow-Headers.\n[Error] Fetch API cannot load \
        https://api.example/cart due to access control checks.";
    let found = recognise(pasted);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].origin.as_deref(), Some("https://app.example"));
    assert_eq!(found[0].status, Some(500));
    assert_eq!(found[0].url.as_deref(), Some("https://api.example/me"));
    assert_eq!(found[1].header.as_deref(), Some("x-cart"));
}

#[test]
fn each_line_has_its_own_url() {
    let line = |url: &str, says: &str| {
        format!(
            "Access to fetch at '{url}' from origin 'https://app.example' has been blocked by \
             CORS policy: {says}\n"
        )
    };
    let pasted = [
        line("https://api.example/1", "No 'Access-Control-Allow-Origin' header is present on the requested resource."),
        line("https://api.example/2", "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."),
        line("https://api.example/3", "Request header field x-cart is not allowed by Access-Control-Allow-Headers in preflight response."),
    ];
    let found = recognise(&pasted.concat());
    let urls: Vec<_> = found.iter().map(|one| one.url.as_deref().unwrap()).collect();
    assert_eq!(urls, ["https://api.example/1", "https://api.example/2", "https://api.example/3"]);
}

/// What we say that a browser prints, we also recognise.
/// Nothing in these says what was wrong.
const TELL_NOTHING: &[Code] = &[Code::Aborted];

/// WebKit's line about a mode that refuses has only this.
const TELLS_NOTHING: &str = "Fetch API cannot load https://api.example/orders.";

#[test]
fn every_captured_line_leads_back_to_its_code() {
    let mut lines = 0;
    let mut unknown = Vec::new();
    for &code in Code::ALL.iter().filter(|code| !TELL_NOTHING.contains(code)) {
        for (browser, line) in code.console().filter(|(_, line)| *line != TELLS_NOTHING) {
            lines += 1;
            let found = recognise(line);
            let first = found.first();
            let is_known = first.is_some_and(|it| it.browser == browser && it.codes.contains(&code));
            if !is_known {
                unknown.push((code, browser, line, found));
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(lines > 90, "{lines}");
}

#[test]
fn every_wording_leads_back_to_its_code() {
    let mut wordings = 0;
    for &code in Code::ALL {
        let verdict = verdict(code);
        for browser in Browser::ALL {
            let Some(wording) = verdict.wording(browser) else {
                continue;
            };
            wordings += 1;
            assert_eq!(verdict.first_for(browser).code(), code);
            let found = recognise(&wording);
            assert_eq!(found.len(), 1, "{wording}: {found:?}");
            assert!(found[0].codes.contains(&code), "{wording}: {found:?}");
            assert_eq!(found[0].browser, browser, "{wording}");
        }
    }
    assert_eq!(wordings, 94);
}

/// An answer can fail in several ways at once, and then consoles differ.
#[test]
fn safari_judges_a_preflights_status_first() {
    let mut verdict: Verdict = verdict(Code::PreflightStatusNotOk);
    let missing = corsac::diagnosis::Reason::AllowOriginMissing;
    let status = std::mem::replace(&mut verdict.reason, missing);
    verdict.also = vec![status];
    let code = |browser| recognise(&verdict.wording(browser).unwrap())[0].codes[0];
    assert_eq!(code(Browser::Safari), Code::PreflightStatusNotOk);
    assert_eq!(code(Browser::Chromium), Code::AllowOriginMissing);
    assert_eq!(code(Browser::Firefox), Code::AllowOriginMissing);
}

/// Pieces of lines, put together and cut anywhere: nothing may panic or take long.
#[test]
fn any_text_will_do() {
    let mut pieces: Vec<String> = [CHROMIUM, FIREFOX, SAFARI]
        .concat()
        .iter()
        .flat_map(|(line, _)| line.split('\'').map(str::to_owned))
        .collect();
    pieces.extend(["'", "’", "é\u{1b}[31m", "\u{0}", "{url}", "from origin '", "😀", "  \n"].map(str::to_owned));
    let mut seed = 7u64;
    let mut next = |below: usize| {
        // A small generator is enough here, and is the same everywhere.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for _ in 0..500 {
        let mut text = String::new();
        for _ in 0..next(12) {
            let piece = &pieces[next(pieces.len())];
            let cut = piece.char_indices().map(|(at, _)| at);
            let cuts: Vec<_> = cut.chain([piece.len()]).collect();
            text.push_str(&piece[cuts[next(cuts.len())]..]);
        }
        for found in recognise(&text) {
            assert!(!found.codes.is_empty());
        }
    }
    let long = "from origin 'x' has been blocked access to fetch at '".repeat(100_000);
    assert!(recognise(&long).is_empty());
}

/// Wordings that depend on more than the code.
#[test]
fn wordings_follow_the_facts() {
    use corsac::diagnosis::{Evidence, Reason, TransportError};

    let verdict = |reason| Verdict::new(reason, "https://ann:pass@b.example/x", "https://a.example");
    let wording = |reason, browser| verdict(reason).wording(browser).unwrap();
    for error in [
        TransportError::Dns,
        TransportError::Refused,
        TransportError::ConnectTimeout,
        TransportError::Tls,
        TransportError::Closed,
        TransportError::Timeout,
        TransportError::Malformed,
        TransportError::TooLarge,
        TransportError::StreamNeedsHttp2,
    ] {
        for browser in Browser::ALL {
            let verdict = verdict(Reason::NetworkFailure { error });
            if let Some(wording) = verdict.wording(browser) {
                assert_eq!(recognise(&wording)[0].codes[0], Code::NetworkFailure, "{wording}");
            }
        }
    }
    for (value, end) in [
        ("same-site", "NotSameSite"),
        ("same-origin", "NotSameOrigin"),
        ("other", "NotSameOriginAfterDefaultedToSameOriginByCoep"),
    ] {
        let (value, evidence) = (Some(value.into()), None);
        let text = wording(Reason::ResourcePolicy { value, evidence }, Browser::Chromium);
        assert!(text.ends_with(end), "{text}");
    }
    let place = |byte| Evidence {
        header: "Access-Control-Allow-Origin",
        line: 0,
        byte,
        length: 1,
    };
    let chromium = |value: &str| {
        let (value, evidence) = (value.into(), place(0));
        wording(Reason::AllowOriginInvalid { value, evidence }, Browser::Chromium)
    };
    for (value, said) in [
        ("https://a.example/x", "is not equal to the supplied origin"),
        ("https://*.example", "is not equal to the supplied origin"),
        ("a.example", "contains the invalid value"),
        ("", "contains the invalid value ''"),
        ("*.example:443", "contains the invalid value"),
        ("https://", "contains the invalid value"),
        ("https://a.example https://c.example", "contains multiple values"),
    ] {
        assert!(chromium(value).contains(said), "{value}");
        let found = &recognise(&chromium(value))[0];
        assert_eq!(found.codes[0], Code::AllowOriginInvalid, "{value}");
    }
    let firefox = |byte| {
        let (value, evidence) = ("https://a.example, *".into(), place(byte));
        wording(Reason::AllowOriginMultiple { value, evidence }, Browser::Firefox)
    };
    assert!(firefox(0).contains("Multiple CORS header"));
    assert!(firefox(17).contains("does not match ‘https://a.example, *’"));
    // The third item is the bad one.
    let text = wording(
        Reason::AllowHeadersInvalid {
            value: "a, b, c d, e".into(),
            error: corsac::header::GrammarError::Byte { at: 7 },
            evidence: place(7),
        },
        Browser::Firefox,
    );
    assert!(text.contains("invalid token ‘c d’ in"), "{text}");
    // Nobody prints the password, nor do we.
    for browser in Browser::ALL {
        assert!(!wording(Reason::MixedContent, browser).contains("pass@"));
    }
    let mut redirected = verdict(Reason::ModeSameOrigin);
    redirected.hop = 1;
    let text = redirected.wording(Browser::Chromium).unwrap();
    assert!(text.contains("(redirected from '…') from origin 'https://a.example'"), "{text}");
    assert!(text.ends_with("Cross origin requests are not allowed by request mode."), "{text}");
    assert_eq!(redirected.wording(Browser::Safari), None);
}
