//! The tags of a Bikeshed source, each with its place.
//!
//! The Standard is written as HTML that leaves most end tags out, so a tree builder would have to
//! guess where paragraphs end. What [`super::blocks`] needs is less: which tags there are, and
//! where. The tokenizer knows about quotes, comments and attributes without quotes.

use std::collections::BTreeMap;
use std::ops::Range;

use html5gum::{DefaultEmitter, HtmlString, Span, Spanned, Token, Tokenizer};

/// A piece of the source that is not text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) kind: Kind,
    /// Lower-cased element name; empty for a comment.
    pub(super) name: String,
    pub(super) attributes: BTreeMap<String, String>,
    /// Bytes of the source.
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    End,
    Comment,
}

impl Tag {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    /// 2 for `<h2>`, and so on.
    pub(super) fn heading_level(&self) -> Option<u8> {
        match self.name.as_bytes() {
            [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
            _ => None,
        }
    }
}

pub(super) fn tags(source: &str) -> Vec<Tag> {
    let tokens = Tokenizer::new_with_emitter(source, DefaultEmitter::<usize>::new_with_span());
    // Parse errors are no concern: Bikeshed's own notation, `<{form}>`, is one.
    tokens
        .filter_map(|token| token.ok().and_then(tag))
        .collect()
}

fn tag(token: Token<usize>) -> Option<Tag> {
    let (kind, name, attributes, span) = match token {
        Token::StartTag(tag) => (Kind::Start, text(&tag.name), map(&tag.attributes), tag.span),
        Token::EndTag(tag) => (Kind::End, text(&tag.name), BTreeMap::new(), tag.span),
        Token::Comment(comment) => (Kind::Comment, String::new(), BTreeMap::new(), comment.span),
        _ => return None,
    };
    Some(Tag {
        kind,
        name,
        attributes,
        span: range(span),
    })
}

fn map(attributes: &BTreeMap<HtmlString, Spanned<HtmlString>>) -> BTreeMap<String, String> {
    attributes
        .iter()
        .map(|(name, value)| (text(name), text(value)))
        .collect()
}

fn text(bytes: &HtmlString) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn range(span: Span) -> Range<usize> {
    span.start..span.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_hold_exactly_the_tag_or_comment() {
        let source =
            "é <p id=a>x &lt; <!-- no <p> --> <a for=/ lt=\"b > c\">y</a> <{form}>\n</P\n>";
        let seen: Vec<&str> = tags(source)
            .iter()
            .map(|tag| &source[tag.span.clone()])
            .collect();
        assert_eq!(
            seen,
            [
                "<p id=a>",
                "<!-- no <p> -->",
                "<a for=/ lt=\"b > c\">",
                "</a>",
                "</P\n>"
            ]
        );
    }

    #[test]
    fn attributes_without_quotes_and_without_values_are_read() {
        let [tag] = tags("<h4 lt=\"one|two\" dfn id=a?>").try_into().unwrap();
        assert_eq!(tag.heading_level(), Some(4));
        assert_eq!(tag.attribute("lt"), Some("one|two"));
        assert_eq!(tag.attribute("dfn"), Some(""));
        assert_eq!(tag.attribute("id"), Some("a?"));
    }
}
