//! What nginx, HAProxy, Caddy, Apache and Envoy make of one policy, beside what the policy says.
//!
//! Each engine runs with a configuration as correct as it lets one write (`conformance/engines`), and
//! gets the same raw requests. [`Policy::decide`](corsac_tower::policy::Policy::decide) says what each
//! answer should have been; a cell of the table names what was different.

mod cases;
mod config;
mod deviation;
mod engine;
mod page;
mod probe;
mod site_b;
mod table;
mod upstream;

use std::path::Path;

use anyhow::{Context as _, Result, ensure};

pub use self::{
    cases::{CASES, Case},
    config::{Config, Kind},
    deviation::Deviation,
    engine::Engine,
    table::Table,
};
use self::{site_b::SiteB, upstream::Upstream};

/// Runs every case against our own layer and every engine that is installed.
///
/// `envoy` is the program to run as Envoy, which no distribution packs.
///
/// # Errors
/// An engine that is installed and does not come up, and whatever a socket can refuse.
pub fn run(envoy: Option<&Path>) -> Result<Table> {
    let policy = cases::policy()?;
    let upstream = Upstream::start()?;
    let ours = SiteB::start(policy.clone())?;
    let mut table = Table::new();
    table.add("corsac".to_owned(), judge(&policy, ours.port())?);
    for config in config::CONFIGS {
        let engine = config.engine;
        let Some(program) = engine.program(envoy) else {
            table.miss(engine);
            continue;
        };
        let name = match config.kind {
            Kind::Careful => engine.version(&program)?,
            Kind::Usual => format!("{}, as copied", engine.name()),
        };
        let running = engine
            .start(&program, config, upstream.port())
            .with_context(|| format!("starting {name}"))?;
        table.add(name, judge(&policy, running.port())?);
    }
    let rows = CASES.len();
    ensure!(table.rows() == rows, "{rows} cases, {} rows", table.rows());
    Ok(table)
}

fn judge(policy: &corsac_tower::policy::Policy, port: u16) -> Result<Vec<Vec<Deviation>>> {
    let judge = |case: &Case| {
        let answer = probe::ask(port, case).with_context(|| case.name.to_owned())?;
        Ok(Deviation::all(&case.due(policy), &answer))
    };
    CASES.iter().map(judge).collect()
}
