//! How a report reads.

use std::fmt::{self, Display, Formatter};

use super::report::{Function, Report};
use super::standard::Entry;

/// Algorithm -> function -> tests.
pub(super) struct Table<'a>(pub(super) &'a Report<'a>);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for claimed in &self.0.claimed {
            heading(f, claimed.entry)?;
            for Function { path, place, tests } in &claimed.functions {
                match (place, tests.len()) {
                    (None, _) => writeln!(f, "  {path} -> not found")?,
                    (_, 0) => writeln!(f, "  {path} -> no test")?,
                    (_, 1) => writeln!(f, "  {path} -> 1 test: {}", some(tests))?,
                    (_, n) => writeln!(f, "  {path} -> {n} tests: {}", some(tests))?,
                }
            }
            if !claimed.claim.tests.is_empty() {
                writeln!(f, "  reached by {}", some(&claimed.claim.tests))?;
            }
            if let Some(except) = &claimed.claim.except {
                writeln!(f, "  except {except}")?;
            }
        }
        for (entry, reason) in &self.0.out {
            heading(f, entry)?;
            writeln!(f, "  out: {reason}")?;
        }
        Ok(())
    }
}

/// What is not as it should be, and the count of everything.
impl Display for Report<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let changed: Vec<_> = self.changed().collect();
        section(f, "changed, so read again", &changed, |f, claimed| {
            heading(f, claimed.entry)?;
            claimed
                .functions
                .iter()
                .try_for_each(|Function { path, place, .. }| {
                    writeln!(f, "  {path}  {}", place.as_deref().unwrap_or("not found"))
                })
        })?;
        section(f, "neither claimed nor out", &self.unclaimed, |f, entry| {
            heading(f, entry)
        })?;
        section(f, "gone from the Standard", &self.gone, |f, id| {
            writeln!(f, "#{id}")
        })?;
        let named = |f: &mut Formatter<'_>, (path, ids): (&&str, &Vec<&str>)| {
            writeln!(f, "{path}  for #{}", ids.join(", #"))
        };
        section(f, "claimed by what does not exist", &self.missing, named)?;
        section(f, "claimed and untested", &self.untested, named)?;
        section(
            f,
            "links to nothing in the Standard",
            &self.dead,
            |f, link| writeln!(f, "{}:{}: #{}", link.file.display(), link.line, link.anchor),
        )?;
        let counts = [
            ("claimed", self.claimed.len()),
            ("out", self.out.len()),
            ("changed", changed.len()),
            ("unclaimed", self.unclaimed.len()),
            ("gone", self.gone.len()),
            ("missing", self.missing.len()),
            ("untested", self.untested.len()),
            ("dead links", self.dead.len()),
        ];
        let counts = counts.map(|(what, count)| format!("{count} {what}"));
        writeln!(f, "\n{}", counts.join(", "))
    }
}

fn heading(f: &mut Formatter<'_>, entry: &Entry) -> fmt::Result {
    write!(f, "{}  #{} (line {})", entry.title, entry.id, entry.line)?;
    match entry.also.as_slice() {
        [] => writeln!(f),
        also => writeln!(f, ", with #{}", also.join(", #")),
    }
}

fn section<I: IntoIterator<IntoIter: ExactSizeIterator>>(
    f: &mut Formatter<'_>,
    title: &str,
    rows: I,
    write: impl Fn(&mut Formatter<'_>, I::Item) -> fmt::Result,
) -> fmt::Result {
    let mut rows = rows.into_iter();
    if rows.len() == 0 {
        return Ok(());
    }
    writeln!(f, "\n{title} ({}):", rows.len())?;
    rows.try_for_each(|row| write(f, row))
}

/// The first three.
fn some(names: &[impl AsRef<str>]) -> String {
    let more = if names.len() > 3 { ", …" } else { "" };
    names
        .iter()
        .take(3)
        .map(AsRef::as_ref)
        .collect::<Vec<_>>()
        .join(", ")
        + more
}
