//! What people get wrong in a policy, mistake by mistake, and the sentence that each is told.

use corsac::{
    header::HeaderList,
    policy::{
        AllowHeaders, Listing, MaxAge, OriginPredicate, Policy, PolicyConfig, Preflights,
        RequestHead,
    },
};

fn of<const ENTRIES: usize>(entries: [&str; ENTRIES]) -> PolicyConfig {
    PolicyConfig {
        allow_origins: entries.into(),
        ..PolicyConfig::default()
    }
}

fn with_credentials<const ENTRIES: usize>(entries: [&str; ENTRIES]) -> PolicyConfig {
    PolicyConfig {
        allow_credentials: true,
        ..of(entries)
    }
}

/// All that is wrong with it, a line each; none of it valid.
#[track_caller]
fn told(config: PolicyConfig) -> String {
    Policy::new(config).expect_err("a mistake").to_string()
}

#[track_caller]
fn valid(config: PolicyConfig) -> Policy {
    Policy::new(config).unwrap_or_else(|errors| panic!("{errors}"))
}

/// What is valid, and perhaps not meant: a line each.
#[track_caller]
fn hinted(config: PolicyConfig) -> String {
    let lints = valid(config).lints();
    let lines: Vec<_> = lints.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// That this entry can never match, for this reason, and what to write instead if that is clear.
#[track_caller]
fn never(entry: &str, because: &str, instead: Option<&str>) {
    let instead = instead.map_or_else(String::new, |it| format!("; write {it:?}"));
    assert_eq!(
        told(of([entry])),
        format!("allow-origins: {entry:?} never matches: {because}{instead}")
    );
}

const HOST: &str = "the host of an origin is a lower-case ASCII name or an address";
const PORT: &str = "the port of an origin is a number from 0 to 65535";
const SPELLING: &str = "browsers spell it otherwise";
const PATTERN: &str = "one `*` may stand in the first label of a domain, one for the port";

/// 1. Useless, but safe, and what a list that is loaded later begins with: a lint.
#[test]
fn no_origin_at_all() {
    for config in [of([]), with_credentials([])] {
        assert_eq!(hinted(config), "allow-origins: no origin is allowed");
    }
}

/// 2.
#[test]
fn null() {
    let told_of_null = "allow-origins: `null` is the origin of every sandboxed frame and local \
                        file, anybody's included";
    assert_eq!(told(of(["null"])), told_of_null);
    assert_eq!(told(with_credentials(["null"])), told_of_null);
    never("NULL", "browsers write origins in lower case", None);
}

/// 3.
#[test]
fn local_files() {
    for entry in ["file://", "file:///", "file:///home/me/x.html", "FILE://x"] {
        never(entry, "pages of file: send the origin `null`", None);
    }
}

/// 4.
#[test]
fn what_is_no_origin_in_a_browsers_spelling() {
    let example = Some("https://a.example");
    let (scheme, path, user, case, dead) = (
        "an origin begins with its scheme",
        "an origin ends after its host or port, without a path or a slash",
        "an origin names no user",
        "browsers write origins in lower case",
        "browsers never connect to this port, so that no page is there",
    );
    for (entry, because, instead) in [
        ("a.example", scheme, example),
        ("//a.example", scheme, None),
        ("https:a.example", scheme, None),
        ("", scheme, None),
        ("https://a.example/", path, example),
        ("https://a.example/x", path, example),
        ("https://a.example?q", path, example),
        ("https://a.example#f", path, example),
        ("https://me@a.example", user, example),
        ("https://me:pw@a.example", user, example),
        ("https://A.example", case, example),
        ("HTTPS://a.example", case, example),
        ("https://a.Example/", case, example),
        (
            " https://a.example",
            "an origin begins with a lower-case scheme and `://`",
            None,
        ),
        ("https://a.example ", HOST, None),
        ("https://a .example", HOST, None),
        ("https://a..example", HOST, None),
        ("https://.a.example", HOST, None),
        ("https://", HOST, None),
        ("https://a_b%20.example", HOST, None),
        ("https://a.example, https://b.example", HOST, None),
        ("https://a.example:", PORT, None),
        ("https://a.example:65536", PORT, None),
        ("https://a.example:-1", PORT, None),
        (
            "https://a.example:8o",
            "an origin ends after its host or port, without a slash",
            None,
        ),
        ("https://a.example:0443", SPELLING, example),
        (
            "https://a.example:08080",
            SPELLING,
            Some("https://a.example:8080"),
        ),
        ("https://a.example:0", dead, None),
        ("http://localhost:6000", dead, None),
    ] {
        never(entry, because, instead);
    }
    let long = |length: usize| format!("https://{}", "a.".repeat(length / 2) + "aa");
    let scheme = format!("{}://a", "s".repeat(65));
    for entry in [long(254), scheme] {
        let because = "no scheme is longer than 64 bytes, and no host than 253";
        never(&entry, because, None);
    }
    valid(of([&*long(250)]));
    // Only http(s) knows ports that nobody connects to.
    valid(of(["https://a.example:1024", "tauri://localhost:6000"]));
}

/// 5.
#[test]
fn the_schemes_own_port_spelled_out() {
    let because = "browsers leave out the scheme's own port";
    never("http://a.example:80", because, Some("http://a.example"));
    never("https://a.example:443", because, Some("https://a.example"));
    valid(of(["http://a.example:443", "https://a.example:80"]));
}

/// 6.
#[test]
fn names_that_are_not_ascii() {
    let because = "browsers write international names in Punycode (`xn--…`)";
    never("https://b\u{fc}cher.example", because, None);
    never("https://\u{4f8b}.example", because, None);
    let nothing = "what follows `xn--` is the Punycode of nothing";
    for entry in [
        "https://xn--99999999.example",
        "https://xn--a.example",
        "https://a.xn--bcher-kv.example",
        "https://xn--fiqs8.example",
        // A space that does not break lines, and what comes after the last character there is.
        "https://xn--6a.example",
        "https://xn--dn32gba.example",
    ] {
        never(entry, nothing, None);
    }
    for entry in ["https://xn--.example", "https://xn--b-.example"] {
        never(entry, HOST, None);
    }
    valid(of([
        "https://xn--bcher-kva.example",
        "https://xn--e1afmkfd.xn--p1ai",
        "https://xn--fiqs8s",
        "https://xn--n3h.example",
        "https://xn--7a.example",
        "https://xn--ls8h.la",
        "https://*.xn--bcher-kva.example",
    ]));
}

/// Whatever name a URL writes in Punycode is one of something, long ones and distant letters too.
#[cfg(feature = "fetch")]
#[test]
fn names_as_urls_write_them() {
    const ALPHABETS: [(u32, u32); 6] = [
        (0x61, 26),
        (0xe0, 23),
        (0x3b1, 17),
        (0x430, 32),
        (0x4e00, 20_000),
        (0x1f300, 256),
    ];
    let (mut state, mut written) = (1_u32, 0);
    let mut below = |end: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % end
    };
    for _ in 0..20_000 {
        let name: String = (0..=below(24))
            .filter_map(|_| {
                let (first, count) = ALPHABETS[below(6) as usize];
                char::from_u32(first + below(count))
            })
            .collect();
        let Ok(url) = url::Url::parse(&format!("https://{name}.example")) else {
            continue;
        };
        let origin = url.origin().ascii_serialization();
        written += usize::from(origin.contains("xn--"));
        valid(of([&*origin]));
    }
    assert!(written > 15_000, "{written}");
}

