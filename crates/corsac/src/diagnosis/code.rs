use std::fmt;

/// The one table of codes: variant, name, anchor of the failing check in its Standard, title.
macro_rules! codes {
    ($($variant:ident $name:literal $anchor:literal $title:literal;)*) => {
        /// A stable name for one reason to block, in kebab case.
        ///
        /// A code names the check that failed, never the phase it failed in. Codes are never
        /// removed or reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the checks.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name: `allow-origin-missing`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Where the failing check stands: a URL with its fragment.
            pub const fn spec(self) -> &'static str {
                match self { $(Self::$variant => $anchor,)* }
            }

            /// One line saying what is wrong.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// The page that explains it: a text in Markdown for people.
            ///
            /// At its end stands an exchange that ends in this very code, and every page's is
            /// executed as a test. It names the page that asks (`page`), what it asks for, and the
            /// settings and headers of the request; then what goes over the wire (`-->`), what
            /// comes back (`<--`), what the browser's user or policy replies (`?--`), and the code
            /// (`==>`). Of the header lines that a browser sends, those that matter here are
            /// shown.
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("explain/", $name, ".md")),)*
                }
            }
        }
    };
}

codes! {
    MethodInvalid "method-invalid" "https://fetch.spec.whatwg.org/#dom-request" "The method is not a token.";
    MethodForbidden "method-forbidden" "https://fetch.spec.whatwg.org/#forbidden-method" "No script may use this method.";
    UrlUserinfo "url-userinfo" "https://fetch.spec.whatwg.org/#dom-request" "fetch() takes no URL with a user name or password.";
    NoCorsMethod "no-cors-method" "https://fetch.spec.whatwg.org/#dom-request" "Mode no-cors takes GET, HEAD and POST only.";
    BodyOnGet "body-on-get" "https://fetch.spec.whatwg.org/#dom-request" "GET and HEAD take no body.";
    StreamMode "stream-mode" "https://fetch.spec.whatwg.org/#dom-request" "A streaming body needs mode cors or same-origin.";
    OnlyIfCachedMode "only-if-cached-mode" "https://fetch.spec.whatwg.org/#dom-request" "Cache mode only-if-cached needs mode same-origin.";
    BadPort "bad-port" "https://fetch.spec.whatwg.org/#block-bad-port" "Browsers never connect to this port.";
    MixedContent "mixed-content" "https://w3c.github.io/webappsec-mixed-content/#should-block-fetch" "A secure page may not load from an insecure URL.";
    ContentSecurityPolicy "content-security-policy" "https://w3c.github.io/webappsec-csp/#should-block-request" "The page's own policy forbids this connection.";
    ModeSameOrigin "mode-same-origin" "https://fetch.spec.whatwg.org/#concept-main-fetch" "The URL is of another origin, and mode same-origin refuses those.";
    NoCorsRedirectMode "no-cors-redirect-mode" "https://fetch.spec.whatwg.org/#concept-main-fetch" "Mode no-cors needs redirect mode follow.";
    SchemeNotHttp "scheme-not-http" "https://fetch.spec.whatwg.org/#concept-main-fetch" "Only http and https URLs can be shared across origins.";
    KeepaliveLimit "keepalive-limit" "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch" "Keepalive requests under way may hold 64 KiB of body together.";
    HttpCacheMiss "http-cache-miss" "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch" "Cache mode only-if-cached, and nothing is stored.";
    LocalNetworkInsecure "local-network-insecure" "https://wicg.github.io/local-network-access/#local-network-access-check" "An insecure page may not reach into the local network.";
    LocalNetworkDenied "local-network-denied" "https://wicg.github.io/local-network-access/#local-network-access-check" "The user did not let this page reach into the local network.";
    NetworkFailure "network-failure" "https://fetch.spec.whatwg.org/#concept-http-network-fetch" "There was no response to judge: this is not CORS.";
    ProxyAuthentication "proxy-authentication" "https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch" "A proxy asked for credentials, and there is nobody to ask.";
    Aborted "aborted" "https://fetch.spec.whatwg.org/#fetch-controller-abort" "The page gave up the request.";
    PreflightNoResponse "preflight-no-response" "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0" "The server took the connection and gave the preflight no usable response.";
    AllowOriginMissing "allow-origin-missing" "https://fetch.spec.whatwg.org/#concept-cors-check" "The response has no Access-Control-Allow-Origin.";
    AllowOriginMultiple "allow-origin-multiple" "https://fetch.spec.whatwg.org/#concept-cors-check" "Access-Control-Allow-Origin holds more than one value.";
    WildcardWithCredentials "wildcard-with-credentials" "https://fetch.spec.whatwg.org/#concept-cors-check" "`*` does not grant requests with credentials.";
    AllowOriginInvalid "allow-origin-invalid" "https://fetch.spec.whatwg.org/#concept-cors-check" "Access-Control-Allow-Origin is not an origin.";
    AllowOriginNull "allow-origin-null" "https://fetch.spec.whatwg.org/#concept-cors-check" "The page's origin went out as `null`, and the response grants another.";
    AllowOriginMismatch "allow-origin-mismatch" "https://fetch.spec.whatwg.org/#concept-cors-check" "Access-Control-Allow-Origin grants another origin.";
    AllowCredentialsNotTrue "allow-credentials-not-true" "https://fetch.spec.whatwg.org/#concept-cors-check" "The request has credentials, and Access-Control-Allow-Credentials is not `true`.";
    PreflightRedirected "preflight-redirected" "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0" "The preflight was answered with a redirect.";
    PreflightStatusNotOk "preflight-status-not-ok" "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0" "The preflight's status is not 200 to 299.";
    AllowMethodsInvalid "allow-methods-invalid" "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0" "Access-Control-Allow-Methods is not a list of methods.";
    AllowHeadersInvalid "allow-headers-invalid" "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0" "Access-Control-Allow-Headers is not a list of header names.";
    MethodNotAllowed "method-not-allowed" "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0" "Access-Control-Allow-Methods does not grant the method.";
    AuthorizationNotCovered "authorization-not-covered" "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0" "`*` in Access-Control-Allow-Headers does not grant Authorization.";
    HeaderNotAllowed "header-not-allowed" "https://fetch.spec.whatwg.org/#cors-preflight-fetch-0" "Access-Control-Allow-Headers does not grant a header.";
    ResourcePolicy "resource-policy" "https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check" "Cross-Origin-Resource-Policy keeps the resource from this page.";
    RedirectMode "redirect-mode" "https://fetch.spec.whatwg.org/#concept-http-fetch" "The response is a redirect, and redirect mode error refuses those.";
    RedirectLocation "redirect-location" "https://fetch.spec.whatwg.org/#concept-response-location-url" "The redirect's Location is not a URL.";
    RedirectScheme "redirect-scheme" "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch" "The redirect leads away from http and https.";
    RedirectLimit "redirect-limit" "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch" "More than 20 redirects.";
    RedirectUserinfo "redirect-userinfo" "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch" "The redirect's URL holds a user name or password.";
    RedirectBody "redirect-body" "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch" "A streamed body cannot be sent again to the redirect's target.";
    OpaqueRange "opaque-range" "https://fetch.spec.whatwg.org/#concept-main-fetch" "Part of a resource came back to a page that had not asked for a part.";
}

impl Code {
    /// Finds a code by its name.
    ///
    /// ```
    /// use corsac::diagnosis::Code;
    /// assert_eq!(Code::from_name("allow-origin-missing"), Some(Code::AllowOriginMissing));
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
