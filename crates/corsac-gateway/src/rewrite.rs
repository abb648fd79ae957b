//! What an upstream says of itself, as if the gateway had said it.

use http::{HeaderMap, HeaderValue, Uri, header};

use crate::Upstream;

/// Which of it is said anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rewrites {
    /// Location of the upstream becomes a path of the gateway. Default no.
    pub location: bool,
    /// Set-Cookie loses Domain, and without TLS also Secure and what needs it; Path becomes one of
    /// the gateway. Default no.
    pub cookies: bool,
}

impl Rewrites {
    pub(crate) fn apply(self, headers: &mut HeaderMap, upstream: &Upstream, is_tls: bool) {
        if self.location
            && let Some(value) = headers.get_mut(header::LOCATION)
            && let Some(rewritten) = value.to_str().ok().and_then(|it| location(it, upstream))
            && let Ok(rewritten) = HeaderValue::try_from(rewritten)
        {
            *value = rewritten;
        }
        if self.cookies {
            for (name, value) in headers.iter_mut() {
                if *name == header::SET_COOKIE
                    && let Ok(line) = value.to_str()
                    && let Ok(rewritten) = HeaderValue::try_from(cookie(line, upstream, is_tls))
                {
                    *value = rewritten;
                }
            }
        }
    }
}

/// The path of the gateway for a place of the upstream; `None` if it is elsewhere.
fn location(location: &str, upstream: &Upstream) -> Option<String> {
    let (location, fragment) = match location.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (location, None),
    };
    let uri: Uri = location.parse().ok()?;
    let is_there = match uri.authority() {
        None => location.starts_with('/'),
        Some(authority) => {
            let scheme = if upstream.is_https { "https" } else { "http" };
            let usual = if upstream.is_https { 443 } else { 80 };
            uri.scheme_str() == Some(scheme)
                && authority
                    .host()
                    .eq_ignore_ascii_case(upstream.authority.host())
                && authority.port_u16().unwrap_or(usual) == upstream.port()
                && !authority.as_str().contains('@')
        }
    };
    let path_and_query = uri.path_and_query().filter(|_| is_there)?.as_str();
    let mut target = upstream.untarget(path_and_query)?;
    // To a browser this were another host.
    if target.starts_with("//") || target.starts_with("/\\") {
        return None;
    }
    if let Some(fragment) = fragment {
        target.push('#');
        target.push_str(fragment);
    }
    Some(target)
}

fn cookie(line: &str, upstream: &Upstream, is_tls: bool) -> String {
    let mut attributes = line.split(';');
    let pair = attributes.next().unwrap_or_default();
    // Browsers take such a name only with Secure.
    let needs_secure = ["__secure-", "__host-"].iter().any(|prefix| {
        let start = pair.trim_start().get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    });
    let loses_secure = !is_tls && !needs_secure;
    let mut rewritten = pair.to_owned();
    for attribute in attributes {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let (name, value) = (name.trim(), value.trim());
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        // Browsers take these two only with Secure.
        let needs = is("partitioned") || is("samesite") && value.eq_ignore_ascii_case("none");
        if is("domain") || loses_secure && (is("secure") || needs) {
            continue;
        }
        rewritten.push(';');
        match upstream.untarget(value).filter(|_| is("path")) {
            Some(path) => rewritten.push_str(&format!(" Path={path}")),
            None => rewritten.push_str(attribute),
        }
    }
    rewritten
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_the_upstream_becomes_one_of_the_gateway() {
        let based: Upstream = "/api=http://b:3000/v1".parse().unwrap();
        let plain: Upstream = "http://b:80".parse().unwrap();
        for (upstream, said, rewritten) in [
            (&based, "http://b:3000/v1/x?y#z", Some("/api/x?y#z")),
            (&based, "http://B:3000/v1", Some("/api")),
            (&based, "/v1/x", Some("/api/x")),
            (&plain, "http://b/x", Some("/x")),
            (&plain, "http://b", Some("/")),
            (&plain, "/x", Some("/x")),
            // Elsewhere.
            (&based, "http://b:3000/other", None),
            (&based, "http://b:3000/v10", None),
            (&based, "http://b:3001/v1/x", None),
            (&based, "https://b:3000/v1/x", None),
            (&plain, "http://c/x", None),
            (&plain, "http://b@c/x", None),
            (&plain, "http://c@b/x", None),
            (&plain, "x", None),
            // A path that were a host.
            (&plain, "http://b//c/x", None),
            (&plain, "//c/x", None),
            (&based, "http://b:3000/v1//c", Some("/api//c")),
        ] {
            assert_eq!(location(said, upstream).as_deref(), rewritten, "{said}");
        }
    }

    #[test]
    fn a_cookie_of_the_upstream_becomes_one_of_the_gateway() {
        let based: Upstream = "/api=http://b:3000/v1".parse().unwrap();
        for (is_tls, said, rewritten) in [
            (false, "a=b; Domain=b; Secure; HttpOnly", "a=b; HttpOnly"),
            (
                true,
                "a=b; Domain=b; Secure; HttpOnly",
                "a=b; Secure; HttpOnly",
            ),
            (false, "a=b; SameSite=None; secure; Partitioned", "a=b"),
            (
                true,
                "a=b; SameSite=None; Secure",
                "a=b; SameSite=None; Secure",
            ),
            (false, "a=b; SameSite=Lax; Secure", "a=b; SameSite=Lax"),
            (false, "__Secure-a=b; Secure", "__Secure-a=b; Secure"),
            (
                false,
                "__host-a=b; Secure; Path=/",
                "__host-a=b; Secure; Path=/",
            ),
            (false, "a=b; path=/v1", "a=b; Path=/api"),
            (false, "a=b; Path=/v1/x", "a=b; Path=/api/x"),
            (false, "a=b; Path=/", "a=b; Path=/"),
            (false, "a=b;domain=x", "a=b"),
            (false, "", ""),
        ] {
            assert_eq!(cookie(said, &based, is_tls), rewritten, "{said}");
        }
    }
}
