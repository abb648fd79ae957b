//! `corsac explain`: from a code, or from what a console says, to the page that explains it.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use corsac::diagnosis::{Browser, Code, Recognised, Silence, recognise};
use serde::Serialize;

use crate::{
    cli::{ExplainArgs, Format, fail},
    json::{self, Spec},
    terminal::{BOLD, DIM, printable, wrap},
};

/// More than anybody copies from a console.
const PASTE_LIMIT: u64 = 1024 * 1024;

/// Explains what was asked for.
pub(crate) fn run(args: &ExplainArgs) -> io::Result<ExitCode> {
    let mut out = anstream::stdout().lock();
    if args.list {
        list(&mut out, args.format)?;
        return Ok(ExitCode::SUCCESS);
    }
    let what = match args.what.as_slice() {
        [dash] if dash == "-" => paste()?,
        words => words.join(" "),
    };
    let what = what.trim();
    if let Some(code) = Code::from_name(what) {
        page(&mut out, args.format, code)?;
        return Ok(ExitCode::SUCCESS);
    }
    let recognised = recognise(what);
    if !recognised.is_empty() {
        console(&mut out, args.format, &recognised)?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(fail(&unknown(what)))
}

fn paste() -> io::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().take(PASTE_LIMIT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Why there is nothing to explain, and what may have been meant.
fn unknown(what: &str) -> String {
    if what.contains(char::is_whitespace) {
        return "this is nothing that Chrome, Firefox or Safari say of a cross-origin request"
            .to_owned();
    }
    let what = printable(what);
    let mut similar: Vec<_> = Code::ALL
        .iter()
        .map(|code| (strsim::jaro(&what, code.name()), code))
        .filter(|(similarity, _)| *similarity > 0.7)
        .collect();
    similar.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names: Vec<_> = similar
        .iter()
        .take(3)
        .map(|(_, code)| format!("`{code}`"))
        .collect();
    let hint = match names.as_slice() {
        [] => "`corsac explain --list` has them all".to_owned(),
        names => format!("did you mean {}?", names.join(" or ")),
    };
    format!("there is no code `{what}`: {hint}")
}

fn list(out: &mut impl Write, format: Format) -> io::Result<()> {
    if format == Format::Json {
        let codes = Code::ALL.iter().map(|&code| CodeJson::of(code, false));
        return json::write(out, &document(codes.collect(), Vec::new()));
    }
    for code in Code::ALL {
        writeln!(out, "{BOLD}{code}{BOLD:#}")?;
        for line in wrap(code.title(), 4) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

fn page(out: &mut impl Write, format: Format, code: Code) -> io::Result<()> {
    match format {
        Format::Json => json::write(out, &document(vec![CodeJson::of(code, true)], Vec::new())),
        Format::Text => {
            writeln!(out, "{}\n", code.page().trim_end())?;
            said(out, code)?;
            writeln!(out, "{DIM}{}{DIM:#}", code.spec())
        }
    }
}

/// What the consoles of real browsers said.
fn said(out: &mut impl Write, code: Code) -> io::Result<()> {
    if code.console().next().is_none() {
        return Ok(());
    }
    writeln!(out, "## In the console\n")?;
    let name = |browser: Browser| match browser {
        Browser::Safari => "Safari (WebKitGTK)",
        other => other.name(),
    };
    for (browser, line) in code.console() {
        writeln!(out, "{}:", name(browser))?;
        for line in wrap(line, 2) {
            writeln!(out, "  {line}")?;
        }
        writeln!(out)?;
    }
    for (browser, silence) in code.silences() {
        let what = match silence {
            Silence::Allows => "does not refuse it",
            Silence::SaysNothing => "does not say why",
        };
        writeln!(out, "{} {what}.\n", name(browser))?;
    }
    Ok(())
}

/// What console lines mean, and the page of the likeliest code of the first.
fn console(out: &mut impl Write, format: Format, recognised: &[Recognised]) -> io::Result<()> {
    if format == Format::Json {
        let recognised = recognised.iter().map(RecognisedJson::of).collect();
        return json::write(out, &document(Vec::new(), recognised));
    }
    for line in recognised {
        let mut codes = line.codes.iter();
        let Some(likeliest) = codes.next() else {
            continue;
        };
        writeln!(out, "{} says: {BOLD}{likeliest}{BOLD:#}", line.browser)?;
        for (name, value) in facts(line) {
            writeln!(out, "  {name:<10} {}", printable(&value))?;
        }
        for code in codes {
            writeln!(out, "  {:<10} {code}", "or perhaps")?;
        }
        writeln!(out)?;
    }
    let first = recognised.first().and_then(|line| line.codes.first());
    first.map_or(Ok(()), |&code| page(out, format, code))
}

/// What a console line tells besides its code.
fn facts(line: &Recognised) -> impl Iterator<Item = (&'static str, String)> {
    let phase = line.phase.map(|phase| phase.to_string());
    let status = line.status.map(|status| status.to_string());
    let facts = [
        ("phase", phase),
        ("origin", line.origin.clone()),
        ("URL", line.url.clone()),
        ("method", line.method.clone()),
        ("header", line.header.clone()),
        ("value", line.value.clone()),
        ("status", status),
    ];
    facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<CodeJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recognised: Vec<RecognisedJson>,
}

#[derive(Serialize)]
struct CodeJson {
    code: &'static str,
    title: &'static str,
    spec: Spec,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'static str>,
    /// Lines that real browsers' consoles said, each with its browser.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    console: Vec<(&'static str, &'static str)>,
}

/// What a console line says.
#[derive(Serialize)]
struct RecognisedJson {
    browser: &'static str,
    codes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

impl CodeJson {
    fn of(code: Code, with_page: bool) -> Self {
        Self {
            code: code.name(),
            title: code.title(),
            spec: Spec::of(code),
            page: with_page.then(|| code.page()),
            console: match with_page {
                true => code
                    .console()
                    .map(|(browser, line)| (browser.name(), line))
                    .collect(),
                false => Vec::new(),
            },
        }
    }
}

impl RecognisedJson {
    fn of(line: &Recognised) -> Self {
        Self {
            browser: line.browser.name(),
            codes: line.codes.iter().map(|code| code.name()).collect(),
            phase: line.phase.map(|phase| phase.to_string()),
            origin: line.origin.clone(),
            url: line.url.clone(),
            method: line.method.clone(),
            header: line.header.clone(),
            value: line.value.clone(),
            status: line.status,
        }
    }
}

fn document(codes: Vec<CodeJson>, recognised: Vec<RecognisedJson>) -> Document {
    Document {
        schema: "corsac/explain/1",
        codes,
        recognised,
    }
}
