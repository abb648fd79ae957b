//! A gateway, and one that runs.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use corsac_tower::{CorsLayer, PolicyHandle};
use tokio::{
    sync::{Semaphore, watch},
    task::LocalSet,
};

use crate::{GatewayConfig, Io, connection, hosts::Hosts, tls::Stream, worker};

/// A reverse proxy under a policy. See the [crate](crate).
pub struct Gateway {
    shared: Arc<Shared>,
}

/// What all workers have in common. Nothing in it changes, but for the policy.
pub(crate) struct Shared {
    pub(crate) config: GatewayConfig,
    pub(crate) hosts: Hosts,
    pub(crate) layer: CorsLayer,
    pub(crate) policies: PolicyHandle,
    pub(crate) connections: Arc<Semaphore>,
}

/// How far a gateway is from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Serving,
    /// New connections are taken, and told that they end with their next response.
    Leaving,
    /// No new connections; what is under way is finished.
    Closing,
}

impl Gateway {
    /// Makes one that serves nothing yet.
    pub fn new(config: GatewayConfig) -> Self {
        let (mut layer, policies) = CorsLayer::reloadable(config.policies.clone());
        if config.observer.is_some() {
            layer = layer.report_to(connection::remember);
        }
        let shared = Shared {
            hosts: Hosts::new(&config.hosts),
            connections: Arc::new(Semaphore::new(config.limits.connections)),
            layer,
            policies,
            config,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// What sets the policies of requests to come.
    pub fn policies(&self) -> PolicyHandle {
        self.shared.policies.clone()
    }

    /// Begins to serve whoever connects.
    ///
    /// # Errors
    /// If a thread or its runtime can't be had.
    pub fn serve(&self, listeners: Vec<TcpListener>) -> io::Result<Running> {
        let (phase, _) = watch::channel(Phase::Serving);
        for listener in &listeners {
            listener.set_nonblocking(true)?;
        }
        let workers = (0..self.shared.config.workers.get()).map(|number| {
            let listeners: io::Result<Vec<_>> =
                listeners.iter().map(TcpListener::try_clone).collect();
            let (listeners, shared) = (listeners?, Arc::clone(&self.shared));
            let (runtime, phase) = (worker::runtime()?, phase.subscribe());
            thread::Builder::new()
                .name(format!("corsac-{number}"))
                .spawn(move || worker::run(&runtime, listeners, shared, phase))
        });
        Ok(Running {
            workers: workers.collect::<io::Result<_>>()?,
            phase,
        })
    }

    /// Serves one client over a connection that somebody else has, in HTTP/1.1 and without TLS, until
    /// it ends. It keeps no connection to an upstream for the next client.
    ///
    /// It needs a runtime of tokio, and stays on its thread.
    pub async fn serve_connection(&self, client: impl Io + 'static, peer: SocketAddr) {
        let (_serving, phase) = watch::channel(Phase::Serving);
        let (worker, mut ended) = worker::start(Arc::clone(&self.shared), phase);
        let client = Stream::Given(Box::new(client));
        let tasks = LocalSet::new();
        tasks.spawn_local(connection::serve_stream(client, peer, worker));
        let ends = async move { while ended.changed().await.is_ok() {} };
        tasks.run_until(ends).await;
    }
}

/// A gateway that serves.
#[must_use = "it is stopped when this is dropped"]
#[derive(Debug)]
pub struct Running {
    workers: Vec<JoinHandle<()>>,
    phase: watch::Sender<Phase>,
}

impl Running {
    /// Stops in two steps: for a while every response says that its connection ends, so that no
    /// client is about to use one that is closed; then nothing new is taken, and what is under
    /// way has until the limit to end.
    ///
    /// Says whether all of it did.
    pub fn drain(self, notice: Duration, limit: Duration) -> bool {
        self.phase.send_replace(Phase::Leaving);
        thread::sleep(notice);
        self.phase.send_replace(Phase::Closing);
        let pause = Duration::from_millis(10);
        let mut waited = Duration::ZERO;
        while waited < limit && !self.workers.iter().all(JoinHandle::is_finished) {
            thread::sleep(pause);
            waited += pause;
        }
        self.workers.iter().all(JoinHandle::is_finished)
    }

    /// Waits until it ends, which by itself it doesn't.
    pub fn wait(self) {
        for worker in self.workers {
            // What it has to say, it said when it panicked.
            let _ = worker.join();
        }
    }
}
