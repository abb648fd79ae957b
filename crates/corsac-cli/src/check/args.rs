//! What people type after `corsac check`.

use std::path::PathBuf;

use clap::{ArgMatches, Args, ValueEnum};
use corsac::{
    diagnosis::Code,
    fetch::{AddressSpace, CredentialsMode, Mode, Profile, RedirectMode},
};

use super::report::Outcome;
use crate::cli::Format;

/// Show what a page would get from a URL, as a browser does it, and why.
///
/// Sends what a browser sends, preflight included, and judges the answers as Chrome, Firefox and
/// Safari do. Flags that curl has mean what they mean to curl, but for -o.
#[derive(Clone, Debug, Args)]
#[command(
    arg_required_else_help = true,
    args_override_self = true,
    after_help = "Exit codes: 0 readable, or opaque as asked; 1 blocked; 2 usage; 3 not CORS: no \
                  usable response; 4 undecided: the next request is unsafe, and --send was not \
                  given. Of several origins: 2, 1, 3, 4, 0, the first that occurs."
)]
pub(crate) struct CheckArgs {
    /// What the page asks for.
    #[arg(required_unless_present_any = ["curl", "url_flag"])]
    pub(crate) url: Option<String>,

    /// The page's origin; several give a matrix.
    #[arg(short, long, value_name = "ORIGIN")]
    pub(crate) origin: Vec<String>,
    /// The page's URL, where that matters: its referrer, and its origin if no --origin is given.
    #[arg(long, value_name = "URL")]
    pub(crate) page_url: Option<String>,
    /// Where the page came from; default as near as the server.
    #[arg(long, value_enum, value_name = "SPACE")]
    pub(crate) page_address_space: Option<PageSpace>,
    /// What asks.
    #[arg(long = "as", value_enum, default_value_t, value_name = "API")]
    pub(crate) api: Api,
    /// The request's mode; default as the API has it.
    #[arg(long, value_enum)]
    pub(crate) mode: Option<ModeArg>,
    /// The credentials mode; default as the API has it.
    #[arg(long, value_enum)]
    pub(crate) credentials: Option<CredentialsArg>,
    /// What becomes of redirects.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) redirect: RedirectArg,
    /// As if the script listened to the upload's progress.
    #[arg(long)]
    pub(crate) upload_listener: bool,
    /// Whose rules: all three browsers' on one run, or one alone.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) profile: ProfileArg,
    /// Ask so many times: the preflight's answer is remembered.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) repeat: u32,
    /// Send requests that may change something to other machines, too.
    #[arg(long)]
    pub(crate) send: bool,
    /// Succeed on this outcome only: `readable`, `blocked`, `blocked:allow-origin-missing`.
    #[arg(long, value_name = "OUTCOME[:CODE]", value_parser = expectation)]
    pub(crate) expect: Option<Expectation>,
    /// Take all of this from a pasted curl line ("Copy as cURL (bash)"); `-` reads standard input.
    #[arg(long, value_name = "LINE")]
    pub(crate) curl: Option<String>,

