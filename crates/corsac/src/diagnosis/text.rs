//! What a reason says to people: the facts, in one or two sentences.
//!
//! Values of the author's own headers never appear: they may be secrets, and no reason holds them.

use std::fmt;

use crate::{
    header::{GrammarError, Unsafe},
    origin::Origin,
};

use super::{Difference, Evidence, Reason, Verdict};

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MethodInvalid { method } => {
                write!(
                    f,
                    "`{}` is not a token, so it can't be a method.",
                    text(method)
                )
            }
            Self::MethodForbidden { method } => {
                write!(f, "Browsers let no script use the method {}.", text(method))
            }
            Self::NoCorsMethod { method } => {
                write!(
                    f,
                    "Mode no-cors sends GET, HEAD and POST, not {}.",
                    text(method)
                )
            }
            Self::BodyOnGet { method } => write!(f, "The request is a {method} with a body."),
            Self::StreamMode => {
                f.write_str("The body is a stream, which only modes cors and same-origin may send.")
            }
            Self::BadPort { port } => write!(f, "Browsers never connect to port {port}."),
            Self::SchemeNotHttp { scheme } => write!(
                f,
                "The URL's scheme is `{}`, and only http and https can be shared across origins.",
                text(scheme)
            ),
            Self::KeepaliveLimit { bytes } => write!(
                f,
                "Keepalive requests under way would hold {bytes} bytes of body; 65536 is the most."
            ),
            Self::NetworkFailure { error } => {
                write!(
                    f,
                    "There was no response to judge: {error}. This is not CORS."
                )
            }
            Self::PreflightNoResponse { error } => write!(
                f,
                "The server took the connection and did not answer the preflight: {error}."
            ),
            Self::AllowOriginMissing => {
                f.write_str("The response has no Access-Control-Allow-Origin header.")
            }
            Self::AllowOriginMultiple { value, evidence } => {
                let place = if value.contains(&b',') && evidence.byte > 0 {
                    "a comma begins a second value"
                } else {
                    "the header comes twice"
                };
                write!(
                    f,
                    "Access-Control-Allow-Origin is `{}`: {place}, and one origin is all it may \
                     hold.",
                    bytes(value)
                )
            }
            Self::WildcardWithCredentials { .. } => f.write_str(
                "Access-Control-Allow-Origin is `*`, which does not grant a request with \
                 credentials mode include.",
            ),
            Self::AllowOriginInvalid { value, evidence } => {
                allow_origin_invalid(f, value, evidence)
            }
            Self::AllowOriginNull { value, .. } => write!(
                f,
                "The origin went out as `null`, and Access-Control-Allow-Origin is `{}`.",
                bytes(value)
            ),
            Self::AllowOriginMismatch { value, .. } if value == b"null" => f.write_str(
                "Access-Control-Allow-Origin is `null`, which grants pages without an origin of \
                 their own, and not the one that asked.",
            ),
            Self::AllowOriginMismatch {
                value, difference, ..
            } => write!(
                f,
                "Access-Control-Allow-Origin is `{}`, which is not the origin that asked: {}.",
                bytes(value),
                difference.text()
            ),
            Self::AllowCredentialsNotTrue { value: None, .. } => f.write_str(
                "The request has credentials mode include, and the response has no \
                 Access-Control-Allow-Credentials header.",
            ),
            Self::AllowCredentialsNotTrue {
                value: Some(value), ..
            } => write!(
                f,
                "The request has credentials mode include, and Access-Control-Allow-Credentials \
                 is `{}` instead of exactly `true`.",
                bytes(value)
            ),
            Self::PreflightRedirected { status, location } => {
                write!(f, "The preflight was answered with a redirect ({status})")?;
                match location {
                    Some(location) => write!(f, " to `{}`.", without_secrets(location)),
                    None => f.write_str("."),
                }
            }
            Self::PreflightStatusNotOk { status } => write!(
                f,
                "The preflight was answered with status {status}; only 200 to 299 will do."
            ),
            Self::AllowMethodsInvalid { value, error, .. } => {
                not_a_list(f, "Access-Control-Allow-Methods", "methods", value, *error)
            }
            Self::AllowHeadersInvalid { value, error, .. } => not_a_list(
                f,
                "Access-Control-Allow-Headers",
                "header names",
                value,
                *error,
            ),
            Self::MethodNotAllowed { method, granted } => method_not_allowed(f, method, granted),
            Self::AuthorizationNotCovered { .. } => f.write_str(
                "Access-Control-Allow-Headers is `*`, which covers every header but Authorization.",
            ),
            Self::HeaderNotAllowed {
                name,
                because,
                granted,
            } => header_not_allowed(f, name, *because, granted),
            Self::ResourcePolicy { value: None, .. } => f.write_str(
                "The page embeds only what is meant for others, and the response has no \
                 Cross-Origin-Resource-Policy header.",
            ),
            Self::ResourcePolicy {
                value: Some(value), ..
            } => write!(
                f,
                "Cross-Origin-Resource-Policy is `{}`, which does not let this page in.",
                bytes(value)
            ),
            Self::RedirectMode { status } => write!(
                f,
                "The response is a redirect ({status}), and the request has redirect mode error."
            ),
            Self::RedirectLocation { several: true, .. } => {
                f.write_str("The redirect has more than one Location.")
            }
            Self::RedirectLocation { value, .. } => write!(
                f,
                "The redirect's Location is `{}`, which is not a URL.",
                without_secrets(value)
            ),
            Self::RedirectScheme { scheme } => write!(
                f,
                "The redirect leads to a URL of scheme `{}`; only http and https are followed.",
                text(scheme)
            ),
            Self::RedirectBody { status } => write!(
                f,
                "The redirect ({status}) asks for the body once more, and a stream is gone once \
                 it is sent."
            ),
            Self::OpaqueRange { status } => write!(
                f,
                "The answer is a part ({status}) of a resource that the page had asked for as a \
                 whole."
            ),
            // The title says all there is to say.
            Self::UrlUserinfo
            | Self::OnlyIfCachedMode
            | Self::MixedContent
            | Self::ContentSecurityPolicy
            | Self::ModeSameOrigin
            | Self::NoCorsRedirectMode
            | Self::HttpCacheMiss
            | Self::LocalNetworkInsecure
            | Self::LocalNetworkDenied
            | Self::ProxyAuthentication
            | Self::Aborted
            | Self::RedirectLimit
            | Self::RedirectUserinfo => f.write_str(self.code().title()),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.code(), self.phase, self.reason)
    }
}

