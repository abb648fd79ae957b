//! What people type after `corsac run`.

use std::{path::PathBuf, time::Duration};

use clap::{ArgMatches, Args, ValueEnum};

use crate::{check::args::ProfileArg, cli::Format};

/// Run scripts as a page of an origin would, without a browser.
///
/// They have XMLHttpRequest, fetch() and what belongs to them, and get from other origins what a
/// browser would let them have. What they log goes to standard output, their errors and the verdict
/// on each of their requests to standard error.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit codes: 0 they ran to their end, 1 an error or rejection that nobody caught, \
                  2 usage, 3 a script could not be loaded, or a limit ended it.\n\n  \
                  corsac run page.js --origin http://localhost:5173\n  \
                  corsac run --module -e 'console.log((await fetch(\"http://localhost:3000/\")).status)'"
)]
pub(crate) struct RunArgs {
    /// Scripts, in their order; .mjs is a module, .html is a page of which the scripts are run; `-`,
    /// or nothing, is standard input.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// A script. May be given several times, between files, too.
    #[arg(short, long, value_name = "CODE", allow_hyphen_values = true)]
    pub(crate) eval: Vec<String>,
    /// Take every script for a module, which may import and await.
    #[arg(short, long)]
    pub(crate) module: bool,
    /// The page's origin; `null` for one of a sandboxed frame.
    #[arg(short, long, value_name = "ORIGIN")]
    pub(crate) origin: Option<String>,
    /// The page's URL, to which others are relative, and its origin if no --origin is given.
    #[arg(long, value_name = "URL")]
    pub(crate) page_url: Option<String>,
    /// Whose rules, and whose manners.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: RunProfile,
    /// End it after so many seconds, whatever it does.
    #[arg(short, long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<Duration>,
    /// Where a host is, as in curl: `HOST:PORT:ADDRESS[,ADDRESS]`.
    #[arg(long, value_name = "ENTRY")]
    pub(crate) resolve: Vec<String>,
    /// Believe the certificates in this file, too.
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,
    /// Show passwords, tokens and cookies of requests.
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// How to answer: for people or for programs.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// The scripts in the order of the command line.
    #[arg(skip)]
    pub(crate) scripts: Vec<Given>,
}

/// A script, as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    File(PathBuf),
    Stdin,
    /// Its text, and which of those given so it is, from 1.
    Code(String, usize),
}

impl RunArgs {
    /// Notes in which order files and code came.
    pub(crate) fn order_scripts(&mut self, matches: &ArgMatches) {
        let places = |id| matches.indices_of(id).into_iter().flatten();
        let files = self.files.iter().map(|path| match path.as_os_str() == "-" {
            true => Given::Stdin,
            false => Given::File(path.clone()),
        });
        let code = self.eval.iter().zip(1..);
        let code = code.map(|(code, n)| Given::Code(code.clone(), n));
        let mut placed: Vec<(usize, Given)> = places("files").zip(files).collect();
        placed.extend(places("eval").zip(code));
        placed.sort_by_key(|(place, _)| *place);
        self.scripts = placed.into_iter().map(|(_, given)| given).collect();
        if self.scripts.is_empty() {
            self.scripts.push(Given::Stdin);
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunProfile {
    /// The Fetch Standard
    #[default]
    Fetch,
    Chromium,
    Firefox,
    Webkit,
}

impl From<RunProfile> for ProfileArg {
    fn from(profile: RunProfile) -> Self {
        match profile {
            RunProfile::Fetch => Self::Fetch,
            RunProfile::Chromium => Self::Chromium,
            RunProfile::Firefox => Self::Firefox,
            RunProfile::Webkit => Self::Webkit,
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: Option<f64> = text.parse().ok();
    let in_range = seconds.filter(|seconds| (0.001..=86_400.0).contains(seconds));
    in_range
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "seconds, such as 10 or 2.5, up to a day".to_owned())
}
