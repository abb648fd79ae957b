//! Why a configuration is no policy: each mistake a value, its text the `Display`.

use std::fmt;

use crate::origin::OriginError;

/// Everything that is wrong with a configuration, in the order of its fields; never empty.
///
/// ```
/// use corsac::policy::{Listing, Policy, PolicyConfig};
/// let errors = Policy::new(PolicyConfig {
///     allow_origins: ["http://siteA.com"].into(),
///     allow_methods: Listing::Any,
///     allow_credentials: true,
///     ..PolicyConfig::default()
/// })
/// .unwrap_err();
/// assert_eq!(errors.mistakes().len(), 2);
/// assert_eq!(
///     errors.mistakes()[0].to_string(),
///     r#"allow-origins: "http://siteA.com" never matches: browsers write origins in lower case; write "http://sitea.com""#,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyErrors(pub(super) Vec<Mistake>);

impl PolicyErrors {
    /// The mistakes.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.0
    }
}

/// One mistake, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The field that it stands in.
    pub field: Field,
    /// Which entry of the field's list it is, 0-based; `None` if it concerns the field as a whole.
    pub entry: Option<usize>,
    /// What is wrong.
    pub kind: MistakeKind,
}

/// A field of [`PolicyConfig`](super::PolicyConfig), named in texts as in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Field {
    /// `allow-origins`
    AllowOrigins,
    /// `allow-methods`
    AllowMethods,
    /// `allow-headers`
    AllowHeaders,
    /// `expose-headers`
    ExposeHeaders,
    /// `max-age`
    MaxAge,
    /// `allow-credentials`
    AllowCredentials,
    /// `allow-private-network`
    AllowPrivateNetwork,
    /// `mode`
    Mode,
    /// `block-disallowed`
    BlockDisallowed,
    /// The predicate, which no file can hold.
    OriginPredicate,
    /// `preflight-status`
    PreflightStatus,
    /// `refusal-status`
    RefusalStatus,
}

/// What is wrong, by who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// The syntax: it is nothing that a browser could ever send or read.
    Invalid(Invalid),
    /// The Standard: browsers never let scripts have it.
    Forbidden(Forbidden),
    /// This library: it is unsafe, or not what its author takes it for.
    Prohibited(Prohibited),
}

/// Entries that mean nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Invalid {
    /// Not an origin as browsers write it, so that it would never match.
    Origin {
        /// As written.
        value: String,
        /// What is wrong with it.
        fault: OriginFault,
        /// What browsers write instead, if that can be told. It is a hint, never applied.
        browsers_write: Option<String>,
    },
    /// Not a method as browsers send it.
    Method {
        /// As written.
        value: String,
        /// What is wrong with it.
        fault: MethodFault,
    },
    /// Not a header name.
    HeaderName {
        /// As written.
        value: String,
    },
    /// Not a status that a browser, or anybody, could do with.
    Status {
        /// As written.
        value: u16,
        /// The least that it may be.
        least: u16,
        /// The most that it may be.
        most: u16,
    },
}

/// Why an entry is not an origin as browsers write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OriginFault {
    /// `*` among others: it is every origin, or it is nothing.
    WildcardInList,
    /// A `*` elsewhere than in the first label of a domain, or a second one; or a depth without any.
    Pattern,
    /// Ports both in the origin and beside it, or none at all.
    Ports,
    /// A port that browsers never connect to, so that no page comes from there.
    BadPort,
    /// Longer than any origin there is.
    TooLong,
    /// `file:`, whose pages send `null`.
    File,
    /// A letter outside ASCII, where browsers write Punycode.
    NotAscii,
    /// A label that begins with `xn--` and is no Punycode.
    Punycode,
    /// Upper case.
    UpperCase,
    /// A path, a query or a fragment, be it only a slash.
    Path,
    /// A user name or password.
    Userinfo,
    /// The scheme's own port, spelled out.
    DefaultPort,
    /// Right in its meaning, but not in its bytes: a leading zero in the port, say.
    Spelling,
    /// No scheme.
    NoScheme,
    /// Another error of syntax.
    Syntax(OriginError),
}

/// Why an entry is not a method as browsers send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MethodFault {
    /// `*` among others: it is every method, or it is nothing.
    WildcardInList,
    /// Not a token.
    Syntax,
    /// Not in upper case, though browsers put this method in upper case.
    NotNormalized,
}

/// Entries that browsers keep from scripts, whatever a server says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Forbidden {
    /// CONNECT, TRACE or TRACK.
    Method {
        /// As written.
        value: String,
    },
    /// A request header that only the browser sets.
    RequestHeader {
        /// As written.
        value: String,
    },
    /// A response header that no script reads.
    ResponseHeader {
        /// As written.
        value: String,
    },
}

