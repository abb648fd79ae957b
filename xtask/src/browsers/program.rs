//! The programs, and where each comes from.

use std::path::PathBuf;

use crate::tool::{Tool, root};

/// A program that real browsers take.
pub(super) struct Program {
    pub(super) name: &'static str,
    source: Source,
    /// The argument that makes it say its version, if any does.
    version: Option<&'static str>,
}

enum Source {
    /// A package of Debian.
    Debian(&'static str),
    /// A crate, built once a machine into a folder that git ignores: Debian has no such package, and
    /// elsewhere there are only binaries to be trusted.
    Crate,
}

pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "chromium",
        source: Source::Debian("chromium"),
        version: Some("--version"),
    },
    Program {
        name: "chromedriver",
        source: Source::Debian("chromium-driver"),
        version: Some("--version"),
    },
    Program {
        name: "firefox-esr",
        source: Source::Debian("firefox-esr"),
        version: Some("--version"),
    },
    Program {
        name: "geckodriver",
        source: Source::Crate,
        version: Some("--version"),
    },
    Program {
        name: "WebKitWebDriver",
        source: Source::Debian("webkit2gtk-driver"),
        version: None,
    },
    Program {
        name: "Xvfb",
        source: Source::Debian("xvfb"),
        version: None,
    },
];

impl Program {
    pub(super) fn is_here(&self) -> bool {
        self.file().is_some()
    }

    /// What it says of itself, or else what Debian says of its package.
    pub(super) fn version(&self) -> Option<String> {
        let file = self.file()?;
        let said = match (self.version, self.package()) {
            (Some(argument), _) => Tool::new(&file.to_string_lossy()).args([argument]),
            (None, Some(package)) => {
                Tool::new("dpkg-query").args(["--show", "--showformat=${Version}", package])
            }
            (None, None) => return Some(String::new()),
        };
        let said = said.stdout().unwrap_or_default();
        Some(said.lines().next().unwrap_or_default().to_owned())
    }

    pub(super) fn package(&self) -> Option<&'static str> {
        match self.source {
            Source::Debian(package) => Some(package),
            Source::Crate => None,
        }
    }

    /// The crate, and where it is installed.
    pub(super) fn built(&self) -> Option<(&'static str, PathBuf)> {
        match self.source {
            Source::Debian(_) => None,
            Source::Crate => Some((self.name, root().join(".cache").join(self.name))),
        }
    }

    fn file(&self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let built = self.built().map(|(_, root)| root.join("bin"));
        std::env::split_paths(&path)
            .chain(built)
            .map(|folder| folder.join(self.name))
            .find(|file| file.is_file())
    }
}
