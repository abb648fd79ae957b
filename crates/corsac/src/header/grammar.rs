//! The ABNF of the headers that the CORS protocol reads, each as a function over one line's value.

use crate::origin::Origin;

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

    /// Parses one line's value; an error names the first byte that does not fit.
    pub(super) fn parse<'a>(
        self,
        value: &'a [u8],
        values: &mut Values<'a>,
    ) -> Result<(), GrammarError> {
        let whole = |fits: bool, at: usize| match fits {
            true => Ok(()),
            false => Err(GrammarError::Byte { at }),
        };
        match self {
            Self::Tokens => return tokens(value, values),
            Self::TokensNotEmpty => {
                let before = values.len();
                tokens(value, values)?;
                return whole(values.len() > before, value.len());
            }
            Self::Token => whole(is_token(value), not_a_token_from(value))?,
            Self::DeltaSeconds => {
                let at = value.iter().position(|byte| !byte.is_ascii_digit());
                whole(at.is_none() && !value.is_empty(), at.unwrap_or(0))?;
            }
            Self::OriginOrNull => whole(is_origin_or_null(value), 0)?,
            Self::OriginOrNullOrWildcard => whole(value == b"*" || is_origin_or_null(value), 0)?,
            Self::True => whole(value == b"true", 0)?,
            Self::AnyBytes => {}
        }
        values.push(value);
        Ok(())
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
        if is_token(token) {
            values.push(token);
        } else if !token.is_empty() {
            let indent = item
                .iter()
                .position(|&byte| !is_http_tab_or_space(byte))
                .unwrap_or(0);
            return Err(GrammarError::Byte {
                at: start + indent + not_a_token_from(token),
            });
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
    !bytes.is_empty() && bytes.iter().all(|&byte| is_token_byte(byte))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn not_a_token_from(bytes: &[u8]) -> usize {
    let at = bytes.iter().position(|&byte| !is_token_byte(byte));
    at.unwrap_or(0)
}

fn is_origin_or_null(value: &[u8]) -> bool {
    value == b"null" || Origin::parse(value).is_ok()
}