/// 7.
#[test]
fn addresses_in_a_spelling_of_their_own() {
    for (entry, because, instead) in [
        ("http://127.1", SPELLING, None),
        ("http://0x7f.0.0.1", SPELLING, None),
        ("http://127.0.0.01", SPELLING, None),
        ("http://2130706433", SPELLING, None),
        ("http://1.2.3.0x4", SPELLING, None),
        ("http://1.2.3.256", SPELLING, None),
        ("http://[0:0:0:0:0:0:0:1]", SPELLING, Some("http://[::1]")),
        ("http://[::0001]:9090", HOST, None),
        ("http://[::ffff:1.2.3.4]", HOST, None),
        ("http://[fe80::1%25eth0]", HOST, None),
        ("http://[::1", HOST, None),
    ] {
        never(entry, because, instead);
    }
    valid(of([
        "http://127.0.0.1",
        "http://[::1]",
        "http://[::ffff:102:304]",
        "http://1.example",
        "http://0x.y1",
    ]));
}

/// 8.
#[test]
fn wildcards_where_none_may_stand() {
    for entry in [
        "https://**.a.example",
        "https://*.*.a.example",
        "https://a.*.example",
        "https://a.*",
        "https://*",
        "https://*:8443",
        "*://a.example",
    ] {
        never(entry, PATTERN, None);
    }
    never("https://*.1.2.3.4", SPELLING, None);
    never("https://*.[::1]", HOST, None);
    never("https://a.example:*0", PORT, None);
    valid(of(["https://*.a.example", "https://*a.b.example"]));
}

