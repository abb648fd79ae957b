//! The code that claims: where a Rust path is defined, and which tests name it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::examples::EXAMPLE;
use super::scan::{Scan, scan};

#[derive(Default)]
pub(super) struct Code {
    items: BTreeMap<String, Item>,
    /// Public name -> what it stands for.
    exports: BTreeMap<String, String>,
    files: Vec<File>,
    links: Vec<Link>,
}

pub(super) struct Item {
    pub(super) is_function: bool,
    pub(super) file: PathBuf,
    pub(super) line: usize,
}

/// A link to the Standard.
pub(super) struct Link {
    pub(super) anchor: String,
    pub(super) file: PathBuf,
    pub(super) line: usize,
}

struct File {
    path: PathBuf,
    /// Of the file's own module; a file in `tests/` is a crate of its own and has none.
    module: Option<String>,
    scan: Scan,
}

impl Code {
    /// Reads `crates/*/src` and `crates/*/tests` below `root`.
    pub(super) fn load(root: &Path) -> Result<Self> {
        let mut code = Self::default();
        for file in rust_files(&root.join("crates"))? {
            let source = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let file = file.strip_prefix(root).unwrap_or(&file);
            code.add(file, &source)?;
        }
        Ok(code)
    }

    /// Adds a file, given by its path in the workspace.
    pub(super) fn add(&mut self, file: &Path, source: &str) -> Result<()> {
        let Some(place) = Place::of(file) else {
            return Ok(());
        };
        let (module, for_tests) = match place {
            Place::Source { module, for_tests } => (Some(module), for_tests),
            Place::Tests => (None, true),
        };
        let scan =
            scan(source, module.as_deref().unwrap_or_default(), for_tests).map_err(|error| {
                anyhow::anyhow!("{}:{}: {error}", file.display(), error.span().start().line)
            })?;
        for found in &scan.items {
            let item = Item {
                is_function: found.is_function,
                file: file.to_owned(),
                line: found.line,
            };
            self.items.entry(found.path.clone()).or_insert(item);
        }
        self.links.extend(links(file, source));
        let exports = scan.exports.iter();
        self.exports
            .extend(exports.map(|export| (export.name.clone(), export.target.clone())));
        self.files.push(File {
            path: file.to_owned(),
            module,
            scan,
        });
        Ok(())
    }

    /// The path under which `path` is defined, and what is there. Follows `pub use`.
    pub(super) fn find(&self, path: &str) -> Option<(String, &Item)> {
        let mut path = path.to_owned();
        // An export may stand for another one; more steps than these are a circle.
        for _ in 0..8 {
            if let Some(item) = self.items.get(&path) {
                return Some((path, item));
            }
            let ends = path
                .match_indices("::")
                .map(|(end, _)| end)
                .chain([path.len()]);
            let export = |end| {
                let (name, rest) = path.split_at_checked(end)?;
                Some(format!("{}{rest}", self.exports.get(name)?))
            };
            path = ends.filter_map(export).last()?;
        }
        None
    }

    /// The tests of what is defined at `path`: those that name it; if none does, those that name a
    /// function of the same file on the way to it; if none does either, those in a file of the same
    /// name. So helpers need no tests of their own, and neither do the steps of a machine.
    pub(super) fn tests_of(&self, path: &str) -> Vec<&str> {
        let mut tests = self.tests_naming(path);
        if tests.is_empty() {
            let callers = self.callers(path).into_iter();
            tests = callers
                .flat_map(|caller| self.tests_naming(caller))
                .collect();
        }
        if tests.is_empty() {
            tests = self.tests_beside(path);
        }
        // Examples last, since their names say little.
        tests.sort_by_key(|name| (name.ends_with(EXAMPLE), *name));
        tests.dedup();
        tests
    }

    /// The tests in files of `tests/` that are called like the file that defines `path`.
    fn tests_beside(&self, path: &str) -> Vec<&str> {
        let defined = self.items.get(path).and_then(|item| item.file.file_stem());
        // These say nothing about what is inside.
        let defined =
            defined.filter(|stem| !["lib", "main", "mod"].iter().any(|name| stem == name));
        let is_beside = |file: &&File| file.module.is_none() && file.path.file_stem() == defined;
        let tests = self
            .files
            .iter()
            .filter(is_beside)
            .flat_map(|file| &file.scan.tests);
        tests.map(|test| test.name.as_str()).collect()
    }

