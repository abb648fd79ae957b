use corsac::origin::{OpaqueId, Origin};
use url::Url;

fn origin_of(url: &str) -> Origin {
    Origin::of_url(&Url::parse(url).unwrap(), OpaqueId(7))
}

#[test]
fn a_url_has_the_origin_that_its_page_would_send() {
    for (url, written) in [
        ("HTTP://Site\u{e9}.COM:80/a?b#c", "http://xn--site-epa.com"),
        ("https://user:pass@a.example:443/", "https://a.example"),
        ("https://a.example:444/", "https://a.example:444"),
        ("ws://a.example/", "ws://a.example"),
        ("wss://a.example:80/", "wss://a.example:80"),
        ("ftp://a.example:21/", "ftp://a.example"),
        ("http://0x7f.1/", "http://127.0.0.1"),
        ("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]"),
        ("http://[1:0:0:2:0:0:0:3]:8080/", "http://[1:0:0:2::3]:8080"),
        ("http://a.example./", "http://a.example."),
    ] {
        assert_eq!(origin_of(url).to_string(), written, "{url}");
    }
}

#[test]
fn files_data_and_unheard_of_schemes_are_opaque() {
    for url in [
        "file:///etc/hosts",
        "data:text/html,x",
        "about:blank",
        "javascript:0",
        "mailto:a@b",
        "capacitor://localhost/",
    ] {
        assert_eq!(origin_of(url), Origin::Opaque(OpaqueId(7)), "{url}");
    }
}

#[test]
fn a_blob_has_the_origin_inside_if_that_is_http() {
    for (url, written) in [
        ("blob:https://a.example:8443/0b1c", "https://a.example:8443"),
        ("blob:http://a.example/0b1c", "http://a.example"),
        ("blob:ftp://a.example/0b1c", "null"),
        ("blob:wss://a.example/0b1c", "null"),
        ("blob:blob:https://a.example/0b1c", "null"),
        ("blob:file:///0b1c", "null"),
        ("blob:null/0b1c", "null"),
        ("blob:", "null"),
    ] {
        assert_eq!(origin_of(url).to_string(), written, "{url}");
    }
}

#[test]
fn a_url_without_an_origin_is_the_same_as_nothing() {
    let data = Url::parse("data:,").unwrap();
    let opaque = Origin::of_url(&data, OpaqueId(7));
    assert!(!opaque.is_same_origin_with_url(&data));
    let page = Url::parse("https://a.example/x").unwrap();
    assert!(!opaque.is_same_origin_with_url(&page));
    let origin = Origin::parse(b"https://a.example").unwrap();
    assert!(origin.is_same_origin_with_url(&page));
    assert!(!origin.is_same_origin_with_url(&data));
    for other in [
        "http://a.example/",
        "https://a.example:8443/",
        "https://b.example/",
    ] {
        assert!(!origin.is_same_origin_with_url(&Url::parse(other).unwrap()));
    }
}
