//! A file that is watched: a new version without mistakes takes over, one with mistakes is shown and
//! the old one stays.
//!
//! `cargo run -p corsac-config --example reload -- corsac.toml`
//!
//! A server gives `policies` to its layer, which swaps them without a lock.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example talks"
)]

use std::{env, fs, io, path::Path, thread, time::Duration};

use corsac::policy::PolicyMap;

fn main() -> io::Result<()> {
    let path = env::args()
        .nth(1)
        .unwrap_or_else(|| "corsac.toml".to_owned());
    let path = Path::new(&path);
    // At the start there is no old version to go by.
    let mut policies = corsac_config::load(path)?.policies;
    let mut seen = fs::read(path)?;
    println!("{} policies are in force", policies.policies().count());
    loop {
        thread::sleep(Duration::from_secs(1));
        // Times of change are too coarse for two changes in a row; the file is small.
        let Ok(now) = fs::read(path) else {
            // Editors may take it away for a moment.
            continue;
        };
        if now != seen {
            seen = now;
            reload(path, &mut policies);
        }
    }
}

fn reload(path: &Path, policies: &mut PolicyMap) {
    match corsac_config::load(path) {
        Ok(checked) => {
            let changes = policies.diff(&checked.policies);
            *policies = checked.policies;
            println!(
                "a new version is in force; it changes {} paths",
                changes.len()
            );
        }
        Err(error) => eprintln!("{error}\n\nthe old version stays in force"),
    }
}
