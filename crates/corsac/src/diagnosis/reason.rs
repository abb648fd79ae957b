use std::{fmt, sync::Arc};

use crate::header::{GrammarError, Unsafe};

use super::{Code, Evidence};

/// One failed check, with the facts it failed on.
///
/// [`code`](Self::code) names it; [`evidence`](Self::evidence) says where it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(
    missing_docs,
    reason = "fields are named for the facts; each variant is documented by its code's title"
)]
pub enum Reason {
    MethodInvalid {
        method: String,
    },
    MethodForbidden {
        method: String,
    },
    UrlUserinfo,
    NoCorsMethod {
        method: String,
    },
    BodyOnGet {
        method: String,
    },
    StreamMode,
    OnlyIfCachedMode,
    BadPort {
        port: u16,
    },
    MixedContent,
    ContentSecurityPolicy,
    ModeSameOrigin,
    NoCorsRedirectMode,
    SchemeNotHttp {
        scheme: String,
    },
    KeepaliveLimit {
        bytes: u64,
    },
    HttpCacheMiss,
    LocalNetworkInsecure,
    LocalNetworkDenied,
    NetworkFailure {
        error: TransportError,
    },
    ProxyAuthentication,
    Aborted,
    PreflightNoResponse {
        error: TransportError,
    },
    AllowOriginMissing,
    /// The combined value, and its first line and byte past the first value.
    AllowOriginMultiple {
        value: Vec<u8>,
        evidence: Evidence,
    },
    WildcardWithCredentials {
        evidence: Evidence,
    },
    AllowOriginInvalid {
        value: Vec<u8>,
        evidence: Evidence,
    },
    AllowOriginNull {
        value: Vec<u8>,
        evidence: Evidence,
    },
    AllowOriginMismatch {
        value: Vec<u8>,
        difference: Difference,
        evidence: Evidence,
    },
    /// `value` is `None` if the header is absent.
    AllowCredentialsNotTrue {
        value: Option<Vec<u8>>,
        evidence: Option<Evidence>,
    },
    PreflightRedirected {
        status: u16,
        location: Option<Vec<u8>>,
    },
    PreflightStatusNotOk {
        status: u16,
    },
    AllowMethodsInvalid {
        value: Vec<u8>,
        error: GrammarError,
        evidence: Evidence,
    },
    AllowHeadersInvalid {
        value: Vec<u8>,
        error: GrammarError,
        evidence: Evidence,
    },
    /// `granted` is what Access-Control-Allow-Methods lists.
    MethodNotAllowed {
        method: String,
        granted: Vec<String>,
    },
    AuthorizationNotCovered {
        evidence: Option<Evidence>,
    },
    /// `because` says why the header needs a grant; `granted` is what
    /// Access-Control-Allow-Headers lists, shared by all the reasons that come of one answer.
    HeaderNotAllowed {
        name: String,
        because: Unsafe,
        granted: Arc<[String]>,
    },
    ResourcePolicy {
        value: Option<Vec<u8>>,
        evidence: Option<Evidence>,
    },
    RedirectMode {
        status: u16,
    },
    /// `value` is the failing line's; `several` if it is not the only one.
    RedirectLocation {
        value: Vec<u8>,
        several: bool,
        evidence: Evidence,
    },
    RedirectScheme {
        scheme: String,
    },
    RedirectLimit,
    RedirectUserinfo,
    RedirectBody {
        status: u16,
    },
    OpaqueRange {
        status: u16,
    },
}

/// How the granted origin differs from the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Difference {
    /// Only in upper and lower case.
    Case,
    /// Only by a slash (or slashes) at the end.
    TrailingSlash,
    /// Only in the scheme.
    Scheme,
    /// Only in the port.
    Port,
    /// In the host, and perhaps more.
    Host,
}

/// Why there is no usable response, as far as the host can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportError {
    /// The name has no address.
    Dns,
    /// Nobody accepts connections there.
    Refused,
    /// Connecting took too long.
    ConnectTimeout,
    /// The TLS handshake failed.
    Tls,
    /// The connection ended before a whole response head had come.
    Closed,
    /// The response head took too long.
    Timeout,
    /// What came is no HTTP response head.
    Malformed,
    /// The response head is longer than the host takes.
    TooLarge,
    /// A streamed body needs HTTP/2, and the connection is HTTP/1.
    StreamNeedsHttp2,
}

impl TransportError {
    /// Says whether there was a connection: if not, nothing in a server's CORS set-up matters.
    pub const fn is_connected(self) -> bool {
        !matches!(
            self,
            Self::Dns | Self::Refused | Self::ConnectTimeout | Self::Tls
        )
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "the host name has no address",
            Self::Refused => "the connection was refused",
            Self::ConnectTimeout => "connecting took too long",
            Self::Tls => "the TLS handshake failed",
            Self::Closed => "the connection closed before a whole response head had come",
            Self::Timeout => "the response took too long",
            Self::Malformed => "what came is not an HTTP response",
            Self::TooLarge => "the response head is too large",
            Self::StreamNeedsHttp2 => "a streamed body needs HTTP/2",
        })
    }
}

impl Reason {
    /// The code of this reason.
    pub const fn code(&self) -> Code {
        macro_rules! same_name {
            ($($variant:ident)*) => {
                match self { $(Self::$variant { .. } => Code::$variant,)* }
            };
        }
        same_name! {
            MethodInvalid MethodForbidden UrlUserinfo NoCorsMethod BodyOnGet StreamMode
            OnlyIfCachedMode BadPort MixedContent ContentSecurityPolicy ModeSameOrigin
            NoCorsRedirectMode SchemeNotHttp KeepaliveLimit HttpCacheMiss LocalNetworkInsecure
            LocalNetworkDenied NetworkFailure ProxyAuthentication Aborted PreflightNoResponse
            AllowOriginMissing AllowOriginMultiple WildcardWithCredentials AllowOriginInvalid
            AllowOriginNull AllowOriginMismatch AllowCredentialsNotTrue PreflightRedirected
            PreflightStatusNotOk AllowMethodsInvalid AllowHeadersInvalid MethodNotAllowed
            AuthorizationNotCovered HeaderNotAllowed ResourcePolicy RedirectMode RedirectLocation
            RedirectScheme RedirectLimit RedirectUserinfo RedirectBody OpaqueRange
        }
    }

    /// Where in the response the failing bytes stand, if the check failed on bytes that are there.
    pub const fn evidence(&self) -> Option<Evidence> {
        match self {
            Self::AllowOriginMultiple { evidence, .. }
            | Self::WildcardWithCredentials { evidence }
            | Self::AllowOriginInvalid { evidence, .. }
            | Self::AllowOriginNull { evidence, .. }
            | Self::AllowOriginMismatch { evidence, .. }
            | Self::AllowMethodsInvalid { evidence, .. }
            | Self::AllowHeadersInvalid { evidence, .. }
            | Self::RedirectLocation { evidence, .. } => Some(*evidence),
            Self::AllowCredentialsNotTrue { evidence, .. }
            | Self::AuthorizationNotCovered { evidence }
            | Self::ResourcePolicy { evidence, .. } => *evidence,
            _ => None,
        }
    }
}
