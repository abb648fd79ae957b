use anyhow::{Context as _, Result};

use super::{Browser, Engine};
use crate::{
    observation::{Observation, View},
    scenario::{Scenario, Site},
    servers::{Servers, page::Item},
};

/// How many scenarios a page is told at a time: enough to keep it busy, few enough to lose.
const CHUNK: usize = 200;

/// How many of them are under way at a time.
const WIDTH: usize = 12;

/// An engine that runs scenarios, in one browser after another.
#[derive(Debug)]
pub struct Session {
    engine: Engine,
    browser: Option<Browser>,
}

impl Session {
    /// No browser is started yet.
    pub const fn new(engine: Engine) -> Self {
        Self {
            engine,
            browser: None,
        }
    }

    /// Which engine it is.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Ends the browser; the next scenario gets one with a fresh profile.
    pub fn forget(&mut self) {
        self.browser = None;
    }

    /// Runs scenarios, those of one kind of page together; gives observations in their order.
    ///
    /// # Errors
    /// No browser, or one that hangs or dies twice over the same scenarios.
    pub async fn run(
        &mut self,
        servers: &Servers,
        scenarios: &[Scenario],
    ) -> Result<Vec<Observation>> {
        let mut observations: Vec<Option<Observation>> = vec![None; scenarios.len()];
        for site in Site::ALL {
            let of_site: Vec<usize> = (0..scenarios.len())
                .filter(|&place| scenarios.get(place).is_some_and(|it| it.page.site == site))
                .collect();
            for chunk in of_site.chunks(CHUNK) {
                let some: Vec<_> = chunk.iter().filter_map(|&it| scenarios.get(it)).collect();
                let observed = match self.run_chunk(servers, site, &some).await {
                    Ok(observed) => observed,
                    // A browser that hangs or dies gets one more chance, as a fresh one.
                    Err(_) => {
                        self.forget();
                        self.run_chunk(servers, site, &some).await?
                    }
                };
                for (&place, observation) in chunk.iter().zip(observed) {
                    if let Some(slot) = observations.get_mut(place) {
                        *slot = Some(observation);
                    }
                }
            }
        }
        let all: Option<Vec<_>> = observations.into_iter().collect();
        all.context("a page is at one of the sites")
    }

    async fn run_chunk(
        &mut self,
        servers: &Servers,
        site: Site,
        scenarios: &[&Scenario],
    ) -> Result<Vec<Observation>> {
        let keys: Vec<_> = scenarios.iter().map(|it| servers.register(it)).collect();
        let items = scenarios.iter().zip(&keys);
        let items: Vec<_> = items
            .map(|(scenario, key)| Item::of(scenario, key, servers.expander()))
            .collect();
        let played = self.play(servers, site, &items).await;
        // What was received is taken from the servers in any case.
        let mut views = played.as_ref().map_or(&[][..], Vec::as_slice).iter();
        let observed = keys.iter().map(|key| {
            let views = views.next().cloned();
            servers.observe(key, views.unwrap_or_default())
        });
        let observed: Option<Vec<_>> = observed.collect();
        played?;
        observed.context("a key is known once")
    }

    async fn play(
        &mut self,
        servers: &Servers,
        site: Site,
        items: &[Item],
    ) -> Result<Vec<Vec<View>>> {
        let browser = match &mut self.browser {
            Some(browser) => browser,
            none => none.insert(Browser::start(self.engine, servers.key_hash()).await?),
        };
        browser.play(&servers.page_url(site), items, WIDTH).await
    }
}
