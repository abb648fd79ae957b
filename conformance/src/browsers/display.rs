//! A screen for a browser that cannot do without one.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Context as _, Result};
use tokio::time::{Instant, sleep};

use super::kept::Kept;

/// How long an X server may take to find itself a number.
const START: Duration = Duration::from_secs(20);

/// An X server without a monitor, under a number that was free.
#[derive(Debug)]
pub(crate) struct Display {
    number: u32,
    _server: Kept,
}

impl Display {
    pub(crate) async fn start(xvfb: &Path, home: &Path) -> Result<Self> {
        let log = home.join("display.log");
        let mut command = Command::new(xvfb);
        command.args([
            "-displayfd",
            "1",
            "-nolisten",
            "tcp",
            "-screen",
            "0",
            "1024x768x24",
        ]);
        let server = Kept::start(&command, &log)?;
        let until = Instant::now() + START;
        loop {
            let said = std::fs::read_to_string(&log)?;
            // The number stands alone on its line; what else is said are complaints.
            if let Some(number) = said.lines().find_map(|line| line.parse().ok()) {
                return Ok(Self {
                    number,
                    _server: server,
                });
            }
            let in_time = (Instant::now() < until).then_some(());
            in_time.with_context(|| format!("Xvfb: {}", said.trim()))?;
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// What `DISPLAY` is to say.
    pub(crate) fn name(&self) -> String {
        format!(":{}", self.number)
    }
}
