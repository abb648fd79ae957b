//! The services behind the gateway.

mod connect;
mod pool;

use std::{error, fmt, str::FromStr};

use http::{HeaderValue, Uri, uri::Authority};

pub(crate) use connect::connect;
pub(crate) use pool::{Pool, Sent};

/// A service behind the gateway, and the paths that are its: `[PATH=]URL`.
///
/// A path is a prefix of whole segments, `/` if none is said. A URL that has a path itself takes
/// the prefix's place; otherwise the request's path goes on as it is.
///
/// ```
/// use corsac_gateway::Upstream;
/// let api: Upstream = "/api=http://127.0.0.1:3000/v1".parse()?;
/// assert_eq!(api.path(), "/api");
/// assert!("127.0.0.1:3000".parse::<Upstream>().is_err());
/// # Ok::<(), corsac_gateway::UpstreamError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Upstream {
    /// Without the slash at its end: empty for everything.
    prefix: String,
    pub(crate) is_https: bool,
    pub(crate) authority: Authority,
    /// The authority, for Host.
    pub(crate) host: HeaderValue,
    /// What replaces the prefix.
    base: Option<String>,
}

impl Upstream {
    /// The path whose requests are its.
    pub fn path(&self) -> &str {
        match self.prefix.as_str() {
            "" => "/",
            prefix => prefix,
        }
    }

    pub(crate) fn port(&self) -> u16 {
        let usual = if self.is_https { 443 } else { 80 };
        self.authority.port_u16().unwrap_or(usual)
    }

    /// The host without the brackets of an IPv6 address.
    pub(crate) fn name(&self) -> &str {
        let host = self.authority.host();
        let inner = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        inner.unwrap_or(host)
    }

    /// The target to ask for, if it is another one than the gateway was asked for.
    pub(crate) fn target(&self, path_and_query: &str) -> Option<String> {
        let base = self.base.as_deref()?;
        let rest = path_and_query.strip_prefix(self.prefix.as_str())?;
        let slash = if rest.starts_with('/') { "" } else { "/" };
        Some(match rest {
            "" => base.to_owned(),
            rest if rest.starts_with('?') => format!("{base}{rest}"),
            rest => format!("{base}{slash}{rest}"),
        })
    }

    fn is_for(&self, path: &str) -> bool {
        path.strip_prefix(self.prefix.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Which of them a path belongs to.
pub(crate) fn find(upstreams: &[Upstream], path: &str) -> Option<usize> {
    let matching = upstreams
        .iter()
        .enumerate()
        .filter(|(_, it)| it.is_for(path));
    let longest = matching.max_by_key(|(_, it)| it.prefix.len());
    longest.map(|(place, _)| place)
}

impl FromStr for Upstream {
    type Err = UpstreamError;

    fn from_str(text: &str) -> Result<Self, UpstreamError> {
        let fault = |why: &'static str| UpstreamError {
            text: text.to_owned(),
            why,
        };
        let (path, url) = match text.starts_with('/') {
            true => text
                .split_once('=')
                .ok_or_else(|| fault("a path is followed by `=` and a URL"))?,
            false => ("/", text),
        };
        if path.contains(['?', '#', '*']) {
            return Err(fault("the path is a prefix, without a query or wildcards"));
        }
        let uri: Uri = url.parse().map_err(|_| fault("this is no URL"))?;
        let is_https = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            Some(_) => return Err(fault("its scheme is neither http nor https")),
            None => return Err(fault("a URL begins with http:// or https://")),
        };
        let authority = uri.authority().ok_or_else(|| fault("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(fault("a user or password in it would go nowhere"));
        }
        if uri.query().is_some() {
            return Err(fault("a query in it would go nowhere"));
        }
        let host = HeaderValue::from_str(authority.as_str());
        let base = uri.path().trim_end_matches('/');
        Ok(Self {
            prefix: path.trim_end_matches('/').to_owned(),
            is_https,
            host: host.map_err(|_| fault("its host is no host"))?,
            authority: authority.clone(),
            base: (!base.is_empty()).then(|| base.to_owned()),
        })
    }
}

/// Why a text is no upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamError {
    text: String,
    why: &'static str,
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, why } = self;
        write!(
            f,
            "\"{text}\": {why}; an upstream is written like http://127.0.0.1:3000 or \
             /api=http://127.0.0.1:3000"
        )
    }
}

impl error::Error for UpstreamError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstreams(texts: &[&str]) -> Vec<Upstream> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_longest_prefix_of_whole_segments_wins() {
        let all = upstreams(&["http://a", "/api=http://b", "/api/v2/=http://c"]);
        for (path, place) in [
            ("/", Some(0)),
            ("/apis", Some(0)),
            ("/api", Some(1)),
            ("/api/v1", Some(1)),
            ("/api/v2", Some(2)),
            ("/api/v2/x", Some(2)),
        ] {
            assert_eq!(find(&all, path), place, "{path}");
        }
        assert_eq!(find(&upstreams(&["/api=http://b"]), "/other"), None);
    }

    #[test]
    fn a_base_takes_the_place_of_the_prefix() {
        let [api] = upstreams(&["/api=http://b/v1/"]).try_into().unwrap();
        for (asked, target) in [
            ("/api", "/v1"),
            ("/api/", "/v1/"),
            ("/api/x?y=/api", "/v1/x?y=/api"),
            ("/api?y", "/v1?y"),
        ] {
            assert_eq!(api.target(asked).as_deref(), Some(target), "{asked}");
        }
        let [plain] = upstreams(&["/api=http://b"]).try_into().unwrap();
        assert_eq!(plain.target("/api/x"), None);
    }

    #[test]
    fn mistakes_say_what_is_wrong() {
        for (text, why) in [
            ("127.0.0.1:3000", "begins with http://"),
            ("localhost", "begins with http://"),
            ("ftp://a", "neither http nor https"),
            ("/api", "followed by `=`"),
            ("/a?b=http://c", "without a query"),
            ("http://user@a", "user or password"),
            ("http://a/?q", "query"),
            ("http://", "no URL"),
        ] {
            let error = text.parse::<Upstream>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
