//! The surface file: what the Standard defines, and who answers for it here.
//!
//! Written by hand, but for the digests. Edited in place, so that comments and order survive.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Context as _, Result, bail, ensure};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use super::standard::Entry;

pub(super) struct Surface {
    document: DocumentMut,
    /// Where every definition must be listed, not only every algorithm. See `Standard::range`.
    pub(super) sections: Vec<String>,
    /// In the order of the file.
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    /// The anchor.
    pub(super) id: String,
    pub(super) standing: Standing,
}

pub(super) enum Standing {
    /// Listed by `--update`, and nobody has decided yet.
    Unclaimed,
    Claimed(Claim),
    /// Nothing here does it, for this reason.
    Out(String),
}

pub(super) struct Claim {
    /// Rust paths.
    pub(super) by: Vec<String>,
    /// Tests that reach the functions without naming them.
    pub(super) tests: Vec<String>,
    /// What of it is nonetheless left out.
    pub(super) except: Option<String>,
    /// Of the text as it was when somebody last read it.
    pub(super) digest: Option<String>,
}

impl Surface {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let document: DocumentMut = text.parse()?;
        let sections = strings(document.get("sections"), "sections")?;
        let reasons = reasons(document.get("reasons"))?;
        let mut rows: Vec<Row> = Vec::new();
        let mut seen = HashSet::new();
        for (group, item) in table(document.get("surface"), "surface")?.iter() {
            for (id, item) in table(Some(item), group)?.iter() {
                ensure!(seen.insert(id.to_owned()), "{id} is listed twice");
                let standing = standing(item, &reasons).with_context(|| id.to_owned())?;
                rows.push(Row {
                    id: id.to_owned(),
                    standing,
                });
            }
        }
        Ok(Self {
            document,
            sections,
            rows,
        })
    }

    /// Lists an entry that nobody has claimed yet, unless it is listed.
    /// The rows, as if the text were still the one that was read.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let entry = |row: &Row| Entry {
            id: row.id.clone(),
            title: String::new(),
            is_algorithm: false,
            section: String::new(),
            also: Vec::new(),
            span: 0..0,
            digest: match &row.standing {
                Standing::Claimed(claim) => claim.digest.clone().unwrap_or_default(),
                Standing::Out(_) | Standing::Unclaimed => String::new(),
            },
            line: 0,
        };
        self.rows.iter().map(entry).collect()
    }

    pub(super) fn add(&mut self, section: &str, id: &str) -> Result<()> {
        if self.rows.iter().any(|row| row.id == id) {
            return Ok(());
        }
        let mut row = InlineTable::new();
        row.insert("by", Value::Array(Array::new()));
        let surface = self
            .document
            .get_mut("surface")
            .and_then(Item::as_table_like_mut);
        let surface = surface.context("the surface file has no [surface]")?;
        let group = surface
            .entry(section)
            .or_insert_with(|| Item::Table(Table::new()));
        let group = group
            .as_table_like_mut()
            .context("a section of [surface] is no table")?;
        group.insert(id, value(row));
        self.rows.push(Row {
            id: id.to_owned(),
            standing: Standing::Unclaimed,
        });
        Ok(())
    }

    /// Records that the text with this digest has been read.
    pub(super) fn set_digest(&mut self, id: &str, digest: &str) {
        let surface = self
            .document
            .get_mut("surface")
            .and_then(Item::as_table_like_mut);
        let mut groups = surface.into_iter().flat_map(|surface| surface.iter_mut());
        let row = groups.find_map(|(_, group)| group.as_table_like_mut()?.get_mut(id));
        if let Some(row) = row.and_then(Item::as_table_like_mut) {
            row.insert("digest", value(digest));
            row.fmt();
        }
        for row in self.rows.iter_mut().filter(|row| row.id == id) {
            if let Standing::Claimed(claim) = &mut row.standing {
                claim.digest = Some(digest.to_owned());
            }
        }
    }

    pub(super) fn set_commit(&mut self, commit: &str) {
        match self.document.get_mut("commit") {
            // In place, since the comment above it belongs to the key.
            Some(item) => *item = value(commit),
            None => drop(self.document.insert("commit", value(commit))),
        }
    }
}

impl std::fmt::Display for Surface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.document.fmt(f)
    }
}

fn reasons(item: Option<&Item>) -> Result<BTreeMap<String, String>> {
    let mut reasons = BTreeMap::new();
    for (name, item) in item
        .map(|item| table(Some(item), "reasons"))
        .transpose()?
        .into_iter()
        .flat_map(TableLike::iter)
    {
        reasons.insert(name.to_owned(), string(item, name)?);
    }
    Ok(reasons)
}

