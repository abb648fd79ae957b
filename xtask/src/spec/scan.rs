//! What one Rust file defines, and which tests are in it.
//!
//! Parsed with `syn`: claims name methods, fields and nested modules, which a search for `fn NAME`
//! cannot tell apart, and clap's derive has it compiled anyway.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Fields, ImplItem, Item, TraitItem, Type, UseTree, Visibility};

use super::examples::examples;

/// A file, read.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Full path of each thing defined, outside of `#[cfg(test)]`.
    pub(super) items: Vec<Found>,
    pub(super) exports: Vec<Export>,
    pub(super) tests: Vec<Test>,
    /// Each function outside of tests, with the words in it.
    pub(super) bodies: Vec<(String, BTreeSet<String>)>,
    /// Every identifier in the file.
    pub(super) words: BTreeSet<String>,
    /// What tests may call on their way: helpers and macros, with the words in each.
    helpers: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) is_function: bool,
    pub(super) line: usize,
}

/// A `pub use`, with both paths in full: code is claimed under the name that users see.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Export {
    pub(super) name: String,
    pub(super) target: String,
}

#[derive(Debug)]
pub(super) struct Test {
    pub(super) name: String,
    /// Every identifier in it, and in the helpers of its file that it uses.
    pub(super) words: BTreeSet<String>,
}

/// `module` is the path of the file's own module; `for_tests` says that nothing else is in it.
pub(super) fn scan(source: &str, module: &str, for_tests: bool) -> syn::Result<Scan> {
    let file = syn::parse_file(source)?;
    let mut scan = Scan {
        words: words(file.to_token_stream()),
        ..Scan::default()
    };
    scan.items(&file.items, module, for_tests);
    scan.tests.extend(examples(file.to_token_stream()));
    let Scan { tests, helpers, .. } = &mut scan;
    for test in tests {
        reach(&mut test.words, helpers);
    }
    Ok(scan)
}

impl Scan {
    fn items(&mut self, items: &[Item], module: &str, for_tests: bool) {
        for item in items {
            self.item(item, module, for_tests);
        }
    }

    fn item(&mut self, item: &Item, module: &str, for_tests: bool) {
        match item {
            Item::Mod(inner) => {
                if let Some((_, items)) = &inner.content {
                    let for_tests = for_tests || is_cfg_test(&inner.attrs);
                    self.items(items, &format!("{module}::{}", inner.ident), for_tests);
                }
            }
            Item::Fn(f) => {
                let body = f.block.to_token_stream();
                self.function(&f.attrs, &f.sig.ident, body, module, for_tests);
            }
            Item::Impl(block) => {
                let Type::Path(path) = &*block.self_ty else {
                    return;
                };
                let Some(name) = path.path.segments.last() else {
                    return;
                };
                let of = format!("{module}::{}", name.ident);
                for item in &block.items {
                    if let ImplItem::Fn(f) = item {
                        let body = f.block.to_token_stream();
                        self.function(&f.attrs, &f.sig.ident, body, &of, for_tests);
                    } else if let ImplItem::Const(constant) = item {
                        self.found(&constant.ident, &of, false, for_tests);
                    }
                }
            }
            Item::Trait(block) => {
                self.found(&block.ident, module, false, for_tests);
                let of = format!("{module}::{}", block.ident);
                for item in &block.items {
                    if let TraitItem::Fn(f) = item {
                        self.found(&f.sig.ident, &of, true, for_tests);
                    }
                }
            }
            Item::Struct(item) => {
                self.found(&item.ident, module, false, for_tests);
                if let Fields::Named(fields) = &item.fields {
                    let of = format!("{module}::{}", item.ident);
                    for name in fields.named.iter().filter_map(|field| field.ident.as_ref()) {
                        self.found(name, &of, false, for_tests);
                    }
                }
            }
            Item::Enum(item) => {
                self.found(&item.ident, module, false, for_tests);
                let of = format!("{module}::{}", item.ident);
                for variant in &item.variants {
                    self.found(&variant.ident, &of, false, for_tests);
                }
            }
            Item::Use(item) if !matches!(item.vis, Visibility::Inherited) => {
                self.export(&item.tree, module, Vec::new());
            }
            Item::Const(item) => self.found(&item.ident, module, false, for_tests),
            Item::Static(item) => self.found(&item.ident, module, false, for_tests),
            Item::Type(item) => self.found(&item.ident, module, false, for_tests),
            Item::Macro(item) => match &item.ident {
                Some(name) => {
                    self.helpers
                        .insert(name.to_string(), words(item.mac.tokens.clone()));
                }
                None => self.invocation(item, for_tests),
            },
            _ => {}
        }
    }

