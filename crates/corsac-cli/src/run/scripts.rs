//! From what was named to what runs: files are read before anything runs.

use std::{
    fs::File,
    io::{self, IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

use corsac_js::html::{self, Html};
use url::Url;

use super::args::{Given, RunArgs};

/// Nobody's script is larger.
const SCRIPT_LIMIT: u64 = 64 * 1024 * 1024;

/// Everything that runs, in its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scripts {
    pub(super) scripts: Vec<Script>,
    /// Scripts of the page that could not be read, and why: it goes on without them.
    pub(super) missing: Vec<String>,
}

/// A script, or where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    /// What it is called where it fails: a path, or a URL.
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) is_module: bool,
    /// The file that it stands in, if there is one.
    pub(super) file: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Text(String),
    /// The page fetches it from there.
    At(Url),
}

/// Reads every script, or says of each that cannot be read why.
pub(super) fn load(args: &RunArgs, page: &Url) -> Result<Scripts, Vec<String>> {
    let mut scripts = Scripts::default();
    let mut mistakes = Vec::new();
    for given in &args.scripts {
        let loaded = match given {
            Given::Code(code, n) => {
                let name = match args.eval.len() {
                    1 => "-e".to_owned(),
                    _ => format!("-e {n}"),
                };
                scripts.push(name, code.clone(), args.module, None);
                Ok(())
            }
            Given::Stdin => stdin().map(|text| {
                scripts.push("stdin".to_owned(), text, args.module, None);
            }),
            Given::File(path) => read(path).map(|text| {
                let kind = path.extension().unwrap_or_default().to_ascii_lowercase();
                match kind.to_str() {
                    Some("html" | "htm") => scripts.take_html(path, &text, page),
                    kind => {
                        let is_module = args.module || kind == Some("mjs");
                        scripts.push(path.display().to_string(), text, is_module, Some(path));
                    }
                }
            }),
        };
        mistakes.extend(loaded.err());
    }
    match mistakes.is_empty() {
        true => Ok(scripts),
        false => Err(mistakes),
    }
}

impl Scripts {
    fn push(&mut self, name: String, text: String, is_module: bool, file: Option<&Path>) {
        self.scripts.push(Script {
            name,
            source: Source::Text(text),
            is_module,
            file: file.map(Path::to_owned),
        });
    }

    /// The scripts of an HTML file, those beside it read as well.
    fn take_html(&mut self, path: &Path, text: &str, page: &Url) {
        let html = Html::parse(text);
        for (n, script) in (1..).zip(&html.scripts) {
            let is_module = script.is_module;
            let at = match &script.source {
                html::Source::Here(text) => {
                    let name = format!("{} script {n}", path.display());
                    self.push(name, text.clone(), is_module, Some(path));
                    continue;
                }
                html::Source::At(at) => at,
            };
            match place(at, html.base.as_deref(), path, page) {
                Some(Place::Page(url)) => self.scripts.push(Script {
                    name: url.to_string(),
                    source: Source::At(url),
                    is_module,
                    file: None,
                }),
                Some(Place::Disk(file)) => match read(&file) {
                    Ok(text) => {
                        self.push(file.display().to_string(), text, is_module, Some(&file));
                    }
                    Err(why) => self.missing.push(format!("{}: {why}", path.display())),
                },
                None => {
                    let why = format!("{}: <script src=\"{at}\"> is no URL", path.display());
                    self.missing.push(why);
                }
            }
        }
    }
}

/// Where a script of an HTML file is.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// Where the page has to ask.
    Page(Url),
    Disk(PathBuf),
}

