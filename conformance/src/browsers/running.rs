//! One running browser.

use std::{net::TcpListener, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result, bail};
use fantoccini::{Client, ClientBuilder, wd::TimeoutConfiguration};
use hyper_util::client::legacy::connect::HttpConnector;
use serde::Serialize;
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{Instant, sleep, timeout};

use super::{
    Engine,
    console::{self, ConsoleLine},
    display::Display,
    kept::Kept,
};
use crate::observation::View;

/// How long a driver may take to listen, and a browser to open a window.
const START: Duration = Duration::from_secs(60);

/// How long a batch may take.
const BATCH: Duration = Duration::from_secs(300);

/// How long any one command may take.
const COMMAND: Duration = Duration::from_secs(30);

/// How a driver has the page run items; its last argument is whom to tell.
const RUN: &str = "const [items, width, told] = arguments; corsac.run(items, width).then(told);";

/// A browser with a profile of its own. Dropped, its processes and its files are gone.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    // In this order: first the processes end, then what they wrote is removed.
    _driver: Kept,
    _display: Option<Display>,
    _home: TempDir,
    engine: Engine,
    page: Option<String>,
}

impl Browser {
    /// Starts `engine` with a fresh profile; `trust` is the hash of a certificate's key.
    pub async fn start(engine: Engine, trust: &str) -> Result<Self> {
        let [program, ..] = engine.programs() else {
            bail!("no driver");
        };
        let program = find(program).with_context(|| format!("{program} is not installed"))?;
        let home = TempDir::with_prefix("corsac-browser-")?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = engine.driver(&program, port, home.path());
        let display = match engine {
            Engine::Webkit => {
                let xvfb = find("Xvfb").context("Xvfb is not installed")?;
                Some(Display::start(&xvfb, home.path()).await?)
            }
            Engine::Chromium | Engine::Firefox => None,
        };
        if let Some(display) = &display {
            command.env("DISPLAY", display.name());
        }
        let driver = Kept::start(&command, &home.path().join("driver.log"))?;
        let client = connect(engine, port, &home, trust).await;
        let client = client.with_context(|| {
            let said = std::fs::read_to_string(home.path().join("driver.log"));
            format!("{}: {}", engine.name(), said.unwrap_or_default().trim())
        })?;
        Ok(Self {
            client,
            _driver: driver,
            _display: display,
            _home: home,
            engine,
            page: None,
        })
    }

    /// Which one it is.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Opens the page at `url` anew.
    pub async fn open(&mut self, url: &str) -> Result<()> {
        self.page = None;
        timeout(COMMAND, self.client.goto(url)).await??;
        self.page = Some(url.to_owned());
        Ok(())
    }

    /// What its console said since it was last asked.
    pub async fn console(&mut self) -> Result<Vec<ConsoleLine>> {
        let lines = console::take(self.engine, &self.client);
        timeout(COMMAND, lines).await?
    }

    /// Runs items in the page at `url`, so many of them at once; gives the views of each one's calls.
    pub async fn play(
        &mut self,
        url: &str,
        items: &[impl Serialize],
        width: usize,
    ) -> Result<Vec<Vec<View>>> {
        if self.page.as_deref() != Some(url) {
            self.open(url).await?;
        }
        let args = vec![serde_json::to_value(items)?, width.into()];
        let views = timeout(BATCH, self.client.execute_async(RUN, args)).await??;
        Ok(serde_json::from_value(views)?)
    }
}

async fn connect(engine: Engine, port: u16, home: &TempDir, trust: &str) -> Result<Client> {
    let until = Instant::now() + START;
    while tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .is_err()
    {
        if Instant::now() > until {
            bail!("the driver does not listen");
        }
        sleep(Duration::from_millis(10)).await;
    }
    let capabilities = engine.capabilities(home.path(), trust);
    let Value::Object(capabilities) = capabilities else {
        bail!("capabilities are an object");
    };
    let url = format!("http://127.0.0.1:{port}");
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let session = builder.capabilities(capabilities);
    let client = timeout(START, session.connect(&url)).await??;
    let timeouts = TimeoutConfiguration::new(Some(BATCH), None, None);
    client.update_timeouts(timeouts).await?;
    Ok(client)
}

/// The program of that name, in `PATH` or where `cargo xtask browsers` puts what it builds.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../.cache/geckodriver/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from(built)])
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
