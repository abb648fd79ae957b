use crate::diagnosis::{Phase, Reason, TransportError, Verdict, text::bytes};

/// Read in Chromium's cors_error_string.cc, cors.cc, request.cc, fetch_manager.cc and
/// net_error_list.h.
pub(super) fn wording(verdict: &Verdict, reason: &Reason) -> Option<String> {
    let url = &verdict.url;
    let origin = &verdict.origin;
    let thrown = |text: &str| Some(format!("Failed to execute 'fetch' on 'Window': {text}"));
    let not_loaded = |text: &str| Some(format!("Fetch API cannot load {url}. {text}"));
    let net = |error: &str| Some(format!("Failed to load resource: net::{error}"));
    let blocked = |text: &str| Some(format!("{}{text}", prefix(verdict)));
    match reason {
        Reason::MethodInvalid { method } => thrown(&format!(
            "'{}' is not a valid HTTP method.",
            bytes(method.as_bytes())
        )),
        Reason::MethodForbidden { method } => {
            thrown(&format!("'{method}' HTTP method is unsupported."))
        }
        Reason::UrlUserinfo => {
            thrown("Request cannot be constructed from a URL that includes credentials: …")
        }
        Reason::NoCorsMethod { method } => {
            thrown(&format!("'{method}' is unsupported in no-cors mode."))
        }
        Reason::BodyOnGet { .. } => thrown("Request with GET/HEAD method cannot have body."),
        Reason::StreamMode => thrown(
            "If request is made from ReadableStream, mode should be\"same-origin\" or \"cors\"",
        ),
        Reason::OnlyIfCachedMode => {
            thrown("'only-if-cached' can be set only with 'same-origin' mode")
        }
        Reason::BadPort { .. } => net("ERR_UNSAFE_PORT"),
        Reason::MixedContent => Some(format!(
            "Mixed Content: The page at '…' was loaded over HTTPS, but requested an insecure \
             resource '{url}'. This request has been blocked; the content must be served over \
             HTTPS."
        )),
        Reason::ContentSecurityPolicy => Some(format!(
            "Refused to connect to '{url}' because it violates the following Content Security \
             Policy directive: \"…\"."
        )),
        Reason::ModeSameOrigin if verdict.hop == 0 => not_loaded(&format!(
            "Request mode is \"same-origin\" but the URL's origin is not same as the request \
             origin {origin}."
        )),
        Reason::ModeSameOrigin => blocked("Cross origin requests are not allowed by request mode."),
        Reason::NoCorsRedirectMode => {
            not_loaded("Request mode is \"no-cors\" but the redirect mode is not \"follow\".")
        }
        Reason::SchemeNotHttp { .. } => {
            blocked("Cross origin requests are only supported for protocol schemes: ….")
        }
        Reason::KeepaliveLimit { .. } => net("ERR_INSUFFICIENT_RESOURCES"),
        Reason::HttpCacheMiss => net("ERR_CACHE_MISS"),
        Reason::LocalNetworkInsecure => blocked(
            "The request client is not a secure context and the resource is in more-private \
             address space `…`.",
        ),
        Reason::LocalNetworkDenied => {
            blocked("Permission was denied for this request to access the `…` address space.")
        }
        Reason::NetworkFailure { error } | Reason::PreflightNoResponse { error } => {
            net(net_error(*error))
        }
        Reason::ProxyAuthentication => net("ERR_UNEXPECTED_PROXY_AUTH"),
        Reason::ResourcePolicy { value, .. } => net(match value.as_deref() {
            Some(b"same-site") => "ERR_BLOCKED_BY_RESPONSE.NotSameSite",
            Some(b"same-origin") => "ERR_BLOCKED_BY_RESPONSE.NotSameOrigin",
            _ => "ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep",
        }),
        Reason::RedirectLocation { several: true, .. } => {
            net("ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION")
        }
        Reason::RedirectLocation { .. } => net("ERR_INVALID_REDIRECT"),
        Reason::RedirectScheme { .. } => Some(format!(
            "Access to fetch at '…' (redirected from '{url}') from origin '{origin}' has been \
             blocked by CORS policy: Cross origin requests are only supported for protocol \
             schemes: …."
        )),
        Reason::RedirectLimit => net("ERR_TOO_MANY_REDIRECTS"),
        Reason::RedirectBody { .. } => net("ERR_INVALID_ARGUMENT"),
        Reason::RedirectUserinfo => blocked(
            "Redirect location '…' contains a username and password, which is disallowed for \
             cross-origin requests.",
        ),
        // Nothing of its own is printed; and `*` covers Authorization here.
        Reason::Aborted
        | Reason::RedirectMode { .. }
        | Reason::OpaqueRange { .. }
        | Reason::AuthorizationNotCovered { .. } => None,
        _ => blocked(&of_a_response(reason)?),
    }
}

