//! `corsac policy explain`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use corsac::{
    fetch::{CredentialsMode, Environment, HopKind, Request, new_request},
    header::{HeaderList, is_forbidden_request_header, is_token},
};
use corsac_config::{Checked, Place};
use schemars::JsonSchema;
use serde::Serialize;
use url::Url;

use super::{
    load_or_complain,
    walk::{End, Exchange, walk},
};
use crate::{
    check::origin,
    cli::{Format, fail},
    json,
    terminal::{BAD, BOLD, DIM, GOOD, ascii, printable},
};

/// Say what a file decides on a request, and which of its lines do.
///
/// Nothing is sent: a browser's half of CORS asks the file in memory, preflight included, and a
/// handler that answers 200 stands behind it.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the page may read the answer, 1 it may not, 2 mistakes, or usage."
)]
pub(super) struct ExplainArgs {
    /// A corsac.toml, or its twin in JSON if it ends in .json.
    file: PathBuf,
    /// What the page asks for.
    url: String,
    /// The page's origin.
    #[arg(short, long, value_name = "ORIGIN")]
    origin: String,
    /// The method.
    #[arg(short = 'X', long, value_name = "METHOD", default_value = "GET")]
    request: String,
    /// A header that the script sets: `Name: value`.
    #[arg(short = 'H', long, value_name = "LINE")]
    header: Vec<String>,
    /// As with `credentials: "include"`.
    #[arg(long)]
    credentials: bool,
    /// How to answer: for people or for programs.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(args: &ExplainArgs) -> io::Result<ExitCode> {
    let (environment, request) = match asked(args) {
        Ok(asked) => asked,
        Err(mistake) => return Ok(fail(&mistake)),
    };
    let checked = match load_or_complain(&args.file)? {
        Ok(checked) => checked,
        Err(code) => return Ok(code),
    };
    let (exchanges, end) = walk(&checked.policies, environment, request);
    let mut out = anstream::stdout().lock();
    match args.format {
        Format::Text => text(&mut out, &args.file, &checked, &exchanges, &end)?,
        Format::Json => json::write(&mut out, &Document::of(&checked, &exchanges, &end))?,
    }
    Ok(match end {
        End::Readable | End::SameOrigin => ExitCode::SUCCESS,
        End::Blocked(_) => ExitCode::from(1),
    })
}

/// The page and its request, or what is wrong with them.
fn asked(args: &ExplainArgs) -> Result<(Environment, Request), String> {
    let origin = origin::parse(&args.origin)?;
    let url = args.url.as_str();
    let parsed = Url::parse(url).map_err(|error| format!("{}: {error}", printable(url)))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(format!("{}: only http and https have CORS", printable(url)));
    }
    let mut request = new_request(parsed, &args.request).map_err(|reason| reason.to_string())?;
    request.header_list = headers(&args.header)?;
    if args.credentials {
        request.credentials_mode = CredentialsMode::Include;
    }
    Ok((Environment::new(origin), request))
}

fn headers(lines: &[String]) -> Result<HeaderList, String> {
    let mut headers = HeaderList::new();
    for line in lines {
        let Some((name, value)) = line.split_once(':') else {
            return Err(format!("-H {}: a header is `Name: value`", printable(line)));
        };
        let value = value.trim();
        if !is_token(name.as_bytes()) || value.contains(['\0', '\r', '\n']) {
            return Err(format!("-H {}: this is no header", printable(line)));
        }
        if is_forbidden_request_header(name.as_bytes(), value.as_bytes()) {
            return Err(format!("-H {name}: no script can set this header"));
        }
        headers.append(name, value);
    }
    Ok(headers)
}

/// The key and the place of what decided.
fn places(checked: &Checked, exchange: &Exchange) -> Vec<(String, Place)> {
    let mut places = Vec::new();
    for (policy, field, entry) in &exchange.decided_by {
        let key = field.map_or_else(|| "paths".to_owned(), |field| field.to_string());
        if let Some(place) = checked.place(*policy, &key, *entry) {
            let decided = (key, place);
            if !places.contains(&decided) {
                places.push(decided);
            }
        }
    }
    places
}

fn kind(exchange: &Exchange) -> Kind {
    match exchange.hop.kind {
        HopKind::Preflight => Kind::Preflight,
        HopKind::Actual | HopKind::Scheme => Kind::Actual,
    }
}

