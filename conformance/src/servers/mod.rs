//! Scripted servers: they answer what the scenario says, byte for byte, and log what they receive.
//!
//! # What a page does
//!
//! A browser is sent to [`Servers::page_url`], whose path is [`PAGE_PATH`]; what is served there are
//! the [`Files`] handed to [`Servers::start`]. Its script then lives in a loop:
//!
//! 1. `GET /batch` of its own origin. `204`: nothing to do yet (the answer takes up to ten seconds);
//!    ask again. `200`: a [`Batch`](page::Batch) in JSON.
//! 2. It runs the batch's scenarios, `concurrency` of them at a time. Of each scenario it first
//!    fetches every URL in `cookies`, one after another, by `fetch(url, {mode: "no-cors",
//!    credentials: "include"})`, and awaits it. Then it makes the `calls`, one after another: waits
//!    `wait` milliseconds, calls as the [`Call`](crate::scenario::Call) says with its `url`, and
//!    waits for its end, but not longer than ten seconds ([`End::TimedOut`](crate::observation::End)).
//!    If the scenario is `opaque` all of this happens in a sandboxed frame of the page, at
//!    [`FRAME_PATH`], which gets the scenario and gives its views by postMessage.
//! 3. `POST /outcomes` to its own origin with [`Outcomes`](page::Outcomes) in JSON: for each scenario its
//!    `key` and one [`View`](crate::observation::View) a call, with all addresses as they are. Then 1.
//!
//! Header values and bodies are strings of chars up to U+00FF, a byte each.

mod batches;
mod certificate;
mod http1;
mod http2;
pub mod page;
mod scripted;

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, Result};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    observation::Observation,
    scenario::{Expander, Listener, Page, Scenario, Site},
};

use self::{batches::Batches, certificate::Certificates, scripted::Scripted};

/// Where a page is.
pub const PAGE_PATH: &str = "/page";

/// Where the frame is that a page puts into a sandbox.
pub const FRAME_PATH: &str = "/frame";

/// What the servers hand out beside scripted answers: path, Content-Type, text.
pub type Files = Vec<(&'static str, &'static str, String)>;

/// The scripted servers of one subject: every [`Site`], on free ports of this machine.
#[derive(Debug)]
pub struct Servers {
    shared: Arc<Shared>,
    ca_pem: String,
    // Dropping it ends the servers.
    _tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    expander: Expander,
    files: Files,
    scripted: Scripted,
    batches: Batches,
}

impl Servers {
    /// Starts them.
    ///
    /// # Errors
    /// No port, or no certificate.
    pub async fn start(files: Files) -> Result<Self> {
        let certificates = Certificates::generate()?;
        let mut ports = BTreeMap::new();
        let mut sockets = Vec::new();
        for listener in Listener::ALL {
            let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let port = v4.local_addr()?.port();
            ports.insert(listener, port);
            sockets.push((listener, v4));
            // Some browsers try this one first; without it they take the other.
            if let Ok(v6) = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                sockets.push((listener, v6));
            }
        }
        let expander = Expander::new(ports);
        let shared = Arc::new(Shared {
            scripted: Scripted::new(expander.clone()),
            expander,
            files,
            batches: Batches::default(),
        });
        let mut tasks = JoinSet::new();
        for (listener, socket) in sockets {
            let acceptor = certificates.acceptor(listener)?;
            tasks.spawn(accept(socket, listener, acceptor, Arc::clone(&shared)));
        }
        Ok(Self {
            shared,
            ca_pem: certificates.ca_pem,
            _tasks: tasks,
        })
    }

    /// The throw-away authority that the servers' certificates are of.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// What addresses there are.
    pub fn expander(&self) -> &Expander {
        &self.shared.expander
    }

    /// The URL of the pages of a site.
    pub fn page_url(&self, site: Site) -> String {
        self.shared.expander.origin(site) + PAGE_PATH
    }

    /// Gives a scenario a name in paths, under which its answers are ready and requests are logged.
    pub fn register(&self, scenario: &Scenario) -> String {
        self.shared.scripted.register(scenario)
    }

    /// What was received for a registered scenario, which is thereby forgotten. What the script saw
    /// is put beside it.
    pub fn observe(&self, key: &str, views: Vec<crate::observation::View>) -> Option<Observation> {
        self.shared.scripted.observe(key, views)
    }

    /// Lets the page that is open in a browser run scenarios, all of pages of one site.
    ///
    /// # Errors
    /// No outcomes within the time, or not those of the scenarios.
    pub async fn run_batch(
        &self,
        site: Site,
        scenarios: &[Scenario],
        concurrency: usize,
        limit: Duration,
    ) -> Result<Vec<Observation>> {
        let keys: Vec<_> = scenarios.iter().map(|it| self.register(it)).collect();
        let expander = &self.shared.expander;
        let items = scenarios.iter().zip(&keys);
        let items = items.map(|(scenario, key)| page::Item::of(scenario, key, expander));
        let outcomes = self.shared.batches.run(site, items.collect(), concurrency);
        let outcomes = tokio::time::timeout(limit, outcomes).await;
        let mut outcomes = outcomes.context("the page posted no outcomes in time")??;
        let mut observations = Vec::with_capacity(keys.len());
        for key in &keys {
            let views = outcomes.remove(key);
            let views = views.with_context(|| format!("no outcome of {key}"))?;
            let observation = self.observe(key, views).context("a key is known once")?;
            observations.push(observation);
        }
        Ok(observations)
    }

    /// Whether a batch is out for a page, and not taken yet.
    pub fn is_idle(&self, page: Page) -> bool {
        self.shared.batches.is_idle(page.site)
    }
}

async fn accept(
    socket: TcpListener,
    listener: Listener,
    acceptor: Option<TlsAcceptor>,
    shared: Arc<Shared>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = socket.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
                connections.spawn(async move {
                    // A browser that hangs up is no concern of ours.
                    let _ = serve(stream, listener, acceptor, shared).await;
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(
    stream: TcpStream,
    listener: Listener,
    acceptor: Option<TlsAcceptor>,
    shared: Arc<Shared>,
) -> Result<()> {
    stream.set_nodelay(true)?;
    match (listener, acceptor) {
        (Listener::H2, Some(acceptor)) => {
            http2::serve(acceptor.accept(stream).await?, listener, shared).await
        }
        (_, Some(acceptor)) => {
            http1::serve(acceptor.accept(stream).await?, listener, &shared).await
        }
        (_, None) => http1::serve(stream, listener, &shared).await,
    }
}
