//! The table, as it is kept in a page for people.

use anyhow::{Context as _, Result};

use super::Table;

const BEGIN: &str = "<!-- table: begin -->\n";
const END: &str = "<!-- table: end -->\n";

impl Table {
    /// The page with this table in the place of its own.
    ///
    /// # Errors
    /// A page without a place for it.
    pub fn written_into(&self, page: &str) -> Result<String> {
        let (before, _, after) = split(page)?;
        Ok(format!("{before}{BEGIN}{self}{END}{after}"))
    }

    /// What the page says otherwise, a cell a line. Versions may differ, and engines that did not run
    /// are passed over.
    ///
    /// # Errors
    /// A page without a table.
    pub fn differences(&self, page: &str) -> Result<Vec<String>> {
        let (_, kept, _) = split(page)?;
        let kept = columns(kept);
        let mut differences = Vec::new();
        for (name, cells) in columns(&self.to_string()) {
            let Some((_, kept)) = kept.iter().find(|(kept, _)| engine(kept) == engine(&name))
            else {
                differences.push(format!("{name}: the page has no such column"));
                continue;
            };
            for (request, cell) in &cells {
                let says = kept.iter().find(|(kept, _)| kept == request);
                let says = says.map(|(_, says)| says.as_str());
                if says != Some(cell) {
                    let says = says.unwrap_or("nothing of it");
                    differences.push(format!(
                        "{name}: {request}: \"{cell}\", the page: \"{says}\""
                    ));
                }
            }
        }
        Ok(differences)
    }
}

fn split(page: &str) -> Result<(&str, &str, &str)> {
    let (before, rest) = page.split_once(BEGIN).context("the page has no table")?;
    let (table, after) = rest
        .split_once(END)
        .context("the page's table has no end")?;
    Ok((before, table, after))
}

type Column = (String, Vec<(String, String)>);

/// The columns of a Markdown table by their heads; each cell with the head of its row.
fn columns(table: &str) -> Vec<Column> {
    let row = |line: &str| -> Vec<String> {
        let line = line.trim().trim_start_matches('|');
        let cells = line.strip_suffix('|').unwrap_or(line).split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let mut rows = table.lines().map(row);
    let heads = rows.next().unwrap_or_default();
    let rows: Vec<_> = rows.skip(1).collect();
    let column = |(place, head): (usize, String)| {
        let cell = |row: &Vec<String>| Some((row.first()?.clone(), row.get(place)?.clone()));
        (head, rows.iter().filter_map(cell).collect())
    };
    heads.into_iter().enumerate().skip(1).map(column).collect()
}

/// A column's head without its version.
fn engine(head: &str) -> &str {
    let digit = head.find(|byte: char| byte.is_ascii_digit());
    head.get(..digit.unwrap_or(head.len()))
        .unwrap_or(head)
        .trim()
}
