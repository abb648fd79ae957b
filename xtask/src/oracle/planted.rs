//! `cargo xtask oracle mutants`: whether browsers tell a core with a wrong rule from ours.
//!
//! What browsers do does not depend on the core. So they run once, and each wrong rule is judged by
//! what was seen then.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::SLICE;
use crate::{
    patch::{Patch, copy},
    tool::{Tool, metadata, root},
};

const BROWSERS: [&str; 2] = ["chromium", "firefox"];

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only those whose names contain this
    #[arg(default_value = "")]
    only: String,
    /// Where it is kept what the browsers do; what is there is not run again
    #[arg(long, value_name = "FOLDER")]
    seen: Option<PathBuf>,
    /// Print help
    #[arg(long, action = clap::ArgAction::Help)]
    help: Option<bool>,
}

/// The named cases, and the slice of generated scenarios.
fn runs(cases: &Path) -> [Vec<String>; 2] {
    let cases = ["--cases".to_owned(), cases.display().to_string()];
    [cases.into(), SLICE.split(' ').map(str::to_owned).collect()]
}

/// Whether all of them were caught.
pub(super) fn run(args: &Args) -> Result<bool> {
    let mut patches = Patch::all()?;
    patches.retain(|patch| patch.name.contains(&args.only));
    ensure!(!patches.is_empty(), "no wrong rule is called {}", args.only);
    let metadata = metadata()?;
    let target = metadata.get("target_directory").and_then(Value::as_str);
    let target = Path::new(target.unwrap_or("target"));
    let seen = args.seen.clone().unwrap_or(target.join("oracle/seen"));
    let bench = Bench {
        tree: target.join("planted/tree"),
        target: target.join("planted/target"),
        found: target.join("planted/found"),
        seen: std::path::absolute(seen)?,
    };
    if !bench.record()? {
        bail!("without any wrong rule the core is not what the browsers do: that first");
    }
    let mut rows = Vec::new();
    for patch in &patches {
        let caught = bench.judge(patch)?;
        println!("{}: {}", patch.name, patch.words);
        println!("  {}", caught.first.as_deref().unwrap_or("NOT CAUGHT"));
        rows.push((patch, caught));
    }
    Ok(table(&rows))
}

fn table(rows: &[(&Patch, Caught)]) -> bool {
    let [one, other] = BROWSERS;
    println!(
        "\n{:<42} {one:>9} {other:>9}  first caught by",
        "wrong rule"
    );
    for (patch, caught) in rows {
        let [one, other] = caught.counts;
        let first = caught.first.as_deref().unwrap_or("NOT CAUGHT");
        println!("{:<42} {one:>9} {other:>9}  {first}", patch.name);
    }
    let caught = rows.iter().filter(|(_, it)| it.first.is_some()).count();
    println!("\n{caught} of {} wrong rules caught", rows.len());
    caught == rows.len()
}

struct Bench {
    /// The copy that rules are planted in.
    tree: PathBuf,
    /// Where it is built.
    target: PathBuf,
    /// Where a run says in what scenarios the browsers differ from the core.
    found: PathBuf,
    /// What the browsers did.
    seen: PathBuf,
}

/// In how many scenarios each browser told, and the first of them.
#[derive(Default)]
struct Caught {
    counts: [usize; 2],
    first: Option<String>,
}

impl Bench {
    /// Lets the browsers run what is not kept yet.
    fn record(&self) -> Result<bool> {
        let mut good = true;
        for words in runs(&root().join("conformance/cases")) {
            let run = Tool::cargo("run --locked --quiet --package conformance --")
                .args(words)
                .args(["--subjects", &BROWSERS.join(",")])
                .args(["--record".as_ref(), self.seen.as_os_str()])
                .args(["--folder".as_ref(), self.found.as_os_str()]);
            good &= run.run()?;
        }
        Ok(good)
    }

    /// Plants a rule and says who notices.
    fn judge(&self, patch: &Patch) -> Result<Caught> {
        copy(root(), &self.tree)?;
        patch.apply(&self.tree)?;
        let built = Tool::cargo("build --locked --quiet --package conformance")
            .args([
                "--manifest-path".as_ref(),
                self.tree.join("Cargo.toml").as_os_str(),
            ])
            .env("CARGO_TARGET_DIR", &self.target)
            .capture()?;
        ensure!(
            built.succeeded,
            "{} does not build:\n{}",
            patch.name,
            built.stderr
        );
        let program = self.target.join("debug/conformance");
        if self.found.exists() {
            fs::remove_dir_all(&self.found)?;
        }
        for words in runs(&self.tree.join("conformance/cases")) {
            let ran = Tool::new(&program.display().to_string())
                .args(words)
                .args(["--show", "0", "--subjects", &BROWSERS.join(",")])
                .args(["--judge".as_ref(), self.seen.as_os_str()])
                .args(["--folder".as_ref(), self.found.as_os_str()])
                .capture()?;
            // 1 is a difference, which is what is wanted.
            ensure!(
                matches!(ran.code, Some(0 | 1)),
                "{}:\n{}",
                patch.name,
                ran.stderr
            );
        }
        self.caught()
    }

    fn caught(&self) -> Result<Caught> {
        let mut caught = Caught::default();
        for kind in ["-cases", ""] {
            for (browser, count) in BROWSERS.iter().zip(&mut caught.counts) {
                let path = self.found.join(format!("{browser}{kind}.jsonl"));
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                for line in text.lines() {
                    let line: Value = serde_json::from_str(line)?;
                    let name = line.get("name").and_then(Value::as_str);
                    let name = name.unwrap_or_default();
                    caught
                        .first
                        .get_or_insert_with(|| format!("{name}, {browser}"));
                    *count += 1;
                }
            }
        }
        Ok(caught)
    }
}
