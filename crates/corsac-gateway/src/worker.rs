//! One thread that serves.

use std::{io, net::TcpListener as StdListener, rc::Rc, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    sync::watch,
    task::{self, LocalSet},
    time::{sleep, timeout},
};

use tokio_rustls::{TlsAcceptor, TlsStream};

use crate::{
    Certificates, connection,
    gateway::{Phase, Shared},
    site::Site,
    tls::Stream,
    upstream::Pool,
};

/// What one worker has for itself.
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    pub(crate) pool: Pool,
    pub(crate) site: Option<Site>,
    tls: Option<TlsAcceptor>,
    pub(crate) phase: watch::Receiver<Phase>,
    /// Held by everything that is under way: when nobody sends any more, all has ended.
    _alive: watch::Sender<()>,
}

impl Worker {
    /// Returns when nothing new is to be taken any more.
    pub(crate) async fn closing(&self) {
        let mut phase = self.phase.clone();
        // If nobody can say so any more, it is so.
        let _ = phase.wait_for(|&phase| phase == Phase::Closing).await;
    }

    /// Shakes hands, if clients are to speak TLS; `None` if nothing comes of it.
    pub(crate) async fn secure(&self, stream: TcpStream) -> Option<Stream> {
        let Some(tls) = &self.tls else {
            return Some(Stream::Plain(stream));
        };
        let shaking = timeout(self.shared.config.limits.head, tls.accept(stream));
        // What goes wrong here, TLS tells the client.
        let stream = shaking.await.ok()?.ok()?;
        Some(Stream::Tls(Box::new(TlsStream::Server(stream))))
    }
}

/// A worker, and what ends when all that it does has ended.
pub(crate) fn start(
    shared: Arc<Shared>,
    phase: watch::Receiver<Phase>,
) -> (Rc<Worker>, watch::Receiver<()>) {
    let (alive, ended) = watch::channel(());
    let worker = Worker {
        site: shared.config.folder.as_deref().map(Site::new),
        pool: Pool::new(&shared.config),
        tls: shared
            .config
            .certificates
            .as_ref()
            .map(Certificates::acceptor),
        shared,
        phase,
        _alive: alive,
    };
    (Rc::new(worker), ended)
}

pub(crate) fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
}

pub(crate) fn run(
    runtime: &Runtime,
    listeners: Vec<StdListener>,
    shared: Arc<Shared>,
    phase: watch::Receiver<Phase>,
) {
    let (worker, mut ended) = start(shared, phase);
    let tasks = LocalSet::new();
    for listener in listeners {
        tasks.spawn_local(accept(listener, Rc::clone(&worker)));
    }
    drop(worker);
    runtime.block_on(tasks.run_until(async move { while ended.changed().await.is_ok() {} }));
}

async fn accept(listener: StdListener, worker: Rc<Worker>) {
    // It can't be had on a thread without a runtime, and this has one.
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    let closing = worker.closing();
    tokio::pin!(closing);
    loop {
        let permit = Arc::clone(&worker.shared.connections).acquire_owned();
        let Ok(permit) = permit.await else { return };
        let accepted = tokio::select! {
            biased;
            () = &mut closing => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let serving = connection::serve(stream, peer, Rc::clone(&worker));
                task::spawn_local(async move {
                    serving.await;
                    drop(permit);
                });
            }
            // As a rule there are no descriptors left. Whoever connects waits until there are.
            Err(_) => {
                worker.pool.let_go();
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