impl Difference {
    const fn text(self) -> &'static str {
        match self {
            Self::Case => "only upper and lower case differ, and browsers write lower case",
            Self::TrailingSlash => "only a slash at the end differs, and an origin has none",
            Self::Scheme => "only the scheme differs",
            Self::Port => "only the port differs (browsers leave out a scheme's own port)",
            Self::Host => "the host differs",
        }
    }
}

fn allow_origin_invalid(
    f: &mut fmt::Formatter<'_>,
    value: &[u8],
    evidence: &Evidence,
) -> fmt::Result {
    if value.is_empty() {
        return f.write_str("Access-Control-Allow-Origin is there and empty.");
    }
    write!(
        f,
        "Access-Control-Allow-Origin is `{}`, which is not an origin (from byte {} on)",
        bytes(value),
        evidence.byte
    )?;
    if value.contains(&b'*') {
        return f.write_str(": `*` stands alone or not at all.");
    }
    match Origin::parse(&value.to_ascii_lowercase()) {
        Err(error) => write!(f, ": {error}."),
        Ok(_) => f.write_str("."),
    }
}

fn not_a_list(
    f: &mut fmt::Formatter<'_>,
    header: &str,
    of: &str,
    value: &[u8],
    error: GrammarError,
) -> fmt::Result {
    write!(
        f,
        "{header} is `{}`, which is not a list of {of}",
        bytes(value)
    )?;
    match error {
        GrammarError::SeveralLines => f.write_str(": it comes twice."),
        GrammarError::Byte { at } => match value.get(at) {
            Some(byte) => write!(f, ": byte {at} is `{}`.", byte.escape_ascii()),
            None => f.write_str(": something is missing at its end."),
        },
    }
}

