//! `cargo xtask browsers`: real browsers and what drives them, on Debian.

mod program;

use anyhow::Result;

use self::program::{PROGRAMS, Program};
use crate::tool::Tool;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only say what is here
    #[arg(long)]
    check: bool,
}

/// Installs what is missing and says what is here. Whether that is all of it: a person may do without,
/// a machine that judges may not.
pub(crate) fn run(args: &Args) -> Result<bool> {
    if !args.check {
        install()?;
    }
    let mut missing = 0;
    for program in PROGRAMS {
        match program.version() {
            Some(version) => println!("{:<16} {version}", program.name),
            None => {
                missing += 1;
                println!("{:<16} not here", program.name);
            }
        }
    }
    Ok(missing == 0 || (args.check && std::env::var_os("CI").is_none()))
}

/// The first of the programs that is not here.
pub(crate) fn missing() -> Option<&'static str> {
    let mut programs = PROGRAMS.iter();
    programs.find(|it| !it.is_here()).map(|it| it.name)
}

/// Debian's packages first, since what cargo builds has no use without them.
fn install() -> Result<()> {
    let missing = || PROGRAMS.iter().filter(|program| !program.is_here());
    let packages: Vec<_> = missing().filter_map(Program::package).collect();
    if !packages.is_empty() {
        Tool::new("apt-get")
            .args(["--quiet", "update"])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()?;
        Tool::new("apt-get")
            .args(["install", "--quiet", "--yes", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run()?;
    }
    for (name, root) in missing().filter_map(Program::built) {
        Tool::cargo("install --locked --root")
            .args([root.as_os_str(), name.as_ref()])
            .run()?;
    }
    Ok(())
}
