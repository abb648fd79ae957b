//! Paragraphs in 80 columns.

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
