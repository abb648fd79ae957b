use std::{
    cell::Cell,
    time::{Duration, Instant},
};

/// How long script may run yet. The engine asks all the time while it runs.
#[derive(Debug)]
pub(crate) struct Watch {
    run_time: Option<Duration>,
    /// When all is over.
    end: Option<Instant>,
    /// When what runs has to have ended.
    run_end: Cell<Option<Instant>>,
    is_over: Cell<bool>,
}

impl Watch {
    pub(super) fn new(run_time: Option<Duration>, total_time: Option<Duration>) -> Self {
        Self {
            run_time,
            end: total_time.and_then(|time| Instant::now().checked_add(time)),
            run_end: Cell::new(None),
            is_over: Cell::new(false),
        }
    }

    /// Something begins to run.
    pub(super) fn begin(&self) {
        let end = |time| Instant::now().checked_add(time);
        self.run_end.set(self.run_time.and_then(end));
    }

    /// What runs has waited for this long, which does not count.
    pub(crate) fn waited(&self, time: Duration) {
        let later = |end: Instant| end.checked_add(time);
        self.run_end.set(self.run_end.get().and_then(later));
    }

    /// Whether something was told to end.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Whether what runs must end. Once it must, nothing runs any more.
    pub(super) fn must_end(&self) -> bool {
        if !self.is_over.get() {
            let now = Instant::now();
            let ends = [self.run_end.get(), self.end];
            self.is_over
                .set(ends.into_iter().flatten().any(|end| end <= now));
        }
        self.is_over.get()
    }

    /// When all is over.
    pub(crate) fn end(&self) -> Option<Instant> {
        self.end
    }

    /// What to say of it.
    pub(super) fn message(&self) -> String {
        let now = Instant::now();
        match (self.end.filter(|end| *end <= now), self.run_time) {
            (None, Some(time)) => {
                format!("A script ran for more than {time:?} without a pause, and was stopped")
            }
            _ => "The time for this page is over".to_owned(),
        }
    }
}
