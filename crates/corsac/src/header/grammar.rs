//! The ABNF of the headers that the CORS protocol reads, each as a function over one line's value.

use crate::origin::{Origin, OriginError};

use super::{GrammarError, Values, is_http_tab_or_space};

/// How a header's value is parsed, and whether it may come in several lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grammar {
    /// `#token`: a list of tokens (methods, field names), possibly empty, in one line or several.
    Tokens,
    /// `1#token`: such a list with at least one item. Access-Control-Request-Headers.
    TokensNotEmpty,
    /// One token in one line. Access-Control-Request-Method.
    Token,
    /// `delta-seconds` in one line. Access-Control-Max-Age.
    DeltaSeconds,
    /// A serialized origin, or `null`, in one line. Origin.
    OriginOrNull,
    /// A serialized origin, `null` or `*`, in one line. Access-Control-Allow-Origin.
    OriginOrNullOrWildcard,
    /// `true`, in one line. Access-Control-Allow-Credentials.
    True,
    /// Any bytes in one line. Location, which the URL parser reads afterwards.
    AnyBytes,
}

impl Grammar {
    /// The grammar of a header, if it is one that the protocol extracts values from.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#http-new-header-syntax>
    pub fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "access-control-allow-headers"
            | "access-control-allow-methods"
            | "access-control-expose-headers" => Self::Tokens,
            "access-control-request-headers" => Self::TokensNotEmpty,
            "access-control-request-method" => Self::Token,
            "access-control-max-age" => Self::DeltaSeconds,
            "origin" => Self::OriginOrNull,
            "access-control-allow-origin" => Self::OriginOrNullOrWildcard,
            "access-control-allow-credentials" => Self::True,
            "location" => Self::AnyBytes,
            _ => return None,
        })
    }

    /// Whether the grammar allows one header only, so that a second line is a failure.
    pub const fn allows_a_single_header(self) -> bool {
        !matches!(self, Self::Tokens | Self::TokensNotEmpty)
    }

    /// Parses one line's value; an error names the first byte that does not fit, or, in an origin,
    /// the beginning of the part that does not.
    pub(super) fn parse<'a>(
        self,
        value: &'a [u8],
        values: &mut Values<'a>,
    ) -> Result<(), GrammarError> {
        let misfit = match self {
            Self::Tokens => return tokens(value, values),
            Self::TokensNotEmpty => {
                let before = values.len();
                tokens(value, values)?;
                return match values.len() == before {
                    true => Err(GrammarError::Byte { at: value.len() }),
                    false => Ok(()),
                };
            }
            Self::Token => first_misfit(value, is_token_byte),
            Self::DeltaSeconds => first_misfit(value, |byte| byte.is_ascii_digit()),
            Self::OriginOrNullOrWildcard if value == b"*" => None,
            Self::OriginOrNull | Self::OriginOrNullOrWildcard if value == b"null" => None,
            Self::OriginOrNull | Self::OriginOrNullOrWildcard => {
                Origin::parse(value).err().map(OriginError::at)
            }
            Self::True if value == b"true" => None,
            Self::True => Some(same_bytes(value, b"true")),
            Self::AnyBytes => None,
        };
        match misfit {
            Some(at) => Err(GrammarError::Byte { at }),
            None => {
                values.push(value);
                Ok(())
            }
        }
    }
}

/// `#token`: tokens apart by commas, HTAB and SP around each, empty items allowed and skipped.
///
/// One byte that fits nowhere fails the line, and the line fails the header: a grant that cannot be
/// read grants nothing.
fn tokens<'a>(value: &'a [u8], values: &mut Values<'a>) -> Result<(), GrammarError> {
    let mut start = 0;
    for item in value.split(|&byte| byte == b',') {
        let token = super::trim(item, is_http_tab_or_space);
        if !token.is_empty() {
            if let Some(misfit) = first_misfit(token, is_token_byte) {
                let indent = item.iter().position(|byte| token.first() == Some(byte));
                let at = start + indent.unwrap_or(0) + misfit;
                return Err(GrammarError::Byte { at });
            }
            values.push(token);
        }
        start += item.len() + 1;
    }
    Ok(())
}

/// Says whether bytes are a token of HTTP: at least one byte, all of them letters, digits or
/// ``!#$%&'*+-.^_`|~``.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.2>
pub fn is_token(bytes: &[u8]) -> bool {
    first_misfit(bytes, is_token_byte).is_none()
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Where the bytes stop being a run of one or more that fit; for no bytes at all, that is at once.
fn first_misfit(bytes: &[u8], fits: impl Fn(u8) -> bool) -> Option<usize> {
    match bytes {
        [] => Some(0),
        _ => bytes.iter().position(|&byte| !fits(byte)),
    }
}

/// How many bytes two values begin with in common.
fn same_bytes(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(a, b)| a == b).count()
}
