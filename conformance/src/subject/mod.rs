//! Who runs scenarios.

use anyhow::Result;

use crate::{observation::Observation, scenario::Scenario, servers::Servers};

/// One that runs scenarios and is watched.
///
/// A browser comes in as one more variant, which holds its session.
#[derive(Debug)]
#[non_exhaustive]
pub enum Subject {}

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
        let _ = (servers, scenarios);
        match *self {}
    }
}