fn standing(item: &Item, reasons: &BTreeMap<String, String>) -> Result<Standing> {
    let row = item.as_table_like().context("must be a table")?;
    let known = ["by", "tests", "except", "digest", "out"];
    if let Some((key, _)) = row.iter().find(|(key, _)| !known.contains(key)) {
        bail!("unknown key {key:?}; known are {}", known.join(", "));
    }
    if let Some(out) = row.get("out") {
        ensure!(row.len() == 1, "is out, so it has no other key");
        let reason = string(out, "out")?;
        return match reasons.get(&reason) {
            Some(named) => Ok(Standing::Out(named.clone())),
            None if reason.contains(' ') => Ok(Standing::Out(reason)),
            None => bail!("[reasons] has no {reason:?}"),
        };
    }
    let by = strings(row.get("by"), "by")?;
    if by.is_empty() {
        return Ok(Standing::Unclaimed);
    }
    Ok(Standing::Claimed(Claim {
        by,
        tests: row
            .get("tests")
            .map(|tests| strings(Some(tests), "tests"))
            .transpose()?
            .unwrap_or_default(),
        except: row
            .get("except")
            .map(|except| string(except, "except"))
            .transpose()?,
        digest: row
            .get("digest")
            .map(|digest| string(digest, "digest"))
            .transpose()?,
    }))
}

fn table<'a>(item: Option<&'a Item>, name: &str) -> Result<&'a dyn TableLike> {
    item.and_then(Item::as_table_like)
        .with_context(|| format!("[{name}] must be a table"))
}

fn string(item: &Item, name: &str) -> Result<String> {
    let string = item
        .as_str()
        .with_context(|| format!("{name} must be a string"))?;
    Ok(string.to_owned())
}

fn strings(item: Option<&Item>, name: &str) -> Result<Vec<String>> {
    let array = item.and_then(Item::as_array);
    let array = array.with_context(|| format!("{name} must be an array of strings"))?;
    let string = |value: &Value| value.as_str().map(str::to_owned);
    array
        .iter()
        .map(string)
        .collect::<Option<_>>()
        .with_context(|| format!("{name} must hold strings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"# A comment.
commit = "0"
sections = ["den"]

[reasons]
owls = "Owls are out."

[surface.den]
# Why this one is hard.
dig = { by = ["fox::dig"], digest = "old" } # tail
exit = { by = ["fox::Den::exit"], except = "the second one" }
hoot = { out = "owls" }
fly = { out = "Foxes do not." }
new = { by = [] }
"#;

    #[test]
    fn rows_are_claimed_out_or_open() {
        let surface = Surface::parse(FILE).unwrap();
        let told: Vec<String> = surface
            .rows
            .iter()
            .map(|row| match &row.standing {
                Standing::Unclaimed => format!("{}?", row.id),
                Standing::Out(reason) => format!("{}: {reason}", row.id),
                Standing::Claimed(claim) => format!("{} by {}", row.id, claim.by.join(", ")),
            })
            .collect();
        assert_eq!(
            told,
            [
                "dig by fox::dig",
                "exit by fox::Den::exit",
                "hoot: Owls are out.",
                "fly: Foxes do not.",
                "new?"
            ]
        );
        assert_eq!(surface.sections, ["den"]);
    }

    #[test]
    fn an_update_keeps_what_people_wrote() {
        let mut surface = Surface::parse(FILE).unwrap();
        surface.set_digest("dig", "new");
        surface.set_digest("exit", "first");
        surface.add("den", "sleep").unwrap();
        surface.add("sett", "a?").unwrap();
        surface.set_commit("1");
        let expected = FILE
            .replace("\"old\"", "\"new\"")
            .replace("second one\" }", "second one\", digest = \"first\" }")
            .replace("commit = \"0\"", "commit = \"1\"")
            + "sleep = { by = [] }\n\n[surface.sett]\n\"a?\" = { by = [] }\n";
        assert_eq!(surface.to_string(), expected);
        assert!(Surface::parse(&expected).is_ok());
    }

    #[test]
    fn mistakes_name_their_row() {
        for (row, problem) in [
            ("dig = 1", "dig: must be a table"),
            (
                "dig = { by = \"fox::dig\" }",
                "dig: by must be an array of strings",
            ),
            (
                "dig = { out = \"badgers\" }",
                "dig: [reasons] has no \"badgers\"",
            ),
            (
                "dig = { out = \"Not us.\", digest = \"0\" }",
                "dig: is out, so it has no other key",
            ),
            (
                "dig = { by = [], why = \"\" }",
                "dig: unknown key \"why\"; known are by, tests, except, digest, out",
            ),
            (
                "dig = { by = [] }\n[surface.sett]\ndig = { by = [] }",
                "dig is listed twice",
            ),
        ] {
            let file = format!("sections = []\n[surface.den]\n{row}\n");
            let error = Surface::parse(&file).err().unwrap();
            assert_eq!(format!("{error:#}"), problem);
        }
    }
}
