//! The stages, each of them commands that a person can run alone.
#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value lacks reads as null"
)]

use anyhow::Result;

use super::{Outcome, Stage};
use crate::{
    bench, fuzz, public_api,
    tool::{Tool, metadata},
};

const NO_WARNINGS: &str = "-D warnings";

pub(super) const STAGES: &[Stage] = &[
    Stage {
        name: "fmt",
        run: || cargo("fmt --all --check"),
    },
    Stage {
        name: "clippy",
        run: clippy,
    },
    Stage {
        name: "build",
        run: || cargo("test --locked --workspace --no-run"),
    },
    Stage {
        name: "test",
        run: test,
    },
    Stage {
        name: "doctest",
        run: || cargo("test --locked --workspace --doc"),
    },
    Stage {
        name: "doc",
        run: doc,
    },
    Stage {
        name: "package",
        run: package,
    },
    Stage {
        name: "public-api",
        run: || Ok(public_api::run()?.into()),
    },
    Stage {
        name: "spec",
        run: spec,
    },
    Stage {
        name: "mutants",
        run: mutants,
    },
    Stage {
        name: "fuzz",
        run: || Ok(fuzz::smoke()?.into()),
    },
    Stage {
        name: "bench",
        run: || Ok(bench::assert_only()?.into()),
    },
    Stage {
        name: "demo",
        run: || cargo("run --locked -- demo"),
    },
];

fn cargo(words: &str) -> Result<Outcome> {
    Ok(Tool::cargo(words).run()?.into())
}

/// The whole workspace, and the core as servers have it.
fn clippy() -> Result<Outcome> {
    let all = Tool::cargo("clippy --locked --workspace --all-targets -- -D warnings").run()?;
    let server =
        Tool::cargo("clippy --locked -p corsac --no-default-features --all-targets -- -D warnings")
            .run()?;
    Ok((all && server).into())
}

fn test() -> Result<Outcome> {
    match Tool::cargo("nextest --version").succeeds() {
        true => cargo("nextest run --locked --workspace --no-fail-fast"),
        false => cargo("test --locked --workspace --no-fail-fast --lib --bins --tests"),
    }
}

fn doc() -> Result<Outcome> {
    let doc = Tool::cargo("doc --locked --workspace --no-deps");
    Ok(doc.env("RUSTDOCFLAGS", NO_WARNINGS).run()?.into())
}

/// Packs every crate that can be published, all at once, since some of them need others; what cargo
/// warns about there is what a registry's page would lack.
fn package() -> Result<Outcome> {
    let metadata = metadata()?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let published = packages.filter(|package| package["publish"].is_null());
    let names = published.filter_map(|package| package["name"].as_str());
    let package = Tool::cargo("package --locked --allow-dirty")
        .args(names.flat_map(|name| ["--package", name]));
    println!("$ {package}");
    let captured = package.capture()?;
    print!("{}", captured.stderr);
    Ok((captured.succeeded && !captured.stderr.contains("warning:")).into())
}

/// That each listed equivalent mutant still exists, and that a test notices those of the change at
/// hand. No other file is begun after the budget, so that a large change does not hold up the rest.
fn mutants() -> Result<Outcome> {
    const BUDGET: &str = "600";
    let is_there = || Tool::cargo("mutants --version").succeeds();
    // A person is not made to wait for a tool; a fresh machine has nobody who would install it.
    if !is_there() && std::env::var_os("CI").is_some() {
        Tool::cargo("install --locked --quiet cargo-mutants").run()?;
    }
    if !is_there() {
        let why = "needs `cargo install --locked cargo-mutants`";
        return Ok(Outcome::NotRun(why.to_owned()));
    }
    let check = Tool::cargo("xtask mutants check").run()?;
    let diff = Tool::cargo("xtask mutants diff --budget-seconds")
        .args([BUDGET, "--base", &base()?])
        .run()?;
    Ok((check && diff).into())
}

/// Where the change at hand begins: where it left `origin/main`, or else its last commit or merge.
fn base() -> Result<String> {
    let git = |words: &str| {
        let stdout = Tool::new("git").args(words.split(' ')).stdout()?;
        Ok(stdout.trim().to_owned())
    };
    let left = git("merge-base origin/main HEAD").ok();
    let head: Result<_> = git("rev-parse HEAD");
    match left {
        Some(left) if left != head? => Ok(left),
        _ => git("rev-parse HEAD^"),
    }
}

/// The Standard's text is nobody's to hand out here: who has it says where.
fn spec() -> Result<Outcome> {
    let Some(fetch_bs) = std::env::var_os("CORSAC_FETCH_BS") else {
        let why = "CORSAC_FETCH_BS names no copy of the Standard's text";
        return Ok(Outcome::NotRun(why.to_owned()));
    };
    Ok(Tool::cargo("xtask spec --fetch-bs")
        .args([fetch_bs])
        .run()?
        .into())
}
