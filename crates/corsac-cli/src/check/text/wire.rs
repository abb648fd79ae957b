//! A header line as it is printed: every byte that is not printable escaped, cut to what matters,
//! broken into rows, and carets under the bytes that failed.

use std::ops::Range;

use super::{
    look::Look,
    page::{escaped, printable},
};

/// How much of a line is shown.
const SHOWN: usize = 240;
/// How much of it before the failing bytes, if they are farther off.
const BEFORE: usize = 40;

/// One row of a header line, and the carets that belong under it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WireRow {
    pub(super) text: String,
    pub(super) carets: Option<String>,
}

/// What is printed for one byte, or for many that are left out.
struct Cell {
    /// The byte's place in the line; `None` for what stands for no single byte.
    at: Option<usize>,
    text: String,
}

/// Lays out `name: value`; `failing` are bytes of the value.
pub(super) fn header_line(
    name: &str,
    value: &str,
    failing: Option<Range<usize>>,
    width: usize,
    look: Look,
) -> Vec<WireRow> {
    let bytes: Vec<char> = name
        .chars()
        .chain(": ".chars())
        .chain(value.chars())
        .collect();
    let offset = name.chars().count() + 2;
    let failing = failing.map(|range| {
        let start = range.start.saturating_add(offset).min(bytes.len());
        let end = range.end.saturating_add(offset).min(bytes.len());
        // Something missing at the end shows there.
        start..end.max(start + 1)
    });
    let cells = cells(&bytes, offset, failing.as_ref(), look);
    let width = width.max(8);
    let mut rows = Vec::new();
    let mut rest = cells.as_slice();
    while !rest.is_empty() {
        let indent = if rows.is_empty() { 0 } else { 2 };
        let (row, after) = rest.split_at(row_length(rest, width - indent));
        rows.push(laid_out(row, indent, failing.as_ref()));
        rest = after;
    }
    // The place after the last byte belongs to the last row.
    if let (Some(failing), Some(row)) = (failing, rows.last_mut())
        && failing.start == bytes.len()
    {
        row.carets = Some(format!("{}^", " ".repeat(row.text.chars().count())));
    }
    rows
}

fn cells(bytes: &[char], offset: usize, failing: Option<&Range<usize>>, look: Look) -> Vec<Cell> {
    let (start, end) = window(bytes.len(), offset, failing);
    let dots = printable("…", look.glyphs);
    let mut cells = Vec::new();
    let bytes = bytes.iter().enumerate();
    let head = if start > 0 { offset.min(BEFORE) } else { 0 };
    cells.extend(bytes.clone().take(head).map(cell));
    if start > head {
        let text = format!("{dots} {} bytes {dots} ", start - head);
        cells.push(Cell { at: None, text });
    }
    let rest = bytes.len() - end;
    cells.extend(bytes.skip(start).take(end - start).map(cell));
    if rest > 0 {
        let text = format!("{dots} {rest} bytes more");
        cells.push(Cell { at: None, text });
    }
    cells
}

/// What is shown of a line that is too long: its start, or the bytes around those that fail.
fn window(length: usize, offset: usize, failing: Option<&Range<usize>>) -> (usize, usize) {
    if length <= SHOWN {
        return (0, length);
    }
    match failing {
        Some(failing) if failing.end.min(failing.start + BEFORE) > SHOWN => {
            let start = failing.start.saturating_sub(BEFORE).max(offset.min(BEFORE));
            (start, length.min(start + SHOWN))
        }
        _ => (0, SHOWN),
    }
}

fn cell((at, &char): (usize, &char)) -> Cell {
    let text = match char {
        ' '..='~' => char.to_string(),
        _ => escaped(char),
    };
    Cell { at: Some(at), text }
}

/// How many cells go into a row: up to a space if there is one in its second half.
fn row_length(cells: &[Cell], width: usize) -> usize {
    let mut used = 0;
    let mut space = None;
    for (count, cell) in cells.iter().enumerate() {
        used += cell.text.chars().count();
        if used > width {
            return space.unwrap_or(count).max(1);
        }
        if cell.text == " " && used > width / 2 {
            space = Some(count + 1);
        }
    }
    cells.len()
}

fn laid_out(row: &[Cell], indent: usize, failing: Option<&Range<usize>>) -> WireRow {
    let mut text = " ".repeat(indent);
    let mut carets = text.clone();
    for cell in row {
        let fails = match (cell.at, failing) {
            (Some(at), Some(failing)) => failing.contains(&at),
            _ => false,
        };
        let sign = if fails { "^" } else { " " };
        carets.push_str(&sign.repeat(cell.text.chars().count()));
        text.push_str(&cell.text);
    }
    let carets = carets.trim_end();
    WireRow {
        text: text.trim_end().to_owned(),
        carets: (!carets.is_empty()).then(|| carets.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::Glyphs;
    use super::*;

    const LOOK: Look = Look {
        width: 80,
        glyphs: Glyphs::Unicode,
        verbose: false,
    };

    fn rows(value: &str, failing: Range<usize>, width: usize) -> Vec<(String, Option<String>)> {
        header_line("A", value, Some(failing), width, LOOK)
            .into_iter()
            .map(|row| (row.text, row.carets))
            .collect()
    }

    fn row(text: &str, carets: Option<&str>) -> (String, Option<String>) {
        (text.to_owned(), carets.map(ToOwned::to_owned))
    }

    #[test]
    fn carets_span_an_escape() {
        assert_eq!(
            rows("a\u{b}b", 1..2, 40),
            [row(r"A: a\x0bb", Some("    ^^^^"))]
        );
    }

    #[test]
    fn carets_follow_their_bytes_into_the_next_row() {
        assert_eq!(
            rows("aaaa bbbb cccc", 10..14, 14),
            [row("A: aaaa bbbb", None), row("  cccc", Some("  ^^^^"))]
        );
    }

    #[test]
    fn what_is_missing_shows_after_the_end() {
        assert_eq!(rows("a,", 2..3, 40), [row("A: a,", Some("     ^"))]);
        assert_eq!(rows("", 0..0, 40), [row("A:", Some("  ^"))]);
    }

    #[test]
    fn a_long_value_is_cut_around_the_failing_byte() {
        let value = format!("{}X{}", "a".repeat(5000), "b".repeat(5000));
        let rows = rows(&value, 5000..5001, 70);
        let all: String = rows.iter().map(|(text, _)| text.trim_start()).collect();
        assert!(all.starts_with("A: … 4960 bytes … aaaa"), "{all}");
        assert!(all.ends_with("bbb… 4801 bytes more"), "{all}");
        let marked = rows.iter().find_map(|(text, carets)| {
            let at = carets.as_ref()?.find('^')?;
            text.chars().nth(at)
        });
        assert_eq!(marked, Some('X'));
    }
}
