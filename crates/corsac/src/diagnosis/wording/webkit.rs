use crate::diagnosis::{Phase, Reason, TransportError, Verdict, text::bytes};

/// Read in WebKit's CrossOriginAccessControl.cpp, CrossOriginPreflightResultCache.cpp,
/// DocumentThreadableLoader.cpp, FetchRequest.cpp and MixedContentChecker.cpp; network failures are
/// in the words of the system underneath Safari.
pub(super) fn wording(verdict: &Verdict, reason: &Reason) -> Option<String> {
    let url = &verdict.url;
    let some = |text: &str| Some(text.to_owned());
    match reason {
        Reason::MethodInvalid { .. } => some("Method is not a valid HTTP token."),
        Reason::MethodForbidden { .. } => some("Method is forbidden."),
        Reason::UrlUserinfo => some("URL is not valid or contains user credentials."),
        Reason::NoCorsMethod { .. } => some("Method must be GET, POST or HEAD in no-cors mode."),
        Reason::BodyOnGet { method } => Some(format!(
            "Request has method '{method}' and cannot have a body"
        )),
        Reason::OnlyIfCachedMode => {
            some("only-if-cached cache option requires fetch mode to be same-origin.")
        }
        Reason::BadPort { port } => Some(format!(
            "Not allowed to use restricted network port {port}: {url}"
        )),
        Reason::MixedContent => Some(format!(
            "[blocked] The page at … requested insecure content from {url}. This content was \
             blocked and must be served over HTTPS."
        )),
        Reason::ContentSecurityPolicy => Some(format!(
            "Refused to connect to {url} because it does not appear in the connect-src directive \
             of the Content Security Policy."
        )),
        Reason::SchemeNotHttp { .. } => some("Cross origin requests are only supported for HTTP."),
        Reason::NetworkFailure { error } if verdict.phase == Phase::Actual => {
            some(network(*error)?)
        }
        Reason::AllowOriginMissing
        | Reason::AllowOriginInvalid { .. }
        | Reason::AllowOriginNull { .. }
        | Reason::AllowOriginMismatch { .. } => Some(format!(
            "Origin {} is not allowed by Access-Control-Allow-Origin. Status code: {}",
            verdict.origin,
            verdict.shown_status()
        )),
        Reason::AllowOriginMultiple { .. } => {
            some("Access-Control-Allow-Origin cannot contain more than one origin.")
        }
        Reason::WildcardWithCredentials { .. } => some(
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
        ),
        Reason::AllowCredentialsNotTrue { .. } => {
            some("Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".")
        }
        Reason::PreflightRedirected { status, .. } | Reason::PreflightStatusNotOk { status } => {
            Some(format!(
                "Preflight response is not successful. Status code: {status}"
            ))
        }
        Reason::AllowMethodsInvalid { value, .. } => Some(format!(
            "Header Access-Control-Allow-Methods has an invalid value: {}",
            bytes(value)
        )),
        Reason::AllowHeadersInvalid { value, .. } => Some(format!(
            "Header Access-Control-Allow-Headers has an invalid value: {}",
            bytes(value)
        )),
        Reason::MethodNotAllowed { method, .. } => Some(format!(
            "Method {method} is not allowed by Access-Control-Allow-Methods."
        )),
        Reason::HeaderNotAllowed { name, .. } => Some(format!(
            "Request header field {name} is not allowed by Access-Control-Allow-Headers."
        )),
        Reason::ResourcePolicy { .. } => Some(format!(
            "Cancelled load to {url} because it violates the resource's \
             Cross-Origin-Resource-Policy response header."
        )),
        Reason::RedirectScheme { .. } => {
            redirect("not allowed to follow a cross-origin CORS redirection with non CORS scheme")
        }
        Reason::RedirectUserinfo => redirect("redirection URL … has credentials"),
        Reason::RedirectLimit => some("Load cannot follow more than 20 redirections"),
        _ => None,
    }
}

fn redirect(text: &str) -> Option<String> {
    Some(format!(
        "Cross-origin redirection to … denied by Cross-Origin Resource Sharing policy: {text}"
    ))
}

const fn network(error: TransportError) -> Option<&'static str> {
    Some(match error {
        TransportError::Dns => "A server with the specified hostname could not be found.",
        TransportError::Refused => "Could not connect to the server.",
        TransportError::ConnectTimeout | TransportError::Timeout => "The request timed out.",
        TransportError::Tls => {
            "An SSL error has occurred and a secure connection to the server cannot be made."
        }
        TransportError::Closed => "The network connection was lost.",
        TransportError::Malformed => "cannot parse response",
        TransportError::TooLarge | TransportError::StreamNeedsHttp2 => return None,
    })
}
