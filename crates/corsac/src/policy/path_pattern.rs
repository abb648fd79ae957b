//! Paths of requests, and patterns of them.

use std::fmt;

use super::PathFault;

/// A pattern: literal segments, `*` for one of any kind, and a final `**` for zero or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathPattern(Box<[Segment]>);

/// The order is that of precedence, from left to right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(Box<[u8]>),
    One,
    /// Zero or more, and the last.
    Rest,
}

impl PathPattern {
    pub(super) fn parse(written: &str) -> Result<Self, PathFault> {
        let path = written.strip_prefix('/').ok_or(PathFault::NoSlash)?;
        if !path.bytes().all(is_path_byte) {
            return Err(PathFault::Byte);
        }
        let literal = path.replace('*', "x");
        segments(format!("/{literal}").as_bytes())?;
        let count = path.split('/').count();
        let segment = |(place, segment): (usize, &str)| match segment {
            "**" if place + 1 == count => Ok(Segment::Rest),
            "**" => Err(PathFault::InnerDoubleStar),
            "*" => Ok(Segment::One),
            _ if segment.contains('*') => Err(PathFault::PartialStar),
            _ => Ok(Segment::Literal(segment.as_bytes().into())),
        };
        let segments = path.split('/').enumerate().map(segment);
        segments.collect::<Result<_, _>>().map(Self)
    }

    /// Says whether a path, of whose segments nothing is in doubt, is one of these.
    fn matches<'a>(&self, mut segments: impl Iterator<Item = &'a [u8]>) -> bool {
        for own in &self.0 {
            let segment = match own {
                Segment::Rest => return true,
                Segment::One | Segment::Literal(_) => segments.next(),
            };
            let fits = match (own, segment) {
                (_, None) => false,
                (Segment::Literal(literal), Some(segment)) => **literal == *segment,
                (Segment::One | Segment::Rest, Some(_)) => true,
            };
            if !fits {
                return false;
            }
        }
        segments.next().is_none()
    }

    /// Compares by precedence: literal before `*` before `**`, from left to right.
    pub(super) fn precedence(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

/// What patterns have in common, for who compares maps.
impl PathPattern {
    /// `/**`
    pub(super) fn everything() -> Self {
        Self([Segment::Rest].into())
    }

    pub(super) fn length(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_literal(&self) -> bool {
        self.0.len() == self.literals().count()
    }

    pub(super) fn literals(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Literal(literal) => Some(&**literal),
            Segment::One | Segment::Rest => None,
        })
    }

    /// The paths that both match, which are a pattern again.
    pub(super) fn overlap(&self, other: &Self) -> Option<Self> {
        let mut overlap = Vec::new();
        let (mut own, mut theirs) = (self.0.iter(), other.0.iter());
        loop {
            let segment = match (own.as_slice().first(), theirs.as_slice().first()) {
                (None, None) => break,
                (Some(Segment::Rest), _) => {
                    overlap.extend(theirs.cloned());
                    break;
                }
                (_, Some(Segment::Rest)) => {
                    overlap.extend(own.cloned());
                    break;
                }
                (None, Some(_)) | (Some(_), None) => return None,
                (Some(Segment::One), Some(segment)) | (Some(segment), Some(Segment::One)) => {
                    segment
                }
                (Some(one), Some(other)) if one == other => one,
                (Some(_), Some(_)) => return None,
            };
            overlap.push(segment.clone());
            own.next();
            theirs.next();
        }
        Some(Self(overlap.into()))
    }

    /// What a final `**` stands for as long as it is short: this pattern with so many `*` instead.
    pub(super) fn shorter(&self, longest: usize) -> impl Iterator<Item = Self> {
        let prefix = match self.0.split_last() {
            Some((Segment::Rest, prefix)) => prefix,
            _ => &[],
        };
        let is_rest = self.0.last() == Some(&Segment::Rest);
        // A path has a segment at least.
        let lengths = if is_rest {
            prefix.len().max(1)..longest + 1
        } else {
            0..0
        };
        lengths.map(|length| {
            let mut segments = prefix.to_vec();
            segments.resize(length, Segment::One);
            Self(segments.into())
        })
    }

    /// A path that this pattern and those that cover it match, and no other: `fresh` is no literal
    /// of them, and none of them has more than `longest` segments.
    pub(super) fn example(&self, fresh: &str, longest: usize) -> String {
        let mut path = String::new();
        for segment in &self.0 {
            let (times, segment) = match segment {
                Segment::Literal(literal) => (1, String::from_utf8_lossy(literal)),
                Segment::One => (1, fresh.into()),
                Segment::Rest => (longest + 1, fresh.into()),
            };
            for _ in 0..times {
                path.push('/');
                path.push_str(&segment);
            }
        }
        path
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.0 {
            match segment {
                Segment::Literal(literal) => write!(f, "/{}", String::from_utf8_lossy(literal))?,
                Segment::One => f.write_str("/*")?,
                Segment::Rest => f.write_str("/**")?,
            }
        }
        Ok(())
    }
}

/// A request's path, of whose segments nothing is in doubt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a>(&'a [u8]);

impl<'a> Path<'a> {
    /// `None` for a path that a router may take for another one: what is matched here must be what
    /// is served there.
    pub(super) fn of(raw: &'a [u8]) -> Option<Self> {
        segments(raw).ok()?;
        raw.strip_prefix(b"/").map(Self)
    }

    pub(super) fn is_one_of(self, pattern: &PathPattern) -> bool {
        pattern.matches(self.0.split(|&byte| byte == b'/'))
    }
}

/// Finds what makes a path doubtful.
fn segments(raw: &[u8]) -> Result<(), PathFault> {
    let path = raw.strip_prefix(b"/").ok_or(PathFault::NoSlash)?;
    let mut segments = path.split(|&byte| byte == b'/').peekable();
    while let Some(segment) = segments.next() {
        if segment.is_empty() && segments.peek().is_some() {
            return Err(PathFault::EmptySegment);
        }
        let mut only_dots = !segment.is_empty();
        let mut dots = 0;
        let mut bytes = segment.iter();
        while let Some(&byte) = bytes.next() {
            let meant = match byte {
                b'%' => {
                    let digits = (bytes.next().and_then(hex), bytes.next().and_then(hex));
                    let (Some(high), Some(low)) = digits else {
                        return Err(PathFault::PercentEncoding);
                    };
                    high << 4 | low
                }
                byte => byte,
            };
            if meant == b'\\' || (meant == b'/' && byte == b'%') {
                return Err(PathFault::EncodedSlash);
            }
            only_dots &= meant == b'.';
            dots += 1;
        }
        if only_dots && dots <= 2 {
            return Err(PathFault::DotSegment);
        }
    }
    Ok(())
}

fn hex(digit: &u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#')
}