/// 9.
#[test]
fn every_origin_with_credentials() {
    let config = PolicyConfig {
        allow_origins: Listing::Any,
        ..with_credentials([])
    };
    assert_eq!(
        told(config),
        "allow-origins: every origin together with credentials would hand each user's data to any \
         page; list the origins"
    );
}

/// 10. Whatever is on this machine is nobody's to listen to.
#[test]
fn no_encryption_with_credentials() {
    for entry in [
        "http://a.example",
        "http://*.a.example",
        "http://10.0.0.1",
        "http://localhost.example",
    ] {
        assert_eq!(
            told(with_credentials([entry])),
            format!(
                "allow-origins: {entry:?} has no encryption: with credentials, whoever sits on the \
                 wire reads as your users"
            )
        );
        valid(PolicyConfig {
            dangerously_allow_insecure_origins: true,
            dangerously_allow_public_suffixes: true,
            ..with_credentials([entry])
        });
    }
    valid(with_credentials([
        "https://a.example",
        "http://localhost",
        "http://a.localhost:8080",
        "http://127.0.0.1:3000",
        "http://[::1]",
        "tauri://localhost",
    ]));
}

/// 11. At any depth and within a label, since anybody can register that name, too.
#[test]
fn public_suffixes_with_credentials() {
    for (entry, suffix) in [
        ("https://*.com", "com"),
        ("https://*.co.uk", "co.uk"),
        ("https://*.github.io", "github.io"),
        ("https://app-*.vercel.app", "vercel.app"),
        ("https://*.example", "example"),
    ] {
        assert_eq!(
            told(with_credentials([entry])),
            format!(
                "allow-origins: {entry:?} covers names of anybody who registers under \
                 {suffix:?}; with credentials, list the names"
            )
        );
        assert_eq!(
            hinted(of([entry])),
            format!("allow-origins: anybody can register a name under {suffix:?}")
        );
        valid(PolicyConfig {
            dangerously_allow_public_suffixes: true,
            ..with_credentials([entry])
        });
    }
    valid(with_credentials(["https://*.a.co.uk"]));
}

fn of_methods<const ENTRIES: usize>(entries: [&str; ENTRIES]) -> PolicyConfig {
    PolicyConfig {
        allow_methods: entries.into(),
        ..of(["https://a.example"])
    }
}

