//! What to change so that a request passes, and where.

use std::fmt;

use crate::header::Unsafe;

use super::{Reason, Verdict, wording::is_of_status};

/// What to change, and where.
///
/// ```
/// use corsac::diagnosis::{Reason, Side, Verdict};
/// let verdict = Verdict::new(
///     Reason::AllowOriginMissing,
///     "https://api.example/orders",
///     "https://app.example",
/// );
/// let fix = verdict.fix();
/// assert_eq!(fix.side, Side::Server);
/// assert_eq!(fix.header_lines[0].to_string(), "Access-Control-Allow-Origin: https://app.example");
/// assert_eq!(fix.header_lines[1].to_string(), "Vary: Origin");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fix {
    /// Who has to act.
    pub side: Side,
    /// What to do, in one or two sentences.
    pub text: String,
    /// Header lines for the response that failed, if the server has to act and lines will do.
    pub header_lines: Vec<HeaderLine>,
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Side {
    /// Whoever answers: the application, or a proxy in front of it.
    Server,
    /// The script, or whoever delivers the page.
    Page,
    /// Whoever runs the network between them: names, certificates, proxies.
    Network,
    /// The person at the browser.
    User,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "server",
            Self::Page => "page",
            Self::Network => "network",
            Self::User => "user",
        })
    }
}

/// One header line to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderLine {
    /// The name.
    pub name: &'static str,
    /// The value.
    pub value: String,
}

impl fmt::Display for HeaderLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.value)
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        self.header_lines
            .iter()
            .try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl Verdict {
    /// What to change. The header lines mend everything that header lines can mend on this
    /// response, [`also`](Self::also) included, so that the next try does not fail on the next
    /// check.
    ///
    /// Where a preflight has the wrong status, too, that comes first: whatever answers it so is in
    /// front of what would send the headers.
    pub fn fix(&self) -> Fix {
        let mut fix = self.reason.fix(&self.origin);
        let status = self.also.iter().find(|reason| is_of_status(reason));
        if let Some(status) = status.filter(|_| fix.side == Side::Server) {
            fix.text = status.fix(&self.origin).text;
        }
        let also = self.also.iter().map(|reason| reason.fix(&self.origin));
        for line in also.flat_map(|fix| fix.header_lines) {
            match fix
                .header_lines
                .iter_mut()
                .find(|one| one.name == line.name)
            {
                None => fix.header_lines.push(line),
                // Two refused headers need one line; any other header is the same in both.
                Some(one) => one.value = union(&one.value, &line.value),
            }
        }
        fix
    }
}

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";

impl Reason {
    /// What to change for this reason alone; `origin` is the page's, as it was sent.
    pub fn fix(&self, origin: &str) -> Fix {
        match self {
            Self::AllowOriginMissing => allow_origin(
                "Send Access-Control-Allow-Origin on this very response: error pages, redirects \
                 and preflights need it as much as a 200 does.",
                origin,
            ),
            Self::AllowOriginMultiple { .. } => allow_origin(
                "Send one Access-Control-Allow-Origin with one value. Where two come, an \
                 application and a proxy in front of it often both add one: take one away.",
                origin,
            ),
            Self::AllowOriginInvalid { .. } => allow_origin(
                "Write the origin as browsers do: scheme, `://`, host and port, without a path, \
                 a slash, quotes or a pattern.",
                origin,
            ),
            Self::AllowOriginMismatch { .. } => allow_origin(
                "Compare the request's Origin with a list of those you trust, and answer with \
                 that origin, byte for byte.",
                origin,
            ),
            Self::AllowOriginNull { .. } => allow_origin("", "null"),
            Self::WildcardWithCredentials { .. } => {
                let mut fix = allow_origin(
                    "Answer with the origin itself if you trust it with your users' cookies; or \
                     let the page ask without credentials, if it needs none.",
                    origin,
                );
                fix.header_lines.extend(line(ALLOW_CREDENTIALS, "true"));
                fix
            }
            Self::AllowCredentialsNotTrue { .. } => server(
                "Send `true` in lower case, once, on the preflight's answer and on the response; \
                 or let the page ask without credentials, if it needs none.",
                line(ALLOW_CREDENTIALS, "true"),
            ),
            Self::MethodNotAllowed { method, granted } => method_not_allowed(method, granted),
            Self::HeaderNotAllowed {
                name,
                because,
                granted,
            } => header_not_allowed(name, *because, granted),
            Self::AuthorizationNotCovered { .. } => server(
                "List Authorization by its name, next to `*` or instead of it.",
                line(ALLOW_HEADERS, "*, authorization"),
            ),
            Self::ResourcePolicy { .. } => server(
                "If pages of other sites may embed the resource, say so; or share it by CORS and \
                 load it with a `crossorigin` attribute.",
                line("Cross-Origin-Resource-Policy", "cross-origin"),
            ),
            _ => self.fix_without_headers(),
        }
    }

