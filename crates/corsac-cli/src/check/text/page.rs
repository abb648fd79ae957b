//! Text that grows line by line: paragraphs, and two columns side by side.

use std::fmt::Write as _;

use anstyle::Style;
use textwrap::{WordSeparator, WordSplitter, WrapAlgorithm};

use super::look::{Glyphs, Look};

/// Where the words of a labelled paragraph begin.
const LABELLED: usize = 15;
/// The longest word: more than that of a URL is seldom read.
const LONGEST_WORD: usize = 160;
/// The longest paragraph.
const LONGEST_TEXT: usize = 1500;

/// One line in the making. Whatever is put into it becomes printable first.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    glyphs: Glyphs,
    spans: Vec<(Style, String)>,
}

/// What is printed, so far.
pub(crate) struct Page {
    pub(super) look: Look,
    out: String,
}

impl Row {
    pub(crate) fn plain(self, text: &str) -> Self {
        self.styled(Style::new(), text)
    }

    pub(crate) fn styled(mut self, style: Style, text: &str) -> Self {
        if !text.is_empty() {
            let text = printable(text, self.glyphs);
            self.spans.push((style, text));
        }
        self
    }

    /// Spaces up to a column, and at least `gap`.
    pub(crate) fn to(self, column: usize, gap: usize) -> Self {
        let spaces = column.saturating_sub(self.width()).max(gap);
        self.plain(&" ".repeat(spaces))
    }

    /// Every character that can be in a row is one column wide.
    pub(super) fn width(&self) -> usize {
        self.spans
            .iter()
            .map(|(_, text)| text.chars().count())
            .sum()
    }

    fn indent(&self) -> usize {
        let text = self.spans.iter().flat_map(|(_, text)| text.chars());
        text.take_while(|char| *char == ' ').count()
    }

    /// The row up to a space, the last that fits or else the first, and the rest, indented.
    fn broken(&self, width: usize, indent: usize) -> Option<(Self, Self)> {
        let text = self.spans.iter().flat_map(|(_, text)| text.chars());
        let mut spaces = text
            .enumerate()
            .skip(self.indent())
            .filter(|(_, char)| *char == ' ');
        let (first, _) = spaces.next()?;
        let fitting = spaces.map(|(at, _)| at).take_while(|at| *at <= width);
        let at = fitting.last().unwrap_or(first);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut passed = 0;
        for (style, text) in &self.spans {
            let here = text.char_indices().nth(at.saturating_sub(passed));
            let (head, tail) = text.split_at(here.map_or(text.len(), |(at, _)| at));
            passed += text.chars().count();
            let tail = if after.is_empty() {
                tail.trim_start()
            } else {
                tail
            };
            before.push((*style, head.to_owned()));
            if !tail.is_empty() {
                after.push((*style, tail.to_owned()));
            }
        }
        let glyphs = self.glyphs;
        let head = Self {
            glyphs,
            spans: before,
        };
        let mut tail = Self {
            glyphs,
            spans: Vec::new(),
        }
        .to(indent, 0);
        tail.spans.extend(after);
        Some((head, tail))
    }
}

impl Page {
    pub(crate) const fn new(look: Look) -> Self {
        let out = String::new();
        Self { look, out }
    }

    pub(crate) fn into_text(self) -> String {
        self.out
    }

    pub(crate) const fn row(&self) -> Row {
        Row {
            glyphs: self.look.glyphs,
            spans: Vec::new(),
        }
    }

    /// A line; if it is too long, broken at its spaces.
    pub(super) fn line(&mut self, row: &Row) {
        let mut row = row.clone();
        let indent = (row.indent() + 2).min(self.look.width / 4);
        while row.width() > self.look.width {
            let Some((head, tail)) = row.broken(self.look.width, indent) else {
                break;
            };
            self.unbroken(head);
            row = tail;
        }
        self.unbroken(row);
    }

