//! Fragments with holes: `method {method} is not allowed by`. No regular expressions, no
//! backtracking: the longest literal is looked for, and the others next to it.

/// How much of a pasted text is looked at.
const LIMIT: usize = 16 * 1024;
/// How much a hole may hold.
const HOLE: usize = 2 * 1024;
/// How many places a fragment is tried at.
const TRIES: usize = 16;

/// What a hole holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Origin,
    Url,
    Header,
    Method,
    Value,
    Status,
}

impl Fact {
    /// URLs and their like hold no space; where there is one, the fragments are of two lines.
    const fn may_hold_spaces(self) -> bool {
        matches!(self, Self::Method | Self::Value)
    }

    /// `{_}` and other names are for what nobody asks for.
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "origin" => Self::Origin,
            "url" => Self::Url,
            "header" => Self::Header,
            "method" => Self::Method,
            "value" => Self::Value,
            "status" => Self::Status,
            _ => return None,
        })
    }
}

/// A pasted text with white space collapsed, control characters gone, and all quotes alike.
pub(super) struct Text {
    plain: String,
    /// The same in lower case, byte for byte at the same places.
    lower: String,
}

/// Where a pattern fits.
#[derive(Debug)]
pub(super) struct Match<'a> {
    start: usize,
    end: usize,
    facts: Vec<(Fact, &'a str)>,
}

impl<'a> Match<'a> {
    pub(super) const fn start(&self) -> usize {
        self.start
    }

    pub(super) const fn end(&self) -> usize {
        self.end
    }

    pub(super) fn facts(&self) -> &[(Fact, &'a str)] {
        &self.facts
    }

    pub(super) fn fact(&self, fact: Fact) -> Option<&'a str> {
        let mut facts = self.facts.iter();
        facts.find(|(one, _)| *one == fact).map(|&(_, value)| value)
    }

    pub(super) const fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

impl Text {
    pub(super) fn new(pasted: &str) -> Self {
        let mut plain = String::new();
        for mut character in pasted.chars() {
            if plain.len() >= LIMIT {
                break;
            }
            if character.is_whitespace() {
                character = ' ';
            }
            if matches!(character, '‘' | '’' | '“' | '”' | '"' | '`' | '´') {
                character = '\'';
            }
            let is_again = character == ' ' && plain.ends_with(' ');
            if !is_again && !character.is_control() {
                plain.push(character);
            }
        }
        let lower = plain.to_ascii_lowercase();
        Self { plain, lower }
    }

    pub(super) fn contains(&self, fragment: &str) -> bool {
        self.lower.contains(fragment)
    }

    /// Finds a pattern, first at or after a place.
    pub(super) fn find(&self, pattern: &str, from: usize) -> Option<Match<'_>> {
        let anchor = parts(pattern)
            .filter(|part| part.is_literal)
            .max_by_key(|part| part.text.len())?;
        let rest = self.lower.get(from..)?;
        rest.match_indices(anchor.text)
            .take(TRIES)
            .find_map(|(place, _)| self.fit(pattern, anchor, from + place))
    }

    /// Lays a pattern over the text with its anchor at a place.
    fn fit(&self, pattern: &str, anchor: Part<'_>, place: usize) -> Option<Match<'_>> {
        let (before, after): (Vec<_>, Vec<_>) = parts(pattern)
            .filter(|part| part.at != anchor.at)
            .partition(|part| part.at < anchor.at);
        let mut facts = Vec::new();
        let mut start = place;
        let mut hole = None;
        for part in before.iter().rev() {
            if !part.is_literal {
                hole = Some(part);
                continue;
            }
            let from = self.floor(start.saturating_sub(HOLE));
            let found = from + self.lower.get(from..start)?.rfind(part.text)?;
            self.fill(&mut facts, hole.take(), found + part.text.len(), start)?;
            start = found;
        }
        let mut end = place + anchor.text.len();
        for part in &after {
            if !part.is_literal {
                hole = Some(part);
                continue;
            }
            let to = self.floor(end.saturating_add(HOLE));
            let found = end + self.lower.get(end..to)?.find(part.text)?;
            self.fill(&mut facts, hole.take(), end, found)?;
            end = found + part.text.len();
        }
        if let Some(hole) = hole {
            let to = self.floor(end.saturating_add(HOLE));
            let to = match hole.text {
                // Nothing says where a number ends but the number itself.
                "status" => end + self.digits(end),
                _ => to,
            };
            self.fill(&mut facts, Some(hole), end, to)?;
            end = to;
        }
        Some(Match { start, end, facts })
    }

    /// Takes what a hole holds; `None` if it may not hold that.
    fn fill<'a>(
        &'a self,
        facts: &mut Vec<(Fact, &'a str)>,
        hole: Option<&Part<'_>>,
        from: usize,
        to: usize,
    ) -> Option<()> {
        let Some(fact) = hole.and_then(|hole| Fact::of(hole.text)) else {
            return Some(());
        };
        let value = self.plain.get(from..to)?.trim_matches([' ', '\'']);
        if value.contains(' ') && !fact.may_hold_spaces() {
            return None;
        }
        facts.push((fact, value));
        Some(())
    }

    fn digits(&self, from: usize) -> usize {
        let rest = self.plain.get(from..).unwrap_or_default();
        rest.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// The nearest place at or before this one that is not inside a character.
    fn floor(&self, place: usize) -> usize {
        let mut place = place.min(self.plain.len());
        while !self.plain.is_char_boundary(place) {
            place -= 1;
        }
        place
    }
}

/// A literal, or a hole by its name.
#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    at: usize,
    is_literal: bool,
    text: &'a str,
}

fn parts(pattern: &str) -> impl Iterator<Item = Part<'_>> {
    let pieces = pattern.split(['{', '}']).enumerate();
    pieces
        .map(|(at, text)| Part {
            at,
            is_literal: at % 2 == 0,
            text,
        })
        .filter(|part| !part.text.is_empty())
}
