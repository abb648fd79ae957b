use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::{Failure, Stage};

/// The limit of a whole fetch, from which those of its parts are made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Total(Option<Instant>);

impl Total {
    pub(crate) fn new(limit: Option<Duration>) -> Self {
        Self(limit.and_then(|limit| Instant::now().checked_add(limit)))
    }

    /// The limit of a part that begins now.
    pub(crate) fn part(self, stage: Stage, limit: Duration) -> Deadline {
        let own = Instant::now().checked_add(limit);
        let is_total = match (self.0, own) {
            (Some(total), Some(own)) => total < own,
            (total, None) => total.is_some(),
            (None, _) => false,
        };
        Deadline {
            at: if is_total { self.0 } else { own },
            stage,
            is_total,
        }
    }
}

/// When a part of a fetch has to be over; never, if that is too far away to be counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    at: Option<Instant>,
    stage: Stage,
    is_total: bool,
}

impl Deadline {
    /// Waits for something, and no longer than this.
    pub(crate) async fn within<F: Future>(self, future: F) -> Result<F::Output, Failure> {
        let Some(at) = self.at else {
            return Ok(future.await);
        };
        let Self {
            stage, is_total, ..
        } = self;
        let late = Failure::Timeout { stage, is_total };
        // The timer would round up, to where even the slowest has its chance.
        if at <= Instant::now() {
            return Err(late);
        }
        timeout_at(at, future).await.map_err(|_| late)
    }
}