    /// The reasons that no header line mends.
    fn fix_without_headers(&self) -> Fix {
        let (side, text) = match self {
            Self::MethodInvalid { .. } => (Side::Page, "Use a method made of letters."),
            Self::MethodForbidden { .. } => (
                Side::Page,
                "Use another method: no server can permit this one.",
            ),
            Self::UrlUserinfo => (
                Side::Page,
                "Take user and password out of the URL; send an Authorization header if the \
                 server wants them.",
            ),
            Self::NoCorsMethod { .. } => {
                (Side::Page, "Use mode cors, and let the server grant it.")
            }
            Self::BodyOnGet { .. } => {
                (Side::Page, "Use POST or PUT, or put the data into the URL.")
            }
            Self::StreamMode => (Side::Page, "Use mode cors."),
            Self::OnlyIfCachedMode => (
                Side::Page,
                "Use mode same-origin, or another cache mode such as force-cache.",
            ),
            Self::BadPort { .. } => (Side::Server, "Serve on another port, such as 443 or 8080."),
            Self::MixedContent => (Side::Server, "Serve the URL over https, and ask for it so."),
            Self::ContentSecurityPolicy => (
                Side::Page,
                "Add the URL's origin to connect-src of the page's Content-Security-Policy.",
            ),
            Self::ModeSameOrigin => (
                Side::Page,
                "Use mode cors, or ask a URL of the page's own origin that does not redirect away.",
            ),
            Self::NoCorsRedirectMode => (Side::Page, "Use redirect mode follow, or mode cors."),
            Self::SchemeNotHttp { .. } => (
                Side::Page,
                "Serve both the page and what it asks for over http or https; a local server \
                 will do.",
            ),
            Self::KeepaliveLimit { .. } => {
                (Side::Page, "Send less at once, or leave out keepalive.")
            }
            Self::HttpCacheMiss => (Side::Page, "Ask once with another cache mode first."),
            Self::LocalNetworkInsecure => (
                Side::Page,
                "Deliver the page over https, so that the browser can ask its user. No header of \
                 the server's helps.",
            ),
            Self::LocalNetworkDenied => (
                Side::User,
                "Allow the page to reach the local network when the browser asks, or in the \
                 site's settings. No header of the server's helps.",
            ),
            Self::NetworkFailure { .. } => (
                Side::Network,
                "Make the URL answer at all: the name, the port, the certificate, the process.",
            ),
            Self::ProxyAuthentication => (
                Side::Network,
                "Sign in at the proxy, or have the server answer with another status than 407.",
            ),
            Self::Aborted => (
                Side::Page,
                "Look for what aborts it: a signal, a timer, a reload.",
            ),
            Self::PreflightNoResponse { .. } => (
                Side::Server,
                "Answer OPTIONS: a server or a proxy drops it before anything looks at CORS.",
            ),
            Self::PreflightRedirected { .. } => (
                Side::Server,
                "Answer OPTIONS at this exact URL, before any redirect to https, to a slash or \
                 to a login; or let the page ask the final URL.",
            ),
            Self::PreflightStatusNotOk { status } => (
                Side::Server,
                match status {
                    401 | 403 => {
                        "Answer OPTIONS before anything asks who the user is: a preflight never \
                         carries cookies or Authorization."
                    }
                    404 | 405 | 501 => "Route OPTIONS for this path, and answer it with 204.",
                    _ => "Answer OPTIONS with 204.",
                },
            ),
            Self::AllowMethodsInvalid { .. } => (
                Side::Server,
                "List bare methods with commas between them: `GET, PUT`.",
            ),
            Self::AllowHeadersInvalid { .. } => (
                Side::Server,
                "List bare header names with commas between them: `content-type, x-cart`.",
            ),
            Self::RedirectMode { .. } => (
                Side::Page,
                "Ask the final URL, or use redirect mode follow.",
            ),
            Self::RedirectLocation { .. } => (Side::Server, "Send one Location with one URL."),
            Self::RedirectScheme { .. } => (
                Side::Server,
                "Redirect to an http or https URL; open others by a link.",
            ),
            Self::RedirectLimit => (Side::Server, "Break the loop of redirects."),
            Self::RedirectUserinfo => (
                Side::Server,
                "Take user and password out of Location, or let the page ask the final URL.",
            ),
            Self::RedirectBody { .. } => (
                Side::Page,
                "Send a body that can be sent again, such as a string or a Blob; or have the \
                 server answer 303.",
            ),
            Self::OpaqueRange { .. } => (
                Side::Server,
                "Answer with the whole resource unless Range asks for a part; in a service worker, \
                 pass the request on.",
            ),
            // `fix` has dealt with the others.
            _ => (Side::Server, self.code().title()),
        };
        let text = text.to_owned();
        Fix {
            side,
            text,
            header_lines: Vec::new(),
        }
    }
}

