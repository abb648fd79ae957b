//! The peers, timed by `benches/`, a workspace of its own so that nobody else builds them.

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::of_artifacts;
use crate::tool::Tool;

/// One subject with one kind of request, in nanoseconds.
#[derive(Deserialize)]
pub(super) struct Timed {
    pub(super) origins: u64,
    pub(super) wildcards: bool,
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) bare: String,
    pub(super) min: f64,
}

pub(super) fn time(rounds: u32) -> Result<Vec<Timed>> {
    let manifest = "--manifest-path benches/Cargo.toml";
    let build = format!("build --locked --release {manifest} --message-format=json");
    let built = Tool::cargo(&build).stdout()?;
    let executable = of_artifacts(&built, "corsac-benches")?;
    let lines = Tool::new(&executable).args([rounds.to_string()]).stdout()?;
    let timed = lines.lines().map(serde_json::from_str);
    timed.collect::<Result<_, _>>().context(lines.clone())
}