fn method_not_allowed(f: &mut fmt::Formatter<'_>, method: &str, granted: &[String]) -> fmt::Result {
    let method = text(method);
    write!(f, "Access-Control-Allow-Methods ")?;
    if granted.is_empty() {
        return write!(f, "is absent or empty, and {method} has to be listed.");
    }
    write!(f, "lists {}, not {method}", list(granted))?;
    if granted.iter().any(|one| one.eq_ignore_ascii_case(&method)) {
        return f.write_str(": methods are compared with their case.");
    }
    if granted.iter().any(|one| one == "*") {
        return f.write_str(": with credentials, `*` is only a method of that name.");
    }
    f.write_str(".")
}

fn header_not_allowed(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    because: Unsafe,
    granted: &[String],
) -> fmt::Result {
    let name = text(name);
    write!(f, "Access-Control-Allow-Headers ")?;
    match granted.is_empty() {
        true => write!(f, "is absent or empty, and {name} has to be listed")?,
        false => write!(f, "lists {}, not {name}", list(granted))?,
    }
    if let Some(near) = granted.iter().find(|one| is_near(one, &name)) {
        write!(f, " (is `{}` misspelt?)", text(near))?;
    }
    if granted.iter().any(|one| one == "*") {
        f.write_str(" (with credentials, `*` is only a header of that name)")?;
    }
    match because {
        Unsafe::Name => f.write_str("."),
        Unsafe::ContentType => f.write_str(
            ". Its value is none of the three types that need no permission: \
             application/x-www-form-urlencoded, multipart/form-data, text/plain.",
        ),
        Unsafe::TooLong => {
            f.write_str(". It needs permission because its value is over 128 bytes.")
        }
        Unsafe::Byte { at } => write!(
            f,
            ". It needs permission because of byte {at} of its value."
        ),
        Unsafe::Range => {
            f.write_str(". It needs permission because it is not one range with a start.")
        }
        Unsafe::Sum => f.write_str(
            ". It needs permission because the safelisted headers together are over 1024 bytes.",
        ),
    }
}

/// Whether two names differ in one letter, changed, missing or too much.
pub(super) fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let same = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let start = one.iter().zip(other).take_while(same).count();
    let end = one.iter().rev().zip(other.iter().rev()).take_while(same);
    let longer = one.len().max(other.len());
    longer > 3 && one.len().abs_diff(other.len()) < 2 && start + end.count() + 1 >= longer
}

fn list(values: &[String]) -> String {
    text(&values.join(", "))
}

/// How much of a value is shown: enough for any origin.
const SHOWN: usize = 300;

fn text(value: &str) -> String {
    bytes(value.as_bytes())
}

/// A value from the wire, made safe for a terminal: escaped, and cut if it is long.
pub(super) fn bytes(value: &[u8]) -> String {
    match value.get(..SHOWN) {
        Some(start) if value.len() > SHOWN => format!("{}…", start.escape_ascii()),
        _ => value.escape_ascii().to_string(),
    }
}

/// A URL from the wire without what may be a secret: user and password, query, fragment.
fn without_secrets(url: &[u8]) -> String {
    let end = url.iter().position(|byte| matches!(byte, b'?' | b'#'));
    let (bare, rest) = url.split_at(end.unwrap_or(url.len()));
    let mut shown = without_userinfo(&bytes(bare));
    if !rest.is_empty() {
        shown.push('…');
    }
    shown
}

/// A URL without user and password.
pub(super) fn without_userinfo(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("//") else {
        return url.to_owned();
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    match authority.rfind('@').and_then(|at| rest.get(at + 1..)) {
        Some(host) => format!("{scheme}//{host}"),
        None => url.to_owned(),
    }
}
