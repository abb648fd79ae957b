//! A scene's script, run in a page: what it sees, and what went over the wire meanwhile.

use std::{cell::RefCell, io, net::SocketAddr, rc::Rc, time::Duration};

use corsac::fetch::{AddressSpace, Profile};
use corsac_agent::Fetched;
use corsac_js::{Page, PageConfig};

use super::{
    play::url,
    scenes::{Ask, By, HOSTS, Told},
};

/// More than any script of a scene needs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the script of an ask: its request, and what it logged.
pub(super) fn play(ask: &Ask, site_b: SocketAddr) -> io::Result<(Fetched, Vec<String>)> {
    let mut config = PageConfig::new(url(ask.page)?, Profile::FETCH);
    for (host, port) in HOSTS {
        config.agent.resolver.map(host, port, site_b);
    }
    config.environment.address_space = AddressSpace::Loopback;
    config.limits.total_time = Some(PATIENCE);
    let log = Rc::new(RefCell::new(Vec::new()));
    let lines = Rc::clone(&log);
    let console = move |level, text: &str| {
        // What is louder is for people: script knows nothing of it.
        if level == corsac_js::Level::Log {
            lines.borrow_mut().push(text.to_owned());
        }
    };
    let mut page = Page::new(config, Box::new(console)).map_err(io::Error::other)?;
    let (method, url) = (ask.method, ask.url);
    let source = match ask.by {
        By::Xhr => include_str!("script/xhr.js"),
        By::Fetch | By::Agent => include_str!("script/fetch.js"),
    };
    let source = format!("const method = {method:?}, url = {url:?};\n{source}");
    page.evaluate("page.js", &source)
        .map_err(io::Error::other)?;
    page.run_to_idle().map_err(io::Error::other)?;
    let fetched = page.fetches().first().and_then(|it| it.fetched.clone());
    let fetched = fetched.ok_or_else(|| io::Error::other("the script asked for nothing"))?;
    let script = log.borrow().clone();
    Ok((fetched, script))
}

/// Whether the script saw something else than what was told.
pub(super) fn mismatch(ask: &Ask, script: &[String]) -> Option<String> {
    let must_begin: &[&str] = match (ask.by, ask.told) {
        (By::Agent, _) => return None,
        (By::Xhr, Told::Readable) => &["load event", "status 200", "headers: ", "body: "],
        (By::Xhr, Told::Blocked(..)) => &["error event", "status 0", "no headers", "no body"],
        (By::Fetch, Told::Readable) => &["fulfilled", "status 200", "headers: ", "body: "],
        (By::Fetch, Told::Blocked(..)) => &["rejected: TypeError"],
    };
    let as_told = script.len() == must_begin.len()
        && script
            .iter()
            .zip(must_begin)
            .all(|(line, start)| line.starts_with(start));
    (!as_told).then(|| format!("told the script {must_begin:?}, it saw {script:?}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

    use super::*;
    use crate::demo::scenes::{Look, SCENES};

    #[test]
    fn a_script_that_sees_something_else_is_a_mismatch() {
        let scene = SCENES
            .iter()
            .find(|scene| scene.look == Look::Script)
            .unwrap();
        let denied = scene
            .asks
            .iter()
            .find(|ask| ask.told != Told::Readable)
            .unwrap();
        let saw = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|&line| line.to_owned()).collect();
            mismatch(denied, &lines)
        };
        assert_eq!(
            saw(&["error event", "status 0", "no headers", "no body"]),
            None
        );
        for wrong in [
            &["error event", "status 0", "no headers", "body: hello"][..],
            &["error event", "status 0", "no headers"],
            &["load event", "status 0", "no headers", "no body"],
            &[],
        ] {
            assert!(saw(wrong).unwrap().contains("it saw"), "{wrong:?}");
        }
    }
}