fn line(name: &'static str, value: &str) -> Vec<HeaderLine> {
    let value = value.to_owned();
    vec![HeaderLine { name, value }]
}

fn server(text: &str, header_lines: Vec<HeaderLine>) -> Fix {
    Fix {
        side: Side::Server,
        text: text.to_owned(),
        header_lines,
    }
}

/// Grants the origin, and never `null`: every sandboxed frame of the world is called so.
fn allow_origin(text: &str, origin: &str) -> Fix {
    if origin == "null" {
        return Fix {
            side: Side::Page,
            text: "Ask from a page that has an origin of its own (served over http or https, not \
                   sandboxed), and ask the final URL, since a redirect across origins makes the \
                   origin `null`. Never grant `null`: every sandboxed frame has that origin."
                .to_owned(),
            header_lines: Vec::new(),
        };
    }
    let mut lines = line(ALLOW_ORIGIN, origin);
    lines.extend(line("Vary", "Origin"));
    server(text, lines)
}

fn method_not_allowed(method: &str, granted: &[String]) -> Fix {
    let near = granted.iter().find(|one| one.eq_ignore_ascii_case(method));
    if let Some(near) = near {
        return Fix {
            side: Side::Page,
            text: format!(
                "Write the method as the server lists it: `{near}`. Browsers mend the case of \
                 DELETE, GET, HEAD, OPTIONS, POST and PUT only."
            ),
            header_lines: Vec::new(),
        };
    }
    server(
        "List the method in the answer to the preflight.",
        line(ALLOW_METHODS, &with(granted, method)),
    )
}

fn header_not_allowed(name: &str, because: Unsafe, granted: &[String]) -> Fix {
    let page = |text: String| Fix {
        side: Side::Page,
        text,
        header_lines: Vec::new(),
    };
    if name.starts_with("access-control-") {
        return page(format!(
            "Take {name} out of the request: it belongs on the server's response."
        ));
    }
    let also = match (name, because) {
        ("baggage" | "traceparent" | "tracestate" | "sentry-trace", _) => {
            " A tracing library adds it; it can also be told to leave this server alone."
        }
        ("x-requested-with" | "cache-control" | "pragma", _) => {
            " Scripts seldom need to send it; the page can also leave it out."
        }
        (_, Unsafe::TooLong | Unsafe::Byte { .. } | Unsafe::Range | Unsafe::Sum) => {
            " A shorter or plainer value would need no permission."
        }
        _ => "",
    };
    server(
        &format!("List the header in the answer to the preflight.{also}"),
        line(ALLOW_HEADERS, &with(granted, name)),
    )
}

/// A list with one more item; a `*` that did not count is left out.
fn with(granted: &[String], item: &str) -> String {
    let kept = granted.iter().map(String::as_str).filter(|&one| one != "*");
    kept.chain([item]).collect::<Vec<_>>().join(", ")
}

fn union(one: &str, other: &str) -> String {
    let mut items: Vec<_> = one.split(", ").collect();
    for item in other.split(", ") {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items.join(", ")
}