/// The lines about the headers and the status of a response.
fn of_a_response(reason: &Reason) -> Option<String> {
    Some(match reason {
        Reason::AllowOriginMissing => {
            "No 'Access-Control-Allow-Origin' header is present on the requested resource."
                .to_owned()
        }
        Reason::WildcardWithCredentials { .. } => {
            "The value of the 'Access-Control-Allow-Origin' header in the response must not be \
             the wildcard '*' when the request's credentials mode is 'include'."
                .to_owned()
        }
        Reason::AllowOriginMultiple { value, .. }
        | Reason::AllowOriginInvalid { value, .. }
        | Reason::AllowOriginNull { value, .. }
        | Reason::AllowOriginMismatch { value, .. } => allow_origin(value),
        Reason::AllowCredentialsNotTrue { value, .. } => format!(
            "The value of the 'Access-Control-Allow-Credentials' header in the response is '{}' \
             which must be 'true' when the request's credentials mode is 'include'.",
            bytes(value.as_deref().unwrap_or_default())
        ),
        Reason::PreflightStatusNotOk { .. } => "It does not have HTTP ok status.".to_owned(),
        Reason::PreflightRedirected { .. } => {
            "Redirect is not allowed for a preflight request.".to_owned()
        }
        Reason::AllowMethodsInvalid { .. } => {
            "Cannot parse Access-Control-Allow-Methods response header field in preflight \
             response."
                .to_owned()
        }
        Reason::AllowHeadersInvalid { .. } => {
            "Cannot parse Access-Control-Allow-Headers response header field in preflight \
             response."
                .to_owned()
        }
        Reason::MethodNotAllowed { method, .. } => format!(
            "Method {method} is not allowed by Access-Control-Allow-Methods in preflight response."
        ),
        Reason::HeaderNotAllowed { name, .. } => format!(
            "Request header field {name} is not allowed by Access-Control-Allow-Headers in \
             preflight response."
        ),
        _ => return None,
    })
}

/// Chromium looks for a comma or a space first, then whether the value is a URL at all.
fn allow_origin(value: &[u8]) -> String {
    let shown = bytes(value);
    if value.iter().any(|byte| matches!(byte, b',' | b' ')) {
        format!(
            "The 'Access-Control-Allow-Origin' header contains multiple values '{shown}', but \
             only one is allowed."
        )
    } else if looks_like_a_url(value) || value == b"null" {
        format!(
            "The 'Access-Control-Allow-Origin' header has a value '{shown}' that is not equal to \
             the supplied origin."
        )
    } else {
        format!("The 'Access-Control-Allow-Origin' header contains the invalid value '{shown}'.")
    }
}

/// Near enough to a URL parser to tell `app.example` from `https://app.example/path`.
fn looks_like_a_url(value: &[u8]) -> bool {
    let Some(colon) = value.iter().position(|&byte| byte == b':') else {
        return false;
    };
    let (scheme, rest) = value.split_at(colon);
    let host = rest.strip_prefix(b"://").unwrap_or_default();
    let host = host.split(|byte| matches!(byte, b'/' | b'?' | b'#')).next();
    let forbidden = |byte: &u8| *byte <= b' ' || b"\"<>^`{|}%\\".contains(byte);
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
        && host.is_some_and(|host| !host.is_empty() && !host.iter().any(forbidden))
}

fn prefix(verdict: &Verdict) -> String {
    let url = &verdict.url;
    let redirected = match verdict.hop {
        0 => "",
        _ => "(redirected from '…') ",
    };
    // The page's own origin is printed, even where `null` was sent.
    let origin = match (verdict.hop, &*verdict.origin) {
        (1.., "null") => "…",
        (_, origin) => origin,
    };
    let preflight = match verdict.phase {
        Phase::Preflight if says_preflight(verdict) => {
            "Response to preflight request doesn't pass access control check: "
        }
        Phase::Preflight | Phase::Actual => "",
    };
    format!(
        "Access to fetch at '{url}' {redirected}from origin '{origin}' has been blocked by CORS \
         policy: {preflight}"
    )
}

/// The lines about methods and headers say "in preflight response" themselves.
fn says_preflight(verdict: &Verdict) -> bool {
    let reason = verdict.first_for(super::Browser::Chromium);
    super::is_of_cors_check(reason) || super::is_of_status(reason)
}

const fn net_error(error: TransportError) -> &'static str {
    match error {
        TransportError::Dns => "ERR_NAME_NOT_RESOLVED",
        TransportError::Refused => "ERR_CONNECTION_REFUSED",
        TransportError::ConnectTimeout => "ERR_CONNECTION_TIMED_OUT",
        // One of many: a bad certificate is ERR_CERT_….
        TransportError::Tls => "ERR_SSL_PROTOCOL_ERROR",
        // With nothing wrong but an early end it is ERR_EMPTY_RESPONSE.
        TransportError::Closed => "ERR_CONNECTION_RESET",
        TransportError::Timeout => "ERR_TIMED_OUT",
        TransportError::Malformed => "ERR_INVALID_HTTP_RESPONSE",
        TransportError::TooLarge => "ERR_RESPONSE_HEADERS_TOO_BIG",
        TransportError::StreamNeedsHttp2 => "ERR_H2_OR_QUIC_REQUIRED",
    }
}
