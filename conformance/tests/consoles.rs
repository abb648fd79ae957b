//! What the consoles say is what `Code::console` has of them, and what our own wording is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that panics has failed"
)]

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use conformance::{
    browsers::Engine,
    console::{self, Case, as_example},
    servers::Servers,
    subject::core,
};
use corsac::{
    diagnosis::{Browser, Code},
    fetch::Profile,
};

const FILE: &str = "../crates/corsac/src/diagnosis/wording/captured.txt";

fn browser(engine: Engine) -> Browser {
    match engine {
        Engine::Chromium => Browser::Chromium,
        Engine::Firefox => Browser::Firefox,
        Engine::Webkit => Browser::Safari,
    }
}

/// With `CORSAC_CAPTURE` set, what is said becomes what is stored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consoles_say_what_is_stored() {
    let is_capture = std::env::var_os("CORSAC_CAPTURE").is_some();
    let cases = Case::all().unwrap();
    let servers = Servers::start().await.unwrap();
    let mut captured = String::new();
    let mut heard = BTreeSet::new();
    for engine in Engine::ALL {
        if let Some(missing) = engine.missing() {
            assert!(std::env::var_os("CI").is_none(), "{missing} is not here");
            eprintln!("not run: {missing} is not here");
            continue;
        }
        let said = console::listen(engine, &servers, &cases).await.unwrap();
        for (case, lines) in cases.iter().zip(said) {
            let code = Code::from_name(&case.code).unwrap();
            if !lines.is_empty() {
                heard.insert((code, engine.name()));
            }
            let is_stored = |line: &String| {
                let mut stored = code.console();
                stored.any(|(of, text)| of == browser(engine) && text == line)
            };
            for line in lines {
                assert!(
                    is_capture || is_stored(&line),
                    "{code}, {}: {line}",
                    engine.name()
                );
                let entry = format!("{code}\t{}\t{line}\n", engine.name());
                if !captured.contains(&entry) {
                    captured.write_str(&entry).unwrap();
                }
            }
        }
    }
    for (case, engine) in cases
        .iter()
        .flat_map(|it| Engine::ALL.map(|engine| (it, engine)))
    {
        let code = Code::from_name(&case.code).unwrap();
        let is_silent = code.silences().any(|(of, _)| of == browser(engine));
        let is_heard = heard.contains(&(code, engine.name()));
        let is_here = engine.missing().is_none();
        assert!(
            !is_here || is_heard != is_silent,
            "{code}, {}",
            engine.name()
        );
    }
    if is_capture {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        fs::write(file, captured).unwrap();
    }
}

/// Whether `ours` stands in a line, `…` being anything.
fn stands_in(ours: &str, line: &str) -> bool {
    let mut rest = line;
    ours.split('…').all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[test]
fn our_wording_is_what_a_console_says() {
    let expander = core::addresses();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for case in Case::all().unwrap() {
        let scenario = case.scenario();
        let code = Code::from_name(&case.code).unwrap();
        let run = core::run(&scenario, Profile::FETCH);
        let Some(verdict) = run.verdicts.into_iter().flatten().next() else {
            continue;
        };
        assert_eq!(verdict.code(), code, "{scenario:?}");
        for browser in Browser::ALL {
            let stored: Vec<_> = code.console().filter(|(of, _)| *of == browser).collect();
            let Some(ours) = verdict.wording(browser) else {
                continue;
            };
            let ours = as_example(&expander.contract(&ours, &scenario, core::KEY));
            // A sandboxed frame has a console that is not the page's there.
            let is_apart = browser == Browser::Chromium && scenario.page.opaque;
            if stored.is_empty() || is_apart {
                continue;
            }
            compared += 1;
            let is_said = stored.iter().any(|(_, line)| stands_in(&ours, line));
            if !is_said {
                wrong.push((browser, ours, stored));
            }
        }
    }
    assert!(wrong.is_empty(), "ours, and what is said: {wrong:#?}");
    assert!(compared > 50, "{compared}");
}
