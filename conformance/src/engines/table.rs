use std::fmt;

use super::{CASES, Deviation, Engine};

/// What every engine did with every case.
#[derive(Debug, Default)]
pub struct Table {
    columns: Vec<(String, Vec<Vec<Deviation>>)>,
    missing: Vec<Engine>,
}

impl Table {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn add(&mut self, version: String, cells: Vec<Vec<Deviation>>) {
        self.columns.push((version, cells));
    }

    pub(super) fn miss(&mut self, engine: Engine) {
        self.missing.push(engine);
    }

    pub(super) fn rows(&self) -> usize {
        let rows = self.columns.iter().map(|(_, cells)| cells.len());
        rows.min().unwrap_or_default()
    }

    /// The engines that are not installed.
    pub fn missing(&self) -> &[Engine] {
        &self.missing
    }

    /// The columns, each with how many cases went otherwise than the policy says.
    pub fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.columns.iter().map(|(version, cells)| {
            let count = cells.iter().filter(|cell| !cell.is_empty()).count();
            (version.as_str(), count)
        })
    }
}

/// As Markdown. What a column has in every row is said once.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let always: Vec<Vec<_>> = self
            .columns
            .iter()
            .map(|(_, cells)| common(cells))
            .collect();
        write!(f, "| request |")?;
        for (version, _) in &self.columns {
            write!(f, " {version} |")?;
        }
        writeln!(f, "\n|---|{}", "---|".repeat(self.columns.len()))?;
        write!(f, "| *all of them* |")?;
        for always in &always {
            write_cell(f, always)?;
        }
        writeln!(f)?;
        for (row, case) in CASES.iter().enumerate() {
            write!(f, "| {} |", case.name)?;
            for ((_, cells), always) in self.columns.iter().zip(&always) {
                let mut cell = cells.get(row).cloned().unwrap_or_default();
                cell.retain(|deviation| !always.contains(deviation));
                write_cell(f, &cell)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn common(cells: &[Vec<Deviation>]) -> Vec<Deviation> {
    let mut common = cells.first().cloned().unwrap_or_default();
    common.retain(|deviation| cells.iter().all(|cell| cell.contains(deviation)));
    common
}

fn write_cell(f: &mut fmt::Formatter<'_>, cell: &[Deviation]) -> fmt::Result {
    let words: Vec<_> = cell.iter().map(ToString::to_string).collect();
    match words.is_empty() {
        true => write!(f, " |"),
        false => write!(f, " {} |", words.join(", ")),
    }
}