    /// `target` is the path so far, as written.
    fn export(&mut self, tree: &UseTree, module: &str, mut target: Vec<String>) {
        let (name, last) = match tree {
            UseTree::Path(path) => {
                target.push(path.ident.to_string());
                return self.export(&path.tree, module, target);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.export(tree, module, target.clone());
                }
                return;
            }
            UseTree::Name(name) => (&name.ident, &name.ident),
            UseTree::Rename(rename) => (&rename.rename, &rename.ident),
            // Nothing here is exported by a glob; a claim by way of one is told as missing.
            _ => return,
        };
        // `den::{self}` is the module `den`.
        let name = match target.last() {
            Some(parent) if name == "self" => parent.clone(),
            _ => name.to_string(),
        };
        target.push(last.to_string());
        let name = format!("{module}::{name}");
        self.exports.push(Export {
            name,
            target: absolute(module, &target),
        });
    }

    fn found(&mut self, name: &Ident, of: &str, is_function: bool, for_tests: bool) {
        if !for_tests {
            let (path, line) = (format!("{of}::{name}"), name.span().start().line);
            self.items.push(Found {
                path,
                is_function,
                line,
            });
        }
    }

    fn function(
        &mut self,
        attributes: &[Attribute],
        name: &Ident,
        body: TokenStream,
        of: &str,
        for_tests: bool,
    ) {
        if attributes.iter().any(is_test) {
            self.tests.push(Test {
                name: name.to_string(),
                words: words(body),
            });
        } else if for_tests {
            self.helpers
                .entry(name.to_string())
                .or_default()
                .extend(words(body));
        } else {
            self.found(name, of, true, for_tests);
            self.bodies.push((format!("{of}::{name}"), words(body)));
        }
    }

    /// A macro at the place of an item: `proptest! { #[test] fn … }`, or a table of cases that a
    /// macro of the file turns into tests.
    fn invocation(&mut self, item: &syn::ItemMacro, for_tests: bool) {
        let before = self.tests.len();
        let mut tokens = item.mac.tokens.clone().into_iter().peekable();
        // Of the function whose body is to come.
        let (mut is_test, mut name) = (false, None);
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) if word == "fn" => {
                    name = tokens.peek().map(ToString::to_string);
                }
                TokenTree::Group(group) => match group.delimiter() {
                    Delimiter::Bracket => is_test |= words(group.stream()).contains("test"),
                    Delimiter::Brace => {
                        if let Some(name) = name.take().filter(|_| is_test) {
                            let words = words(group.stream());
                            self.tests.push(Test { name, words });
                        }
                        is_test = false;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        let name = item
            .mac
            .path
            .segments
            .last()
            .map(|name| name.ident.to_string());
        if let Some(name) = name.filter(|_| for_tests && self.tests.len() == before) {
            let mut words = words(item.mac.tokens.clone());
            words.insert(name.clone());
            self.tests.push(Test {
                name: format!("{name}!"),
                words,
            });
        }
    }
}

/// A path as written in `module`, from the root of its crate.
fn absolute(module: &str, path: &[String]) -> String {
    let mut at: Vec<&str> = module.split("::").collect();
    for segment in path {
        match segment.as_str() {
            "crate" => at.truncate(1),
            "self" => {}
            "super" => drop(at.pop()),
            name => at.push(name),
        }
    }
    at.join("::")
}