    /// The functions of the same file that call what is defined at `path`, and those that call them.
    fn callers<'a>(&'a self, path: &'a str) -> Vec<&'a str> {
        let bodies = self.files.iter().map(|file| &file.scan.bodies);
        let here = bodies
            .into_iter()
            .find(|bodies| bodies.iter().any(|(body, _)| body == path));
        let (mut callers, mut next) = (Vec::new(), vec![path]);
        while let Some(callee) = next.pop() {
            let name = callee.rsplit("::").next().unwrap_or(callee);
            for (caller, words) in here.into_iter().flatten() {
                if words.contains(name) && caller != path && !callers.contains(&caller.as_str()) {
                    callers.push(caller);
                    next.push(caller);
                }
            }
        }
        callers
    }

    /// The tests that name what is defined at `path`.
    fn tests_naming(&self, path: &str) -> Vec<&str> {
        let name = Name::of(path);
        let files = self.files.iter().filter(|file| name.is_known_in(file));
        let tests = files.flat_map(|file| &file.scan.tests);
        let tests = tests.filter(|test| test.words.contains(name.last));
        tests.map(|test| test.name.as_str()).collect()
    }

    pub(super) fn links(&self) -> impl Iterator<Item = &Link> {
        self.links.iter()
    }

    pub(super) fn has_test(&self, name: &str) -> bool {
        self.files
            .iter()
            .flat_map(|file| &file.scan.tests)
            .any(|test| test.name == name)
    }
}

/// A path taken apart.
struct Name<'a> {
    module: &'a str,
    /// The type that a method, field or variant belongs to.
    owner: Option<&'a str>,
    last: &'a str,
}

impl<'a> Name<'a> {
    fn of(path: &'a str) -> Self {
        let (module, last) = path.rsplit_once("::").unwrap_or(("", path));
        match module.rsplit_once("::") {
            Some((module, owner)) if owner.starts_with(|c: char| c.is_ascii_uppercase()) => Self {
                module,
                owner: Some(owner),
                last,
            },
            _ => Self {
                module,
                owner: None,
                last,
            },
        }
    }

    /// Whether the last word, in this file, can mean this.
    ///
    /// Many things are called `get`: a file elsewhere must also name the type that the method
    /// belongs to, or a module on the way to a free function.
    fn is_known_in(&self, file: &File) -> bool {
        let is_near = file
            .module
            .as_ref()
            .is_some_and(|module| is_within(module, self.module));
        let mut modules = self.module.split("::").skip(1).peekable();
        is_near
            || match self.owner {
                Some(owner) => file.scan.words.contains(owner),
                None => {
                    modules.peek().is_none()
                        || modules.any(|module| file.scan.words.contains(module))
                }
            }
    }
}

fn links(file: &Path, source: &str) -> Vec<Link> {
    let mut links = Vec::new();
    for (index, line) in source.lines().enumerate() {
        for after in line.split("https://fetch.spec.whatwg.org/#").skip(1) {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || "-_?".contains(c)));
            let anchor = after.get(..end.unwrap_or(after.len())).unwrap_or_default();
            links.push(Link {
                anchor: anchor.to_owned(),
                file: file.to_owned(),
                line: index + 1,
            });
        }
    }
    links
}

