//! Scripted servers: they answer what the scenario says, byte for byte, and log what they receive.
//!
//! # What a page does
//!
//! A browser is sent to [`Servers::page_url`], where [`PAGE`] is. A driver then tells its script to run
//! [`Item`](page::Item)s and gets back the views of each. Of each scenario the script first fetches
//! every URL in `cookies`, one after another, without CORS and with credentials. Then it makes the
//! `calls`, one after another: waits `wait` milliseconds, calls as the
//! [`Call`](crate::scenario::Call) says with its `url`, and waits for its end, but not longer than ten
//! seconds ([`End::TimedOut`](crate::observation::End)). If the scenario is `opaque` all of this
//! happens in a sandboxed frame of the page, at [`FRAME_PATH`].
//!
//! Header values and bodies are strings of chars up to U+00FF, a byte each.

mod certificate;
mod http1;
mod http2;
pub mod page;
mod policed;
mod scripted;

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use anyhow::Result;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    observation::Observation,
    scenario::{Expander, Listener, Scenario, Site},
};

use self::{certificate::Certificates, scripted::Scripted};

/// Where a page is.
pub const PAGE_PATH: &str = "/page";

/// Where the frame is that a page puts into a sandbox.
pub const FRAME_PATH: &str = "/frame";

/// What is there, and in the frame.
pub const PAGE: &str = concat!(
    "<!doctype html><meta charset=\"utf-8\"><title>corsac</title>",
    // Else some browsers ask for an icon.
    "<link rel=\"icon\" href=\"data:,\"><body><script>",
    include_str!("page.js"),
    "</script>"
);

/// The scripted servers of one subject: every [`Site`], on free ports of this machine.
#[derive(Debug)]
pub struct Servers {
    shared: Arc<Shared>,
    ca_pem: String,
    key_hash: String,
    // Dropping it ends the servers.
    _tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    expander: Expander,
    scripted: Scripted,
    /// Whether what answers is hyper, with corsac-tower in it.
    is_policed: bool,
}

impl Servers {
    /// Starts them.
    ///
    /// # Errors
    /// No port, or no certificate.
    pub async fn start() -> Result<Self> {
        Self::start_as(false).await
    }

    /// Starts servers of the usual kind instead, by hyper: for scenarios that have policies, which
    /// corsac-tower carries out.
    ///
    /// # Errors
    /// No port, or no certificate.
    pub async fn start_policed() -> Result<Self> {
        Self::start_as(true).await
    }

    async fn start_as(is_policed: bool) -> Result<Self> {
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
            is_policed,
        });
        let mut tasks = JoinSet::new();
        for (listener, socket) in sockets {
            let acceptor = certificates.acceptor(listener)?;
            tasks.spawn(accept(socket, listener, acceptor, Arc::clone(&shared)));
        }
        Ok(Self {
            shared,
            ca_pem: certificates.ca_pem,
            key_hash: certificates.key_hash,
            _tasks: tasks,
        })
    }

    /// The throw-away authority that the servers' certificates are of.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// The fingerprint of the certificates' key.
    pub fn key_hash(&self) -> &str {
        &self.key_hash
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
        (_, Some(acceptor)) if shared.is_policed => {
            policed::serve(acceptor.accept(stream).await?, listener, shared).await
        }
        (_, None) if shared.is_policed => policed::serve(stream, listener, shared).await,
        (Listener::H2, Some(acceptor)) => {
            http2::serve(acceptor.accept(stream).await?, listener, shared).await
        }
        (_, Some(acceptor)) => {
            http1::serve(acceptor.accept(stream).await?, listener, &shared).await
        }
        (_, None) => http1::serve(stream, listener, &shared).await,
    }
}