/// Adds what the helpers among `words` use, and the helpers among those.
fn reach(words: &mut BTreeSet<String>, helpers: &BTreeMap<String, BTreeSet<String>>) {
    let mut next: Vec<String> = words.iter().cloned().collect();
    while let Some(word) = next.pop() {
        for more in helpers.get(&word).into_iter().flatten() {
            if words.insert(more.clone()) {
                next.push(more.clone());
            }
        }
    }
}

/// `#[test]`, `#[tokio::test]`.
fn is_test(attribute: &Attribute) -> bool {
    attribute
        .path()
        .segments
        .last()
        .is_some_and(|last| last.ident == "test")
}

/// `#[cfg(test)]`, `#[cfg(all(test, …))]`; not `#[cfg(not(test))]`.
fn is_cfg_test(attributes: &[Attribute]) -> bool {
    let cfgs = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    let mut cfgs = cfgs.map(|cfg| words(cfg.to_token_stream()));
    cfgs.any(|words| words.contains("test") && !words.contains("not"))
}

/// Every identifier, inside of macros too: most calls of a test are arguments of `assert_eq!`.
pub(super) fn words(tokens: TokenStream) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut next = vec![tokens];
    while let Some(tokens) = next.pop() {
        for token in tokens {
            match token {
                TokenTree::Group(group) => next.push(group.stream()),
                TokenTree::Ident(word) => {
                    words.insert(word.to_string());
                }
                _ => {}
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        pub use den::{Exit, dig as burrow};
        pub(crate) use super::owl::{self, Hoot};
        use private::Thing;
        pub struct Den { pub exits: u8 }
        pub enum Mood { Calm }
        impl<T> Iterator for Den<T> { fn dig(&self) {} }
        mod deep { pub fn sniff() {} }
        table! { Den "den" fn name() { bark() } }
        fn bark() {}
        #[cfg(test)]
        mod tests {
            fn helper() { other(); }
            fn other() { super::bark() }
            #[test]
            fn through_helpers() { helper() }
            #[tokio::test]
            async fn inside_a_macro() { assert_eq!(den.dig(), 1); }
            proptest! {
                #[test]
                fn by_property(depth in 0..9u8) { sniff(depth) }
            }
            macro_rules! case { ($name:ident) => { #[test] fn $name() { bark() } } }
            case!(one);
        }
    "#;

    #[test]
    fn things_are_found_under_their_path() {
        let scan = scan(FILE, "fox", false).unwrap();
        let found: Vec<_> = scan
            .items
            .iter()
            .map(|f| (f.path.as_str(), f.is_function, f.line))
            .collect();
        assert_eq!(
            found,
            [
                ("fox::Den", false, 5),
                ("fox::Den::exits", false, 5),
                ("fox::Mood", false, 6),
                ("fox::Mood::Calm", false, 6),
                ("fox::Den::dig", true, 7),
                ("fox::deep::sniff", true, 8),
                ("fox::bark", true, 10),
            ]
        );
    }

    #[test]
    fn exports_have_full_paths() {
        let scan = scan(FILE, "fox::run", false).unwrap();
        let exports: Vec<_> = scan
            .exports
            .iter()
            .map(|e| (e.name.as_str(), e.target.as_str()))
            .collect();
        assert_eq!(
            exports,
            [
                ("fox::run::Exit", "fox::run::den::Exit"),
                ("fox::run::burrow", "fox::run::den::dig"),
                ("fox::run::owl", "fox::owl"),
                ("fox::run::Hoot", "fox::owl::Hoot"),
            ]
        );
    }

    #[test]
    fn tests_reach_what_their_helpers_and_macros_use() {
        let scan = scan(FILE, "fox", false).unwrap();
        let of = |word: &str| -> Vec<&str> {
            let tests = scan.tests.iter().filter(|test| test.words.contains(word));
            tests.map(|test| test.name.as_str()).collect()
        };
        assert_eq!(of("bark"), ["through_helpers", "case!"]);
        assert_eq!(of("dig"), ["inside_a_macro"]);
        assert_eq!(of("sniff"), ["by_property"]);
    }
}