/// What this library won't do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prohibited {
    /// `null`, the origin of every sandboxed frame, whoever made it.
    ///
    /// Without credentials, `dangerously_allow_null` allows it.
    NullOrigin {
        /// Whether it would have had credentials, which nothing allows.
        with_credentials: bool,
    },
    /// An origin without encryption together with credentials.
    ///
    /// `dangerously_allow_insecure_origins` allows it.
    InsecureWithCredentials {
        /// As written.
        value: String,
    },
    /// A wildcard under a name where anybody can register, together with credentials.
    ///
    /// `dangerously_allow_public_suffixes` allows it.
    PublicSuffixWithCredentials {
        /// As written.
        value: String,
        /// The public suffix.
        suffix: String,
    },
    /// Every origin together with credentials.
    AnyOriginWithCredentials,
    /// `*` for methods or headers together with credentials, where it is no wildcard.
    WildcardWithCredentials,
    /// `*` in a list of header names, where it is a header of that name.
    WildcardInList,
    /// A header of responses among those of requests.
    ResponseHeaderInRequest {
        /// As written.
        value: String,
    },
    /// A header of requests or preflights among those that scripts may read from responses.
    RequestHeaderInResponse {
        /// As written.
        value: String,
    },
    /// A max-age that no browser honours.
    MaxAge {
        /// As written.
        seconds: u32,
    },
}

impl fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_lines(&self.0, f)
    }
}

/// Each item in a line of its own.
pub(super) fn fmt_lines<T: fmt::Display>(items: &[T], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            f.write_str("\n")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

impl std::error::Error for PolicyErrors {}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.field)?;
        match &self.kind {
            MistakeKind::Invalid(invalid) => invalid.fmt(f),
            MistakeKind::Forbidden(forbidden) => forbidden.fmt(f),
            MistakeKind::Prohibited(prohibited) => prohibited.fmt(f),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AllowOrigins => "allow-origins",
            Self::AllowMethods => "allow-methods",
            Self::AllowHeaders => "allow-headers",
            Self::ExposeHeaders => "expose-headers",
            Self::MaxAge => "max-age",
            Self::AllowCredentials => "allow-credentials",
            Self::AllowPrivateNetwork => "allow-private-network",
            Self::Mode => "mode",
            Self::BlockDisallowed => "block-disallowed",
            Self::OriginPredicate => "origin predicate",
            Self::PreflightStatus => "preflight-status",
            Self::RefusalStatus => "refusal-status",
        })
    }
}

// Values are written as string literals are: one with a line break in it must not forge a line.
impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin {
                value,
                fault,
                browsers_write,
            } => {
                write!(f, "{value:?} never matches: {fault}")?;
                match browsers_write {
                    Some(origin) => write!(f, "; write {origin:?}"),
                    None => Ok(()),
                }
            }
            Self::Method { value, fault } => write!(f, "{value:?} never matches: {fault}"),
            Self::HeaderName { value } => write!(f, "{value:?} is not a header name"),
            Self::Status { value, least, most } => {
                write!(f, "{value} is no status from {least} to {most}")
            }
        }
    }
}

impl fmt::Display for OriginFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WildcardInList => "`*` is every origin, and stands alone",
            Self::Pattern => "one `*` may stand in the first label of a domain, one for the port",
            Self::Ports => "ports stand in the origin or beside it, and there is one at least",
            Self::BadPort => "browsers never connect to this port, so that no page is there",
            Self::TooLong => "no scheme is longer than 64 bytes, and no host than 253",
            Self::File => "pages of file: send the origin `null`",
            Self::NotAscii => "browsers write international names in Punycode (`xn--…`)",
            Self::Punycode => "what follows `xn--` is the Punycode of nothing",
            Self::UpperCase => "browsers write origins in lower case",
            Self::Path => "an origin ends after its host or port, without a path or a slash",
            Self::Userinfo => "an origin names no user",
            Self::DefaultPort => "browsers leave out the scheme's own port",
            Self::Spelling => "browsers spell it otherwise",
            Self::NoScheme => "an origin begins with its scheme",
            Self::Syntax(error) => return error.fmt(f),
        })
    }
}

impl fmt::Display for MethodFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WildcardInList => "`*` is every method, and stands alone",
            Self::Syntax => "it is not a method",
            Self::NotNormalized => "browsers put this method in upper case, and case counts",
        })
    }
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method { value } => write!(f, "browsers let no script use the method {value:?}"),
            Self::RequestHeader { value } => write!(
                f,
                "browsers let no script set {value:?}, and no preflight asks for it"
            ),
            Self::ResponseHeader { value } => write!(f, "browsers let no script read {value:?}"),
        }
    }
}

impl fmt::Display for Prohibited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NullOrigin { .. } => f.write_str(
                "`null` is the origin of every sandboxed frame and local file, anybody's included",
            ),
            Self::InsecureWithCredentials { value } => write!(
                f,
                "{value:?} has no encryption: with credentials, whoever sits on the wire reads as \
                 your users"
            ),
            Self::PublicSuffixWithCredentials { value, suffix } => write!(
                f,
                "{value:?} covers names of anybody who registers under {suffix:?}; with \
                 credentials, list the names"
            ),
            Self::AnyOriginWithCredentials => f.write_str(
                "every origin together with credentials would hand each user's data to any page; \
                 list the origins",
            ),
            Self::WildcardWithCredentials => {
                f.write_str("with credentials `*` is no wildcard to browsers; list the names")
            }
            Self::WildcardInList => f.write_str("in a list `*` is no wildcard; it stands alone"),
            Self::ResponseHeaderInRequest { value } => write!(
                f,
                "{value:?} is a header of the server's answers; requests don't carry it"
            ),
            Self::RequestHeaderInResponse { value } => write!(
                f,
                "{value:?} is no header that scripts have to read from responses"
            ),
            Self::MaxAge { seconds } => write!(
                f,
                "{seconds} seconds is longer than any browser remembers; at most 86400"
            ),
        }
    }
}