    /// How to answer: for people or for programs.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Write what went over the wire to a file, as HAR.
    #[arg(long, value_name = "FILE")]
    pub(crate) har: Option<PathBuf>,
    /// Show passwords, tokens and cookies.
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// Say more: every header line, and every origin of a matrix.
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// The method.
    #[arg(short = 'X', long, value_name = "METHOD", help_heading = "As in curl")]
    pub(crate) request: Option<String>,
    /// A header of the author's. `origin:` is --origin, `cookie:` is -b.
    #[arg(short = 'H', long, value_name = "LINE", help_heading = "As in curl")]
    pub(crate) header: Vec<String>,
    /// The body; `@FILE` reads it, without line ends. Makes it a POST.
    #[arg(
        short,
        long,
        visible_alias = "data-ascii",
        value_name = "DATA",
        help_heading = "As in curl"
    )]
    pub(crate) data: Vec<String>,
    /// The body as it stands, `@` or not.
    #[arg(long, value_name = "DATA", help_heading = "As in curl")]
    pub(crate) data_raw: Vec<String>,
    /// The body; `@FILE` reads it, byte for byte.
    #[arg(long, value_name = "DATA", help_heading = "As in curl")]
    pub(crate) data_binary: Vec<String>,
    /// The body, percent-encoded: `TEXT`, `NAME=TEXT`, `@FILE`, `NAME@FILE`.
    #[arg(long, value_name = "DATA", help_heading = "As in curl")]
    pub(crate) data_urlencode: Vec<String>,
    /// The body, and the Content-Type and Accept of JSON.
    #[arg(long, value_name = "DATA", help_heading = "As in curl")]
    pub(crate) json: Vec<String>,
    /// A field of a form: `NAME=TEXT`, `NAME=@FILE`, `NAME=<FILE`.
    #[arg(short = 'F', long, value_name = "FIELD", help_heading = "As in curl")]
    pub(crate) form: Vec<String>,
    /// Put the data into the URL, and ask by GET.
    #[arg(short = 'G', long, help_heading = "As in curl")]
    pub(crate) get: bool,
    /// Ask by HEAD.
    #[arg(short = 'I', long, help_heading = "As in curl")]
    pub(crate) head: bool,
    /// Cookies in the jar, which travel where a browser would send them; attributes may follow:
    /// `a=1; SameSite=None; Secure`.
    #[arg(short = 'b', long, value_name = "COOKIES", help_heading = "As in curl")]
    pub(crate) cookie: Vec<String>,
    /// An Authorization header that the script sets.
    #[arg(short, long, value_name = "USER:PASSWORD", help_heading = "As in curl")]
    pub(crate) user: Option<String>,
    /// The browser's own User-Agent.
    #[arg(short = 'A', long, value_name = "NAME", help_heading = "As in curl")]
    pub(crate) user_agent: Option<String>,
    /// Take any certificate.
    #[arg(short = 'k', long, help_heading = "As in curl")]
    pub(crate) insecure: bool,
    /// Give up after so many seconds.
    #[arg(short, long, value_name = "SECONDS", value_parser = seconds, help_heading = "As in curl")]
    pub(crate) max_time: Option<f64>,
    /// Where a host is: `HOST:PORT:ADDRESS[,ADDRESS]`.
    #[arg(long, value_name = "ENTRY", help_heading = "As in curl")]
    pub(crate) resolve: Vec<String>,
    /// Connect to another host: `HOST:PORT:TO_HOST:TO_PORT`.
    #[arg(long, value_name = "ENTRY", help_heading = "As in curl")]
    pub(crate) connect_to: Vec<String>,
    /// Believe the certificates in this file, too.
    #[arg(long, value_name = "FILE", help_heading = "As in curl")]
    pub(crate) cacert: Option<PathBuf>,
    /// Speak HTTP/1.1 only.
    #[arg(
        long = "http1.1",
        conflicts_with = "http2",
        help_heading = "As in curl"
    )]
    pub(crate) http1: bool,
    /// Speak HTTP/2 if the server can, which is what happens anyway.
    #[arg(long, help_heading = "As in curl")]
    pub(crate) http2: bool,
    /// The URL, too.
    #[arg(long = "url", value_name = "URL", hide = true, conflicts_with = "url")]
    pub(crate) url_flag: Option<String>,

    // What a browser does, or what is done here, anyway.
    #[arg(short = 'L', long, hide = true)]
    location: bool,
    #[arg(short, long, hide = true)]
    silent: bool,
    #[arg(short, long, hide = true)]
    include: bool,
    #[arg(long, hide = true)]
    compressed: bool,

    /// The parts of the body in the order of the command line.
    #[arg(skip)]
    pub(crate) parts: Vec<Part>,
}

/// One piece of a body: which flag, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) kind: PartKind,
    pub(crate) value: String,
}

/// The flag that a piece of a body came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    Data,
    Raw,
    Binary,
    UrlEncode,
    Json,
}

