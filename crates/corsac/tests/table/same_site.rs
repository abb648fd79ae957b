use corsac::origin::{Host, OpaqueId, Origin};

fn origin(serialized: &str) -> Origin {
    Origin::parse(serialized.as_bytes()).unwrap()
}

#[test]
fn a_site_is_one_label_more_than_the_public_suffix() {
    for (name, domain) in [
        ("example.com", Some("example.com")),
        ("a.b.example.com", Some("example.com")),
        ("a.example.co.uk", Some("example.co.uk")),
        ("co.uk", None),
        ("com", None),
        ("localhost", None),
        // Nobody registers these; the list's last rule is that any top-level name is a suffix.
        ("a.localhost", Some("a.localhost")),
        ("x.y.unheard-of", Some("y.unheard-of")),
        // An exception to a wildcard rule, and the rule.
        ("www.ck", Some("www.ck")),
        ("a.b.ck", Some("a.b.ck")),
        ("b.ck", None),
    ] {
        let host = Host::Domain(name.into());
        assert_eq!(host.registrable_domain(), domain, "{name}");
    }
}

#[test]
fn private_suffixes_are_public_suffixes_too() {
    for (name, domain) in [
        ("me.github.io", Some("me.github.io")),
        ("www.me.github.io", Some("me.github.io")),
        ("github.io", None),
    ] {
        let host = Host::Domain(name.into());
        assert_eq!(host.registrable_domain(), domain, "{name}");
    }
}

#[test]
fn suffixes_are_found_in_their_ascii_form() {
    for (name, domain) in [
        ("a.b.xn--55qx5d.cn", Some("b.xn--55qx5d.cn")),
        ("xn--55qx5d.cn", None),
        ("a.b.xn--p1ai", Some("b.xn--p1ai")),
    ] {
        let host = Host::Domain(name.into());
        assert_eq!(host.registrable_domain(), domain, "{name}");
    }
}

#[test]
fn a_dot_at_the_end_is_part_of_the_site() {
    let domain = |name: &str| {
        Origin::Tuple(corsac::origin::Tuple {
            scheme: "https".into(),
            host: Host::Domain(name.into()),
            port: None,
        })
    };
    let dotted = Host::Domain("a.example.com.".into());
    assert_eq!(dotted.registrable_domain(), Some("example.com."));
    assert_eq!(Host::Domain("com.".into()).registrable_domain(), None);
    assert!(!domain("example.com.").is_same_site(&domain("example.com")));
    assert!(domain("a.example.com.").is_same_site(&domain("example.com.")));
}

#[test]
fn addresses_have_no_site_but_themselves() {
    let address = origin("http://10.0.0.1");
    assert!(address.is_same_site(&origin("http://10.0.0.1:8080")));
    assert!(!address.is_same_site(&origin("http://11.0.0.1")));
    assert!(!address.is_same_site(&origin("http://[::1]")));
    let Origin::Tuple(tuple) = &address else {
        panic!("an address is no opaque origin");
    };
    assert_eq!(tuple.host.registrable_domain(), None);
}

#[test]
fn a_port_does_not_change_the_site_and_a_scheme_does() {
    for (one, other, same_site, schemelessly) in [
        (
            "https://a.example.com",
            "https://b.example.com:8443",
            true,
            true,
        ),
        ("https://a.example.com", "http://a.example.com", false, true),
        ("https://example.com", "https://example.org", false, false),
        ("https://a.github.io", "https://b.github.io", false, false),
        ("https://github.io", "https://a.github.io", false, false),
        ("https://github.io", "https://github.io:1", true, true),
        ("http://localhost:3000", "http://localhost:5173", true, true),
        ("http://localhost", "http://a.localhost", false, false),
    ] {
        for (one, other) in [(one, other), (other, one)] {
            let (one, other) = (origin(one), origin(other));
            assert_eq!(one.is_same_site(&other), same_site, "{one} {other}");
            let judged = one.is_schemelessly_same_site(&other);
            assert_eq!(judged, schemelessly, "{one} {other}");
        }
    }
}

#[test]
fn an_opaque_origin_is_same_site_with_itself_only() {
    let (one, other) = (Origin::Opaque(OpaqueId(1)), Origin::Opaque(OpaqueId(2)));
    assert!(one.is_same_site(&one));
    assert!(one.is_schemelessly_same_site(&one));
    assert!(!one.is_same_site(&other));
    assert!(!one.is_schemelessly_same_site(&other));
    assert!(!one.is_schemelessly_same_site(&origin("https://a.example")));
    assert!(!origin("https://a.example").is_same_site(&one));
}
