use std::str::FromStr;

use http::Method;
use url::Url;

use crate::{
    diagnosis::Reason,
    header::is_token,
    method::{is_cors_safelisted_method, is_forbidden_method, normalize},
};

use super::{Body, CacheMode, Mode, Request, http_redirect_fetch::includes_credentials};

/// Makes a request as the Request constructor does: what it refuses never reaches the network.
///
/// `method` is the script's, not yet normalized. All other fields of the request can be set before
/// [`check`] on what this returns.
///
/// # Errors
/// [`Reason::UrlUserinfo`], [`Reason::MethodInvalid`], [`Reason::MethodForbidden`]: a TypeError to
/// the script.
///
/// Source: <https://fetch.spec.whatwg.org/#dom-request>
///
/// ```
/// use corsac::{diagnosis::Code, fetch::new_request};
/// let url: url::Url = "https://b.example/".parse().unwrap();
/// assert_eq!(new_request(url.clone(), "put").unwrap().method, http::Method::PUT);
/// assert_eq!(new_request(url, "TRACK").unwrap_err().code(), Code::MethodForbidden);
/// ```
pub fn new_request(url: Url, method: &str) -> Result<Request, Reason> {
    if includes_credentials(&url) {
        return Err(Reason::UrlUserinfo);
    }
    let invalid = || Reason::MethodInvalid {
        method: method.to_owned(),
    };
    if !is_token(method.as_bytes()) {
        return Err(invalid());
    }
    if is_forbidden_method(method) {
        let method = method.to_owned();
        return Err(Reason::MethodForbidden { method });
    }
    let mut request = Request::new(url);
    request.method = Method::from_str(&normalize(method)).map_err(|_| invalid())?;
    Ok(request)
}

/// Checks what a script asked for as a whole, and sets what follows from it: a streamed body asks
/// for a preflight.
///
/// # Errors
/// [`Reason::NoCorsMethod`], [`Reason::OnlyIfCachedMode`], [`Reason::BodyOnGet`],
/// [`Reason::StreamMode`]: a TypeError to the script.
///
/// Source: <https://fetch.spec.whatwg.org/#dom-request>
pub fn check(request: &mut Request) -> Result<(), Reason> {
    let method = request.method.as_str();
    if request.mode == Mode::NoCors && !is_cors_safelisted_method(method) {
        let method = method.to_owned();
        return Err(Reason::NoCorsMethod { method });
    }
    if request.cache_mode == CacheMode::OnlyIfCached && request.mode != Mode::SameOrigin {
        return Err(Reason::OnlyIfCachedMode);
    }
    if request.body != Body::None && matches!(request.method, Method::GET | Method::HEAD) {
        let method = method.to_owned();
        return Err(Reason::BodyOnGet { method });
    }
    if request.body == Body::Stream {
        if request.mode == Mode::NoCors {
            return Err(Reason::StreamMode);
        }
        request.use_cors_preflight = true;
    }
    Ok(())
}
