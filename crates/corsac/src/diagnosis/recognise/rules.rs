//! The fragments, lower-case, every kind of quote written as `'`. More special ones come first:
//! where two fit the same words, the first one counts.

use crate::diagnosis::{Browser, Code};

pub(super) struct Rule {
    /// `None` for words that Chrome and Safari share.
    pub(super) browser: Option<Browser>,
    pub(super) pattern: &'static str,
    pub(super) codes: &'static [Code],
    pub(super) family: Family,
    /// Words that take the sense from it.
    pub(super) unless: Option<&'static str>,
}

/// How the codes of a rule are put in order by what was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// As they stand.
    Plain,
    /// By the value of Access-Control-Allow-Origin and the page's origin.
    AllowOrigin,
    /// By the method.
    Method,
    /// It says only that something was blocked.
    Anything,
}

/// What stands around the fragments.
pub(super) const AROUND: &[&str] = &[
    "access to {_} at '{url}'",
    "redirect from '{url}' to ",
    "remote resource at {url}. (reason",
    "remote resource at {url} soon. (reason",
    "cannot load {url} due to access control checks",
    "xmlhttprequest cannot load {url}. ",
    "fetch api cannot load {url}. ",
    "failed to load {url}: ",
    "from origin '{origin}' has been blocked",
    "origin '{origin}' is therefore not allowed access",
];

const fn plain(browser: Option<Browser>, pattern: &'static str, codes: &'static [Code]) -> Rule {
    Rule {
        browser,
        pattern,
        codes,
        family: Family::Plain,
        unless: None,
    }
}

const fn chromium(pattern: &'static str, codes: &'static [Code]) -> Rule {
    plain(Some(Browser::Chromium), pattern, codes)
}

const fn firefox(pattern: &'static str, codes: &'static [Code]) -> Rule {
    plain(Some(Browser::Firefox), pattern, codes)
}

const fn safari(pattern: &'static str, codes: &'static [Code]) -> Rule {
    plain(Some(Browser::Safari), pattern, codes)
}

const fn family(family: Family, rule: Rule) -> Rule {
    Rule { family, ..rule }
}

const fn unless(words: &'static str, rule: Rule) -> Rule {
    Rule {
        unless: Some(words),
        ..rule
    }
}

const NO_NETWORK: &[Code] = &[Code::NetworkFailure, Code::PreflightNoResponse];
const ALLOW_ORIGIN: &[Code] = &[
    Code::AllowOriginMismatch,
    Code::AllowOriginInvalid,
    Code::AllowOriginMultiple,
    Code::AllowOriginNull,
];

