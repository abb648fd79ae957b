//! Words on a terminal: 80 columns, and no colour that a word does not say as well.

use anstyle::{AnsiColor, Style};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const ASIDE: Style = AnsiColor::Yellow.on_default().bold();

/// How wide a terminal is taken to be.
const COLUMNS: usize = 80;

/// Breaks text at its spaces so that each line fits behind an indent; a word that is longer than a
/// line stays whole.
pub(crate) fn wrap(text: &str, indent: usize) -> Vec<String> {
    let width = COLUMNS - indent;
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let length = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && length > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Text of others without what moves a cursor or hides a line.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).collect()
}

/// Bytes of others in ASCII, the rest escaped.
pub(crate) fn ascii(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b' '..=b'~' => text.push(byte.into()),
            byte => text.extend(byte.escape_ascii().map(char::from)),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_break_at_spaces() {
        assert_eq!(wrap("a b", 0), ["a b"]);
        assert_eq!(wrap("aa bb cc", 75), ["aa bb", "cc"]);
        assert_eq!(wrap("longer than that", 75), ["longer", "than", "that"]);
        assert_eq!(wrap("a\nb", 0), ["a", "b"]);
    }

    #[test]
    fn nothing_from_outside_moves_the_cursor() {
        assert_eq!(ascii(b"a\x1b[2J\r\xff"), r"a\x1b[2J\r\xff");
        assert_eq!(printable("a\u{1b}[2J\u{9b}1m\u{e9}"), "a[2J1m\u{e9}");
    }
}
