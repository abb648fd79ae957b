//! The policies of a gateway, and where they come from.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use corsac::policy::{
    AllowHeaders, Listing, MaxAge, Policy, PolicyConfig, PolicyErrors, PolicyMap,
};
use corsac_config::{Checked, Report};

use super::ServeArgs;

/// The policies of now, and the file that they were read from.
pub(super) struct Policies {
    now: PolicyMap,
    lints: Option<Report>,
    file: Option<File>,
}

struct File {
    path: PathBuf,
    stamp: Stamp,
}

/// By what a change of the file is seen.
type Stamp = Option<(SystemTime, u64)>;

/// Why there is no policy.
pub(super) enum Mistakes {
    OfFlags(PolicyErrors),
    OfFile(Report),
    Unreadable(String),
}

impl Policies {
    pub(super) fn of(args: &ServeArgs) -> Result<Self, Mistakes> {
        let Some(path) = &args.policy else {
            let policy = Policy::new(config(args)).map_err(Mistakes::OfFlags)?;
            return Ok(Self {
                now: policy.into(),
                lints: None,
                file: None,
            });
        };
        let stamp = stamp(path);
        let checked = load(path)?;
        Ok(Self {
            now: checked.policies,
            lints: Some(checked.lints),
            file: Some(File {
                path: path.clone(),
                stamp,
            }),
        })
    }

    pub(super) fn now(&self) -> PolicyMap {
        self.now.clone()
    }

    /// Says what is valid and perhaps not meant.
    pub(super) fn say_lints(&self, out: &mut impl Write) -> io::Result<()> {
        match &self.lints {
            Some(lints) if !lints.findings().is_empty() => writeln!(out, "{lints}"),
            _ => Ok(()),
        }
    }

    /// Whether the file is another one than was read last.
    pub(super) fn are_stale(&self) -> bool {
        let file = self.file.as_ref();
        file.is_some_and(|file| stamp(&file.path) != file.stamp)
    }

    /// Reads the file again. If it has mistakes, what was valid stays in force.
    pub(super) fn reload(&mut self) -> Option<Result<PolicyMap, Mistakes>> {
        let file = self.file.as_mut()?;
        file.stamp = stamp(&file.path);
        Some(load(&file.path).map(|checked| {
            self.lints = Some(checked.lints);
            self.now = checked.policies;
            self.now.clone()
        }))
    }
}

impl Mistakes {
    pub(super) fn say(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::OfFlags(errors) => {
                for mistake in errors.mistakes() {
                    writeln!(out, "error: {mistake}")?;
                }
                Ok(())
            }
            Self::OfFile(report) => writeln!(out, "{}", report.coloured()),
            Self::Unreadable(why) => writeln!(out, "error: {why}"),
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn load(path: &Path) -> Result<Checked, Mistakes> {
    corsac_config::load(path).map_err(|error| {
        let text = format!("{}: {error}", path.display());
        match error.into_inner().map(|inner| inner.downcast::<Report>()) {
            Some(Ok(report)) => Mistakes::OfFile(*report),
            _ => Mistakes::Unreadable(text),
        }
    })
}

fn config(args: &ServeArgs) -> PolicyConfig {
    let is_any = |all: &[String]| all == ["*"];
    PolicyConfig {
        allow_origins: match is_any(&args.allow_origin) {
            true => Listing::Any,
            false => args.allow_origin.iter().map(String::as_str).collect(),
        },
        allow_methods: match is_any(&args.allow_method) {
            true => Listing::Any,
            false => args.allow_method.iter().cloned().collect(),
        },
        allow_headers: match is_any(&args.allow_header) {
            true => AllowHeaders::Any,
            false => AllowHeaders::List(args.allow_header.clone()),
        },
        expose_headers: match is_any(&args.expose_header) {
            true => Listing::Any,
            false => args.expose_header.iter().cloned().collect(),
        },
        allow_credentials: args.allow_credentials,
        max_age: args.max_age.map_or_else(MaxAge::default, MaxAge::Seconds),
        block_disallowed: args.block_disallowed,
        ..PolicyConfig::default()
    }
}