fn is_within(module: &str, outer: &str) -> bool {
    module
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// What a path in the workspace says about the file.
enum Place {
    Source { module: String, for_tests: bool },
    Tests,
}

impl Place {
    fn of(file: &Path) -> Option<Self> {
        let parts: Vec<&str> = file
            .iter()
            .map(|part| part.to_str())
            .collect::<Option<_>>()?;
        let ["crates", package, area, rest @ ..] = parts.as_slice() else {
            return None;
        };
        match *area {
            "tests" => Some(Self::Tests),
            "src" => {
                let mut module = vec![package.replace('-', "_")];
                module.extend(
                    rest.iter()
                        .map(|part| part.trim_end_matches(".rs").to_owned()),
                );
                if module.len() == 2 {
                    module.pop_if(|last| last == "lib" || last == "main");
                }
                module.pop_if(|last| last == "mod");
                let for_tests = module.iter().skip(1).any(|part| part == "tests");
                Some(Self::Source {
                    module: module.join("::"),
                    for_tests,
                })
            }
            _ => None,
        }
    }
}

fn rust_files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut next = vec![directory.to_owned()];
    while let Some(directory) = next.pop() {
        let entries = fs::read_dir(&directory).with_context(|| directory.display().to_string())?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                next.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    // So that a table reads the same on every machine.
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(files: &[(&str, &str)]) -> Code {
        let mut code = Code::default();
        for (file, source) in files {
            code.add(Path::new(file), source).unwrap();
        }
        code
    }

    #[test]
    fn files_are_modules() {
        let code = code(&[
            ("crates/red-fox/src/lib.rs", "pub fn a() {}"),
            ("crates/red-fox/src/den.rs", "pub fn b() {}"),
            ("crates/red-fox/src/den/mod.rs", "pub fn c() {}"),
            ("crates/red-fox/src/den/lib.rs", "pub fn d() {}"),
            ("crates/red-fox/src/den/tests.rs", "pub fn e() {}"),
            ("crates/red-fox/build.rs", "pub fn f() {}"),
        ]);
        let paths: Vec<_> = code.items.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "red_fox::a",
                "red_fox::den::b",
                "red_fox::den::c",
                "red_fox::den::lib::d"
            ]
        );
        let (_, item) = code.find("red_fox::den::b").unwrap();
        assert_eq!(
            (item.file.as_path(), item.line),
            (Path::new("crates/red-fox/src/den.rs"), 1)
        );
    }

    #[test]
    fn exports_lead_to_definitions() {
        let code = code(&[
            (
                "crates/fox/src/lib.rs",
                "mod den; pub use den::Den; pub use self::den::deep as d;",
            ),
            (
                "crates/fox/src/den/mod.rs",
                "mod exit; pub use exit::Exit; pub struct Den;",
            ),
            (
                "crates/fox/src/den/exit.rs",
                "pub enum Exit { Front } impl Exit { fn open() {} }",
            ),
            (
                "crates/fox/src/den/deep.rs",
                "pub use crate::den::Exit; pub use super::deep::round;",
            ),
        ]);
        let find = |path| code.find(path).map(|(path, _)| path);
        assert_eq!(find("fox::Den").as_deref(), Some("fox::den::Den"));
        assert_eq!(
            find("fox::d::Exit::open").as_deref(),
            Some("fox::den::exit::Exit::open")
        );
        assert_eq!(find("fox::den::deep::round"), None);
        assert_eq!(find("fox::nowhere"), None);
    }

    #[test]
    fn a_test_elsewhere_must_say_which_one_it_means() {
        let code = code(&[
            (
                "crates/fox/src/den.rs",
                "struct Den; impl Den { fn get(&self) {} } fn dig() {}",
            ),
            (
                "crates/fox/src/den/tests.rs",
                "#[test] fn near() { get(); dig() }",
            ),
            (
                "crates/fox/tests/a.rs",
                "use fox::den::Den; #[test] fn far() { d.get(); dig() }",
            ),
            (
                "crates/fox/tests/b.rs",
                "#[test] fn other() { map.get(1); dig() }",
            ),
        ]);
        assert_eq!(code.tests_of("fox::den::Den::get"), ["far", "near"]);
        assert_eq!(code.tests_of("fox::den::dig"), ["far", "near"]);
        assert!(code.has_test("other") && !code.has_test("nobody"));
    }

    #[test]
    fn a_private_helper_is_tested_by_way_of_its_callers() {
        let code = code(&[(
            "crates/fox/src/den.rs",
            "fn live() { dig() } fn dig() { scratch() } fn scratch() {} fn idle() { idle() }
             #[test] fn lives() { live() } #[test] fn lives_on() { live() }",
        )]);
        assert_eq!(code.tests_of("fox::den::scratch"), ["lives", "lives_on"]);
        assert!(code.tests_of("fox::den::idle").is_empty());
    }

    #[test]
    fn the_steps_of_a_machine_are_tested_in_a_file_of_their_name() {
        let code = code(&[
            ("crates/fox/src/den.rs", "fn dig() {}"),
            (
                "crates/fox/tests/run/den.rs",
                "#[test] fn b() { run() } #[test] fn a() {}",
            ),
            ("crates/fox/tests/run/owl.rs", "#[test] fn c() { run() }"),
        ]);
        assert_eq!(code.tests_of("fox::den::dig"), ["a", "b"]);
    }

    #[test]
    fn a_file_that_does_not_parse_is_named() {
        let error = Code::default()
            .add(Path::new("crates/fox/src/den.rs"), "\nfn {")
            .unwrap_err();
        assert!(
            error.to_string().starts_with("crates/fox/src/den.rs:2: "),
            "{error}"
        );
    }
}
