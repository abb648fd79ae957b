//! Wrong rules, planted in a copy of the tree: those of `conformance/mutants`, and none at all.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

use crate::tool::{Tool, root};

/// A patch after which nothing is enforced: no CORS check, no preflight, no filtered response.
pub(crate) const WITHOUT_ENFORCEMENT: &str = "conformance/wpt/without-enforcement.patch";

/// One wrong rule: a patch, with a line of words before it.
pub(crate) struct Patch {
    pub(crate) path: PathBuf,
    /// The file's name without its ending.
    pub(crate) name: String,
    /// What the rule says.
    pub(crate) words: String,
}

impl Patch {
    /// All of them, by their numbers.
    pub(crate) fn all() -> Result<Vec<Self>> {
        let folder = root().join("conformance/mutants");
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        let paths = entries.map(|entry| entry.map(|entry| entry.path()));
        let mut paths = paths.collect::<Result<Vec<_>, _>>()?;
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }

    /// Reads one.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| shown.to_string())?;
        let words = text.lines().next().unwrap_or_default();
        if words.is_empty() || words.starts_with("--- ") {
            bail!("{shown}: the first line is to say in words what the wrong rule is");
        }
        Ok(Self {
            name: path.file_stem().unwrap_or_default().display().to_string(),
            words: words.to_owned(),
            path: path.to_owned(),
        })
    }

    /// Applies it to the tree of a folder.
    pub(crate) fn apply(&self, tree: &Path) -> Result<()> {
        let parent = tree.parent().unwrap_or(tree);
        // Git would take the folder for a part of the repository around it, and leave alone what is
        // ignored there.
        let apply = Tool::new("git")
            .within(tree)
            .env("GIT_CEILING_DIRECTORIES", parent)
            .args(["apply".as_ref(), self.path.as_os_str()]);
        let applied = apply.capture()?;
        if !applied.succeeded {
            bail!(
                "{} no longer applies: write it anew against the code as it is\n{}",
                self.path.display(),
                applied.stderr
            );
        }
        Ok(())
    }
}

/// Makes `to` what Git has of `from`, changes and new files included. What is the same stays untouched,
/// so that little is built anew.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let list = "ls-files -z --cached --others --exclude-standard";
    let listed = Tool::new("git").args(list.split(' ')).stdout()?;
    let files: BTreeSet<_> = listed.split('\0').filter(|it| !it.is_empty()).collect();
    for file in files {
        let (source, copy) = (from.join(file), to.join(file));
        // Git still lists what was only removed from the folder.
        let Ok(wanted) = fs::read(&source) else {
            if copy.exists() {
                fs::remove_file(&copy)?;
            }
            continue;
        };
        if fs::read(&copy).is_ok_and(|there| there == wanted) {
            continue;
        }
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&copy, wanted).with_context(|| copy.display().to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tool::{Tool, root};

    use super::{Patch, WITHOUT_ENFORCEMENT};

    #[test]
    fn every_wrong_rule_still_applies() {
        let patches = Patch::all().unwrap();
        assert!(patches.len() >= 20, "{}", patches.len());
        for (place, patch) in patches.iter().enumerate() {
            let number = format!("{:02}-", place + 1);
            assert!(patch.name.starts_with(&number), "{}", patch.name);
            let check = Tool::new("git").args(["apply", "--check"]);
            let checked = check.args([&patch.path]).capture().unwrap();
            assert!(checked.succeeded, "{}: {}", patch.name, checked.stderr);
        }
    }

    #[test]
    fn what_enforces_can_still_be_taken_out() {
        let patch = Patch::read(&root().join(WITHOUT_ENFORCEMENT)).unwrap();
        let check = Tool::new("git").args(["apply", "--check"]);
        let checked = check.args([&patch.path]).capture().unwrap();
        assert!(checked.succeeded, "{}", checked.stderr);
    }

    #[test]
    fn wrong_rules_are_of_the_core_and_say_what_they_are() {
        for patch in Patch::all().unwrap() {
            assert!(patch.words.ends_with('.'), "{}", patch.name);
            let text = std::fs::read_to_string(&patch.path).unwrap();
            let files: Vec<_> = text.lines().filter(|it| it.starts_with("+++ ")).collect();
            assert!(!files.is_empty(), "{}", patch.name);
            for file in files {
                let path = file.strip_prefix("+++ b/").unwrap();
                assert!(path.starts_with("crates/corsac/src/"), "{}", patch.name);
                assert!(root().join(path).is_file(), "{}", patch.name);
            }
        }
    }
}
