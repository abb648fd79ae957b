//! The Standard as this task sees it: sections, and in them what is defined.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use anyhow::{Context as _, Result, bail};

use super::anchor;
use super::blocks::{Block, Shape, blocks};
use super::tags::{Kind, Tag, tags};
use super::text::{Lines, digest, words};

#[derive(Debug)]
pub(super) struct Standard {
    /// In the order of the text.
    pub(super) entries: Vec<Entry>,
    sections: Vec<Section>,
    /// Every `id` in the text.
    ids: HashSet<String>,
}

/// An algorithm, a definition outside of any algorithm, or a production of a grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The anchor: the key in the surface file.
    pub(super) id: String,
    /// What the Standard calls it.
    pub(super) title: String,
    pub(super) is_algorithm: bool,
    /// Anchor of the section it is in.
    pub(super) section: String,
    /// What else the same algorithm defines.
    pub(super) also: Vec<String>,
    /// The text it is read with; bytes of the source.
    pub(super) span: Range<usize>,
    /// Of that text.
    pub(super) digest: String,
    pub(super) line: usize,
}

#[derive(Debug)]
struct Section {
    id: String,
    level: u8,
    start: usize,
}

/// A definition as written, before it is known which text it belongs to.
struct Definition {
    id: String,
    title: String,
    at: usize,
}

impl Standard {
    pub(super) fn parse(source: &str) -> Result<Self> {
        let tags = tags(source);
        let lines = Lines::new(source);
        let sections = sections(&tags);
        let blocks = blocks(&tags, source.len()).context("the text is cut short")?;
        let mut definitions = definitions(source, &tags);
        definitions.extend(blocks.iter().flat_map(|block| productions(source, block)));
        definitions.sort_by_key(|definition| definition.at);
        let mut definitions = definitions.into_iter().peekable();

        let mut entries: Vec<Entry> = Vec::new();
        for Block { shape, span } in blocks {
            let line = lines.of(span.start);
            let mut inside = Vec::new();
            while let Some(definition) = definitions.next_if(|next| next.at < span.end) {
                if definition.at < span.start {
                    bail!(
                        "#{} (line {}) is in no block",
                        definition.id,
                        lines.of(definition.at)
                    );
                }
                inside.push(definition);
            }
            let is_algorithm = shape == Shape::Algorithm;
            if is_algorithm && inside.is_empty() {
                bail!("the algorithm in line {line} defines nothing, so it has no name");
            }
            // An algorithm is one entry, whatever it defines on the way.
            let own = if is_algorithm { 1 } else { inside.len() };
            let also: Vec<_> = inside
                .split_off(own)
                .into_iter()
                .map(|more| more.id)
                .collect();
            let section = sections.iter().rfind(|section| section.start < span.end);
            entries.extend(
                inside
                    .into_iter()
                    .map(|Definition { id, title, .. }| Entry {
                        id,
                        title,
                        is_algorithm,
                        section: section.map_or_else(String::new, |section| section.id.clone()),
                        also: also.clone(),
                        span: span.clone(),
                        digest: digest(source, &tags, span.clone()),
                        line,
                    }),
            );
        }
        if let Some(stray) = definitions.next() {
            bail!("#{} (line {}) is in no block", stray.id, lines.of(stray.at));
        }
        unique(&entries)?;
        let ids = tags.iter().filter_map(|tag| tag.attribute("id"));
        let ids = ids.map(str::to_owned).collect();
        Ok(Self {
            entries,
            sections,
            ids,
        })
    }

    /// Whether a link to `#anchor` leads anywhere.
    pub(super) fn has_anchor(&self, anchor: &str) -> bool {
        let defines =
            |entry: &Entry| entry.id == anchor || entry.also.iter().any(|id| id == anchor);
        self.ids.contains(anchor) || self.entries.iter().any(defines)
    }

    /// The bytes of `section`: a section's anchor, or `first..last` for a run of sections, always
    /// with what is below them.
    pub(super) fn range(&self, section: &str) -> Result<Range<usize>> {
        let (first, last) = section.split_once("..").unwrap_or((section, section));
        let start = self.section(first)?.start;
        let last = self.section(last)?;
        let after = self.sections.iter().filter(|next| next.start > last.start);
        let end = after
            .filter(|next| next.level <= last.level)
            .map(|next| next.start)
            .min();
        Ok(start..end.unwrap_or(usize::MAX))
    }

    fn section(&self, id: &str) -> Result<&Section> {
        let section = self.sections.iter().find(|section| section.id == id);
        section.with_context(|| format!("the Standard has no section #{id}"))
    }
}

fn sections(tags: &[Tag]) -> Vec<Section> {
    let starts = tags.iter().filter(|tag| tag.kind == Kind::Start);
    let section = |tag: &Tag| {
        let (id, level) = (tag.attribute("id")?.to_owned(), tag.heading_level()?);
        Some(Section {
            id,
            level,
            start: tag.span.start,
        })
    };
    starts.filter_map(section).collect()
}