#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    // Chrome, about a response.
    chromium("no 'access-control-allow-origin' header is present on the requested resource", &[Code::AllowOriginMissing]),
    chromium("'access-control-allow-origin' header in the response must not be the wildcard '*'", &[Code::WildcardWithCredentials]),
    chromium("a wildcard '*' cannot be used in the 'access-control-allow-origin' header", &[Code::WildcardWithCredentials]),
    family(Family::AllowOrigin, chromium("'access-control-allow-origin' header contains multiple values '{value}', but only one", ALLOW_ORIGIN)),
    family(Family::AllowOrigin, chromium("'access-control-allow-origin' header contains the invalid value '{value}'", ALLOW_ORIGIN)),
    family(Family::AllowOrigin, chromium("'access-control-allow-origin' header has a value '{value}' that is not equal to the supplied origin", ALLOW_ORIGIN)),
    chromium("'access-control-allow-credentials' header in the response is '{value}' which must be 'true'", &[Code::AllowCredentialsNotTrue]),
    chromium("'access-control-allow-credentials' header is '{value}'. it must be 'true'", &[Code::AllowCredentialsNotTrue]),
    chromium("it does not have http ok status", &[Code::PreflightStatusNotOk]),
    chromium("response for preflight has invalid http status", &[Code::PreflightStatusNotOk]),
    chromium("redirect is not allowed for a preflight request", &[Code::PreflightRedirected]),
    chromium("response for preflight is invalid (redirect)", &[Code::PreflightRedirected]),
    chromium("which is disallowed for cross-origin requests that require preflight", &[Code::PreflightRedirected]),
    chromium("cannot parse access-control-allow-methods response header", &[Code::AllowMethodsInvalid]),
    chromium("cannot parse access-control-allow-headers response header", &[Code::AllowHeadersInvalid]),
    chromium("contains a username and password, which is disallowed for cross-origin requests", &[Code::RedirectUserinfo]),
    // Chrome, about a request.
    chromium("'{method}' is not a valid http method", &[Code::MethodInvalid]),
    chromium("'{method}' http method is unsupported", &[Code::MethodForbidden]),
    chromium("cannot be constructed from a url that includes credentials", &[Code::UrlUserinfo]),
    // The console leaves out the middle of a long message.
    chromium("request can…ls: ", &[Code::UrlUserinfo]),
    chromium("ablestream, mode should be", &[Code::StreamMode]),
    chromium("'{method}' is unsupported in no-cors mode", &[Code::NoCorsMethod]),
    chromium("request with get/head method cannot have body", &[Code::BodyOnGet]),
        chromium("'only-if-cached' can be set only with 'same-origin' mode", &[Code::OnlyIfCachedMode]),
    unless("automatically upgraded", chromium("was loaded over https, but requested an insecure {_} '{url}'", &[Code::MixedContent])),
    chromium("to '{url}' because it violates the following content security policy directive", &[Code::ContentSecurityPolicy]),
    chromium("to '{url}' violates the following content security policy directive", &[Code::ContentSecurityPolicy]),
    chromium("it violates the document's content security policy", &[Code::ContentSecurityPolicy]),
    chromium("request mode is 'same-origin' but the url's origin is not same as the request origin", &[Code::ModeSameOrigin]),
    chromium("cross origin requests are not allowed by request mode", &[Code::ModeSameOrigin]),
    chromium("request mode is 'no-cors' but the redirect mode is not 'follow'", &[Code::NoCorsRedirectMode]),
    chromium("cross origin requests are only supported for protocol schemes", &[Code::SchemeNotHttp, Code::RedirectScheme]),
    chromium("url scheme '{_}' is not supported", &[Code::SchemeNotHttp]),
    chromium("the request client is not a secure context and the resource is in more-private address space", &[Code::LocalNetworkInsecure]),
    chromium("permission was denied for this request to access the '{_}' address space", &[Code::LocalNetworkDenied]),
    chromium("permission was denied for this request to access the {_} address space", &[Code::LocalNetworkDenied]),
    chromium("access-control-allow-private-network", &[Code::LocalNetworkDenied]),
    // Chrome, about the network.
    chromium("net::err_unsafe_port", &[Code::BadPort]),
    chromium("net::err_insufficient_resources", &[Code::KeepaliveLimit]),
    chromium("net::err_cache_miss", &[Code::HttpCacheMiss]),
    chromium("net::err_unexpected_proxy_auth", &[Code::ProxyAuthentication]),
    chromium("net::err_proxy_auth", &[Code::ProxyAuthentication]),
    chromium("net::err_blocked_by_response", &[Code::ResourcePolicy]),
    chromium("net::err_blocked_by_csp", &[Code::ContentSecurityPolicy]),
    chromium("net::err_invalid_redirect", &[Code::RedirectLocation]),
    chromium("net::err_response_headers_multiple_location", &[Code::RedirectLocation]),
    chromium("net::err_unsafe_redirect", &[Code::RedirectScheme]),
    chromium("net::err_unknown_url_scheme", &[Code::RedirectScheme]),
    chromium("net::err_too_many_redirects", &[Code::RedirectLimit]),
    chromium("net::err_invalid_argument", &[Code::RedirectBody]),
    chromium("net::err_aborted", &[Code::Aborted]),
    chromium("net::err_name_", NO_NETWORK),
    chromium("net::err_address_", NO_NETWORK),
    chromium("net::err_connection_", NO_NETWORK),
    chromium("net::err_internet_disconnected", NO_NETWORK),
    chromium("net::err_network_", NO_NETWORK),
    chromium("net::err_ssl_", NO_NETWORK),
    chromium("net::err_cert_", NO_NETWORK),
    chromium("net::err_timed_out", NO_NETWORK),
    chromium("net::err_empty_response", NO_NETWORK),
    chromium("net::err_invalid_http_response", NO_NETWORK),
    chromium("net::err_response_headers_too_big", NO_NETWORK),
    chromium("net::err_h2_or_quic_required", NO_NETWORK),
    chromium("net::err_http2_", NO_NETWORK),
    chromium("net::err_quic_", NO_NETWORK),
    chromium("net::err_blocked_by_client", NO_NETWORK),
    // Firefox.
    firefox("cors header 'access-control-allow-origin' missing", &[Code::AllowOriginMissing]),
    firefox("multiple cors header 'access-control-allow-origin' not allowed", &[Code::AllowOriginMultiple]),
    family(Family::AllowOrigin, firefox("cors header 'access-control-allow-origin' does not match '{value}'", ALLOW_ORIGIN)),
    firefox("credential is not supported if the cors header 'access-control-allow-origin' is '*'", &[Code::WildcardWithCredentials]),
    firefox("expected 'true' in cors header 'access-control-allow-credentials'", &[Code::AllowCredentialsNotTrue]),
    firefox("did not find method in cors header 'access-control-allow-methods'", &[Code::MethodNotAllowed]),
    firefox("invalid token '{value}' in cors header 'access-control-allow-methods'", &[Code::AllowMethodsInvalid]),
    firefox("invalid token '{value}' in cors header 'access-control-allow-headers'", &[Code::AllowHeadersInvalid]),
    firefox("header '{header}' is not allowed according to header 'access-control-allow-headers'", &[Code::HeaderNotAllowed]),
    firefox("missing token '{header}' in cors header 'access-control-allow-headers'", &[Code::HeaderNotAllowed]),
    firefox("when the 'access-control-allow-headers' is '*', the 'authorization' header is not covered", &[Code::AuthorizationNotCovered]),
    firefox("cors request external redirect not allowed", &[Code::PreflightRedirected]),
    firefox("cors preflight response did not succeed", &[Code::PreflightStatusNotOk, Code::PreflightNoResponse, Code::PreflightRedirected]),
    firefox("cors preflight channel did not succeed", &[Code::PreflightStatusNotOk, Code::PreflightNoResponse]),
    firefox("cors request did not succeed", &[Code::NetworkFailure, Code::PreflightNoResponse, Code::MixedContent, Code::RedirectLocation, Code::RedirectLimit, Code::RedirectUserinfo]),
    firefox("cors request failed", &[Code::NetworkFailure, Code::PreflightNoResponse]),
    firefox("cors request not http", &[Code::SchemeNotHttp, Code::RedirectScheme]),
    family(Family::Method, firefox("invalid request method {method}.", &[Code::NoCorsMethod, Code::MethodForbidden, Code::MethodInvalid])),
    firefox("is an url with embedded credentials", &[Code::UrlUserinfo]),
    firefox("head or get request cannot have a body", &[Code::BodyOnGet]),
    firefox("'only-if-cached' can only be used with request mode 'same-origin'", &[Code::OnlyIfCachedMode]),
    firefox("blocked loading mixed active content '{url}'", &[Code::MixedContent]),
    firefox("the page's settings blocked the loading of a resource (connect-src) at {url} because", &[Code::ContentSecurityPolicy]),
    firefox("the page's settings blocked the loading of a resource at {url} ('connect-src')", &[Code::ContentSecurityPolicy]),
    firefox("the resource at '{url}' was blocked due to its cross-origin-resource-policy header", &[Code::ResourcePolicy]),
    firefox("security error: content at {_} may not load data from {url}", &[Code::ModeSameOrigin]),
    // Safari, and what Chrome says in the same words.
    plain(None, "method {method} is not allowed by access-control-allow-methods", &[Code::MethodNotAllowed]),
    plain(None, "request header field {header} is not allowed by access-control-allow-headers", &[Code::HeaderNotAllowed]),
    safari("origin {origin} is not allowed by access-control-allow-origin", &[Code::AllowOriginMissing, Code::AllowOriginMismatch, Code::AllowOriginInvalid, Code::AllowOriginNull]),
    safari("access-control-allow-origin cannot contain more than one origin", &[Code::AllowOriginMultiple]),
    safari("cannot use wildcard in access-control-allow-origin when credentials flag is true", &[Code::WildcardWithCredentials]),
    safari("credentials flag is true, but access-control-allow-credentials is not 'true'", &[Code::AllowCredentialsNotTrue]),
    safari("preflight response is not successful", &[Code::PreflightStatusNotOk, Code::PreflightRedirected]),
    safari("header access-control-allow-methods has an invalid value: {value}", &[Code::AllowMethodsInvalid]),
    safari("header access-control-allow-headers has an invalid value: {value}", &[Code::AllowHeadersInvalid]),
    safari("redirection url {_} has credentials", &[Code::RedirectUserinfo]),
    safari("cross-origin cors redirection with non cors scheme", &[Code::RedirectScheme, Code::RedirectLocation]),
    safari("not allowed to follow a redirection while loading {url}", &[Code::RedirectMode]),
    safari("load cannot follow more than 20 redirections", &[Code::RedirectLimit]),
    safari("cancelled load to {url} because it violates the resource's cross-origin-resource-policy", &[Code::ResourcePolicy]),
    unless("automatically upgraded", safari("requested insecure content from {url}. this content was", &[Code::MixedContent])),
    safari("refused to connect to {url} because it does not appear in the connect-src directive", &[Code::ContentSecurityPolicy]),
    safari("readablestream uploading is not supported", &[Code::StreamMode]),
    safari("no-cors mode requires follow redirect mode", &[Code::NoCorsRedirectMode]),
    safari("reached maximum amount of queued data of 64kb for keepalive requests", &[Code::KeepaliveLimit]),
    safari("error receiving data: ", NO_NETWORK),
    safari("not allowed to use restricted network port", &[Code::BadPort]),
    safari("cross origin requests are not allowed when using same-origin fetch mode", &[Code::ModeSameOrigin]),
    safari("cross origin requests are only supported for http", &[Code::SchemeNotHttp]),
    safari("method is not a valid http token", &[Code::MethodInvalid]),
    safari("method is forbidden", &[Code::MethodForbidden]),
    safari("method must be get, post or head in no-cors mode", &[Code::NoCorsMethod]),
    safari("url is not valid or contains user credentials", &[Code::UrlUserinfo]),
    safari("request has method '{method}' and cannot have a body", &[Code::BodyOnGet]),
    safari("only-if-cached cache option requires fetch mode to be same-origin", &[Code::OnlyIfCachedMode]),
    safari("too many http redirects", &[Code::RedirectLimit]),
    safari("a server with the specified hostname could not be found", NO_NETWORK),
    safari("could not connect to the server", NO_NETWORK),
    safari("the request timed out", NO_NETWORK),
    safari("an ssl error has occurred", NO_NETWORK),
    safari("the certificate for this server is invalid", NO_NETWORK),
    safari("the network connection was lost", NO_NETWORK),
    safari("the internet connection appears to be offline", NO_NETWORK),
    safari("cannot parse response", NO_NETWORK),
    family(Family::Anything, safari("due to access control checks", &[
        Code::AllowOriginMissing, Code::AllowOriginMismatch, Code::PreflightStatusNotOk,
        Code::MethodNotAllowed, Code::HeaderNotAllowed, Code::NetworkFailure,
    ])),
];