fn text(
    out: &mut impl Write,
    file: &Path,
    checked: &Checked,
    exchanges: &[Exchange],
    end: &End,
) -> io::Result<()> {
    for exchange in exchanges {
        let hop = &exchange.hop;
        let (method, path) = (&hop.method, hop.url.path());
        writeln!(out, "{BOLD}{method} {path}{BOLD:#}  {}", exchange.decision)?;
        let of_cors = |name: &[u8]| {
            name.eq_ignore_ascii_case(b"origin")
                || name.to_ascii_lowercase().starts_with(b"access-control-")
        };
        for header in hop.header_list.iter().filter(|it| of_cors(it.name())) {
            let (name, value) = (ascii(header.name()), ascii(header.value()));
            writeln!(out, "  > {name}: {value}")?;
        }
        writeln!(out, "  < {}", exchange.status)?;
        for header in exchange.headers.iter() {
            let (name, value) = (ascii(header.name()), ascii(header.value()));
            writeln!(out, "  < {name}: {value}")?;
        }
        for (key, place) in places(checked, exchange) {
            let Place { line, column, text } = place;
            let at = format!("{}:{line}:{column}", file.display());
            writeln!(out, "  {DIM}{at}{DIM:#}  {key}: {}", printable(&text))?;
        }
        writeln!(out)?;
    }
    match end {
        End::Readable => writeln!(out, "{GOOD}readable{GOOD:#}: the page gets the answer"),
        End::SameOrigin => writeln!(
            out,
            "{GOOD}readable{GOOD:#}: it is the page's own origin, which needs no grant"
        ),
        End::Blocked(verdict) => {
            writeln!(out, "{BAD}blocked{BAD:#}: {verdict}")
        }
    }
}

/// What `corsac policy explain --format json` prints.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "corsac/policy-explain/1")]
pub(super) struct Document {
    /// Which shape this is.
    schema: Schema,
    /// What the page gets.
    outcome: Outcome,
    /// The code of the check that failed, if it is blocked: see `corsac explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// Each request that a browser would send, in order.
    exchanges: Vec<ExchangeJson>,
}

/// The name of the shape.
#[derive(Serialize, JsonSchema)]
enum Schema {
    #[serde(rename = "corsac/policy-explain/1")]
    PolicyExplain1,
}

/// What a page gets.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    /// The answer.
    Readable,
    /// An error.
    Blocked,
}

/// A header line: name and value, each byte the character of its number.
type Pair = (String, String);

/// A request, and what the file says to it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Exchange")]
struct ExchangeJson {
    /// Whether it asks first.
    kind: Kind,
    /// The request's method.
    method: String,
    /// The path of its target.
    path: String,
    /// What the browser adds to say who asks, and the script's own headers.
    request_headers: Vec<Pair>,
    /// The decision in words.
    decision: String,
    /// The status of the answer; 200 is the handler's.
    status: u16,
    /// What the policy says in the answer.
    response_headers: Vec<Pair>,
    /// The places of the file that decided, in the order of the checks; none if no policy is for the
    /// path.
    decided_by: Vec<PlaceJson>,
}

/// The kind of a request.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    /// A CORS-preflight request.
    Preflight,
    /// The page's own.
    Actual,
}

/// A place in the file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct PlaceJson {
    /// The key that it belongs to.
    key: String,
    /// The line, from 1.
    #[schemars(range(min = 1))]
    line: usize,
    /// The character of the line, from 1.
    #[schemars(range(min = 1))]
    column: usize,
    /// What stands there.
    text: String,
}

impl Document {
    fn of(checked: &Checked, exchanges: &[Exchange], end: &End) -> Self {
        let pairs = |headers: &HeaderList| {
            let decode = json::isomorphic_decode;
            let pairs = headers.iter();
            pairs
                .map(|header| (decode(header.name()), decode(header.value())))
                .collect()
        };
        let exchange = |exchange: &Exchange| ExchangeJson {
            kind: kind(exchange),
            method: exchange.hop.method.to_string(),
            path: exchange.hop.url.path().to_owned(),
            request_headers: pairs(&exchange.hop.header_list),
            decision: exchange.decision.clone(),
            status: exchange.status,
            response_headers: pairs(&exchange.headers),
            decided_by: places(checked, exchange)
                .into_iter()
                .map(|(key, Place { line, column, text })| PlaceJson {
                    key,
                    line,
                    column,
                    text,
                })
                .collect(),
        };
        let (outcome, code) = match end {
            End::Readable | End::SameOrigin => (Outcome::Readable, None),
            End::Blocked(verdict) => (Outcome::Blocked, Some(verdict.code().name())),
        };
        Self {
            schema: Schema::PolicyExplain1,
            outcome,
            code,
            exchanges: exchanges.iter().map(exchange).collect(),
        }
    }
}
