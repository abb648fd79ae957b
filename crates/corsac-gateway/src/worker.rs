//! One thread that serves.

use std::{io, net::TcpListener as StdListener, rc::Rc, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::watch,
    task::{self, LocalSet},
    time::sleep,
};

use crate::{
    connection,
    gateway::{Phase, Shared},
    upstream::Pool,
};

/// What one worker has for itself.
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    pub(crate) pool: Pool,
    pub(crate) phase: watch::Receiver<Phase>,
    /// Held by everything that is under way: when nobody sends any more, all has ended.
    _alive: watch::Sender<()>,
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
    let (alive, mut ended) = watch::channel(());
    let worker = Rc::new(Worker {
        pool: Pool::new(shared.config.upstreams.len()),
        shared,
        phase,
        _alive: alive,
    });
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
    let mut phase = worker.phase.clone();
    let closing = async move {
        let _ = phase.wait_for(|&phase| phase == Phase::Closing).await;
    };
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
            Err(_) => sleep(Duration::from_millis(50)).await,
        }
    }
}