/// Every `<dfn>`, and every heading that is one.
fn definitions(source: &str, tags: &[Tag]) -> Vec<Definition> {
    let mut definitions = Vec::new();
    for (index, tag) in tags.iter().enumerate() {
        let heading = tag.heading_level().is_some() && tag.attribute("dfn").is_some();
        if tag.kind != Kind::Start || !(tag.name == "dfn" || heading) {
            continue;
        }
        let rest = tags.get(index + 1..).unwrap_or_default();
        let end = rest
            .iter()
            .find(|end| end.kind == Kind::End && end.name == tag.name);
        let end = end.map_or(source.len(), |end| end.span.start);
        let words = words(source, rest, tag.span.end..end);
        let id = anchor::anchor(tag, &words);
        let title = match tag.attribute("for").filter(|scope| *scope != "/") {
            Some(scope) => format!("{words} ({scope})"),
            None => words,
        };
        definitions.push(Definition {
            id,
            title,
            at: tag.span.start,
        });
    }
    definitions
}

/// Productions of a grammar that are not marked as definitions. They are nonetheless: for most
/// CORS headers that line is the only place that says what a value may look like.
fn productions(source: &str, block: &Block) -> Vec<Definition> {
    let text = source.get(block.span.clone()).unwrap_or_default();
    let mut at = block.span.start;
    let mut productions = Vec::new();
    if block.shape == Shape::Pre && text.contains("lang-abnf") {
        for line in text.split_inclusive('\n') {
            let name = line.split_once('=').map(|(name, _)| name.trim_end());
            if let Some(name) = name.filter(|name| is_rule_name(name)) {
                let id = format!("abnf-{}", name.to_ascii_lowercase());
                productions.push(Definition {
                    id,
                    title: format!("{name} (ABNF)"),
                    at,
                });
            }
            at += line.len();
        }
    }
    productions
}

fn is_rule_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn unique(entries: &[Entry]) -> Result<()> {
    let mut lines = HashMap::new();
    for entry in entries {
        if let Some(before) = lines.insert(&entry.id, entry.line) {
            bail!(
                "#{} is defined in line {before} and in line {}",
                entry.id,
                entry.line
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(source: &str) -> Vec<String> {
        let standard = Standard::parse(source).unwrap();
        standard.entries.into_iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn an_algorithm_is_one_entry_with_all_it_defines() {
        let source = "<h2 id=den>Den</h2><div algorithm><p>To <dfn>dig</dfn> with <dfn for=dig>\n\
                      depth</dfn>:<ol><li>Dig.</ol></div>";
        let standard = Standard::parse(source).unwrap();
        let [entry] = standard.entries.try_into().unwrap();
        assert!(entry.is_algorithm);
        assert_eq!(
            (entry.id.as_str(), entry.section.as_str(), entry.line),
            ("dig", "den", 1)
        );
        assert_eq!(entry.also, ["dig-depth"]);
    }

    #[test]
    fn definitions_of_one_paragraph_share_its_digest() {
        let source = "<p>A <dfn>den</dfn> has an\n<dfn for=den>exit</dfn>.\n<p>A <dfn>fox</dfn>.";
        let [den, exit, fox] = Standard::parse(source).unwrap().entries.try_into().unwrap();
        assert_eq!(den.digest, exit.digest);
        assert_ne!(den.digest, fox.digest);
        assert_eq!((den.line, fox.line), (1, 3));
        assert_eq!(exit.title, "exit (den)");
    }

    #[test]
    fn productions_are_definitions_with_or_without_a_dfn() {
        let source = "<pre><code class=lang-abnf>\nFox-Den = 1#exit\n<dfn>exit</dfn> = \"a\"\n      \
                      / \"=\"\n</code></pre><pre>\nno = grammar</pre>";
        assert_eq!(ids(source), ["abnf-fox-den", "exit"]);
    }

    #[test]
    fn headings_can_be_definitions() {
        let source = "<div algorithm><h3 dfn id=may-dig?>May it dig?</h3><p>Yes.</div>";
        assert_eq!(ids(source), ["may-dig?"]);
    }

    #[test]
    fn comments_define_nothing() {
        assert!(ids("<!-- <p>A <dfn>den</dfn> --><p>b").is_empty());
    }

    #[test]
    fn two_definitions_with_one_anchor_are_an_error() {
        let error = Standard::parse("<p><dfn>den</dfn>\n<p><dfn>Den</dfn>").unwrap_err();
        assert_eq!(error.to_string(), "#den is defined in line 1 and in line 2");
    }

    #[test]
    fn a_section_ends_where_one_of_its_level_begins() {
        let source = "<h2 id=a>A</h2><h3 id=b>B</h3><h4 id=c>C</h4><h3 id=d>D</h3><h2 id=e>E</h2>";
        let standard = Standard::parse(source).unwrap();
        let text = |section: &str| {
            let range = standard.range(section).unwrap();
            source[range.start..range.end.min(source.len())].to_owned()
        };
        assert_eq!(text("b"), "<h3 id=b>B</h3><h4 id=c>C</h4>");
        assert_eq!(
            text("b..d"),
            "<h3 id=b>B</h3><h4 id=c>C</h4><h3 id=d>D</h3>"
        );
        assert_eq!(text("e"), "<h2 id=e>E</h2>");
        assert!(standard.range("b..f").is_err());
    }
}
