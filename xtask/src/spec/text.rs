//! The words of a stretch of source, and their digest.

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use super::tags::{Kind, Tag};

/// The text in `span`, without tags and comments.
pub(super) fn words(source: &str, tags: &[Tag], span: Range<usize>) -> String {
    without(source, tags.iter(), span)
}

/// A digest of everything in `span` but comments and the way lines are broken.
///
/// Tags are part of it: a link that points elsewhere makes another algorithm of the same words.
/// 64 bits suffice, since nobody forges a Standard.
pub(super) fn digest(source: &str, tags: &[Tag], span: Range<usize>) -> String {
    let comments = tags.iter().filter(|tag| tag.kind == Kind::Comment);
    let hash = Sha256::digest(without(source, comments, span));
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// `span` without `tags`, white space collapsed.
fn without<'a>(source: &str, tags: impl Iterator<Item = &'a Tag>, span: Range<usize>) -> String {
    let (mut kept, mut at) = (String::new(), span.start);
    for tag in tags.filter(|tag| span.contains(&tag.span.start)) {
        kept.push_str(source.get(at..tag.span.start).unwrap_or_default());
        at = tag.span.end;
    }
    kept.push_str(source.get(at..span.end).unwrap_or_default());
    kept.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds the line of a byte.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn new(source: &str) -> Self {
        Self(source.match_indices('\n').map(|(at, _)| at).collect())
    }

    pub(super) fn of(&self, at: usize) -> usize {
        self.0.partition_point(|newline| *newline < at) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::super::tags::tags;
    use super::*;

    fn of(source: &str) -> String {
        digest(source, &tags(source), 0..source.len())
    }

    #[test]
    fn a_digest_ignores_comments_and_line_breaks_only() {
        let digest = of("<p>A <a for=fox>den</a> has two exits.");
        assert_eq!(
            digest,
            of("<p>A\n<a for=fox>den</a> has  two <!-- why? --> exits.\n")
        );
        assert_ne!(digest, of("<p>A <a for=fox>den</a> has three exits."));
        assert_ne!(digest, of("<p>A <a for=owl>den</a> has two exits."));
    }

    #[test]
    fn words_are_what_a_reader_sees() {
        let source = "x <code>den<!-- no --> of</code>\n foxes y";
        let words = words(source, &tags(source), 2..source.len() - 2);
        assert_eq!(words, "den of foxes");
    }

    #[test]
    fn lines_count_from_one() {
        let lines = Lines::new("a\nb\n");
        assert_eq!(
            [lines.of(0), lines.of(1), lines.of(2), lines.of(4)],
            [1, 1, 2, 3]
        );
    }
}
