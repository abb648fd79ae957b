//! Every code's page: its exchange is executed, and must end in that very code.

#![cfg(feature = "fetch")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed"
)]

mod checks;
mod exchange;
#[rustfmt::skip]
mod recognise;
mod run;
#[rustfmt::skip]
mod text;

use std::{collections::BTreeSet, path::Path};

use corsac::diagnosis::{Code, Side, Verdict};

use exchange::Exchange;
use run::{Ending, run};

fn exchange(code: Code) -> Exchange {
    Exchange::of_page(code.page()).unwrap_or_else(|error| panic!("{code}: {error}"))
}

/// The verdict that a page's exchange ends in.
fn verdict(code: Code) -> Verdict {
    match run(&exchange(code), None) {
        Ok(Ending::Blocked(verdict)) => *verdict,
        other => panic!("{code}: {other:?}"),
    }
}

/// A page that is written for no code, or for one that is gone, has no file name among the codes.
#[test]
fn every_page_is_of_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnosis/explain");
    let files = std::fs::read_dir(folder).unwrap();
    let files: BTreeSet<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let pages: BTreeSet<_> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(files, pages);
}

/// And so every code is one that the workspace can emit.
#[test]
fn every_exchange_ends_in_its_code() {
    for &code in Code::ALL {
        let exchange = exchange(code);
        let verdict = verdict(code);
        assert_eq!(exchange.code, code.name(), "the page's last line");
        assert_eq!(verdict.code(), code, "{verdict:?}");
        assert_eq!(verdict.phase.to_string(), exchange.phase, "{code}");
        let also: Vec<_> = verdict.also.iter().map(|one| one.code().name()).collect();
        assert_eq!(also, exchange.also, "{code}");
    }
}

#[test]
fn every_page_has_its_parts() {
    const PARTS: [&str; 4] = [
        "## Why browsers do this\n",
        "## What to change\n",
        "## Often it is\n",
        "## An exchange\n",
    ];
    for &code in Code::ALL {
        let page = code.page();
        assert!(page.starts_with(&format!("# {code}\n\n")), "{code}");
        let places = PARTS.map(|part| page.find(part).expect(part));
        assert!(places.is_sorted(), "{code}");
        assert!(page.lines().all(|line| line.len() <= 100), "{code}");
        assert!(page.ends_with("\n```\n"), "{code}");
    }
}

/// With the lines of the fix on its response, no exchange ends where it ended.
#[test]
fn header_lines_of_a_fix_mend_the_response() {
    let mut mended = 0;
    for &code in Code::ALL {
        let lines = verdict(code).fix().header_lines;
        if lines.is_empty() {
            continue;
        }
        match run(&exchange(code), Some(&lines)) {
            Ok(Ending::Blocked(verdict)) => panic!("{code} mended: {verdict:?}"),
            Ok(Ending::GoesOn | Ending::Delivered) => mended += 1,
            Err(error) => panic!("{code} mended: {error}"),
        }
    }
    assert_eq!(mended, 9);
}

#[test]
fn every_reason_says_what_and_how() {
    for &code in Code::ALL {
        let verdict = verdict(code);
        let fix = verdict.fix();
        for text in [verdict.reason.to_string(), fix.text.clone()] {
            assert!(
                text.ends_with('.') && !text.ends_with(".."),
                "{code}: {text}"
            );
            assert!(!text.contains("secret"), "{code}: {text}");
        }
        assert_ne!(fix.text, code.title(), "{code} has a fix of its own");
        let shown = verdict.to_string();
        assert!(shown.starts_with(code.name()), "{shown}");
        assert!(shown.ends_with(&verdict.reason.to_string()), "{shown}");
        assert_eq!(Code::from_name(code.name()), Some(code));
        let sides = ["server", "page", "network", "user"];
        assert!(sides.contains(&&*fix.side.to_string()), "{code}");
        let is_server = fix.side == Side::Server;
        assert!(is_server || fix.header_lines.is_empty(), "{code}");
    }
}
