//! Configurations that are no policy, and what people are told.

use corsac::{
    origin::OriginError,
    policy::{
        AllowHeaders, Field, Forbidden, Invalid, Listing, MaxAge, MethodFault, Mistake,
        MistakeKind, OriginFault, Policy, PolicyConfig, Prohibited,
    },
};

#[track_caller]
fn mistakes(config: PolicyConfig) -> Vec<Mistake> {
    Policy::new(config).unwrap_err().mistakes().to_vec()
}

#[track_caller]
fn the_mistake(config: PolicyConfig) -> Mistake {
    let [mistake] = mistakes(config).try_into().unwrap();
    mistake
}

#[test]
fn origins() {
    use OriginFault::*;
    for (entry, fault, browsers_write) in [
        ("http://siteA.com", UpperCase, Some("http://sitea.com")),
        (
            "HTTPS://siteA.com:443/x",
            UpperCase,
            Some("https://sitea.com"),
        ),
        ("https://a.example/", Path, Some("https://a.example")),
        ("https://a.example/Path", Path, Some("https://a.example")),
        (
            "https://a.example:8443?q",
            Path,
            Some("https://a.example:8443"),
        ),
        ("https://a/", Path, Some("https://a")),
        ("https://a.example#f", Path, Some("https://a.example")),
        (
            "https://a.example:443",
            DefaultPort,
            Some("https://a.example"),
        ),
        ("http://a.example:80", DefaultPort, Some("http://a.example")),
        ("http://a.example:080", Spelling, Some("http://a.example")),
        (
            "https://a.example:0444",
            Spelling,
            Some("https://a.example:444"),
        ),
        ("http://[1::0]", Spelling, Some("http://[1::]")),
        (
            "https://me:pw@a.example",
            Userinfo,
            Some("https://a.example"),
        ),
        ("a.example", NoScheme, Some("https://a.example")),
        ("a.example:8080", NoScheme, Some("https://a.example:8080")),
        ("b\u{fc}cher.example", NotAscii, None),
        ("https://b\u{fc}cher.example", NotAscii, None),
        ("*", WildcardInList, None),
        ("https://a.*.example", Pattern, None),
        ("file:///home", File, None),
        ("File://x", File, None),
        ("https://", Syntax(OriginError::Host { at: 8 }), None),
        (
            "https:// a.example",
            Syntax(OriginError::Host { at: 8 }),
            None,
        ),
        (
            "https://a..example",
            Syntax(OriginError::Host { at: 8 }),
            None,
        ),
        (
            "https://a.example:",
            Syntax(OriginError::Port { at: 18 }),
            None,
        ),
        (
            "https://a.example:65536",
            Syntax(OriginError::Port { at: 18 }),
            None,
        ),
        ("1https://a.example", Syntax(OriginError::Scheme), None),
        ("", NoScheme, None),
    ] {
        let mistake = the_mistake(PolicyConfig {
            allow_origins: ["https://fine.example", entry].into(),
            ..PolicyConfig::default()
        });
        let expected = Mistake {
            field: Field::AllowOrigins,
            entry: Some(1),
            kind: MistakeKind::Invalid(Invalid::Origin {
                value: entry.into(),
                fault,
                browsers_write: browsers_write.map(Into::into),
            }),
        };
        assert_eq!(mistake, expected);
    }
    let null = the_mistake(PolicyConfig {
        allow_origins: ["null"].into(),
        ..PolicyConfig::default()
    });
    let prohibited = Prohibited::NullOrigin {
        with_credentials: false,
    };
    assert_eq!(null.kind, MistakeKind::Prohibited(prohibited));
}

#[test]
fn methods() {
    use MethodFault::*;
    let invalid = |value: &str, fault| {
        let value = value.into();
        MistakeKind::Invalid(Invalid::Method { value, fault })
    };
    let forbidden = |value: &str| {
        let value = value.into();
        MistakeKind::Forbidden(Forbidden::Method { value })
    };
    for kind in [
        ("*", invalid("*", WildcardInList)),
        ("", invalid("", Syntax)),
        ("PUT, DELETE", invalid("PUT, DELETE", Syntax)),
        ("put", invalid("put", NotNormalized)),
        ("Get", invalid("Get", NotNormalized)),
        ("CONNECT", forbidden("CONNECT")),
        ("trace", forbidden("trace")),
        ("Track", forbidden("Track")),
    ] {
        let mistake = the_mistake(PolicyConfig {
            allow_methods: [kind.0, "PATCH", "patch", "OPTIONS"].into(),
            ..PolicyConfig::default()
        });
        let (field, entry, kind) = (Field::AllowMethods, Some(0), kind.1);
        assert_eq!(mistake, Mistake { field, entry, kind });
    }
}

