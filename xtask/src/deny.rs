//! `cargo xtask deny`: what we depend on, by `deny.toml`.

use anyhow::Result;

use crate::tool::Tool;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Ask for known vulnerabilities, too: this fetches RustSec's database from GitHub
    #[arg(long)]
    advisories: bool,
}

/// Runs cargo-deny, which takes minutes to install, so that it is no stage of `ci`. Whether nothing
/// was found; crates that are there in several versions are only mentioned.
pub(crate) fn run(args: &Args) -> Result<bool> {
    anyhow::ensure!(
        Tool::cargo("deny --version").succeeds(),
        "this needs `cargo install --locked cargo-deny`"
    );
    let check = "check --hide-inclusion-graph bans licenses sources";
    match args.advisories {
        true => Tool::cargo(&format!("deny {check} advisories")).run(),
        false => Tool::cargo(&format!("deny --offline {check}")).run(),
    }
}
