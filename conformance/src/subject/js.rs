//! `corsac-js`: the script that browsers run, in a page without a browser.

use std::{
    cell::RefCell,
    collections::{BTreeMap, hash_map::DefaultHasher},
    hash::{Hash as _, Hasher as _},
    rc::Rc,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use corsac::fetch::{Environment, Profile};
use corsac_js::{Page, PageConfig};
use tokio::task::{JoinSet, spawn_blocking};
use url::Url;

use super::core;
use crate::{
    observation::{Observation, View},
    scenario::{Api, Scenario},
    servers::{Servers, page},
};

/// What browsers run.
const SCRIPT: &str = include_str!("../servers/page.js");

/// How many scenarios are under way at a time in one page.
const WIDTH: usize = 16;

/// More than a page with so many scenarios needs.
const PATIENCE: Duration = Duration::from_secs(300);

/// So many of the scenarios of one page run in it at most.
const OF_ONE_PAGE: usize = 500;

/// Pages that run scenarios. Each run makes new ones: none has met anybody.
#[derive(Debug)]
pub struct Session {
    profile: Profile,
}

impl Session {
    /// By the rules of a profile.
    pub const fn new(profile: Profile) -> Self {
        Self { profile }
    }

    /// Whether a page without elements can run it.
    pub fn can_run(scenario: &Scenario) -> bool {
        let mut calls = scenario.calls.iter();
        calls.all(|call| matches!(call.api, Api::Fetch | Api::Xhr))
    }

    /// Runs scenarios, those of one page together; gives observations in their order.
    ///
    /// # Errors
    /// A page can't be made, or did not come to its end.
    pub async fn run(
        &mut self,
        servers: &Servers,
        scenarios: &[Scenario],
    ) -> Result<Vec<Observation>> {
        let keys: Vec<_> = scenarios.iter().map(|it| servers.register(it)).collect();
        let mut pages: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, scenario) in scenarios.iter().enumerate() {
            pages.entry(scenario.page).or_default().push(place);
        }
        let mut tasks = JoinSet::new();
        for places in pages.values().flat_map(|places| places.chunks(OF_ONE_PAGE)) {
            let Some(scenario) = places.first().and_then(|place| scenarios.get(*place)) else {
                continue;
            };
            let environment = core::environment(scenario, servers.expander());
            let config = self.config(environment, servers)?;
            let items = places.iter().filter_map(|place| {
                let (scenario, key) = (scenarios.get(*place)?, keys.get(*place)?);
                let mut item = page::Item::of(scenario, key, servers.expander());
                // The page is what a frame would be.
                item.opaque = false;
                Some(item)
            });
            let items = items.collect();
            let places = places.to_vec();
            tasks.spawn(async move {
                let views = spawn_blocking(move || views(config, items)).await??;
                ensure!(views.len() == places.len(), "a page lost a scenario");
                Ok(places.into_iter().zip(views))
            });
        }
        let mut seen: Vec<Vec<View>> = vec![Vec::new(); scenarios.len()];
        while let Some(ended) = tasks.join_next().await {
            for (place, views) in ended?? {
                if let Some(slot) = seen.get_mut(place) {
                    *slot = views;
                }
            }
        }
        let observed = keys.iter().zip(seen);
        let observed = observed.map(|(key, views)| servers.observe(key, views));
        let observed: Option<_> = observed.collect();
        observed.context("a key is known once")
    }

    fn config(&self, mut environment: Environment, servers: &Servers) -> Result<PageConfig> {
        let url = environment.creation_url.clone();
        let url = url.map_or_else(|| Url::parse("about:srcdoc"), Ok)?;
        // The agent asks itself.
        environment.questions = corsac::fetch::Questions::default();
        let mut config = PageConfig::new(url, self.profile);
        config.environment = environment;
        config.agent.trust.add_pem(servers.ca_pem().as_bytes())?;
        config.limits.total_time = Some(PATIENCE);
        config.limits.run_time = None;
        Ok(config)
    }
}

/// What a page's script saw of each of the scenarios.
fn views(config: PageConfig, items: Vec<page::Item>) -> Result<Vec<Vec<View>>> {
    let said = Rc::new(RefCell::new(None));
    let sink = Rc::clone(&said);
    // What the page's own console says of blocked requests begins otherwise.
    let mut hasher = DefaultHasher::new();
    items.first().map(|item| &item.key).hash(&mut hasher);
    let mark = format!("{:016x} ", hasher.finish());
    let start = mark.clone();
    let console = Box::new(move |_level, text: &str| {
        if let Some(text) = text.strip_prefix(&start) {
            sink.replace(Some(text.to_owned()));
        }
    });
    let mut page = Page::new(config, console)?;
    page.evaluate("page.js", SCRIPT)?;
    let items = serde_json::to_string(&items)?;
    let run = format!(
        "run({items}, {WIDTH}).then((views) => console.log('{mark}' + JSON.stringify(views)))"
    );
    page.evaluate("run.js", &run)?;
    page.run_to_idle()?;
    let said = said.take();
    let said = said.with_context(|| format!("a page said nothing: {:?}", page.errors()))?;
    Ok(serde_json::from_str(&said)?)
}
