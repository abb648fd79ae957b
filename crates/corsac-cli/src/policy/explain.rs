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

fn kind(exchange: &Exchange) -> &'static str {
    match exchange.hop.kind {
        HopKind::Preflight => "preflight",
        HopKind::Actual | HopKind::Scheme => "actual",
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

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    /// `readable` or `blocked`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    exchanges: Vec<ExchangeJson>,
}

#[derive(Serialize)]
struct ExchangeJson {
    /// `preflight` or `actual`.
    kind: &'static str,
    method: String,
    path: String,
    request_headers: Vec<(String, String)>,
    decision: String,
    status: u16,
    response_headers: Vec<(String, String)>,
    decided_by: Vec<PlaceJson>,
}

#[derive(Serialize)]
struct PlaceJson {
    key: String,
    line: usize,
    column: usize,
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
            End::Readable | End::SameOrigin => ("readable", None),
            End::Blocked(verdict) => ("blocked", Some(verdict.code().name())),
        };
        Self {
            schema: "corsac/policy-explain/1",
            outcome,
            code,
            exchanges: exchanges.iter().map(exchange).collect(),
        }
    }
}
