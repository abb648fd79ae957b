//! Blocks: the stretches of text that a definition is read with.
//!
//! An algorithm is one block, whatever it contains. Elsewhere a paragraph is one, together with
//! the lists or table it introduces; so are a list that stands alone, a heading and a `<pre>`.
//! Blocks do not nest, so every definition lies in exactly one.

use std::ops::Range;

use anyhow::{Result, bail};

use super::tags::{Kind, Tag};

/// What a block is, as far as anybody needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Algorithm,
    /// A paragraph, with the lists or the table directly after it.
    Paragraph,
    /// A list or table that no paragraph introduces.
    List,
    /// Preformatted: a grammar, IDL, an example.
    Pre,
    Heading,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) shape: Shape,
    pub(super) span: Range<usize>,
}

pub(super) fn blocks(tags: &[Tag], end: usize) -> Result<Vec<Block>> {
    let mut builder = Builder::default();
    for tag in tags.iter().filter(|tag| tag.kind != Kind::Comment) {
        builder.read(tag);
    }
    if let Some(inside) = builder.inside {
        bail!("<{}> at byte {} is never closed", inside.name, inside.start);
    }
    builder.close(end);
    Ok(builder.done)
}

/// Elements that hold blocks and are none themselves: notes, examples.
const CONTAINERS: [&str; 5] = ["blockquote", "details", "div", "figure", "section"];

#[derive(Default)]
struct Builder {
    done: Vec<Block>,
    /// A block that ends where the next one starts.
    open: Option<(Shape, usize)>,
    /// An element that ends only with its own end tag; paragraphs inside it are part of it.
    inside: Option<Inside>,
}

struct Inside {
    shape: Shape,
    name: String,
    start: usize,
    /// Elements of the same name inside it that are still open.
    depth: usize,
}

impl Builder {
    fn read(&mut self, tag: &Tag) {
        match &mut self.inside {
            Some(inside) if tag.name == inside.name => match tag.kind {
                Kind::Start => inside.depth += 1,
                Kind::End if inside.depth > 0 => inside.depth -= 1,
                Kind::End => self.leave(tag.span.end),
                Kind::Comment => {}
            },
            Some(_) => {}
            None if tag.kind == Kind::Start => self.start(tag),
            None if CONTAINERS.contains(&tag.name.as_str()) => self.close(tag.span.start),
            None => {}
        }
    }

    fn start(&mut self, tag: &Tag) {
        let start = tag.span.start;
        match tag.name.as_str() {
            "div" if tag.attribute("algorithm").is_some() => self.enter(Shape::Algorithm, tag),
            "ul" | "ol" | "dl" | "table" => self.enter(Shape::List, tag),
            "pre" => self.enter(Shape::Pre, tag),
            "p" => {
                self.close(start);
                self.open = Some((Shape::Paragraph, start));
            }
            "hr" => self.close(start),
            name if CONTAINERS.contains(&name) => self.close(start),
            _ if tag.heading_level().is_some() => {
                self.close(start);
                self.open = Some((Shape::Heading, start));
            }
            _ => {}
        }
    }

    fn enter(&mut self, shape: Shape, tag: &Tag) {
        // A list belongs to the paragraph before it, and so does a second one after that.
        let introduced = shape == Shape::List && matches!(self.open, Some((Shape::Paragraph, _)));
        if !introduced {
            self.close(tag.span.start);
        }
        let (name, start) = (tag.name.clone(), tag.span.start);
        self.inside = Some(Inside {
            shape,
            name,
            start,
            depth: 0,
        });
    }

    fn leave(&mut self, end: usize) {
        let Some(inside) = self.inside.take() else {
            return;
        };
        if self.open.is_none() {
            self.done.push(Block {
                shape: inside.shape,
                span: inside.start..end,
            });
        }
    }

    fn close(&mut self, end: usize) {
        if let Some((shape, start)) = self.open.take() {
            self.done.push(Block {
                shape,
                span: start..end,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tags::tags;
    use super::*;

    fn shapes(source: &str) -> Vec<(Shape, &str)> {
        let blocks = blocks(&tags(source), source.len()).unwrap();
        blocks
            .into_iter()
            .map(|block| (block.shape, source[block.span].trim()))
            .collect()
    }

    #[test]
    fn an_algorithm_ends_with_its_own_div() {
        let source = "<p>a<div algorithm><p>b<div><p>c</div><ol><li>d</ol></div><p>e";
        assert_eq!(
            shapes(source),
            [
                (Shape::Paragraph, "<p>a"),
                (
                    Shape::Algorithm,
                    "<div algorithm><p>b<div><p>c</div><ol><li>d</ol></div>"
                ),
                (Shape::Paragraph, "<p>e"),
            ]
        );
    }

    #[test]
    fn a_paragraph_takes_the_lists_directly_after_it() {
        let source = "<p>a<ul><li><p>b<ul><li>c</ul></ul><dl><dt>d</dl><p>e<hr><ol><li>f</ol>";
        assert_eq!(
            shapes(source),
            [
                (
                    Shape::Paragraph,
                    "<p>a<ul><li><p>b<ul><li>c</ul></ul><dl><dt>d</dl>"
                ),
                (Shape::Paragraph, "<p>e"),
                (Shape::List, "<ol><li>f</ol>"),
            ]
        );
    }

    #[test]
    fn a_grammar_stands_alone() {
        let source = "<h3>T</h3><p>a<pre>x = y</pre><div class=note><p>b</div> tail <p>c";
        assert_eq!(
            shapes(source),
            [
                (Shape::Heading, "<h3>T</h3>"),
                (Shape::Paragraph, "<p>a"),
                (Shape::Pre, "<pre>x = y</pre>"),
                (Shape::Paragraph, "<p>b"),
                (Shape::Paragraph, "<p>c"),
            ]
        );
    }

    #[test]
    fn a_text_cut_short_is_an_error() {
        assert!(blocks(&tags("<div algorithm><p>a"), 19).is_err());
    }
}
