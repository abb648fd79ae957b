//! How many lines of a name there are.

use super::Refusal;

/// The lines of a header that is to have one.
#[derive(Clone, Copy)]
pub(super) enum Lines<'r> {
    None,
    One(&'r [u8]),
    Several,
}

impl<'r> Lines<'r> {
    /// Why an Origin that is not allowed is not.
    #[inline]
    pub(super) fn refusal(self) -> Refusal<'r> {
        match self {
            Self::One(origin) => Refusal::OriginNotAllowed(origin),
            Self::None | Self::Several => Refusal::SeveralOrigins,
        }
    }
}

#[inline]
pub(super) fn one_line<'r>(mut lines: impl Iterator<Item = &'r [u8]>) -> Lines<'r> {
    match (lines.next(), lines.next()) {
        (None, _) => Lines::None,
        (Some(line), None) => Lines::One(line),
        (Some(_), Some(_)) => Lines::Several,
    }
}
