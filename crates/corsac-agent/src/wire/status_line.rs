use super::WireError;

/// The first line of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StatusLine<'a> {
    /// The digit after `HTTP/1.`.
    pub(super) minor_version: u8,
    pub(super) status: u16,
    pub(super) status_message: &'a [u8],
}

/// What every response begins with.
pub(super) const BEGINNING: &[u8] = b"HTTP/1.";

impl<'a> StatusLine<'a> {
    /// Parses `HTTP/1.x SSS reason`; the reason and the space before it may be missing.
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, WireError> {
        let rest = line.strip_prefix(BEGINNING).ok_or(WireError::StatusLine)?;
        let &[
            minor @ b'0'..=b'9',
            b' ',
            hundreds @ b'1'..=b'9',
            tens @ b'0'..=b'9',
            ones @ b'0'..=b'9',
            ref reason @ ..,
        ] = rest
        else {
            return Err(WireError::StatusLine);
        };
        let status_message = match reason {
            [] => reason,
            [b' ', reason @ ..] => reason,
            _ => return Err(WireError::StatusLine),
        };
        let digit = |byte: u8| u16::from(byte - b'0');
        Ok(Self {
            minor_version: minor - b'0',
            status: digit(hundreds) * 100 + digit(tens) * 10 + digit(ones),
            status_message,
        })
    }
}
