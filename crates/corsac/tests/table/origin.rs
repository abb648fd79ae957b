use std::{
    collections::HashSet,
    net::{Ipv4Addr, Ipv6Addr},
};

use corsac::origin::{Host, OpaqueId, Origin, OriginError, default_port};

#[track_caller]
fn accepted(serialized: &str) -> Origin {
    match Origin::parse(serialized.as_bytes()) {
        Ok(origin) => origin,
        Err(error) => panic!("{serialized}: {error}"),
    }
}

#[track_caller]
fn refused(rows: &[(&str, OriginError)]) {
    for (serialized, error) in rows {
        let parsed = Origin::parse(serialized.as_bytes());
        assert_eq!(parsed, Err(*error), "{serialized}");
    }
}

#[test]
fn what_a_browser_writes_comes_back_as_it_was() {
    for serialized in [
        "http://sitea.com",
        "https://a.b-c.example:8443",
        "http://localhost:3000",
        "http://127.0.0.1:0",
        "http://255.255.255.255",
        "http://[::1]:65535",
        "https://[2001:db8::8a2e:370:7334]",
        "https://xn--lve-6lad.example",
        "https://0.example",
        "chrome-extension://abcdefghijklmnop",
        "a+b-c.1://x",
    ] {
        assert_eq!(accepted(serialized).to_string(), serialized);
    }
}

#[test]
fn an_origin_has_no_slash_path_query_or_fragment() {
    refused(&[
        ("http://a/", OriginError::Trailing { at: 8 }),
        ("http://a:1/", OriginError::Trailing { at: 10 }),
        ("http://a/b", OriginError::Trailing { at: 8 }),
        ("http://a?", OriginError::Trailing { at: 8 }),
        ("http://a#", OriginError::Trailing { at: 8 }),
        ("http://[::1]/", OriginError::Trailing { at: 12 }),
        ("http://[::1]x", OriginError::Trailing { at: 12 }),
        ("http://a:1:2", OriginError::Trailing { at: 10 }),
        ("http://1.2.3.4/", OriginError::Trailing { at: 14 }),
    ]);
}

#[test]
fn an_origin_is_lower_case() {
    refused(&[
        ("http://siteA.com", OriginError::Host { at: 7 }),
        ("HTTP://sitea.com", OriginError::Scheme),
        ("hTtp://sitea.com", OriginError::Scheme),
        ("http://[::A]", OriginError::Host { at: 7 }),
    ]);
}

#[test]
fn a_scheme_begins_with_a_letter_and_ends_at_its_slashes() {
    refused(&[
        ("", OriginError::Scheme),
        ("null", OriginError::Scheme),
        ("*", OriginError::Scheme),
        ("a.example", OriginError::Scheme),
        ("//a.example", OriginError::Scheme),
        ("://a", OriginError::Scheme),
        ("http:/a", OriginError::Scheme),
        ("http:a", OriginError::Scheme),
        ("1http://a", OriginError::Scheme),
        ("-http://a", OriginError::Scheme),
        ("ht_tp://a", OriginError::Scheme),
        (" http://a", OriginError::Scheme),
        ("\"http://a\"", OriginError::Scheme),
    ]);
}

#[test]
fn a_domain_is_labels_of_letters_digits_and_inner_hyphens() {
    for host in ["a", "a.b", "a--b", "xn--a", "1", "a1-2b.3"] {
        let Origin::Tuple(tuple) = accepted(&format!("http://{host}")) else {
            panic!("{host} is opaque");
        };
        assert_eq!(tuple.host, Host::Domain(host.into()));
    }
    for host in [
        "", ".", "a.", ".a", "a..b", "-", "-a", "a-", "a-.b", "a.-b", "a_b", "a%41", "a b", "*",
        "*.a", "a@b", "\u{e9}", "a\\b", "a,b",
    ] {
        refused(&[(&format!("http://{host}"), OriginError::Host { at: 7 })]);
    }
}

#[test]
fn no_byte_beyond_ascii_passes_and_places_stay_right() {
    for (serialized, error) in [
        (&b"http://a\xff"[..], OriginError::Host { at: 7 }),
        (b"http://\xe9", OriginError::Host { at: 7 }),
        (b"http://a/\xff", OriginError::Trailing { at: 8 }),
        (b"http://a:\xff", OriginError::Port { at: 9 }),
        (b"http://a:1\xff", OriginError::Trailing { at: 10 }),
        (b"\xffhttp://a", OriginError::Scheme),
    ] {
        assert_eq!(Origin::parse(serialized), Err(error));
    }
}

#[test]
fn every_byte_belongs_into_a_label_or_not() {
    for byte in 0..=u8::MAX {
        let serialized = [b"http://a", &[byte][..], b"b"].concat();
        let expected = matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
        assert_eq!(Origin::parse(&serialized).is_ok(), expected, "{byte:#04x}");
    }
}

