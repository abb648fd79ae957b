//! Examples in documentation: `cargo test` runs them, so they are tests.

use proc_macro2::{TokenStream, TokenTree};
use syn::LitStr;

use super::scan::{Test, words};

/// How the name of an example ends.
pub(super) const EXAMPLE: &str = " (example)";

/// The examples in a file, each under the name of what it documents.
pub(super) fn examples(file: TokenStream) -> Vec<Test> {
    let mut examples = Vec::new();
    read(file, &mut examples);
    examples
}

fn read(tokens: TokenStream, examples: &mut Vec<Test>) {
    let mut tokens = tokens.into_iter().peekable();
    // Of what is around these tokens, and of the item that comes next.
    let (mut inner, mut outer) = (String::new(), String::new());
    let mut is_name_next = false;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                let is_inner = tokens.next_if(|next| next.to_string() == "!").is_some();
                let documentation = if is_inner { &mut inner } else { &mut outer };
                let is_group = |next: &TokenTree| matches!(next, TokenTree::Group(_));
                if let Some(line) = tokens.next_if(is_group).and_then(documentation_line) {
                    documentation.push_str(&line);
                    documentation.push('\n');
                }
            }
            // `const fn` is two of them.
            TokenTree::Ident(word) if ITEMS.contains(&word.to_string().as_str()) => {
                is_name_next = true;
            }
            TokenTree::Ident(name) if is_name_next => {
                finish(&outer, &name.to_string(), examples);
                outer.clear();
                is_name_next = false;
            }
            TokenTree::Group(group) => read(group.stream(), examples),
            _ => {}
        }
    }
    finish(&inner, "module", examples);
}

const ITEMS: [&str; 8] = [
    "const", "enum", "fn", "mod", "static", "struct", "trait", "type",
];

/// The line in `[doc = "…"]`.
fn documentation_line(attribute: TokenTree) -> Option<String> {
    let TokenTree::Group(attribute) = attribute else {
        return None;
    };
    let mut attribute = attribute.stream().into_iter();
    let is_doc = attribute.next()?.to_string() == "doc";
    let line = attribute.nth(1).filter(|_| is_doc)?;
    Some(syn::parse2::<LitStr>(line.into()).ok()?.value())
}

fn finish(documentation: &str, name: &str, examples: &mut Vec<Test>) {
    let mut code: Option<String> = None;
    for line in documentation.lines().map(str::trim) {
        if let Some(kind) = line.strip_prefix("```") {
            let code = match code.take() {
                Some(code) => code,
                None => {
                    let runs = ["", "rust", "should_panic"];
                    let runs = kind.split(',').all(|word| runs.contains(&word.trim()));
                    code = Some(String::new()).filter(|_| runs);
                    continue;
                }
            };
            if let Ok(code) = code.parse::<TokenStream>() {
                examples.push(Test {
                    name: format!("{name}{EXAMPLE}"),
                    words: words(code),
                });
            }
        } else if let Some(code) = &mut code {
            code.push_str(line.strip_prefix("# ").unwrap_or(line));
            code.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_that_run_are_tests_of_what_they_use() {
        let file = r#"
            //! ```
            //! fox::live();
            //! ```
            use fox::den;
            /// Digs.
            ///
            /// ```
            /// # use fox::Den;
            /// assert_eq!(Den::new().dig(), 1);
            /// ```
            /// ```ignore
            /// never()
            /// ```
            #[inline]
            pub fn dig() { let no = "x"; }
            impl Den {
                /// ```
                /// den.sniff();
                /// ```
                pub const fn sniff(&self) {}
            }
        "#;
        let of = |word: &str| -> Vec<String> {
            let examples = examples(file.parse().unwrap()).into_iter();
            let examples = examples.filter(|example| example.words.contains(word));
            examples.map(|example| example.name).collect()
        };
        assert_eq!(of("live"), ["module (example)"]);
        assert_eq!(of("Den"), ["dig (example)"]);
        assert_eq!(of("sniff"), ["sniff (example)"]);
        assert!(of("never").is_empty() && of("no").is_empty());
    }
}
