//! The whole task: on a Standard small enough to read, and on the real one if there is a copy.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::code::Code;
use super::print::Table;
use super::report::{Report, compare, compare_claims};
use super::standard::Standard;
use super::surface::Surface;
use super::tags::tags;
use super::{read, root};

const FOX: &str = r#"
<h2 id=dens>Dens</h2>
<p>A <dfn export>den</dfn> has an <dfn for=den>exit</dfn>.
<p>A <dfn>calm mood</dfn> is one of
<ul>
 <li>`<code>asleep</code>`
 <li>`<code>fed</code>`
</ul>
<pre><code class=lang-abnf>
Fox-Mood = 1*ALPHA
</code></pre>
<div algorithm>
<p>To <dfn>dig</dfn> a <a>den</a>:
<ol>
 <li><p>Dig. <!-- Really. -->
</ol>
</div>
<h2 id=owls>Owls</h2>
<p>An <dfn>owl</dfn> hoots.
<div algorithm><p>To <dfn>hoot</dfn>, hoot.</div>
"#;

const SURFACE: &str = r#"
commit = "0"
sections = ["dens"]

[surface.dens]
den = { by = ["fox::Den"] }
den-exit = { by = ["fox::Den::exit"] }
calm-mood = { by = ["fox::is_calm", "fox::Mood::parse"] }
abnf-fox-mood = { by = ["fox::Mood::parse"] }
dig = { by = ["fox::dig"] }

[surface.owls]
hoot = { out = "Foxes do not hoot." }
"#;

const CODE: &str = r#"
pub struct Den { pub exit: u8 }
pub struct Mood;
impl Mood { pub fn parse() {} }
pub fn is_calm() {}
pub fn dig() {}
#[cfg(test)]
mod tests {
    #[test] fn digs() { dig() }
    #[test] fn sleeps() { assert!(is_calm(Mood::parse())) }
}
"#;

fn code() -> Code {
    let mut code = Code::default();
    code.add(Path::new("crates/fox/src/lib.rs"), CODE).unwrap();
    code
}

/// The surface file after everything in `FOX` has been read.
fn current() -> Surface {
    let mut surface = Surface::parse(SURFACE).unwrap();
    for entry in Standard::parse(FOX).unwrap().entries {
        surface.set_digest(&entry.id, &entry.digest);
    }
    surface
}

/// What the task finds if the text of `FOX` is `text` instead.
fn after(text: &str, look: impl FnOnce(&Report<'_>)) {
    look(&compare(&Standard::parse(text).unwrap(), &current(), &code()).unwrap());
}

/// The functions whose text changed, each once.
fn to_read_again<'a>(report: &Report<'a>) -> BTreeSet<&'a str> {
    let functions = report.changed().flat_map(|claimed| &claimed.functions);
    functions.map(|function| function.path).collect()
}

#[test]
fn a_surface_that_was_read_is_current() {
    after(FOX, |report| {
        assert!(report.is_current(), "{report}");
        assert_eq!((report.claimed.len(), report.out.len()), (5, 1));
    });
    after(&FOX.replace("<!-- Really. -->", "\n\n"), |report| {
        assert!(report.is_current(), "{report}");
    });
}

#[test]
fn a_changed_word_names_the_functions_to_read_again() {
    for (before, now, functions) in [
        ("Dig. ", "Dig deep. ", vec!["fox::dig"]),
        ("<a>den</a>", "<a>hole</a>", vec!["fox::dig"]),
        (
            "`<code>fed</code>`",
            "`<code>full</code>`",
            vec!["fox::Mood::parse", "fox::is_calm"],
        ),
        ("1*ALPHA", "2*ALPHA", vec!["fox::Mood::parse"]),
        (
            ">exit</dfn>.",
            ">exit</dfn>!",
            vec!["fox::Den", "fox::Den::exit"],
        ),
        ("hoots", "sleeps", vec![]),
    ] {
        assert!(FOX.contains(before));
        after(&FOX.replace(before, now), |report| {
            assert_eq!(to_read_again(report), functions.iter().copied().collect());
            assert_eq!(report.is_current(), functions.is_empty());
        });
    }
    after(&FOX.replace("Dig. ", "Dig deep. "), |report| {
        let told =
            "changed, so read again (1):\ndig  #dig (line 12)\n  fox::dig  crates/fox/src/lib.rs:6";
        assert!(report.to_string().contains(told), "{report}");
    });
}

