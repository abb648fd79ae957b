//! Why paths are no paths of a map.

use std::fmt;

use super::error::fmt_lines;

/// Everything that is wrong with the paths of a [`PolicyMap`](super::PolicyMap); never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathErrors(pub(super) Vec<PathMistake>);

impl PathErrors {
    /// The mistakes.
    pub fn mistakes(&self) -> &[PathMistake] {
        &self.0
    }
}

/// One mistake, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathMistake {
    /// Which policy's, 0-based.
    pub policy: usize,
    /// Which of its paths, 0-based; `None` if it is about all of them.
    pub entry: Option<usize>,
    /// The path as written.
    pub value: String,
    /// What is wrong.
    pub fault: PathFault,
}

/// What is wrong with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathFault {
    /// A policy without any path is for nothing.
    NoPath,
    /// It doesn't begin with `/`.
    NoSlash,
    /// `**` elsewhere than at the end.
    InnerDoubleStar,
    /// A `*` that is not all of its segment.
    PartialStar,
    /// An empty segment elsewhere than at the end.
    EmptySegment,
    /// A segment `.` or `..`, plain or encoded, which clients resolve before they ask.
    DotSegment,
    /// `%2F`, `%5C` or `\`, which routers read differently.
    EncodedSlash,
    /// A `%` without two hexadecimal digits.
    PercentEncoding,
    /// A byte that stands in no path: a query, a fragment, a space, anything not ASCII.
    Byte,
    /// The same path stands here already.
    Duplicate {
        /// Which policy's it is.
        policy: usize,
        /// Which of its paths.
        entry: usize,
    },
}

impl fmt::Display for PathErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_lines(&self.0, f)
    }
}

impl std::error::Error for PathErrors {}

impl fmt::Display for PathMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry {
            Some(_) => write!(f, "paths: {:?}: {}", self.value, self.fault),
            None => write!(f, "paths: {}", self.fault),
        }
    }
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPath => "a policy without a path is for nothing",
            Self::NoSlash => "a path begins with a slash",
            Self::InnerDoubleStar => "`**` stands at the end only",
            Self::PartialStar => "`*` stands for a whole segment",
            Self::EmptySegment => "a segment within a path is not empty",
            Self::DotSegment => "clients resolve `.` and `..` before they ask",
            Self::EncodedSlash => "routers differ on encoded slashes and on backslashes",
            Self::PercentEncoding => "after `%` come two hexadecimal digits",
            Self::Byte => "no path holds such a character; it is percent-encoded",
            Self::Duplicate { .. } => "the same path stands here already",
        })
    }
}
