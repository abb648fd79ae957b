//! `cargo xtask wpt`: web-platform-tests in pages of ours, from a checkout that the person points at.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{
    patch::{Patch, WITHOUT_ENFORCEMENT, copy},
    tool::{Tool, metadata, root},
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Find out anew which subtests fail in a core that enforces nothing, and keep their names
    #[arg(long, requires = "wpt")]
    enforcement: bool,
    /// A checkout of web-platform-tests
    #[arg(long, value_name = "PATH")]
    wpt: Option<PathBuf>,
    /// What else `-- --help` says
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<bool> {
    let mut words = args.rest.clone();
    if let Some(wpt) = &args.wpt {
        words.extend(["--wpt".to_owned(), wpt.display().to_string()]);
    }
    if args.enforcement {
        for path in without_enforcement(&words)? {
            words.extend([
                "--without-enforcement".to_owned(),
                path.display().to_string(),
            ]);
        }
    }
    Tool::cargo("run --locked --quiet --release -p conformance --bin wpt --")
        .args(words)
        .run()
}

/// Runs the tests in a copy of the tree whose core enforces nothing. Twice: what fails once may have had
/// bad luck. Where the reports are.
fn without_enforcement(words: &[String]) -> Result<[PathBuf; 2]> {
    let metadata = metadata()?;
    let target = metadata.get("target_directory").and_then(Value::as_str);
    let folder = Path::new(target.unwrap_or("target")).join("enforcement");
    let tree = folder.join("tree");
    copy(root(), &tree)?;
    Patch::read(&root().join(WITHOUT_ENFORCEMENT))?.apply(&tree)?;
    let built = Tool::cargo("build --locked --quiet --release -p conformance --bin wpt")
        .args([
            "--manifest-path".as_ref(),
            tree.join("Cargo.toml").as_os_str(),
        ])
        .env("CARGO_TARGET_DIR", folder.join("target"))
        // Nobody measures this one.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    ensure!(built.run()?, "the core without enforcement does not build");
    let program = folder.join("target/release/wpt");
    let paths = [folder.join("first.json"), folder.join("second.json")];
    for path in &paths {
        if path.exists() {
            fs::remove_file(path).with_context(|| path.display().to_string())?;
        }
        // It is told of hundreds of failures, which is what is wanted.
        let ran = Tool::new(&program.display().to_string())
            .args(words)
            .args(["--quiet", "--json"])
            .args([path]);
        ran.run()?;
        ensure!(path.exists(), "there is no {}", path.display());
    }
    Ok(paths)
}
