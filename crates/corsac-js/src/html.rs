//! The scripts of an HTML file.
//!
//! There is no document behind them: what an HTML file is good for here is the order of its scripts,
//! and the few words about itself that scripts ask for.

use std::mem;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// What an HTML file says to a page without a document.
///
/// ```
/// use corsac_js::html::{Html, Source};
/// let html = Html::parse("<title>A page</title><script src=a.js></script><script>b()</script>");
/// assert_eq!(html.title, "A page");
/// assert_eq!(html.scripts[0].source, Source::At("a.js".into()));
/// assert_eq!(html.scripts[1].source, Source::Here("b()".into()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Html {
    /// Its title, trimmed.
    pub title: String,
    /// The `href` of its first `base` that has one.
    pub base: Option<String>,
    /// Name and content of each `meta` that has both, in order.
    pub metas: Vec<(String, String)>,
    /// Its scripts, in the order in which they run.
    pub scripts: Vec<Script>,
}

/// A script of an HTML file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Script {
    /// Where its text is.
    pub source: Source,
    /// Whether it is a module.
    pub is_module: bool,
}

/// Where a script's text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the file itself.
    Here(String),
    /// At this URL, relative to the page's.
    At(String),
}

/// What `type` may say about a classic script; without one it is classic, too.
const CLASSIC: &[&str] = &[
    "",
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

/// Says whether a MIME type is that of JavaScript, by its essence in lower case.
///
/// Source: <https://mimesniff.spec.whatwg.org/#javascript-mime-type>
pub(crate) fn is_javascript_mime_type_essence(essence: &str) -> bool {
    !essence.is_empty() && CLASSIC.contains(&essence)
}

impl Html {
    /// Reads an HTML file; nothing is an error to HTML.
    pub fn parse(text: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        // Otherwise a script's text would be read as tags.
        emitter.naively_switch_states(true);
        let mut html = Self::default();
        let mut deferred = Vec::new();
        let mut open = Open::Nothing;
        for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
            match token {
                Token::StartTag(tag) => match tag.name.as_slice() {
                    b"script" => open = Open::script(&tag),
                    b"title" if html.title.is_empty() => open = Open::Title,
                    b"base" if html.base.is_none() => html.base = attribute(&tag, "href"),
                    b"meta" => {
                        let pair = attribute(&tag, "name").zip(attribute(&tag, "content"));
                        html.metas.extend(pair);
                    }
                    _ => {}
                },
                Token::String(piece) => {
                    let piece = String::from_utf8_lossy(&piece.value);
                    match &mut open {
                        Open::Title => html.title.push_str(&piece),
                        Open::Script { text, .. } => text.push_str(&piece),
                        Open::Nothing => {}
                    }
                }
                Token::EndTag(tag) => {
                    let ends = matches!(tag.name.as_slice(), b"script" | b"title");
                    if !ends {
                        continue;
                    }
                    if let Open::Script {
                        script,
                        text,
                        is_deferred,
                    } = mem::take(&mut open)
                    {
                        let script = script.with(text);
                        match is_deferred {
                            true => deferred.push(script),
                            false => html.scripts.push(script),
                        }
                    }
                }
                _ => {}
            }
        }
        html.scripts.append(&mut deferred);
        html.title = html.title.trim().to_owned();
        html
    }

    /// What the `meta` of this name says.
    pub fn meta(&self, name: &str) -> Option<&str> {
        let mut metas = self.metas.iter();
        let found = metas.find(|(it, _)| it.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }
}

impl Script {
    /// A script in the file has its text only at its end tag.
    fn with(mut self, text: String) -> Self {
        if let Source::Here(here) = &mut self.source {
            *here = text;
        }
        self
    }
}

/// The element whose text is being read.
#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    Title,
    Script {
        script: Script,
        text: String,
        is_deferred: bool,
    },
}

impl Open {
    fn script(tag: &StartTag<()>) -> Self {
        let kind = attribute(tag, "type").unwrap_or_default();
        let kind = kind.trim_ascii().to_ascii_lowercase();
        let is_module = kind == "module";
        let runs = is_module || CLASSIC.contains(&&*kind) && attribute(tag, "nomodule").is_none();
        if !runs {
            return Self::Nothing;
        }
        let source = match attribute(tag, "src") {
            Some(url) => Source::At(url),
            None => Source::Here(String::new()),
        };
        let is_external = matches!(source, Source::At(_));
        let may_wait = is_external && attribute(tag, "defer").is_some();
        Self::Script {
            is_deferred: attribute(tag, "async").is_none() && (is_module || may_wait),
            script: Script { source, is_module },
            text: String::new(),
        }
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(&value.value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripts(text: &str) -> Vec<String> {
        let scripts = Html::parse(text).scripts.into_iter();
        let show = |script: Script| {
            let kind = if script.is_module { "module " } else { "" };
            match script.source {
                Source::Here(text) => format!("{kind}{text}"),
                Source::At(url) => format!("{kind}@{url}"),
            }
        };
        scripts.map(show).collect()
    }

    #[test]
    fn scripts_run_in_their_order() {
        let cases: &[(&str, &[&str])] = &[
            (
                "<script>a</script><p><SCRIPT SRC='b?c=d'></SCRIPT>",
                &["a", "@b?c=d"],
            ),
            (
                "<script>if (a<b) '<p>' && '</p>'</script>",
                &["if (a<b) '<p>' && '</p>'"],
            ),
            ("<script>a &amp; b</script>", &["a &amp; b"]),
            (
                "<script src=a defer></script><script>b</script>",
                &["b", "@a"],
            ),
            (
                "<script type=module>a</script><script>b</script>",
                &["b", "module a"],
            ),
            (
                "<script type=text/plain>a</script><script nomodule>b</script>",
                &[],
            ),
            ("<script type=' Text/JavaScript '>a</script>", &["a"]),
            ("<!-- <script>a</script> --><style><script></style>", &[]),
            ("<script>never ends", &[]),
            ("<script src=a>ignored</script>", &["@a"]),
        ];
        for (text, expected) in cases {
            assert_eq!(scripts(text), *expected, "{text}");
        }
    }

    #[test]
    fn a_page_says_a_few_words_about_itself() {
        let html = Html::parse(
            "<!doctype html><title> a &amp; b\n</title><meta name=Timeout content=long>\
             <base target=x><base href=/c/><svg><title>d</title></svg>",
        );
        assert_eq!(html.title, "a & b");
        assert_eq!(html.base.as_deref(), Some("/c/"));
        assert_eq!(html.meta("timeout"), Some("long"));
        assert_eq!(html.meta("variant"), None);
    }
}
