use super::{super::Code, Browser};

/// Code, browser and line, with tabs between them: `cargo test -p conformance --test consoles` holds it
/// against real consoles.
const CAPTURED: &str = include_str!("captured.txt");

impl Code {
    /// What real consoles said of this code, with example addresses in the place of the test's.
    ///
    /// Several lines of one browser are several situations, or one of them explaining another. None
    /// is no proof of silence: some situations cannot be had on one machine. Safari is WebKitGTK
    /// here.
    ///
    /// ```
    /// use corsac::diagnosis::{Browser, Code};
    /// let mut lines = Code::PreflightStatusNotOk.console();
    /// let (_, line) = lines.find(|(browser, _)| *browser == Browser::Safari).unwrap();
    /// assert_eq!(line, "Preflight response is not successful. Status code: 404");
    /// ```
    pub fn console(self) -> impl Iterator<Item = (Browser, &'static str)> {
        CAPTURED.lines().filter_map(move |line| {
            let mut parts = line.splitn(3, '\t');
            let is_ours = parts.next()? == self.name();
            let browser = match parts.next()? {
                "chromium" => Browser::Chromium,
                "firefox" => Browser::Firefox,
                _ => Browser::Safari,
            };
            is_ours.then_some((browser, parts.next()?))
        })
    }
}