/// Where `src` leads: to a file beside the HTML file, whose folder stands for the site's root, unless
/// it or `<base href>` names a host.
fn place(src: &str, base: Option<&str>, html: &Path, page: &Url) -> Option<Place> {
    let src = src.trim_ascii();
    let root = Url::from_file_path(std::path::absolute(html).ok()?).ok()?;
    let join = |to: &Url, with: &str| match (with.starts_with("//"), with.strip_prefix('/')) {
        (true, _) if to.scheme() == "file" => page.join(with),
        (false, Some(path)) if to.scheme() == "file" => root.join(&format!("./{path}")),
        _ => to.join(with),
    };
    let base = match base {
        Some(base) => join(&root, base).ok()?,
        None => root.clone(),
    };
    let url = join(&base, src).ok()?;
    match url.scheme() {
        "file" => Some(Place::Disk(shortened(url.to_file_path().ok()?))),
        _ => Some(Place::Page(url)),
    }
}

/// A path from here, if it is below.
fn shortened(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    below.unwrap_or(path)
}

fn stdin() -> Result<String, String> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        // Whoever waits for a prompt should know that the other side waits as well.
        let _ = writeln!(
            io::stderr(),
            "reads a script from standard input up to its end"
        );
    }
    let mut bytes = Vec::new();
    let read = stdin.lock().take(SCRIPT_LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("standard input: {error}"))?;
    text(bytes).map_err(|why| format!("standard input {why}"))
}

fn read(path: &Path) -> Result<String, String> {
    let name = path.display();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => format!("{name}: there is no such file"),
        io::ErrorKind::IsADirectory => format!("{name} is a folder, not a script"),
        _ => format!("{name}: {error}"),
    };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let mut bytes = Vec::new();
    let read = file.take(SCRIPT_LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(failed)?;
    text(bytes).map_err(|why| format!("{name} {why}"))
}

/// The text of a script, which is UTF-8, or what is wrong with it.
fn text(mut bytes: Vec<u8>) -> Result<String, String> {
    if bytes.len() as u64 > SCRIPT_LIMIT {
        return Err(format!(
            "is larger than {} MiB, which is the limit for a script",
            SCRIPT_LIMIT >> 20
        ));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err("is UTF-16; save it as UTF-8".to_owned());
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let (before, after) = error.as_bytes().split_at(at);
        let line = before.split(|&byte| byte == b'\n').count();
        let byte = after.first().copied().unwrap_or_default();
        format!("is not UTF-8: byte {at} is 0x{byte:02x}, in line {line}; save it as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

    use super::*;

    #[test]
    fn a_script_is_utf_8() {
        assert_eq!(text(b"\xef\xbb\xbfa()".to_vec()).unwrap(), "a()");
        assert_eq!(
            text(b"a\nb\n'\xe9'".to_vec()).unwrap_err(),
            "is not UTF-8: byte 5 is 0xe9, in line 3; save it as UTF-8"
        );
        assert!(
            text(b"\xff\xfea\0".to_vec())
                .unwrap_err()
                .contains("UTF-16")
        );
    }

    #[test]
    fn a_source_is_beside_the_file_or_with_a_host() {
        let page = Url::parse("https://a.example/p").unwrap();
        let html = Path::new("/site/x/page.html");
        let place = |src, base| match place(src, base, html, &page) {
            Some(Place::Disk(path)) => path.display().to_string(),
            Some(Place::Page(url)) => url.to_string(),
            None => "nowhere".to_owned(),
        };
        for (src, base, expected) in [
            ("a.js", None, "/site/x/a.js"),
            (" ../a%20b.js?v=1#x ", None, "/site/a b.js"),
            ("/a.js", None, "/site/x/a.js"),
            ("a.js", Some("js/"), "/site/x/js/a.js"),
            ("/a.js", Some("js/"), "/site/x/a.js"),
            (
                "a.js",
                Some("http://b.example/c/"),
                "http://b.example/c/a.js",
            ),
            (
                "/a.js",
                Some("http://b.example/c/"),
                "http://b.example/a.js",
            ),
            ("//b.example/a.js", None, "https://b.example/a.js"),
            ("http://b.example/a.js", None, "http://b.example/a.js"),
            ("data:,a()", None, "data:,a()"),
            ("http://[", None, "nowhere"),
        ] {
            assert_eq!(place(src, base), expected, "{src} {base:?}");
        }
    }
}