impl CheckArgs {
    /// Notes in which order the pieces of the body came: curl joins them in that order, whichever
    /// flags they came by.
    pub(crate) fn order_parts(&mut self, matches: &ArgMatches) {
        let all = [
            ("data", PartKind::Data, &self.data),
            ("data_raw", PartKind::Raw, &self.data_raw),
            ("data_binary", PartKind::Binary, &self.data_binary),
            ("data_urlencode", PartKind::UrlEncode, &self.data_urlencode),
            ("json", PartKind::Json, &self.json),
        ];
        let mut placed: Vec<(usize, Part)> = Vec::new();
        for (id, kind, values) in all {
            let places = matches.indices_of(id).into_iter().flatten();
            placed.extend(places.zip(values).map(|(place, value)| {
                let value = value.clone();
                (place, Part { kind, value })
            }));
        }
        placed.sort_by_key(|(place, _)| *place);
        self.parts = placed.into_iter().map(|(_, part)| part).collect();
    }
}

/// What asks: a script's API, or an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Api {
    /// fetch()
    #[default]
    Fetch,
    /// XMLHttpRequest
    Xhr,
    /// <img>
    Image,
    /// <script>
    Script,
    /// <script type=module>
    Module,
    /// <link rel=stylesheet>
    Style,
    /// @font-face
    Font,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeArg {
    Cors,
    NoCors,
    SameOrigin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CredentialsArg {
    Omit,
    SameOrigin,
    Include,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RedirectArg {
    #[default]
    Follow,
    Error,
    Manual,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProfileArg {
    /// What Chrome, Firefox and Safari make of one run
    #[default]
    Browsers,
    /// The Fetch Standard
    Fetch,
    Chromium,
    Firefox,
    Webkit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageSpace {
    Public,
    Local,
    Loopback,
}

/// The name of a value, as it is typed.
pub(crate) fn name(value: impl ValueEnum) -> String {
    let value = value.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::Cors => Self::Cors,
            ModeArg::NoCors => Self::NoCors,
            ModeArg::SameOrigin => Self::SameOrigin,
        }
    }
}

impl From<CredentialsArg> for CredentialsMode {
    fn from(mode: CredentialsArg) -> Self {
        match mode {
            CredentialsArg::Omit => Self::Omit,
            CredentialsArg::SameOrigin => Self::SameOrigin,
            CredentialsArg::Include => Self::Include,
        }
    }
}

impl From<RedirectArg> for RedirectMode {
    fn from(mode: RedirectArg) -> Self {
        match mode {
            RedirectArg::Follow => Self::Follow,
            RedirectArg::Error => Self::Error,
            RedirectArg::Manual => Self::Manual,
        }
    }
}

impl From<PageSpace> for AddressSpace {
    fn from(space: PageSpace) -> Self {
        match space {
            PageSpace::Public => Self::Public,
            PageSpace::Local => Self::Local,
            PageSpace::Loopback => Self::Loopback,
        }
    }
}

impl ProfileArg {
    /// Whose manners the requests have.
    pub(crate) const fn sends_as(self) -> Profile {
        match self {
            Self::Browsers | Self::Fetch => Profile::FETCH,
            Self::Chromium => Profile::CHROMIUM,
            Self::Firefox => Profile::FIREFOX,
            Self::Webkit => Profile::WEBKIT,
        }
    }
}

/// What a check is expected to come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expectation {
    pub(crate) outcome: Outcome,
    pub(crate) code: Option<Code>,
}

fn expectation(text: &str) -> Result<Expectation, String> {
    let (outcome, code) = match text.split_once(':') {
        Some((outcome, code)) => (outcome, Some(code)),
        None => (text, None),
    };
    let named = Outcome::ALL.into_iter().find(|one| one.name() == outcome);
    let outcome = named.ok_or_else(|| {
        let names = Outcome::ALL.map(Outcome::name).join(", ");
        format!("there is no outcome `{outcome}`, but: {names}")
    })?;
    let code = code.map(|name| {
        Code::from_name(name).ok_or_else(|| {
            format!("there is no code `{name}`; `corsac explain --list` has them all")
        })
    });
    Ok(Expectation {
        outcome,
        code: code.transpose()?,
    })
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(seconds) if (0.001..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("seconds, such as 10 or 2.5".to_owned()),
    }
}