#[test]
fn every_byte_belongs_into_a_scheme_or_not() {
    for byte in 0..=u8::MAX {
        let first = [&[byte], &b"b://c"[..]].concat();
        let is_letter = byte.is_ascii_lowercase();
        assert_eq!(Origin::parse(&first).is_ok(), is_letter, "{byte:#04x}");
        let inner = [b"a", &[byte][..], b"b://c"].concat();
        let expected = is_letter || matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.');
        assert_eq!(Origin::parse(&inner).is_ok(), expected, "{byte:#04x}");
    }
}

#[test]
fn a_port_is_one_to_five_digits() {
    for (port, error) in [
        ("", OriginError::Port { at: 9 }),
        ("x", OriginError::Port { at: 9 }),
        ("-1", OriginError::Port { at: 9 }),
        ("+1", OriginError::Port { at: 9 }),
        ("65536", OriginError::Port { at: 9 }),
        ("99999", OriginError::Port { at: 9 }),
        ("000080", OriginError::Port { at: 9 }),
        ("80x", OriginError::Trailing { at: 11 }),
        ("*", OriginError::Port { at: 9 }),
    ] {
        refused(&[(&format!("http://a:{port}"), error)]);
    }
    for (port, number) in [("0", 0), ("1", 1), ("00081", 81), ("65535", 65535)] {
        let Origin::Tuple(tuple) = accepted(&format!("http://a:{port}")) else {
            panic!("{port} is opaque");
        };
        assert_eq!(tuple.port, Some(number));
    }
}

#[test]
fn the_port_of_the_scheme_is_left_out() {
    for (scheme, port) in [
        ("http", 80),
        ("ws", 80),
        ("https", 443),
        ("wss", 443),
        ("ftp", 21),
    ] {
        assert_eq!(default_port(scheme), Some(port));
        let origin = accepted(&format!("{scheme}://a:{port}"));
        assert_eq!(origin, accepted(&format!("{scheme}://a")));
        assert_eq!(origin.to_string(), format!("{scheme}://a"));
    }
    for scheme in ["file", "chrome-extension", "HTTP", ""] {
        assert_eq!(default_port(scheme), None, "{scheme}");
    }
    assert_ne!(accepted("https://a:80"), accepted("https://a"));
}

#[test]
fn an_address_of_four_octets_has_no_spelled_out_zeros() {
    let host_of = |host: &str| match accepted(&format!("http://{host}")) {
        Origin::Tuple(tuple) => tuple.host,
        Origin::Opaque(_) => panic!("{host} is opaque"),
    };
    for octet in 0..=999u16 {
        let host = format!("1.2.{octet}.3");
        let address = u8::try_from(octet).map(|octet| Ipv4Addr::new(1, 2, octet, 3));
        let expected = match address {
            Ok(address) => Host::Ipv4(address),
            // The grammar takes what is no address for a domain. No browser sends such a host.
            Err(_) => Host::Domain(host.as_str().into()),
        };
        assert_eq!(host_of(&host), expected, "{host}");
    }
    for host in ["01.2.3.4", "1.2.3", "1.2.3.4.5", "0x7f.0.0.1"] {
        assert_eq!(host_of(host), Host::Domain(host.into()));
    }
}

#[test]
fn eight_groups_or_at_most_six_around_an_elision() {
    let groups = |count: usize| vec!["1"; count].join(":");
    for left in 0..=9 {
        let whole = format!("http://[{}]", groups(left));
        assert_eq!(
            Origin::parse(whole.as_bytes()).is_ok(),
            left == 8,
            "{whole}"
        );
        for right in 0..=9 {
            let elided = format!("http://[{}::{}]", groups(left), groups(right));
            let parsed = Origin::parse(elided.as_bytes());
            assert_eq!(parsed.is_ok(), left + right <= 6, "{elided}");
        }
    }
}

#[test]
fn a_group_has_no_leading_zeros_and_no_upper_case() {
    for (group, fits) in [
        ("0", true),
        ("9", true),
        ("a", true),
        ("f0", true),
        ("ffff", true),
        ("1000", true),
        ("", false),
        ("00", false),
        ("01", false),
        ("0a", false),
        ("A", false),
        ("g", false),
        ("10000", false),
        ("1.2.3.4", false),
        ("+1", false),
        ("1%25", false),
        (" 1", false),
    ] {
        let serialized = format!("http://[1::{group}:1]");
        let parsed = Origin::parse(serialized.as_bytes());
        assert_eq!(parsed.is_ok(), fits, "{serialized}");
    }
}

#[test]
fn brackets_hold_one_elision_and_are_closed() {
    for host in [
        "[",
        "[]",
        "[:]",
        "[:::]",
        "[1::2::3]",
        "[::1",
        "::1",
        "[[::1]]",
        "[1:2:3:4:5:6:7:8:]",
        "[:1:2:3:4:5:6:7:8]",
        "[::ffff:1.2.3.4]",
        "[1:::2]",
        "[::1]]",
    ] {
        let parsed = Origin::parse(format!("http://{host}").as_bytes());
        assert!(parsed.is_err(), "{host}");
    }
}