#[test]
fn header_names() {
    let invalid = |value: &str| {
        let value = value.into();
        MistakeKind::Invalid(Invalid::HeaderName { value })
    };
    let star = || MistakeKind::Prohibited(Prohibited::WildcardInList);
    let value = |value: &str| value.to_owned();
    let forbidden = |name: &str| {
        let value = value(name);
        MistakeKind::Forbidden(Forbidden::RequestHeader { value })
    };
    let of_responses = |name: &str| {
        let value = value(name);
        MistakeKind::Prohibited(Prohibited::ResponseHeaderInRequest { value })
    };
    for (name, kind) in [
        ("*", star()),
        ("", invalid("")),
        ("x:", invalid("x:")),
        ("Cookie", forbidden("Cookie")),
        ("origin", forbidden("origin")),
        ("Sec-Mine", forbidden("Sec-Mine")),
        (
            "Access-Control-Request-Method",
            forbidden("Access-Control-Request-Method"),
        ),
        (
            "access-control-allow-origin",
            of_responses("access-control-allow-origin"),
        ),
        (
            "Access-Control-Max-Age",
            of_responses("Access-Control-Max-Age"),
        ),
        (
            "Access-Control-Expose-Headers",
            of_responses("Access-Control-Expose-Headers"),
        ),
    ] {
        let mistake = the_mistake(PolicyConfig {
            allow_headers: ["X-HTTP-Method-Override", name, "User-Agent"].into(),
            ..PolicyConfig::default()
        });
        let (field, entry) = (Field::AllowHeaders, Some(1));
        assert_eq!(mistake, Mistake { field, entry, kind });
    }
    let forbidden = |name: &str| {
        let value = value(name);
        MistakeKind::Forbidden(Forbidden::ResponseHeader { value })
    };
    let of_requests = |name: &str| {
        let value = value(name);
        MistakeKind::Prohibited(Prohibited::RequestHeaderInResponse { value })
    };
    for (name, kind) in [
        ("*", star()),
        ("x y", invalid("x y")),
        ("Set-Cookie", forbidden("Set-Cookie")),
        ("set-cookie2", forbidden("set-cookie2")),
        ("Origin", of_requests("Origin")),
        (
            "Access-Control-Request-Method",
            of_requests("Access-Control-Request-Method"),
        ),
        (
            "Access-Control-Request-Headers",
            of_requests("Access-Control-Request-Headers"),
        ),
        (
            "Access-Control-Allow-Methods",
            of_requests("Access-Control-Allow-Methods"),
        ),
        (
            "access-control-allow-headers",
            of_requests("access-control-allow-headers"),
        ),
        (
            "Access-Control-Max-Age",
            of_requests("Access-Control-Max-Age"),
        ),
    ] {
        let mistake = the_mistake(PolicyConfig {
            expose_headers: ["Content-Type", name, "Access-Control-Allow-Origin"].into(),
            ..PolicyConfig::default()
        });
        let (field, entry) = (Field::ExposeHeaders, Some(1));
        assert_eq!(mistake, Mistake { field, entry, kind });
    }
}

#[test]
fn max_age() {
    for seconds in [86_401, u32::MAX] {
        let mistake = the_mistake(PolicyConfig {
            max_age: MaxAge::Seconds(seconds),
            ..PolicyConfig::default()
        });
        let kind = MistakeKind::Prohibited(Prohibited::MaxAge { seconds });
        let (field, entry) = (Field::MaxAge, None);
        assert_eq!(mistake, Mistake { field, entry, kind });
    }
    for max_age in [
        MaxAge::Seconds(0),
        MaxAge::Seconds(86_400),
        MaxAge::Disabled,
    ] {
        let config = PolicyConfig {
            max_age,
            ..PolicyConfig::default()
        };
        assert_eq!(*Policy::new(config.clone()).unwrap().config(), config);
    }
}

