use corsac::origin::{OpaqueId, Origin, default_port};
use url::Url;

/// An origin is read as it is written, and only then.
pub fn origin(data: &[u8]) {
    match Origin::parse(data) {
        Ok(origin) => {
            let written = origin.to_string();
            assert_eq!(Origin::parse(written.as_bytes()), Ok(origin.clone()));
            assert!(is_written_so(data, &written), "{written}");
            assert!(origin.is_same_origin(&origin) && origin.is_same_site(&origin));
        }
        Err(error) => assert!(error.at() <= data.len(), "{error:?}"),
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    assert_eq!(Origin::parse(data).is_ok(), is_origin(text), "{text}");
    let Ok(url) = Url::parse(text) else {
        return;
    };
    let of_url = Origin::of_url(&url, OpaqueId(1));
    assert_eq!(of_url.to_string(), url.origin().ascii_serialization());
    // What a page of this URL sends is this origin, or nothing that is one.
    if let Ok(sent) = Origin::parse(of_url.to_string().as_bytes()) {
        assert_eq!(sent, of_url);
        assert!(sent.is_same_origin_with_url(&url));
    }
}

/// Whether the bytes are the origin as browsers write it, but for ports: the scheme's own, and
/// zeros in front.
fn is_written_so(data: &[u8], written: &str) -> bool {
    let text = std::str::from_utf8(data).expect("origins are ASCII");
    if text == written {
        return true;
    }
    let (scheme, _) = text.split_once("://").expect("it has a scheme");
    let (front, port) = text.rsplit_once(':').expect("it has a port");
    let Ok(port) = port.parse::<u16>() else {
        // An address whose longest run of zeros is written out.
        return text.ends_with(']');
    };
    if text.contains('[') {
        return true;
    }
    match default_port(scheme) == Some(port) {
        true => front == written,
        false => format!("{front}:{port}") == written,
    }
}

/// The grammar by hand; addresses of IPv6 are left to std.
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let scheme = scheme.as_bytes();
    if !scheme.first().is_some_and(u8::is_ascii_lowercase)
        || !scheme
            .iter()
            .all(|&byte| lower(byte) || b"+-.".contains(&byte))
    {
        return false;
    }
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let port_fits = port.is_none_or(|port| {
        (1..=5).contains(&port.len())
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok()
    });
    let host_fits = match host.strip_prefix('[') {
        Some(address) => address.strip_suffix(']').is_some_and(is_ipv6),
        None => host.split('.').all(|label| {
            let bytes = label.as_bytes();
            bytes.first().copied().is_some_and(lower)
                && bytes.last().copied().is_some_and(lower)
                && bytes.iter().all(|&byte| lower(byte) || byte == b'-')
        }),
    };
    port_fits && host_fits
}

/// Lower-case, no IPv4 inside, no zeros in front, and `::` for two groups or more.
fn is_ipv6(address: &str) -> bool {
    let groups = address.split(':').filter(|group| !group.is_empty()).count();
    let plain = |group: &str| group == "0" || !group.starts_with('0');
    address.parse::<std::net::Ipv6Addr>().is_ok()
        && !address.contains('.')
        && !address.bytes().any(|byte| byte.is_ascii_uppercase())
        && address.split(':').all(plain)
        && (groups == 8 || groups <= 6)
}
