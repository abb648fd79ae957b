//! The demo for people.

use std::{
    io::{self, Write},
    net::SocketAddr,
};

use anstyle::Style;
use corsac::{
    diagnosis::{Phase, Verdict},
    fetch::HopKind,
    header::Header,
};
use corsac_agent::{Exchange, Outcome};

use crate::terminal::{ASIDE, BAD, BOLD, DIM, GOOD, ascii, wrap};

use super::{
    play::{Asked, Played, Status},
    scenes::{Ask, By, Look, RESOURCES},
};

/// The column where what a script gets begins.
const SCRIPT_AT: usize = 52;

/// Says who is who.
pub(super) fn introduction(out: &mut impl Write, address: SocketAddr) -> io::Result<()> {
    writeln!(out, "{BOLD}CORS in ten scenes, on this machine{BOLD:#}\n")?;
    let who = format!(
        "Site A is http://sitea.com. Site B is http://siteb.com, a server on {address}. Scripts \
         of Site A ask Site B for things, through a user agent that does what browsers do."
    );
    for line in wrap(&who, 2) {
        writeln!(out, "  {line}")?;
    }
    writeln!(
        out,
        "\n  {DIM}>{DIM:#} sent   {DIM}<{DIM:#} came back   (only the lines that CORS is about)"
    )
}

/// One scene.
pub(super) fn scene(out: &mut impl Write, played: &Played) -> io::Result<()> {
    let scene = played.scene;
    writeln!(out, "\n\n{BOLD}{:<4} {}{BOLD:#}\n", scene.id, scene.title)?;
    for line in wrap(scene.says, 2) {
        writeln!(out, "  {line}")?;
    }
    if played.status() == Status::NotRun {
        return writeln!(
            out,
            "\n  {ASIDE}NOT RUN{ASIDE:#}   this corsac was built without the feature `js`"
        );
    }
    if scene.look == Look::Order {
        writeln!(out)?;
    }
    for asked in &played.asks {
        match scene.look {
            Look::Order => order(out, asked)?,
            Look::Script => beside(out, asked)?,
            look => exchanges(out, asked, look)?,
        }
        for mismatch in &asked.mismatches {
            words(out, BAD, "FAILED", mismatch)?;
        }
    }
    Ok(())
}

/// How it went on the whole.
pub(super) fn conclusion(out: &mut impl Write, played: &[Played]) -> io::Result<()> {
    let count = |status| {
        played
            .iter()
            .filter(|scene| scene.status() == status)
            .count()
    };
    let (passed, failed) = (count(Status::Passed), count(Status::Failed));
    let not_run = count(Status::NotRun);
    writeln!(
        out,
        "\n\n{} scenes: {passed} as told, {failed} failed, {not_run} not run.\n",
        played.len()
    )?;
    writeln!(
        out,
        "  corsac explain CODE   what is behind a code, and what to change"
    )?;
    writeln!(
        out,
        "  corsac demo --keep    Site B stays, to be asked by hand"
    )
}

/// Where Site B is, for those who want to ask it themselves.
pub(super) fn urls(out: &mut impl Write, address: SocketAddr) -> io::Result<()> {
    writeln!(
        out,
        "\nSite B stays until standard input ends. It grants:\n"
    )?;
    for resource in RESOURCES {
        let url = format!("http://{address}{}", resource.path);
        writeln!(out, "  {url:<36} {}", resource.says)?;
    }
    writeln!(
        out,
        "\n  curl -i -H 'Origin: http://sitea.com' http://{address}/somePage"
    )
}

/// Where a real browser plays the scenes.
pub(super) fn page(out: &mut impl Write, url: &str) -> io::Result<()> {
    writeln!(
        out,
        "\nThe same scenes in your own browser: {BOLD}{url}{BOLD:#}"
    )
}

/// An ask in one line: what it was, and what had to go out before it.
fn order(out: &mut impl Write, asked: &Asked) -> io::Result<()> {
    let Ask {
        method, headers, ..
    } = asked.ask;
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let asks_first = asked
        .fetched
        .exchanges
        .iter()
        .any(|exchange| exchange.hop.kind == HopKind::Preflight);
    let how = match asks_first {
        true => "asks first: OPTIONS",
        false => "goes out at once",
    };
    writeln!(out, "  {method:<5} {:<32} {how}", headers.join(", "))
}

fn exchanges(out: &mut impl Write, asked: &Asked, look: Look) -> io::Result<()> {
    let ask = asked.ask;
    let page = ask.page.strip_suffix("/page").unwrap_or(ask.page);
    let (method, url) = (ask.method, ask.url);
    writeln!(out, "\n  {DIM}a script of {page}: {method} {url}{DIM:#}")?;
    for exchange in &asked.fetched.exchanges {
        match look {
            Look::Wire => every_byte(out, exchange)?,
            _ => {
                for (sign, line) in cors_lines(ask, exchange) {
                    wire_line(out, sign, &line)?;
                }
            }
        }
    }
    match &asked.fetched.outcome {
        Outcome::Response { response, body } => {
            let body = ascii(body.trim_ascii_end());
            words(
                out,
                GOOD,
                "READABLE",
                &format!("{} {body}", response.status),
            )?;
        }
        Outcome::Blocked(verdict) => blocked(out, verdict, look)?,
        Outcome::Withheld(_) => words(out, ASIDE, "UNDECIDED", "The request was withheld.")?,
    }
    if look == Look::LinesAndLog {
        words(out, Style::new(), "Site B", &log(asked))?;
    }
    Ok(())
}

