//! The page's origin, as people type it.

use corsac::origin::{OpaqueId, Origin};
use url::Url;

/// Reads an origin; says what is wrong with one that no browser would send, and what it would send
/// instead.
pub(crate) fn parse(text: &str) -> Result<Origin, String> {
    if text == "null" {
        return Ok(Origin::Opaque(OpaqueId(0)));
    }
    let parsed = Origin::parse(text.as_bytes());
    match parsed {
        Ok(origin) if origin.to_string() == text => Ok(origin),
        _ => Err(teach(text)),
    }
}

fn teach(text: &str) -> String {
    if !text.contains("://") {
        return format!(
            "--origin {text}: an origin begins with its scheme; did you mean https://{text} or \
             http://{text}?"
        );
    }
    let Ok(url) = Url::parse(text) else {
        return format!("--origin {text}: this is not an origin, such as https://app.example:8443");
    };
    let origin = Origin::of_url(&url, OpaqueId(0));
    if let Origin::Opaque(_) = origin {
        return format!(
            "--origin {text}: pages of {}: have the origin `null`; say --origin null",
            url.scheme()
        );
    }
    let reasons = reasons(text, &url);
    let reasons = match reasons.as_slice() {
        [] => "browsers write it in another way".to_owned(),
        reasons => reasons.join(", and "),
    };
    format!("--origin {text}: {reasons}; a page of that address sends `Origin: {origin}`")
}

/// Everything that is not as browsers write it.
fn reasons(text: &str, url: &Url) -> Vec<&'static str> {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let mut reasons = Vec::new();
    if !path.is_empty() {
        reasons.push("an origin has no path, not even a slash");
    }
    if !url.username().is_empty() || url.password().is_some() {
        reasons.push("an origin has no user or password");
    }
    if authority.chars().any(char::is_uppercase) {
        reasons.push("browsers write the host in lower case");
    }
    if scheme.chars().any(char::is_uppercase) {
        reasons.push("browsers write the scheme in lower case");
    }
    if !authority.is_ascii() {
        reasons.push("browsers write the host in ASCII (Punycode)");
    }
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    if has_port && url.port().is_none() {
        reasons.push("browsers leave out the scheme's own port");
    }
    reasons
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

    use super::parse;

    #[test]
    fn what_browsers_send_is_taken() {
        for origin in [
            "http://sitea.com",
            "https://app.example:8443",
            "http://[::1]:3000",
            "tauri://localhost",
            "null",
        ] {
            let parsed = parse(origin).unwrap();
            assert_eq!(parsed.to_string(), origin);
        }
    }

    #[test]
    fn mistakes_are_explained() {
        assert_eq!(
            parse("http://siteA.com/").unwrap_err(),
            "--origin http://siteA.com/: an origin has no path, not even a slash, and browsers \
             write the host in lower case; a page of that address sends `Origin: http://sitea.com`"
        );
        assert_eq!(
            parse("sitea.com").unwrap_err(),
            "--origin sitea.com: an origin begins with its scheme; did you mean https://sitea.com \
             or http://sitea.com?"
        );
        assert!(
            parse("https://a.example:443")
                .unwrap_err()
                .contains("own port")
        );
        assert!(
            parse("https://bücher.example")
                .unwrap_err()
                .contains("https://xn--bcher-kva.example")
        );
        assert!(
            parse("file:///a.html")
                .unwrap_err()
                .contains("--origin null")
        );
        assert!(
            parse("https://u:p@a.example")
                .unwrap_err()
                .contains("no user")
        );
        assert!(parse("http://").unwrap_err().contains("not an origin"));
    }
}
