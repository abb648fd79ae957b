//! Pages, and servers on this machine that they ask.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod limits;
mod requests;
mod site;
mod windows;

use std::{cell::RefCell, rc::Rc};

use corsac::fetch::Profile;
use corsac_js::{Level, Page, PageConfig};

/// What a page printed, a line a call.
type Lines = Rc<RefCell<Vec<(Level, String)>>>;

fn config() -> PageConfig {
    PageConfig::new(
        "http://sitea.localhost/dir/page".parse().unwrap(),
        Profile::FETCH,
    )
}

fn page(config: PageConfig) -> (Page, Lines) {
    let lines = Lines::default();
    let sink = Rc::clone(&lines);
    let console =
        Box::new(move |level, text: &str| sink.borrow_mut().push((level, text.to_owned())));
    (Page::new(config, console).unwrap(), lines)
}

/// What scripts print, run one after the other in a page, and then to idle.
fn printed(config: PageConfig, scripts: &[&str]) -> Vec<String> {
    let (mut page, lines) = page(config);
    for script in scripts {
        // What it throws is printed.
        let _thrown = page.evaluate("page.js", script);
    }
    let _over = page.run_to_idle();
    let lines = lines.borrow();
    lines
        .iter()
        .map(|(level, text)| format!("{level}: {text}"))
        .collect()
}
