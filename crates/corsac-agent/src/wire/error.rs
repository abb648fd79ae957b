use std::fmt;

use corsac::diagnosis::TransportError;

/// Why bytes are not the HTTP message they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WireError {
    /// The first line is not `HTTP/1.x`, a space, three digits, and perhaps a space and a reason.
    StatusLine,
    /// A NUL in the head.
    Nul,
    /// A CR in the head that no LF follows.
    BareCr,
    /// The head is too long, or has too many lines, or too many heads of status 1xx came before it.
    HeadTooLarge,
    /// 101, though nobody asked to switch protocols.
    UnexpectedUpgrade,
    /// Content-Length is not one number.
    ContentLength,
    /// Transfer-Encoding is not `chunked`, or stands in a message of HTTP/1.0.
    TransferEncoding,
    /// The chunks of a body are not well formed.
    Chunk,
    /// The body is longer than the host takes.
    BodyTooLarge,
    /// The connection ended too early.
    Closed,
    /// A header to send has a name that is not a token, or a NUL, CR or LF in its value.
    RequestHeader,
    /// The body to send is not as long as the request says.
    RequestBody,
    /// A streamed body can't be sent in HTTP/1.
    RequestStream,
}

/// What a failing head is to a fetch.
impl From<WireError> for TransportError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Closed => Self::Closed,
            WireError::HeadTooLarge | WireError::BodyTooLarge => Self::TooLarge,
            WireError::RequestStream => Self::StreamNeedsHttp2,
            _ => Self::Malformed,
        }
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StatusLine => "the first line is not an HTTP/1 status line",
            Self::Nul => "a NUL stands in the head",
            Self::BareCr => "a CR without its LF stands in the head",
            Self::HeadTooLarge => "the head is too large",
            Self::UnexpectedUpgrade => "the protocol was switched, and nobody had asked",
            Self::ContentLength => "Content-Length is not one number",
            Self::TransferEncoding => "Transfer-Encoding is not \"chunked\"",
            Self::Chunk => "the body's chunks are not well formed",
            Self::BodyTooLarge => "the body is too large",
            Self::Closed => "the connection closed before the end",
            Self::RequestHeader => "a header to send is not well formed",
            Self::RequestBody => "the body to send has another length than the request says",
            Self::RequestStream => "a streamed body needs HTTP/2",
        })
    }
}

impl std::error::Error for WireError {}
