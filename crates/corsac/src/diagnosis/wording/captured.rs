use super::{super::Code, Browser};

/// Code, browser and line, with tabs between them: `cargo test -p conformance --test consoles` holds it
/// against real consoles.
const CAPTURED: &str = include_str!("captured.txt");

/// Code, browser and [`Silence`], likewise.
const SILENT: &str = include_str!("silent.txt");

/// Why a browser's console has no line of its own for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Silence {
    /// The browser does not refuse.
    Allows,
    /// It refuses, and says nothing that tells why.
    SaysNothing,
}

impl Code {
    /// What real consoles said of this code, with example addresses in the place of the test's.
    ///
    /// Several lines of one browser are several situations, or one of them explaining another. Where
    /// there is none, [`silences`](Self::silences) says why, unless the situation cannot be had on one
    /// machine. Safari is WebKitGTK here.
    ///
    /// ```
    /// use corsac::diagnosis::{Browser, Code};
    /// let mut lines = Code::PreflightStatusNotOk.console();
    /// let (_, line) = lines.find(|(browser, _)| *browser == Browser::Safari).unwrap();
    /// assert_eq!(line, "Preflight response is not successful. Status code: 404");
    /// ```
    pub fn console(self) -> impl Iterator<Item = (Browser, &'static str)> {
        rows(CAPTURED, self)
    }

    /// The browsers whose consoles had nothing to say of this code.
    ///
    /// ```
    /// use corsac::diagnosis::{Browser, Code, Silence};
    /// let mut silences = Code::RedirectMode.silences();
    /// assert_eq!(silences.next(), Some((Browser::Chromium, Silence::SaysNothing)));
    /// ```
    pub fn silences(self) -> impl Iterator<Item = (Browser, Silence)> {
        rows(SILENT, self).map(|(browser, why)| match why {
            "allows" => (browser, Silence::Allows),
            _ => (browser, Silence::SaysNothing),
        })
    }
}

/// What a table says of one code, and of which browser.
fn rows(table: &'static str, code: Code) -> impl Iterator<Item = (Browser, &'static str)> {
    table.lines().filter_map(move |line| {
        let mut parts = line.splitn(3, '\t');
        let is_ours = parts.next()? == code.name();
        let browser = match parts.next()? {
            "chromium" => Browser::Chromium,
            "firefox" => Browser::Firefox,
            _ => Browser::Safari,
        };
        is_ours.then_some((browser, parts.next()?))
    })
}
