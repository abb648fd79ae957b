use corsac::{fetch::ResponseHead, header::normalize};

use super::WireError;

/// Where a body ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// After so many more bytes.
    Length(u64),
    /// After its last chunk.
    Chunked(Chunked),
    /// With the connection.
    UntilClose,
}

impl Framing {
    /// Reads from a final head where its body ends.
    ///
    /// # Errors
    /// Anything but one length or exactly `chunked`: a body whose end is a matter of opinion is how
    /// responses get smuggled.
    pub(super) fn of(
        head: &ResponseHead,
        minor_version: u8,
        answers_head: bool,
    ) -> Result<Self, WireError> {
        if answers_head || matches!(head.status, 204 | 304) {
            return Ok(Self::Length(0));
        }
        let list = &head.header_list;
        if let Some(coding) = list.get("Transfer-Encoding") {
            // Chunks outrank a Content-Length beside them.
            return match coding.eq_ignore_ascii_case(b"chunked") && minor_version >= 1 {
                true => Ok(Self::Chunked(Chunked::Size)),
                false => Err(WireError::TransferEncoding),
            };
        }
        let Some(value) = list.get("Content-Length") else {
            return Ok(Self::UntilClose);
        };
        // The same number again and again is no contradiction.
        let mut numbers = value.split(|&byte| byte == b',').map(normalize);
        let first = numbers.next().unwrap_or_default();
        match numbers.all(|number| number == first) {
            true => number(first, 10)
                .map(Self::Length)
                .ok_or(WireError::ContentLength),
            false => Err(WireError::ContentLength),
        }
    }

    /// Takes what it can of `bytes` into `body`; says how many bytes it took.
    ///
    /// # Errors
    /// [`WireError::Chunk`].
    pub(super) fn take(&mut self, bytes: &[u8], body: &mut Vec<u8>) -> Result<usize, WireError> {
        match self {
            Self::Length(left) => Ok(take_data(left, bytes, body)),
            Self::Chunked(chunked) => chunked.take(bytes, body),
            Self::UntilClose => {
                body.extend_from_slice(bytes);
                Ok(bytes.len())
            }
        }
    }

    /// Whether the body is complete while the connection is still open.
    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Length(0) | Self::Chunked(Chunked::Done))
    }

    /// Whether the end of the connection is the body's own end.
    pub(super) fn may_end(&self) -> bool {
        self.is_done() || *self == Self::UntilClose
    }
}

/// What comes next in a chunked body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chunked {
    /// The line with a chunk's size.
    Size,
    /// So many more bytes of a chunk.
    Data(u64),
    /// The line end after a chunk.
    DataEnd,
    /// A trailer line, or the empty one that ends it all.
    Trailer,
    /// Nothing.
    Done,
}

/// Longer than any size line or trailer that is meant seriously.
const LINE_LIMIT: usize = 4096;

impl Chunked {
    fn take(&mut self, bytes: &[u8], body: &mut Vec<u8>) -> Result<usize, WireError> {
        let mut rest = bytes;
        loop {
            if let Self::Data(left) = self {
                let taken = take_data(left, rest, body);
                rest = rest.get(taken..).unwrap_or_default();
                match left {
                    0 => *self = Self::DataEnd,
                    _ => break,
                }
            }
            if *self == Self::Done {
                break;
            }
            let end = rest.iter().position(|&byte| byte == b'\n');
            if end.unwrap_or(rest.len()) > LINE_LIMIT {
                return Err(WireError::Chunk);
            }
            let Some(end) = end else {
                break;
            };
            let (line, after) = rest.split_at(end + 1);
            let line = line.strip_suffix(b"\r\n").ok_or(WireError::Chunk)?;
            rest = after;
            *self = match self {
                Self::Size => match chunk_size(line)? {
                    0 => Self::Trailer,
                    size => Self::Data(size),
                },
                Self::DataEnd if line.is_empty() => Self::Size,
                // Trailers say nothing to CORS, and nobody may read them.
                Self::Trailer if line.is_empty() => Self::Done,
                Self::Trailer => Self::Trailer,
                _ => return Err(WireError::Chunk),
            };
        }
        Ok(bytes.len() - rest.len())
    }
}

/// A size in hex, and perhaps extensions, which nobody uses.
fn chunk_size(line: &[u8]) -> Result<u64, WireError> {
    let digits = line.split(|&byte| byte == b';').next().unwrap_or_default();
    number(digits, 16).ok_or(WireError::Chunk)
}

fn take_data(left: &mut u64, bytes: &[u8], body: &mut Vec<u8>) -> usize {
    let length = usize::try_from(*left)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    let data = bytes.get(..length).unwrap_or_default();
    body.extend_from_slice(data);
    *left -= data.len() as u64;
    length
}

/// Digits only: std takes a `+` as well.
fn number(digits: &[u8], radix: u32) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, &byte| {
        let digit = char::from(byte).to_digit(radix)?;
        number.checked_mul(radix.into())?.checked_add(digit.into())
    })
}