/// 12. And the case that browsers put a method in.
#[test]
fn what_is_no_method() {
    for entry in ["", "PUT, DELETE", "PUT ", "P\u{fc}T", "a/b"] {
        assert_eq!(
            told(of_methods([entry])),
            format!("allow-methods: {entry:?} never matches: it is not a method")
        );
    }
    for entry in ["put", "Delete"] {
        assert_eq!(
            told(of_methods([entry])),
            format!(
                "allow-methods: {entry:?} never matches: browsers put this method in upper case, \
                 and case counts"
            )
        );
    }
    assert_eq!(
        hinted(of_methods(["patch"])),
        "allow-methods: browsers send this method as scripts write it, case included"
    );
    valid(of_methods(["PUT", "PATCH", "X-MINE"]));
}

/// 13.
#[test]
fn methods_of_no_script() {
    for entry in ["CONNECT", "TRACE", "TRACK", "Connect", "trace"] {
        assert_eq!(
            told(of_methods([entry])),
            format!("allow-methods: browsers let no script use the method {entry:?}")
        );
    }
}

fn of_headers<const ENTRIES: usize>(entries: [&str; ENTRIES]) -> PolicyConfig {
    PolicyConfig {
        allow_headers: entries.into(),
        ..of(["https://a.example"])
    }
}

/// 14.
#[test]
fn what_is_no_name_of_a_request_header() {
    for entry in ["", "X Custom", "X-Custom:", "X-A, X-B", "X-\u{fc}"] {
        assert_eq!(
            told(of_headers([entry])),
            format!("allow-headers: {entry:?} is not a header name")
        );
    }
}

/// 15.
#[test]
fn request_headers_of_no_script() {
    for entry in [
        "Accept-Charset",
        "Accept-Encoding",
        "Access-Control-Request-Headers",
        "Access-Control-Request-Method",
        "Connection",
        "Content-Length",
        "Cookie",
        "Cookie2",
        "Date",
        "DNT",
        "Expect",
        "Host",
        "Keep-Alive",
        "Origin",
        "Referer",
        "Set-Cookie",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Via",
        "Proxy-Authorization",
        "Sec-Fetch-Site",
        "cookie",
    ] {
        assert_eq!(
            told(of_headers([entry])),
            format!(
                "allow-headers: browsers let no script set {entry:?}, and no preflight asks for it"
            )
        );
    }
}

/// 16.
#[test]
fn response_headers_among_those_of_requests() {
    for entry in [
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods",
        "access-control-allow-headers",
        "Access-Control-Max-Age",
        "Access-Control-Expose-Headers",
    ] {
        assert_eq!(
            told(of_headers([entry])),
            format!(
                "allow-headers: {entry:?} is a header of the server's answers; requests don't \
                 carry it"
            )
        );
    }
}

/// 17. Less than no time cannot be written.
#[test]
fn longer_than_any_browser_remembers() {
    let aged = |seconds| PolicyConfig {
        max_age: MaxAge::Seconds(seconds),
        ..of(["https://a.example"])
    };
    for seconds in [86_401, 10_000_000, u32::MAX] {
        assert_eq!(
            told(aged(seconds)),
            format!(
                "max-age: {seconds} seconds is longer than any browser remembers; at most 86400"
            )
        );
    }
    assert_eq!(
        hinted(aged(86_400)),
        "max-age: Chromium remembers no longer than 7200 seconds"
    );
    assert_eq!(hinted(aged(7200)), "");
}

fn exposing<const ENTRIES: usize>(entries: [&str; ENTRIES]) -> PolicyConfig {
    PolicyConfig {
        expose_headers: entries.into(),
        ..of(["https://a.example"])
    }
}

/// 18.
#[test]
fn response_headers_that_no_script_reads() {
    for entry in ["", "X Total", "X-Total\n"] {
        assert_eq!(
            told(exposing([entry])),
            format!("expose-headers: {entry:?} is not a header name")
        );
    }
    for entry in ["Set-Cookie", "Set-Cookie2", "set-cookie"] {
        assert_eq!(
            told(exposing([entry])),
            format!("expose-headers: browsers let no script read {entry:?}")
        );
    }
}