/// The URL Standard's serializer: the first longest run of two or more zeros is left out.
fn ipv6_step_by_step(groups: [u16; 8]) -> String {
    let mut longest = (0, 0);
    for start in 0..8 {
        let length = groups[start..]
            .iter()
            .take_while(|&&group| group == 0)
            .count();
        if length > 1 && length > longest.1 {
            longest = (start, length);
        }
    }
    let join = |groups: &[u16]| {
        let groups: Vec<_> = groups.iter().map(|group| format!("{group:x}")).collect();
        groups.join(":")
    };
    match longest {
        (_, 0) => join(&groups),
        (start, length) => {
            let (left, right) = (&groups[..start], &groups[start + length..]);
            format!("{}::{}", join(left), join(right))
        }
    }
}

#[test]
fn every_pattern_of_zeros_is_written_as_browsers_do_and_read_again() {
    for fill in [0x1, 0xFFFF, 0x0A0B, 0x7F00] {
        for pattern in 0..=u8::MAX {
            let groups = std::array::from_fn(|place| match pattern >> place & 1 {
                1 => fill,
                _ => 0,
            });
            let host = Host::Ipv6(Ipv6Addr::from(groups));
            let written = format!("[{}]", ipv6_step_by_step(groups));
            assert_eq!(host.to_string(), written);
            let Origin::Tuple(read) = accepted(&format!("http://{written}")) else {
                panic!("{written} is opaque");
            };
            assert_eq!(read.host, host);
        }
    }
}

#[test]
fn no_ipv6_address_is_ever_written_with_dots() {
    for (address, written) in [
        ("::ffff:1.2.3.4", "[::ffff:102:304]"),
        ("::ffff:0.0.0.0", "[::ffff:0:0]"),
        ("::1.2.3.4", "[::102:304]"),
        ("::0.1.0.0", "[::1:0]"),
        ("64:ff9b::1.2.3.4", "[64:ff9b::102:304]"),
        ("::fffe:1.2.3.4", "[::fffe:102:304]"),
        ("0:0:0:0:1:ffff:0102:0304", "[::1:ffff:102:304]"),
    ] {
        let address: Ipv6Addr = address.parse().unwrap();
        assert_eq!(Host::Ipv6(address).to_string(), written);
    }
}

#[test]
fn null_is_no_origin_to_parse() {
    assert_eq!(Origin::parse(b"null"), Err(OriginError::Scheme));
}

#[test]
fn an_opaque_origin_is_the_same_as_itself_only() {
    let (one, other) = (Origin::Opaque(OpaqueId(1)), Origin::Opaque(OpaqueId(2)));
    assert!(one.is_same_origin(&one.clone()));
    assert!(!one.is_same_origin(&other));
    assert!(!one.is_same_origin(&accepted("http://a")));
    // All of them are written alike, which is why nobody can tell them apart by bytes.
    assert_eq!(one.to_string(), "null");
    assert_eq!(other.to_string(), "null");
    assert_eq!(one.scheme(), None);
}

#[test]
fn same_origin_is_same_scheme_host_and_port() {
    let origin = accepted("https://a.example:8443");
    assert!(origin.is_same_origin(&accepted("https://a.example:8443")));
    for other in [
        "http://a.example:8443",
        "https://b.a.example:8443",
        "https://a.example",
        "https://a.example:8444",
    ] {
        assert!(!origin.is_same_origin(&accepted(other)), "{other}");
    }
    assert_eq!(origin.scheme(), Some("https"));
    assert_eq!(HashSet::from([origin.clone(), origin]).len(), 1);
}

#[test]
fn encrypted_schemes_files_and_this_machine_are_trustworthy() {
    for (serialized, trustworthy) in [
        ("https://a.example", true),
        ("wss://a.example", true),
        ("file://a", true),
        ("http://localhost:3000", true),
        ("http://a.b.localhost", true),
        ("ws://127.8.9.1", true),
        ("http://[::1]", true),
        ("http://a.example", false),
        ("ws://a.example", false),
        ("http://notlocalhost", false),
        ("http://localhost.example", false),
        ("http://128.0.0.1", false),
        ("http://0.0.0.0", false),
        ("http://[::2]", false),
        ("http://[::]", false),
        ("http://[::ffff:7f00:1]", false),
    ] {
        let origin = accepted(serialized);
        let judged = origin.is_potentially_trustworthy();
        assert_eq!(judged, trustworthy, "{serialized}");
    }
    assert!(!Origin::Opaque(OpaqueId(0)).is_potentially_trustworthy());
}

#[test]
fn a_dot_at_the_end_of_localhost_changes_nothing() {
    for (name, loopback) in [
        ("localhost.", true),
        ("a.localhost.", true),
        ("localhost..", false),
        (".", false),
    ] {
        assert_eq!(Host::Domain(name.into()).is_loopback(), loopback, "{name}");
    }
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    for (error, at, text) in [
        (OriginError::Scheme, 0, "lower-case scheme"),
        (OriginError::Host { at: 7 }, 7, "host"),
        (OriginError::Port { at: 9 }, 9, "65535"),
        (OriginError::Trailing { at: 8 }, 8, "without a slash"),
    ] {
        assert_eq!(error.at(), at);
        assert!(error.to_string().contains(text), "{error}");
    }
}
