//! The name under which the Standard, once built, can be linked to.
//!
//! An anchor is written in the source or made by Bikeshed from the words. Making the same ones
//! gives keys that are stable, that a browser can open, and that need no list of our own.

use super::tags::Tag;

/// The anchor of a definition whose words are `words`.
pub(super) fn anchor(tag: &Tag, words: &str) -> String {
    if let Some(id) = tag.attribute("id") {
        return id.to_owned();
    }
    let words = first(tag.attribute("lt"), '|').unwrap_or(words);
    let scope = first(tag.attribute("for"), ',').filter(|scope| *scope != "/");
    let idl = IDL.iter().any(|kind| tag.attribute(kind).is_some());
    // `append(name, value)` is #dom-headers-append.
    let words = match words.split_once('(') {
        Some((name, _)) if idl => name,
        _ => words,
    };
    let parts = [idl.then_some("dom"), scope, Some(words)];
    slug(&parts.into_iter().flatten().collect::<Vec<_>>().join("-"))
}

/// Kinds of definition that belong to IDL: theirs are the anchors that start with `dom-`.
const IDL: [&str; 7] = [
    "attribute",
    "constructor",
    "const",
    "dict-member",
    "enum-value",
    "event",
    "method",
];

/// `lt` and `for` may hold several; the first names the anchor.
fn first(attribute: Option<&str>, separator: char) -> Option<&str> {
    attribute?
        .split(separator)
        .next()
        .map(str::trim)
        .filter(|first| !first.is_empty())
}

fn slug(words: &str) -> String {
    let mut slug = String::with_capacity(words.len());
    for c in words.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || c == '-' || c == '_' => slug.push(c),
            c if (c.is_ascii_whitespace() || "/(,".contains(c)) && !slug.ends_with('-') => {
                slug.push('-');
            }
            _ => {}
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::tags::tags;
    use super::*;

    fn anchor_of(tag: &str, words: &str) -> String {
        anchor(tags(tag).first().unwrap(), words)
    }

    #[test]
    fn an_id_wins() {
        assert_eq!(
            anchor_of("<dfn for=fox id=concept-fox-den>", "den"),
            "concept-fox-den"
        );
    }

    #[test]
    fn words_are_qualified_by_what_they_are_for() {
        assert_eq!(
            anchor_of("<dfn export>", "CORS-safe `Fox` den"),
            "cors-safe-fox-den"
        );
        assert_eq!(anchor_of("<dfn for=\"fox den\">", "exit"), "fox-den-exit");
        assert_eq!(anchor_of("<dfn for=fox/den>", "exit"), "fox-den-exit");
        assert_eq!(anchor_of("<dfn for=/>", "exit"), "exit");
        assert_eq!(
            anchor_of("<dfn for=fox lt=\"dig, dig|digging\">", "digs"),
            "fox-dig-dig"
        );
    }

    #[test]
    fn methods_lose_their_arguments() {
        assert_eq!(
            anchor_of("<dfn method for=Fox>", "dig(depth, width)"),
            "dom-fox-dig"
        );
        assert_eq!(
            anchor_of("<dfn attribute for=Fox>", "denSize"),
            "dom-fox-densize"
        );
    }
}