#[test]
fn what_is_new_or_gone_is_told() {
    let more = FOX.replace("<h2 id=owls>", "<p>A <dfn>pup</dfn>.\n<h2 id=owls>")
        + "<p><dfn>badger</dfn>\n<div algorithm><p>To <dfn>mob</dfn>, mob.</div>";
    after(&more, |report| {
        let unclaimed: Vec<_> = report
            .unclaimed
            .iter()
            .map(|entry| entry.id.as_str())
            .collect();
        // Outside of the sections only algorithms count, so no badger.
        assert_eq!(unclaimed, ["pup", "mob"]);
        assert!(!report.is_current());
    });
    after(
        &FOX.replace("<dfn>hoot</dfn>", "<dfn>call</dfn>"),
        |report| {
            assert_eq!(report.gone, ["hoot"]);
            assert_eq!(report.unclaimed.len(), 1);
        },
    );
    let renamed = FOX.replace("id=dens", "id=burrows");
    let error = compare(&Standard::parse(&renamed).unwrap(), &current(), &code())
        .err()
        .unwrap();
    assert_eq!(error.to_string(), "the Standard has no section #dens");
}

#[test]
fn a_claim_must_exist_and_be_tested() {
    let mut code = Code::default();
    let without = CODE
        .replace("pub fn is_calm() {}", "")
        .replace("dig() }", "}");
    code.add(Path::new("crates/fox/src/lib.rs"), &without)
        .unwrap();
    let (standard, surface) = (Standard::parse(FOX).unwrap(), current());
    let report = compare(&standard, &surface, &code).unwrap();
    assert_eq!(report.missing["fox::is_calm"], ["calm-mood"]);
    assert_eq!(report.untested["fox::dig"], ["dig"]);
    assert_eq!((report.missing.len(), report.untested.len()), (1, 1));
    assert!(!report.is_current());

    // Nobody needs the text to see that.
    let entries = surface.entries();
    let claims = compare_claims(&entries, &surface, &code);
    assert_eq!(claims.missing, report.missing);
    assert_eq!(claims.untested, report.untested);
    assert!(!claims.is_current());
}

#[test]
fn a_link_must_lead_somewhere() {
    let mut code = code();
    let links = "// <https://fetch.spec.whatwg.org/#dig>, <https://fetch.spec.whatwg.org/#bark>";
    code.add(Path::new("crates/fox/src/den.rs"), links).unwrap();
    let (standard, surface) = (Standard::parse(FOX).unwrap(), current());
    let report = compare(&standard, &surface, &code).unwrap();
    let dead: Vec<_> = report
        .dead
        .iter()
        .map(|link| link.anchor.as_str())
        .collect();
    assert_eq!(dead, ["bark"]);
    assert!(!report.is_current());
}

#[test]
fn the_table_leads_from_algorithms_to_tests() {
    after(FOX, |report| {
        let table = Table(report).to_string();
        assert!(
            table.contains("dig  #dig (line 12)\n  fox::dig -> 1 test: digs\n"),
            "{table}"
        );
    });
}

/// Runs only where `CORSAC_FETCH_BS` names a copy of the Standard; the repository holds none.
#[test]
fn a_changed_word_of_the_standard_names_the_functions_to_read_again() {
    let Some(path) = std::env::var_os("CORSAC_FETCH_BS") else {
        println!("not run: CORSAC_FETCH_BS names no copy of the Standard");
        return;
    };
    let text = read(Path::new(&path)).unwrap();
    let surface = read(&root().unwrap().join("xtask/spec/surface.toml")).unwrap();
    let surface = Surface::parse(&surface).unwrap();
    let code = Code::load(root().unwrap()).unwrap();
    let standard = Standard::parse(&text).unwrap();
    let before = compare(&standard, &surface, &code).unwrap();
    assert!(
        before.changed().next().is_none(),
        "not the text that was read: run with --update first"
    );

    for (id, function) in [
        ("concept-cors-check", "corsac::fetch::cors_check"),
        (
            "cors-safelisted-method",
            "corsac::method::is_cors_safelisted_method",
        ),
        (
            "abnf-access-control-max-age",
            "corsac::header::extract_header_values",
        ),
    ] {
        let entry = standard
            .entries
            .iter()
            .find(|entry| entry.id == id)
            .unwrap();
        let text = with_another_word(&text, entry.span.clone());
        let standard = Standard::parse(&text).unwrap();
        let report = compare(&standard, &surface, &code).unwrap();
        assert!(to_read_again(&report).contains(function), "{id}:\n{report}");
        println!("{report}");
    }
}

/// The text with one word of `span` changed: the last one that is not part of a tag.
fn with_another_word(text: &str, span: Range<usize>) -> String {
    let tags = tags(text)
        .into_iter()
        .filter(|tag| span.contains(&tag.span.start));
    let ends: Vec<_> = tags.map(|tag| tag.span).collect();
    let gaps = ends.windows(2).map(|pair| pair[0].end..pair[1].start);
    let is_word =
        |gap: &Range<usize>| text[gap.clone()].contains(|c: char| c.is_ascii_alphabetic());
    let gap = gaps.rev().find(is_word).unwrap();
    let word = text[gap.clone()]
        .rfind(|c: char| c.is_ascii_alphabetic())
        .unwrap();
    let (before, after) = text.split_at(gap.start + word);
    format!("{before}x{after}")
}