/// What Site B itself says that it received.
fn log(asked: &Asked) -> String {
    let methods: Vec<_> = asked
        .received
        .iter()
        .map(|received| &*received.method)
        .collect();
    let got = methods.join(", then ");
    let method = asked.ask.method;
    match methods.contains(&method) {
        true => format!("has in its log: {got}."),
        false => format!("has in its log: {got}. The {method} never came."),
    }
}

/// What went over the wire as it was.
fn every_byte(out: &mut impl Write, exchange: &Exchange) -> io::Result<()> {
    for (sign, bytes) in [('>', &exchange.sent), ('<', &exchange.received)] {
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        for line in bytes.split(|&byte| byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            wire_line(out, sign, &ascii(line))?;
        }
    }
    Ok(())
}

/// The lines that CORS is about, each with its sign.
fn cors_lines(ask: &Ask, exchange: &Exchange) -> Vec<(char, String)> {
    let path = exchange.hop.url.path();
    let mut lines = vec![('>', format!("{} {path}", exchange.hop.method))];
    let shown = |header: &&Header| header.is_named("Content-Type") || is_of_cors(header);
    let sent = exchange.hop.header_list.iter().filter(shown);
    lines.extend(sent.map(|header| ('>', header_line(header))));
    if exchange.hop.kind == HopKind::Actual && !ask.body.is_empty() {
        lines.push(('>', ask.body.to_owned()));
    }
    if let Some(head) = &exchange.head {
        let status_message = ascii(&head.status_message);
        lines.push(('<', format!("{} {status_message}", head.status)));
        let came = head.header_list.iter().filter(|header| is_of_cors(header));
        lines.extend(came.map(|header| ('<', header_line(header))));
    }
    lines
}

/// The wire, and beside it what the script gets.
fn beside(out: &mut impl Write, asked: &Asked) -> io::Result<()> {
    let ask = asked.ask;
    let api = match ask.by {
        By::Xhr => "XMLHttpRequest",
        By::Agent | By::Fetch => "fetch()",
    };
    let page = ask.page.strip_suffix("/page").unwrap_or(ask.page);
    let (method, url) = (ask.method, ask.url);
    writeln!(out, "\n  {DIM}{api} of {page}: {method} {url}{DIM:#}")?;
    let exchanges = asked.fetched.exchanges.iter();
    let wire = exchanges.flat_map(|exchange| {
        let body = ascii(exchange.body.trim_ascii_end());
        let body = Some(('<', body)).filter(|(_, body)| !body.is_empty());
        cors_lines(ask, exchange).into_iter().chain(body)
    });
    let mut wire = wire.fuse();
    let script = asked.script.iter().flat_map(|line| wrap(line, SCRIPT_AT));
    let mut script = script.fuse();
    loop {
        let (left, right) = (wire.next(), script.next());
        let right = right.unwrap_or_default();
        let (sign, left) = match (left, right.is_empty()) {
            (None, true) => break,
            (None, false) => (' ', String::new()),
            (Some(left), _) => left,
        };
        let space = match right.is_empty() {
            true => 0,
            false => (SCRIPT_AT - 4).saturating_sub(left.chars().count()).max(2),
        };
        writeln!(
            out,
            "  {DIM}{sign}{DIM:#} {left}{:space$}{BOLD}{right}{BOLD:#}",
            ""
        )?;
    }
    match &asked.fetched.outcome {
        Outcome::Response { response, .. } => {
            words(out, GOOD, "READABLE", &response.status.to_string())
        }
        Outcome::Blocked(verdict) => {
            let reason = format!("{}: {}", verdict.code(), verdict.reason);
            words(out, BAD, "BLOCKED", &reason)
        }
        Outcome::Withheld(_) => words(out, ASIDE, "UNDECIDED", "The request was withheld."),
    }
}

fn is_of_cors(header: &Header) -> bool {
    let name = header.name().to_ascii_lowercase();
    name == b"origin" || name.starts_with(b"access-control-")
}

fn header_line(header: &Header) -> String {
    let (name, value) = (ascii(header.name()), ascii(header.value()));
    format!("{name}: {value}")
}

fn wire_line(out: &mut impl Write, sign: char, line: &str) -> io::Result<()> {
    match line {
        "" => writeln!(out, "  {DIM}{sign}{DIM:#}"),
        line => writeln!(out, "  {DIM}{sign}{DIM:#} {line}"),
    }
}

fn blocked(out: &mut impl Write, verdict: &Verdict, look: Look) -> io::Result<()> {
    let at = match verdict.phase {
        Phase::Preflight => ", at the preflight",
        Phase::Actual => "",
    };
    words(out, BAD, "BLOCKED", &format!("{}{at}", verdict.code()))?;
    words(out, Style::new(), "", &verdict.reason.to_string())?;
    if look == Look::Wire {
        let nothing = "The script gets no status, no header and no byte of the body.";
        words(out, Style::new(), "", nothing)?;
    }
    Ok(())
}

/// A word that names a paragraph, and the paragraph beside it.
fn words(out: &mut impl Write, style: Style, name: &str, text: &str) -> io::Result<()> {
    let mut name = name;
    for line in wrap(text, 12) {
        writeln!(out, "  {style}{name:<8}{style:#}  {line}")?;
        name = "";
    }
    Ok(())
}
