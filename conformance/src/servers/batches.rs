use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result};
use tokio::sync::{Notify, oneshot};

use crate::{observation::View, scenario::Site};

use super::page::{Batch, Item, Outcomes};

type Views = HashMap<String, Vec<View>>;

/// How long a page waits for something to do before it has to ask again.
const PATIENCE: Duration = Duration::from_secs(10);

/// What pages have to run, and who waits for what comes of it: one batch a site at a time.
#[derive(Debug, Default)]
pub(super) struct Batches {
    sites: Mutex<BTreeMap<Site, Pending>>,
    posted: Notify,
}

#[derive(Debug)]
struct Pending {
    /// `None` once a page has taken it.
    batch: Option<Batch>,
    waits: oneshot::Sender<Views>,
}

impl Batches {
    pub(super) async fn run(
        &self,
        site: Site,
        scenarios: Vec<Item>,
        concurrency: usize,
    ) -> Result<Views> {
        let (waits, outcomes) = oneshot::channel();
        let batch = Some(Batch {
            concurrency,
            scenarios,
        });
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.insert(site, Pending { batch, waits });
        drop(sites);
        self.posted.notify_waiters();
        outcomes.await.context("another batch took the page")
    }

    /// Waits for a batch, and hands it out once.
    pub(super) async fn take(&self, site: Site) -> Option<Batch> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let posted = self.posted.notified();
            tokio::pin!(posted);
            // From here on no posting is missed.
            posted.as_mut().enable();
            if let Some(batch) = self.take_now(site) {
                return Some(batch);
            }
            tokio::time::timeout_at(deadline, posted).await.ok()?;
        }
    }

    fn take_now(&self, site: Site) -> Option<Batch> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.get_mut(&site)?.batch.take()
    }

    pub(super) fn is_idle(&self, site: Site) -> bool {
        let sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites
            .get(&site)
            .is_none_or(|pending| pending.batch.is_none())
    }

    /// Takes what a page has posted. False if nobody waits for it.
    pub(super) fn settle(&self, site: Site, outcomes: Outcomes) -> bool {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(pending) = sites.remove(&site) else {
            return false;
        };
        let outcomes = outcomes.outcomes.into_iter();
        let views = outcomes.map(|outcome| (outcome.key, outcome.views));
        pending.waits.send(views.collect()).is_ok()
    }
}
