//! Who runs scenarios.

pub mod agent;
pub mod core;
pub mod events;
mod jar;
pub mod js;
mod script;

pub(crate) use script::failed;

use anyhow::Result;
use corsac::fetch::Profile;

use crate::{browsers::Session, observation::Observation, scenario::Scenario, servers::Servers};

/// One that runs scenarios and is watched.
#[derive(Debug)]
#[non_exhaustive]
pub enum Subject {
    /// The core under a profile.
    Core(Profile),
    /// An agent on sockets.
    Agent(agent::Session),
    /// A page without a browser.
    Js(js::Session),
    /// A real browser.
    Browser(Session),
}

impl Subject {
    /// Runs scenarios, in whatever order suits, and gives one observation each, in their order.
    ///
    /// # Errors
    /// It did not work at all: then nothing is said about any scenario.
    pub async fn run(
        &mut self,
        servers: &Servers,
        scenarios: &[Scenario],
    ) -> Result<Vec<Observation>> {
        match self {
            Self::Core(profile) => {
                let run = |scenario| core::run(scenario, *profile).observation;
                Ok(scenarios.iter().map(run).collect())
            }
            Self::Agent(session) => session.run(servers, scenarios).await,
            Self::Js(session) => session.run(servers, scenarios).await,
            Self::Browser(session) => session.run(servers, scenarios).await,
        }
    }

    /// Whether it has what a scenario calls.
    pub fn can_run(&self, scenario: &Scenario) -> bool {
        !matches!(self, Self::Js(_)) || js::Session::can_run(scenario)
    }

    /// The next scenario is run by one that has seen nothing yet.
    pub fn forget(&mut self) {
        match self {
            // They never remember anything.
            Self::Core(_) | Self::Js(_) => {}
            Self::Agent(session) => session.forget(),
            Self::Browser(session) => session.forget(),
        }
    }
}
