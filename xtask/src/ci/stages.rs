//! The stages, each of them commands that a person can run alone.
#![expect(
    clippy::indexing_slicing,
    reason = "what a JSON value lacks reads as null"
)]

use std::path::Path;

use anyhow::Result;

use super::{Outcome, Stage};
use crate::{
    bench, browsers, cold, fuzz, mutants,
    oracle::SLICE,
    public_api,
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
        name: "msrv",
        run: msrv,
    },
    Stage {
        name: "build",
        run: || cargo("test --locked --workspace --no-run"),
    },
    Stage {
        name: "servers",
        run: || installed("servers"),
    },
    Stage {
        name: "browsers",
        run: || installed("browsers"),
    },
    Stage {
        name: "engines",
        run: || cargo("xtask engines"),
    },
    Stage {
        name: "test",
        run: test,
    },
    Stage {
        name: "oracle",
        run: oracle,
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
        run: of_the_change,
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
        name: "outside",
        run: outside,
    },
    Stage {
        name: "cold",
        run: || {
            Ok(match cold::run()? {
                Some(passed) => passed.into(),
                None => Outcome::NotRun("only Linux says what a build took".to_owned()),
            })
        },
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

/// The whole workspace by the compiler that it says it needs.
fn msrv() -> Result<Outcome> {
    let metadata = metadata()?;
    let Some(version) = metadata["packages"][0]["rust_version"].as_str() else {
        anyhow::bail!("no rust-version is stated");
    };
    let rustup = |words: &str| Tool::new("rustup").args(words.split(' '));
    let is_there = || rustup(&format!("run {version} cargo --version")).succeeds();
    let install = format!("toolchain install {version} --profile minimal");
    if !is_there() && std::env::var_os("CI").is_some() {
        rustup(&install).run()?;
    }
    if !is_there() {
        return Ok(Outcome::NotRun(format!("needs `rustup {install}`")));
    }
    let check = rustup(&format!("run {version} cargo check --locked --workspace"));
    // The toolchain that this runs by is another one.
    Ok(check.env("RUSTUP_TOOLCHAIN", version).run()?.into())
}

/// A person is not made to install servers and browsers; a fresh machine has nobody who would.
fn installed(what: &str) -> Result<Outcome> {
    cargo(&match std::env::var_os("CI") {
        Some(_) => format!("xtask {what}"),
        None => format!("xtask {what} --check"),
    })
}

fn test() -> Result<Outcome> {
    match Tool::cargo("nextest --version").succeeds() {
        true => cargo("nextest run --locked --workspace --no-fail-fast"),
        false => cargo("test --locked --workspace --no-fail-fast --lib --bins --tests"),
    }
}

/// The named cases in all browsers, and slices of the generated scenarios and policies in two of them.
fn oracle() -> Result<Outcome> {
    if let Some(missing) = browsers::missing() {
        return Ok(match std::env::var_os("CI") {
            Some(_) => Outcome::Failed,
            None => Outcome::NotRun(format!("needs {missing}: cargo xtask browsers")),
        });
    }
    let subjects = "--subjects core,agent,js,chromium,firefox";
    let named = Tool::cargo(&format!("xtask oracle --cases {subjects},webkit")).run()?;
    let slice = Tool::cargo(&format!("xtask oracle {SLICE} --show 3 {subjects}"));
    let generated = slice.run()?;
    let policies = format!("--policies 1000 --seed 900001 --show 3 {subjects}");
    let policies = Tool::cargo(&format!("xtask oracle {policies}")).run()?;
    Ok((named && generated && policies).into())
}

/// The mutants of the change at hand, and that those listed as equivalent still exist.
fn of_the_change() -> Result<Outcome> {
    // A person is not made to wait for a tool; a fresh machine has nobody who would install it.
    if !mutants::is_there() && std::env::var_os("CI").is_some() {
        Tool::cargo("install --locked --quiet cargo-mutants").run()?;
    }
    Ok(match mutants::of_the_change()? {
        Some(passed) => passed.into(),
        None => Outcome::NotRun("needs `cargo install --locked cargo-mutants`".to_owned()),
    })
}

/// A server that was written from the documentation alone, and a page in Chromium that reads it.
fn outside() -> Result<Outcome> {
    let chromium = || Tool::new("chromium").args(["--version"]).succeeds();
    if !chromium() && std::env::var_os("CI").is_some() {
        let apt = |words: &str| Tool::new("apt-get").args(words.split(' ')).run();
        let _ = apt("update --quiet")? && apt("install --yes --quiet chromium")?;
    }
    if !chromium() {
        return Ok(Outcome::NotRun("needs chromium".to_owned()));
    }
    let metadata = metadata()?;
    let target = metadata["target_directory"].as_str().unwrap_or("target");
    let test = Tool::cargo("test --locked --manifest-path docs/first-server/Cargo.toml");
    Ok(test.args(["--target-dir", target]).run()?.into())
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
    // Cargo keeps what it once unpacked of a version from a folder, and would build that again, so each
    // time it is another folder.
    let target = metadata["target_directory"].as_str().unwrap_or("target");
    let folder = Path::new(target).join(format!("package-{}", std::process::id()));
    let package = Tool::cargo("package --locked --allow-dirty")
        .args(names.flat_map(|name| ["--package", name]))
        .args([Path::new("--target-dir"), &folder]);
    println!("$ {package}");
    let captured = package.capture()?;
    print!("{}", captured.stderr);
    std::fs::remove_dir_all(&folder)?;
    Ok((captured.succeeded && !captured.stderr.contains("warning:")).into())
}

/// Claims are held against the code anywhere; against the Standard's text only by whoever says where
/// there is a copy, since none is handed out here.
fn spec() -> Result<Outcome> {
    let spec = Tool::cargo("xtask spec");
    let Some(fetch_bs) = std::env::var_os("CORSAC_FETCH_BS") else {
        println!("the text is not compared: CORSAC_FETCH_BS names no copy of it");
        return Ok(spec.run()?.into());
    };
    let path = Path::new(&fetch_bs);
    Ok(spec.args([Path::new("--fetch-bs"), path]).run()?.into())
}
