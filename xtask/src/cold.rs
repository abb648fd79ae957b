//! `cargo xtask cold`: what the command takes to build from nothing, in seconds of processors.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use crate::tool::{Tool, metadata};

/// A build of what a new user waits for, and how many seconds of processors it may take.
struct Build {
    command: &'static str,
    seconds: f64,
}

const BUILDS: &[Build] = &[
    Build {
        command: "build --locked --quiet -p corsac-cli",
        seconds: 240.0,
    },
    Build {
        command: "build --locked --quiet -p corsac-cli --no-default-features",
        seconds: 120.0,
    },
];

/// How many parts of a second the system counts in. It has been so many for user space on every machine
/// that Linux runs on.
const TICKS: f64 = 100.0;

/// Whether both took no more than they may; `None` where the system does not say.
pub(crate) fn run() -> Result<Option<bool>> {
    if of_children().is_none() {
        return Ok(None);
    }
    let metadata = metadata()?;
    let target = metadata.get("target_directory").and_then(|it| it.as_str());
    let folder = Path::new(target.context("cargo says where it builds")?).join("cold");
    let mut passed = true;
    for build in BUILDS {
        remove(&folder)?;
        let before = of_children().unwrap_or_default();
        let cargo = Tool::cargo(build.command)
            .args(["--target-dir".as_ref(), folder.as_os_str()])
            // A cache's own processes are not counted, and a new user has none.
            .env("RUSTC_WRAPPER", "");
        anyhow::ensure!(cargo.run()?, "it does not build");
        let took = of_children().unwrap_or_default() - before;
        let most = build.seconds;
        println!("{took:.0} s of processors, at most {most:.0}");
        passed &= took <= most;
    }
    remove(&folder)?;
    Ok(Some(passed))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// How many seconds the processes that this one waited for have had, and those that they waited for.
fn of_children() -> Option<f64> {
    of_children_by(&fs::read_to_string("/proc/self/stat").ok()?)
}

fn of_children_by(stat: &str) -> Option<f64> {
    // The name before it may have anything in it.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(13);
    let user: f64 = times.next()?.parse().ok()?;
    let system: f64 = times.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::of_children_by;

    #[test]
    fn the_times_of_children_are_the_sixteenth_and_seventeenth_field() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 1 2 3 4 11 12 250 50 20 0 1 0";
        assert_eq!(of_children_by(stat), Some(3.0));
        assert_eq!(of_children_by("7 (a"), None);
    }
}