/// Never echoed, never dropped, never taken literally: told.
#[test]
fn wildcards_with_credentials() {
    let wild = |allow_headers| PolicyConfig {
        allow_origins: Listing::Any,
        allow_methods: Listing::Any,
        allow_headers,
        allow_credentials: true,
        expose_headers: Listing::Any,
        ..PolicyConfig::default()
    };
    for allow_headers in [AllowHeaders::Any, AllowHeaders::AnyAndAuthorization] {
        let mistakes = mistakes(wild(allow_headers.clone()));
        let facts: Vec<_> = mistakes
            .into_iter()
            .map(|mistake| (mistake.field, mistake.entry, mistake.kind))
            .collect();
        let wildcard = || MistakeKind::Prohibited(Prohibited::WildcardWithCredentials);
        let any_origin = MistakeKind::Prohibited(Prohibited::AnyOriginWithCredentials);
        let expected = [
            (Field::AllowOrigins, None, any_origin),
            (Field::AllowMethods, None, wildcard()),
            (Field::AllowHeaders, None, wildcard()),
            (Field::ExposeHeaders, None, wildcard()),
        ];
        assert_eq!(facts, expected);
        let without = PolicyConfig {
            allow_credentials: false,
            ..wild(allow_headers)
        };
        assert!(Policy::new(without).is_ok());
    }
}

#[test]
fn all_at_once_and_in_words() {
    let errors = Policy::new(PolicyConfig {
        allow_origins: [
            "http://siteA.com",
            "null",
            "https://a.example/",
            "https://a.example:443",
            "https://a.*.example",
            "*",
            "file:///",
            "https://b\u{fc}.example",
            "https://me@a.example",
            "https://a.example:0444",
            "a.example",
            "https://a_b.example\n",
        ]
        .into(),
        allow_methods: ["put", "*", "a b", "TRACE"].into(),
        allow_headers: ["*", "a b", "Cookie", "Access-Control-Allow-Origin"].into(),
        allow_credentials: true,
        expose_headers: ["Set-Cookie", "Origin"].into(),
        max_age: MaxAge::Seconds(100_000),
        ..PolicyConfig::default()
    })
    .unwrap_err();
    let text = r#"allow-origins: "http://siteA.com" never matches: browsers write origins in lower case; write "http://sitea.com"
allow-origins: `null` is the origin of every sandboxed frame and local file, anybody's included
allow-origins: "https://a.example/" never matches: an origin ends after its host or port, without a path or a slash; write "https://a.example"
allow-origins: "https://a.example:443" never matches: browsers leave out the scheme's own port; write "https://a.example"
allow-origins: "https://a.*.example" never matches: one `*` may stand in the first label of a domain, one for the port
allow-origins: "*" never matches: `*` is every origin, and stands alone
allow-origins: "file:///" never matches: pages of file: send the origin `null`
allow-origins: "https://bü.example" never matches: browsers write international names in Punycode (`xn--…`)
allow-origins: "https://me@a.example" never matches: an origin names no user; write "https://a.example"
allow-origins: "https://a.example:0444" never matches: browsers spell it otherwise; write "https://a.example:444"
allow-origins: "a.example" never matches: an origin begins with its scheme; write "https://a.example"
allow-origins: "https://a_b.example\n" never matches: the host of an origin is a lower-case ASCII name or an address
allow-methods: "put" never matches: browsers put this method in upper case, and case counts
allow-methods: "*" never matches: `*` is every method, and stands alone
allow-methods: "a b" never matches: it is not a method
allow-methods: browsers let no script use the method "TRACE"
allow-headers: in a list `*` is no wildcard; it stands alone
allow-headers: "a b" is not a header name
allow-headers: browsers let no script set "Cookie", and no preflight asks for it
allow-headers: "Access-Control-Allow-Origin" is a header of the server's answers; requests don't carry it
expose-headers: browsers let no script read "Set-Cookie"
expose-headers: "Origin" is no header that scripts have to read from responses
max-age: 100000 seconds is longer than any browser remembers; at most 86400"#;
    assert_eq!(errors.to_string(), text);
    let wild = Policy::new(PolicyConfig {
        allow_origins: Listing::Any,
        allow_methods: Listing::Any,
        allow_credentials: true,
        ..PolicyConfig::default()
    });
    let text = "allow-origins: every origin together with credentials would hand each user's data \
                to any page; list the origins\n\
                allow-methods: with credentials `*` is no wildcard to browsers; list the names";
    assert_eq!(wild.unwrap_err().to_string(), text);
}
