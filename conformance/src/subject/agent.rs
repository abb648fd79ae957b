//! `corsac-agent`: the core's rules on real sockets, with a jar, a cache and connections of its own.

use std::time::Duration;

use anyhow::{Context as _, Result};
use corsac::fetch::{CredentialsMode, Environment, Mode, Profile, Request};
use corsac_agent::{Agent, AgentConfig, Outcome};
use tokio::{task::JoinSet, time::timeout};
use url::Url;

use super::{core, script};
use crate::{
    observation::{Observation, View},
    scenario::{Call, Expander, Scenario},
    servers::{Servers, page},
};

/// How many scenarios are under way at a time.
const WIDTH: usize = 16;

/// Agents that run scenarios, one after another.
#[derive(Debug)]
pub struct Session {
    profile: Profile,
    agent: Option<Agent>,
}

impl Session {
    /// No agent has met anybody yet.
    pub const fn new(profile: Profile) -> Self {
        Self {
            profile,
            agent: None,
        }
    }

    /// The next scenario gets an agent that has not met anybody.
    pub fn forget(&mut self) {
        self.agent = None;
    }

    /// Runs scenarios, several at a time; gives observations in their order.
    ///
    /// # Errors
    /// The servers' authority is none.
    pub async fn run(
        &mut self,
        servers: &Servers,
        scenarios: &[Scenario],
    ) -> Result<Vec<Observation>> {
        let agent = self.agent(servers)?;
        let mut tasks = JoinSet::new();
        let mut views: Vec<Vec<View>> = vec![Vec::new(); scenarios.len()];
        let keys: Vec<_> = scenarios.iter().map(|it| servers.register(it)).collect();
        for (place, (scenario, key)) in scenarios.iter().zip(&keys).enumerate() {
            if tasks.len() >= WIDTH {
                keep(tasks.join_next().await, &mut views)?;
            }
            let script = Script {
                agent: agent.clone(),
                expander: servers.expander().clone(),
                scenario: scenario.clone(),
                key: key.clone(),
            };
            tasks.spawn(async move { (place, script.run().await) });
        }
        while !tasks.is_empty() {
            keep(tasks.join_next().await, &mut views)?;
        }
        let observed = keys.iter().zip(views);
        let observed = observed.map(|(key, views)| servers.observe(key, views));
        let observed: Option<_> = observed.collect();
        observed.context("a key is known once")
    }

    fn agent(&mut self, servers: &Servers) -> Result<Agent> {
        if let Some(agent) = &self.agent {
            return Ok(agent.clone());
        }
        let mut config = AgentConfig::new(self.profile);
        config.trust.add_pem(servers.ca_pem().as_bytes())?;
        Ok(self.agent.insert(Agent::new(config)).clone())
    }
}

type Joined = Option<Result<(usize, Vec<View>), tokio::task::JoinError>>;

fn keep(joined: Joined, views: &mut [Vec<View>]) -> Result<()> {
    let (place, seen) = joined.context("one is under way")??;
    if let Some(slot) = views.get_mut(place) {
        *slot = seen;
    }
    Ok(())
}

/// What the page's script does, with an agent for a browser.
struct Script {
    agent: Agent,
    expander: Expander,
    scenario: Scenario,
    key: String,
}

impl Script {
    async fn run(self) -> Vec<View> {
        let page = core::environment(&self.scenario, &self.expander);
        let item = page::Item::of(&self.scenario, &self.key, &self.expander);
        for url in &item.cookies {
            let Ok(url) = Url::parse(url) else { continue };
            let mut request = Request::new(url);
            request.mode = Mode::NoCors;
            request.credentials_mode = CredentialsMode::Include;
            self.agent.fetch(page.clone(), request, "").await;
        }
        let mut views = Vec::new();
        for call in &self.scenario.calls {
            tokio::time::sleep(Duration::from_millis(call.wait)).await;
            let profile = &self.agent.config().profile;
            let request = script::request(&self.scenario, &self.key, call, &self.expander, profile);
            views.push(match request {
                Ok(request) => self.call(&page, request, call).await,
                Err(script::Refusal { end, .. }) => View {
                    end,
                    ..View::default()
                },
            });
        }
        views
    }

    async fn call(&self, page: &Environment, request: Request, call: &Call) -> View {
        let body = script::body_bytes(call);
        let fetch = self.agent.fetch(page.clone(), request, body);
        let fetched = match call.patience() {
            None => fetch.await,
            Some((after, _)) => match timeout(Duration::from_millis(after), fetch).await {
                Ok(fetched) => fetched,
                Err(_) => return script::given_up(),
            },
        };
        match fetched.outcome {
            Outcome::Response { response, body } => {
                script::delivered(&response, &script::text(&body), call.api)
            }
            Outcome::Blocked(_) | Outcome::Withheld(_) => script::failed(call.api),
        }
    }
}
