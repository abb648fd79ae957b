use std::{process::Command, time::Duration};

use anyhow::{Context as _, Result};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::{console::webkit, display::Display, engine::minibrowser, kept::Kept, running::find};

/// How long a page may take to run what its fragment says.
const PAGE: Duration = Duration::from_secs(90);

/// WebKit without a driver: a driven one keeps its console to itself. The page runs what its URL's
/// fragment says, and says in between where each item begins.
#[derive(Debug)]
pub struct Aloud;

impl Aloud {
    /// Opens `url` and gives, under the key of each item that was run, what the console said.
    pub async fn listen(url: &str) -> Result<Vec<(String, Vec<String>)>> {
        let home = TempDir::with_prefix("corsac-browser-")?;
        let xvfb = find("Xvfb").context("Xvfb is not installed")?;
        let display = Display::start(&xvfb, home.path()).await?;
        let log = home.path().join("console.log");
        let mut command = Command::new(minibrowser());
        command
            .args([
                "--enable-write-console-messages-to-stdout=1",
                "--ignore-tls-errors",
                url,
            ])
            .env("HOME", home.path())
            .env("DISPLAY", display.name());
        let _browser = Kept::start(&command, &log)?;
        let until = Instant::now() + PAGE;
        loop {
            let said = std::fs::read(&log)?;
            let said = String::from_utf8_lossy(&said);
            if said.contains("corsac ends") {
                return Ok(by_item(&said));
            }
            let in_time = (Instant::now() < until).then_some(());
            in_time.with_context(|| format!("the page does not end: {}", said.trim()))?;
            sleep(Duration::from_millis(50)).await;
        }
    }
}

fn by_item(said: &str) -> Vec<(String, Vec<String>)> {
    let mut items: Vec<(String, Vec<String>)> = Vec::new();
    for line in said.lines().filter_map(webkit) {
        match (line.text.strip_prefix("corsac begins "), items.last_mut()) {
            (Some(key), _) => items.push((key.to_owned(), Vec::new())),
            (None, Some((_, lines))) if line.text != "corsac ends" => lines.push(line.text),
            (None, _) => {}
        }
    }
    items
}
