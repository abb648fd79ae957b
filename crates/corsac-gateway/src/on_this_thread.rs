//! Where what HTTP/2 has to do beside a request is done.

use hyper::rt::Executor;
use tokio::task;

/// Runs whatever it is given on the thread that it was given it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnThisThread;

impl<F: Future<Output: 'static> + 'static> Executor<F> for OnThisThread {
    fn execute(&self, future: F) {
        task::spawn_local(future);
    }
}