    /// A line that people copy: it stays whole. White space at its end goes.
    pub(crate) fn unbroken(&mut self, mut row: Row) {
        while let Some((_, text)) = row.spans.last_mut() {
            text.truncate(text.trim_end().len());
            match text.is_empty() {
                true => _ = row.spans.pop(),
                false => break,
            }
        }
        for (style, text) in row.spans {
            // Writing to a string can't fail.
            let _ = write!(self.out, "{style}{text}{style:#}");
        }
        self.out.push('\n');
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A paragraph, indented.
    pub(super) fn paragraph(&mut self, indent: usize, style: Style, text: &str) {
        let start = " ".repeat(indent);
        for line in wrap(text, self.look.width.saturating_sub(indent), self.look) {
            let row = self.row().plain(&start).styled(style, &line);
            self.line(&row);
        }
    }

    /// A word that names a paragraph, and the paragraph beside it.
    pub(super) fn labelled(&mut self, style: Style, label: &str, text: &str) {
        let mut label = label;
        for line in wrap(text, self.look.width.saturating_sub(LABELLED), self.look) {
            let row = self.row().plain("     ").styled(style, label);
            let row = row.to(LABELLED, 1).plain(&line);
            self.line(&row);
            label = "";
        }
    }

    /// A line of its own below a labelled paragraph, not broken: to be copied.
    pub(super) fn below(&mut self, row: impl FnOnce(Row) -> Row) {
        let row = row(self.row().to(LABELLED, 0));
        self.line(&row);
    }

    /// Two columns. The right one begins beside the left one's first row that leaves it the room
    /// for all its rows.
    pub(super) fn beside(&mut self, left: Vec<Row>, right: Vec<Row>, column: usize) {
        let fits = |start: usize| {
            let beside = left.iter().skip(start).take(right.len());
            beside.clone().all(|row| row.width() + 2 <= column)
        };
        let start = (0..left.len())
            .find(|&start| fits(start))
            .unwrap_or(left.len());
        let rows = left.len().max(start + right.len());
        let (mut left, mut right) = (left.into_iter(), right.into_iter());
        for at in 0..rows {
            let mut row = left.next().unwrap_or_else(|| self.row());
            if let Some(words) = (at >= start).then(|| right.next()).flatten() {
                row = row.to(column, 0);
                row.spans.extend(words.spans);
            }
            self.line(&row);
        }
    }
}

/// Breaks a text at its spaces; words stay whole.
pub(super) fn wrap(text: &str, width: usize, look: Look) -> Vec<String> {
    wrapped(&clipped(&printable(text, look.glyphs), look), width, false)
}

/// Breaks a text to fit, words too.
pub(super) fn wrap_to_fit(text: &str, width: usize, look: Look) -> Vec<String> {
    wrapped(&clipped(&printable(text, look.glyphs), look), width, true)
}

fn wrapped(text: &str, width: usize, break_words: bool) -> Vec<String> {
    let options = textwrap::Options::new(width.max(1))
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(break_words);
    textwrap::wrap(text, options)
        .into_iter()
        .map(|line| line.into_owned())
        .collect()
}

/// A text that moves no cursor: ASCII and our own signs, all else escaped.
pub(super) fn printable(text: &str, glyphs: Glyphs) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match (char, glyphs.draw(char)) {
            (' '..='~', _) => shown.push(char),
            (_, Some(drawn)) => shown.push_str(drawn),
            ('\0'..='\u{ff}', None) => shown.push_str(&escaped(char)),
            (_, None) => shown.extend(char.escape_unicode()),
        }
    }
    shown
}

/// The escape of a character that stands for a byte.
pub(super) fn escaped(char: char) -> String {
    match u8::try_from(char) {
        Ok(byte) => byte.escape_ascii().to_string(),
        Err(_) => char.escape_unicode().to_string(),
    }
}

/// A text whose words, and which itself, are not longer than anybody reads.
pub(super) fn clipped(text: &str, look: Look) -> String {
    let more = |of: &str, count: usize| {
        let dots = look.glyphs.draw('…').unwrap_or_default();
        format!("{of}{dots} {count} more")
    };
    let words: Vec<_> = text
        .split(' ')
        .map(|word| match word.char_indices().nth(LONGEST_WORD) {
            Some((at, _)) => {
                let (start, rest) = word.split_at(at);
                more(start, rest.chars().count())
            }
            None => word.to_owned(),
        })
        .collect();
    let text = words.join(" ");
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((at, _)) => {
            let (start, rest) = text.split_at(at);
            more(start, rest.chars().count())
        }
        None => text,
    }
}
