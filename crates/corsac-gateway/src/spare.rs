//! Waiting no longer than a limit, with one timer for one request after the other.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    pin::{Pin, pin},
    rc::Rc,
    task::Poll,
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep};

/// When a body was last seen to move.
pub(crate) type Moved = Rc<Cell<Instant>>;

/// The timer that nobody uses just now. To put one off takes no lock, to make one does, and a client
/// over HTTP/1.1 needs one at a time.
#[derive(Default)]
pub(crate) struct Spare(RefCell<Option<Pin<Box<Sleep>>>>);

impl Spare {
    /// Waits for the limit at most, counted anew whenever the body moves; `None` if it is over.
    pub(crate) async fn within<F: Future>(
        &self,
        limit: Duration,
        moved: Option<&Moved>,
        future: F,
    ) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut timer: Option<Pin<Box<Sleep>>> = None;
        let outcome = poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            let timer = timer.get_or_insert_with(|| self.start(limit));
            while timer.as_mut().poll(context).is_ready() {
                let end = moved.map(|moved| moved.get() + limit);
                match end.filter(|end| *end > Instant::now()) {
                    Some(end) => timer.as_mut().reset(end),
                    None => return Poll::Ready(None),
                }
            }
            Poll::Pending
        })
        .await;
        if timer.is_some() {
            self.0.replace(timer);
        }
        outcome
    }

    fn start(&self, limit: Duration) -> Pin<Box<Sleep>> {
        match self.0.take() {
            Some(mut timer) => {
                timer.as_mut().reset(Instant::now() + limit);
                timer
            }
            None => Box::pin(sleep(limit)),
        }
    }
}