/// 19.
#[test]
fn request_headers_among_those_to_read() {
    for entry in [
        "Origin",
        "Access-Control-Request-Method",
        "Access-Control-Request-Headers",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "access-control-max-age",
    ] {
        assert_eq!(
            told(exposing([entry])),
            format!(
                "expose-headers: {entry:?} is no header that scripts have to read from responses"
            )
        );
    }
}

const NO_WILDCARD: &str = "with credentials `*` is no wildcard to browsers; list the names";

/// 20.
#[test]
fn everything_exposed_with_credentials() {
    let config = PolicyConfig {
        expose_headers: Listing::Any,
        ..with_credentials(["https://a.example"])
    };
    assert_eq!(told(config), format!("expose-headers: {NO_WILDCARD}"));
}

/// 21. And Authorization beside it changes nothing.
#[test]
fn any_request_header_with_credentials() {
    for allow_headers in [AllowHeaders::Any, AllowHeaders::AnyAndAuthorization] {
        let config = PolicyConfig {
            allow_headers,
            ..with_credentials(["https://a.example"])
        };
        assert_eq!(told(config), format!("allow-headers: {NO_WILDCARD}"));
    }
}

/// 22.
#[test]
fn any_method_with_credentials() {
    let config = PolicyConfig {
        allow_methods: Listing::Any,
        ..with_credentials(["https://a.example"])
    };
    assert_eq!(told(config), format!("allow-methods: {NO_WILDCARD}"));
}

/// 23. Nothing else in the list is dropped for it, and it is not taken by its letter.
#[test]
fn a_wildcard_among_others() {
    let config = PolicyConfig {
        allow_methods: ["PUT", "*"].into(),
        allow_headers: ["*", "X-Custom"].into(),
        expose_headers: ["X-Total", "*"].into(),
        ..of(["https://a.example", "*"])
    };
    assert_eq!(
        told(config),
        "allow-origins: \"*\" never matches: `*` is every origin, and stands alone\n\
         allow-methods: \"*\" never matches: `*` is every method, and stands alone\n\
         allow-headers: in a list `*` is no wildcard; it stands alone\n\
         expose-headers: in a list `*` is no wildcard; it stands alone"
    );
}

/// 24. Configurations are equal if they say the same, and code says the same only if it is the same.
#[test]
fn configurations_are_compared_by_what_they_say() {
    let one = of(["https://a.example"]);
    assert_eq!(one, of(["https://a.example"]));
    assert_ne!(one, with_credentials(["https://a.example"]));
    let predicate = || Some(OriginPredicate::new(|_| true));
    let coded = PolicyConfig {
        origin_predicate: predicate(),
        ..one.clone()
    };
    assert_eq!(coded, coded.clone());
    let other = PolicyConfig {
        origin_predicate: predicate(),
        ..one
    };
    assert_ne!(coded, other);
}

/// What others repair in silence is valid as it is written, and said once.
#[test]
fn what_is_said_twice_is_no_mistake() {
    let policy = valid(PolicyConfig {
        allow_methods: ["GET", "PUT", "PUT"].into(),
        allow_headers: ["X-Custom", "x-custom"].into(),
        expose_headers: ["ETag", "etag", "Content-Type"].into(),
        preflights: Preflights::TellLists,
        ..of([
            "https://x.a.example",
            "https://*.a.example",
            "https://x.a.example",
        ])
    });
    assert!(policy.origins().allows(b"https://x.a.example"));
    let request = HeaderList::from([
        ("Origin", "https://x.a.example"),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "x-custom"),
    ]);
    let decision = policy.decide(&RequestHead::of_list(b"OPTIONS", &request));
    let mut response = HeaderList::new();
    decision.apply(&request, &mut response);
    let expected = [
        ("Access-Control-Allow-Origin", "https://x.a.example"),
        ("Access-Control-Allow-Methods", "GET, PUT"),
        ("Access-Control-Allow-Headers", "X-Custom"),
    ];
    assert_eq!(response, HeaderList::from(expected));
}
