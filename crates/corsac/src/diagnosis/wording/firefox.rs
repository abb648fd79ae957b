use crate::diagnosis::{Evidence, Reason, Verdict, text::bytes};

/// Read in Firefox's security.properties, nsCORSListenerProxy.cpp and Errors.msg.
pub(super) fn wording(verdict: &Verdict, reason: &Reason) -> Option<String> {
    let url = &verdict.url;
    let thrown = |text: &str| Some(format!("Window.fetch: {text}"));
    let blocked = |text: &str| {
        Some(format!(
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote \
             resource at {url}. (Reason: {text})."
        ))
    };
    let with_status =
        |text: &str, status: &str| Some(format!("{} Status code: {status}.", blocked(text)?));
    match reason {
        Reason::MethodInvalid { method }
        | Reason::MethodForbidden { method }
        | Reason::NoCorsMethod { method } => thrown(&format!(
            "Invalid request method {}.",
            bytes(method.as_bytes())
        )),
        Reason::UrlUserinfo => thrown("… is an url with embedded credentials."),
        Reason::BodyOnGet { .. } => thrown("HEAD or GET Request cannot have a body."),
        Reason::OnlyIfCachedMode => thrown(
            "Request mode '…' was used, but request cache mode 'only-if-cached' can only be used \
             with request mode 'same-origin'.",
        ),
        Reason::MixedContent => Some(format!("Blocked loading mixed active content “{url}”")),
        Reason::ContentSecurityPolicy => Some(format!(
            "Content-Security-Policy: The page’s settings blocked the loading of a resource \
             (connect-src) at {url} because it violates the following directive: “…”"
        )),
        Reason::SchemeNotHttp { .. } => blocked("CORS request not http"),
        Reason::RedirectScheme { .. } => Some(
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote \
             resource at …. (Reason: CORS request not http)."
                .to_owned(),
        ),
        Reason::NetworkFailure { .. } | Reason::PreflightNoResponse { .. } => {
            with_status("CORS request did not succeed", "(null)")
        }
        Reason::AllowOriginMissing => with_status(
            "CORS header ‘Access-Control-Allow-Origin’ missing",
            &verdict.shown_status(),
        ),
        Reason::AllowOriginMultiple { evidence, .. } if is_another_line(evidence) => {
            blocked("Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed")
        }
        Reason::AllowOriginMultiple { value, .. }
        | Reason::AllowOriginInvalid { value, .. }
        | Reason::AllowOriginNull { value, .. }
        | Reason::AllowOriginMismatch { value, .. } => blocked(&format!(
            "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{}’",
            bytes(value)
        )),
        // The only one of these lines that quotes the URL.
        Reason::WildcardWithCredentials { .. } => Some(format!(
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote \
             resource at ‘{url}’. (Reason: Credential is not supported if the CORS header \
             ‘Access-Control-Allow-Origin’ is ‘*’)."
        )),
        Reason::AllowCredentialsNotTrue { .. } => {
            blocked("expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’")
        }
        Reason::PreflightRedirected { .. } => blocked("CORS request external redirect not allowed"),
        Reason::PreflightStatusNotOk { .. } => with_status(
            "CORS preflight response did not succeed",
            &verdict.shown_status(),
        ),
        Reason::AllowMethodsInvalid {
            value, evidence, ..
        } => blocked(&format!(
            "invalid token ‘{}’ in CORS header ‘Access-Control-Allow-Methods’",
            bytes(item_at(value, evidence.byte))
        )),
        Reason::AllowHeadersInvalid {
            value, evidence, ..
        } => blocked(&format!(
            "invalid token ‘{}’ in CORS header ‘Access-Control-Allow-Headers’",
            bytes(item_at(value, evidence.byte))
        )),
        Reason::MethodNotAllowed { .. } => {
            blocked("Did not find method in CORS header ‘Access-Control-Allow-Methods’")
        }
        Reason::HeaderNotAllowed { name, .. } => blocked(&format!(
            "header ‘{name}’ is not allowed according to header ‘Access-Control-Allow-Headers’ \
             from CORS preflight response"
        )),
        // A warning only: it lets the request pass.
        Reason::AuthorizationNotCovered { .. } => Some(format!(
            "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the \
             remote resource at {url} soon. (Reason: When the `Access-Control-Allow-Headers` is \
             `*`, the `Authorization` header is not covered. To include the `Authorization` \
             header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`)."
        )),
        Reason::ResourcePolicy { .. } => Some(format!(
            "The resource at “{url}” was blocked due to its Cross-Origin-Resource-Policy header \
             (or lack thereof)."
        )),
        _ => None,
    }
}

/// Firefox counts header lines; a comma inside one line is a mismatch to it.
const fn is_another_line(second: &Evidence) -> bool {
    second.byte == 0
}

/// The item of a list that a byte belongs to.
fn item_at(value: &[u8], at: usize) -> &[u8] {
    let mut start = 0;
    for item in value.split(|&byte| byte == b',') {
        if at <= start + item.len() {
            return item.trim_ascii();
        }
        start += item.len() + 1;
    }
    value
}
